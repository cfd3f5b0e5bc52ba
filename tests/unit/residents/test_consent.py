"""Consent: who may give it, when it stands, when it may be asked again; and what every sheet says."""

from __future__ import annotations

import datetime
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.residents import sheets
from saas.residents.rules import consent as rule
from saas.residents.rules.birth import Birth, parsed
from saas.web.i18n import Language

TODAY = datetime.date(2026, 11, 25)
ADULT = Birth(datetime.date(1963, 5, 7))
DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2060, 1, 1))


def answered(
    on: datetime.date = TODAY, *, given: bool = True, giver: str = rule.SELF, withdrawn: bool = False
) -> rule.Answer:
    return rule.Answer(given, giver, on, withdrawn)


STATES = [
    (None, rule.NOT_ASKED, True),
    (answered(), rule.GIVEN, False),
    (answered(datetime.date(1999, 1, 1)), rule.GIVEN, False),
    (answered(given=False), rule.NOT_GIVEN, False),
    (answered(withdrawn=True), rule.NOT_GIVEN, False),
    (answered(datetime.date(2025, 11, 26), given=False), rule.NOT_GIVEN, False),
    (answered(datetime.date(2025, 11, 25), given=False), rule.NOT_GIVEN, True),
    (answered(datetime.date(2025, 11, 26), withdrawn=True), rule.NOT_GIVEN, False),
    (answered(datetime.date(2025, 11, 25), withdrawn=True), rule.NOT_GIVEN, True),
]


@pytest.mark.parametrize(("answer", "state", "ask"), STATES)
def test_where_a_question_stands(answer: rule.Answer | None, state: str, *, ask: bool) -> None:
    assert rule.state(answer, ADULT, TODAY) == state
    assert rule.is_to_be_asked(answer, ADULT, TODAY) is ask


@given(DAYS, DAYS)
def test_a_refusal_and_a_withdrawal_cannot_be_told_apart(on: datetime.date, today: datetime.date) -> None:
    refused, withdrawn = answered(on, given=False), answered(on, withdrawn=True)
    for tell in (rule.state, rule.is_to_be_asked):
        assert tell(refused, ADULT, today) == tell(withdrawn, ADULT, today)


@given(DAYS, st.integers(0, 364))
def test_nobody_is_asked_again_within_twelve_months(on: datetime.date, days: int) -> None:
    assert not rule.is_to_be_asked(answered(on, given=False), ADULT, on + datetime.timedelta(days=days))


@pytest.mark.parametrize(
    ("born", "child"),
    [
        ("2008-11-25", False),
        ("2008-11-26", True),
        ("2008-11", False),
        ("2008-12", True),
        ("2008", False),
        ("2009", True),
        ("", False),
    ],
)
def test_who_is_a_child(born: str, *, child: bool) -> None:
    assert rule.is_child(parsed(born), TODAY) is child


def test_a_guardians_yes_ends_when_the_child_is_of_age() -> None:
    born = Birth(datetime.date(2008, 11, 26))
    given_for_her = answered(datetime.date(2026, 1, 1), giver=rule.GUARDIAN)
    assert rule.state(given_for_her, born, datetime.date(2026, 11, 25)) == rule.GIVEN
    assert rule.state(given_for_her, born, datetime.date(2026, 11, 26)) == rule.NOT_ASKED
    assert rule.state(given_for_her, ADULT, TODAY) == rule.GIVEN, "somebody who cannot decide"
    assert rule.state(given_for_her, None, TODAY) == rule.GIVEN


FAULTS = [
    (("self", "paper", "", ADULT), []),
    (("self", "paper", "", None), []),
    (("guardian", "typed", "ئايگۈل", ADULT), []),
    (("self", "typed", "", ADULT), ["consent-name-missing"]),
    (("self", "drawn", "", ADULT), ["not-offered"]),
    (("self", "spoken", "", ADULT), ["not-offered"]),
    (("husband", "paper", "", ADULT), ["not-offered"]),
    (("self", "paper", "", Birth(datetime.date(2020, 1, 1))), ["guardian-needed"]),
    (("guardian", "paper", "", Birth(datetime.date(2020, 1, 1))), []),
    (("self", "typed", "x" * 100, ADULT), []),
    (("self", "typed", "x" * 101, ADULT), ["too-long"]),
    (("", "", "", None), ["not-offered", "not-offered"]),
]


@pytest.mark.parametrize(("typed", "codes"), FAULTS)
def test_what_keeps_a_yes_from_being_stored(
    typed: tuple[str, str, str, Birth | None], codes: list[str]
) -> None:
    assert [one.code for one in rule.findings(*typed, TODAY)] == codes


@pytest.mark.parametrize("purpose", rule.ASKED)
@pytest.mark.parametrize("language", ["ug", "zh"])
def test_every_sheet_says_all_that_it_must(purpose: str, language: Language) -> None:
    sheet = sheets.current(purpose, language)
    assert len(sheet.parts) == len(sheets.EXPLAINED) == 6
    assert all(heading and text for heading, text in sheet.parts)
    for part in ("title", "question", "agree", "refuse"):
        assert sheet.texts[part]
    assert sheet.direction == ("rtl" if language == "ug" else "ltr")


# Once somebody has agreed to these words they stay: a correction is a new edition with its own line here.
EDITIONS = {
    "record-1": "1f69c3a1fa1e342f",
    "reminders-1": "7ddbf06ea0191bef",
    "sharing-1": "30895ba3a50db1fd",
    "hypertension-1": "59a3dc450d6f7aad",
    "diabetes-1": "d813306b7f80f279",
    "elderly-1": "d27236b398819f43",
}


def test_a_published_edition_is_never_changed() -> None:
    found = {row["edition"] for row in sheets.rows()} - {""}
    texts = {
        edition: "".join(
            f"{row['part']}|{row['zh']}|{row['ug']}\n" for row in sheets.rows() if row["edition"] == edition
        )
        for edition in found
    }
    told = {edition: hashlib.sha256(text.encode()).hexdigest()[:16] for edition, text in texts.items()}
    assert told == EDITIONS
