"""Every definition and every reason why somebody is missing has words, and the words are the table's."""

from __future__ import annotations

from saas.public_health.figures import texts
from saas.public_health.figures.counting import HOURS, IN_MINUTES
from saas.public_health.rules.indicators import MISSING_CODES
from saas.public_health.rules.indicators_table import definitions


def english(text: object) -> str:
    return text._args[0] if text else ""  # type: ignore[attr-defined]


def test_the_words_of_a_definition_are_those_of_its_table() -> None:
    assert texts.DEFINITIONS.keys() == definitions().keys()
    for code, one in definitions().items():
        words = tuple(map(english, texts.DEFINITIONS[code]))
        assert words == (one.name_en, one.numerator_en, one.denominator_en, one.reading, one.certainty), code
        assert english(texts.SPECIFICATION) == one.source


def test_every_reason_and_every_measure_has_words_and_no_words_are_a_ghost() -> None:
    assert texts.MISSING.keys() == set(MISSING_CODES)
    measures = {measure for one in definitions().values() for measure in one.measures}
    assert texts.MEASURES.keys() == (measures - {HOURS}) | {IN_MINUTES}
    assert texts.SERVICES.keys() == {one.service for one in definitions().values()}


def test_who_is_missing_is_what_the_clinic_owes_and_never_a_fault_of_the_person() -> None:
    owes = {code: english(text) for code, text in texts.MISSING.items() if code != "on_paper_only"}
    assert all("clinic owes" in text for text in owes.values())
    assert not any(
        word in text.lower() for text in owes.values() for word in ("refus", "declin", "fail", "did not come")
    )
