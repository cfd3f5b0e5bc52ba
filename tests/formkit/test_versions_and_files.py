"""Two versions of a form, its table, its FHIR response and its paper: pure, for every declared form."""

from __future__ import annotations

import csv
import datetime
import io
import typing
import uuid

from saas.formkit import comparing, fhir, paper, posting, reading, responses, tabling
from saas.formkit.declaring import Form, fields_of
from tests.support import complete
from tests.support.declared import TODAY, every_form
from tests.support.filled import BY_CODE, HYPERTENSION

if typing.TYPE_CHECKING:
    from flask import Flask

NOBODY: frozenset[str] = frozenset()
FORM = BY_CODE["ht_followup"]


def stored(form: type[Form]) -> dict[str, typing.Any]:
    """Complete answers as a record holds them."""
    return reading.read(form, complete.answers(form, TODAY)).answers.written()


def signed(form: type[Form], **more: typing.Any) -> responses.Signed:  # noqa: ANN401 - parts of a record
    """A record of complete answers."""
    given: dict[str, typing.Any] = {
        "id": uuid.UUID(int=1),
        "resident_id": uuid.UUID(int=2),
        "signed_by": uuid.UUID(int=3),
        "signed_at": datetime.datetime(2026, 3, 5, 4, 0, tzinfo=datetime.UTC),
        "service_date": TODAY,
        "answers": stored(form),
        "computed": {"bmi": "23.4"},
    }
    return responses.Signed(**given | more)


def _posted(**changes: object) -> dict[str, list[str]]:
    return posting.posted_of(FORM, HYPERTENSION | changes)


def test_what_only_one_side_changed_is_proposed_and_what_both_did_is_not() -> None:
    before, theirs = _posted(), _posted(heart_rate=80, salt="2")
    mine = _posted(heart_rate=81, weight="70.0")
    found = comparing.differences(FORM, before, theirs, mine, NOBODY)
    assert dict(found) == {"heart_rate": "", "salt": "theirs", "weight": "mine"}
    assert {each.proposed for each in comparing.differences(FORM, None, theirs, mine, NOBODY)} == {""}
    assert comparing.differences(FORM, before, theirs, theirs, NOBODY) == []
    hidden = comparing.differences(FORM, before, theirs, mine, frozenset({"salt"}))
    assert "salt" not in dict(hidden)


def test_what_was_chosen_is_taken_with_all_its_parts() -> None:
    theirs = _posted(medications=[{"drug_name": "氨氯地平"}, {"drug_name": "二甲双胍"}])
    mine = _posted(medications=[{"drug_name": "x", "route": "y"}], heart_rate=81)
    chosen = {"medications": "theirs", "heart_rate": "mine"}
    merged = comparing.merged(FORM, theirs, mine | {"choose-medications": ["theirs"]}, chosen)
    assert posting.raw_answers(FORM, merged)["medications"] == [
        {"drug_name": "氨氯地平"},
        {"drug_name": "二甲双胍"},
    ]
    assert merged["heart_rate"] == ["81"]
    assert not [key for key in merged if key.startswith("choose-")]


@every_form
def test_the_response_has_exactly_the_answered_items_in_the_types_of_the_questionnaire(
    form: type[Form], house: Flask
) -> None:
    record = signed(form)
    response = responses.questionnaire_response(form, record)
    with house.app_context():
        asked = {
            item["linkId"]: item for item in typing.cast("list[typing.Any]", fhir.questionnaire(form)["item"])
        }
    items = typing.cast("list[dict[str, typing.Any]]", response["item"])
    references = {name for name, field in fields_of(form).items() if field.kind == "reference"}
    computed = {name for name in ("bmi",) if name in fields_of(form)}
    assert {item["linkId"] for item in items} == (record.answers.keys() | computed) - references
    assert (response["resourceType"], response["status"]) == ("QuestionnaireResponse", "completed")
    kinds = {"choice": "Coding", "text": "String"}
    for item in items:
        kind = asked[item["linkId"]]["type"]
        for answer in item.get("answer", ()):
            (key,) = answer
            assert key == f"value{kinds.get(kind, kind[0].upper() + kind[1:])}", item
        assert (kind == "group") is ("item" in item)


def test_a_reason_is_said_as_fhir_says_it_and_what_is_hidden_is_not_there() -> None:
    answers = {"symptoms": ["1"], "salt": "2", "missing_reason": {"heart_rate": "refused"}}
    record = signed(FORM, answers=answers, computed={}, amended=True)
    response = responses.questionnaire_response(FORM, record, frozenset({"salt"}))
    items = typing.cast("list[dict[str, typing.Any]]", response["item"])
    assert [item["linkId"] for item in items] == ["symptoms", "heart_rate"]
    assert items[1]["extension"][0]["valueCode"] == "asked-declined"
    assert response["status"] == "amended"


def test_observations_are_given_for_sure_codes_and_known_units_only() -> None:
    found = responses.observations(FORM, signed(FORM))
    codes = {typing.cast("typing.Any", each["code"])["coding"][0]["code"]: each for each in found}
    assert codes.keys() == {"8480-6", "8462-4", "29463-7", "39156-5", "8867-4"}
    quantity = typing.cast("typing.Any", codes["8480-6"]["valueQuantity"])
    assert (quantity["value"], quantity["code"]) == (128, "mm[Hg]")
    assert len({str(each["id"]) for each in found}) == len(found)
    void = responses.observations(FORM, signed(FORM, void=True))
    assert {each["status"] for each in void} == {"entered-in-error"}


@every_form
def test_the_table_reads_back(form: type[Form]) -> None:
    answers = stored(form)
    text = tabling.table(form, ["2026-03-05", "2026-03-06"], [answers, {}], NOBODY)
    first, second = csv.DictReader(io.StringIO(text))
    assert first[tabling.DAY] == "2026-03-05"
    assert not any(cell for name, cell in second.items() if name != tabling.DAY)
    for name, value in answers.items():
        if isinstance(value, str):
            assert first[name] == value
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            assert all(first[f"{name}_1_{part}"] for part in value[0])


def test_no_row_is_left_out_of_a_table_and_no_text_is_a_formula() -> None:
    rows = [{"drug_name": f"{place}"} for place in range(7)]
    text = tabling.table(FORM, ["2026-03-05"], [{"medications": rows, "other_signs": "=1+1"}], NOBODY)
    (line,) = csv.DictReader(io.StringIO(text))
    assert [line[f"medications_{place}_drug_name"] for place in range(1, 8)] == [str(n) for n in range(7)]
    assert line["other_signs"] == "'=1+1"


def test_the_paper_has_every_row_a_column_for_each_visit_and_targets_beside_their_values(
    house: Flask,
) -> None:
    visits = [HYPERTENSION | {"cigarettes_per_day": 5, "cigarettes_per_day_target": 0}, HYPERTENSION]
    with house.app_context():
        groups = paper.groups(FORM, visits, NOBODY, 4)
    lines = [line for group in groups for line in group.lines]
    assert {len(line.cells) for line in lines} == {4}
    assert "5 / 0" in {line.cells[0].text for line in lines}
    titled = [group.title for group in groups if group.title]
    assert len(titled) == len(set(titled)), "each group stands once"
    symptoms = next(line for line in lines if len(line.key) == 10)
    assert symptoms.cells[0].boxes == ("1", "", "", "")
    assert symptoms.cells[3].boxes == ("", "", "", "")


def test_what_is_hidden_leaves_its_row_empty_on_paper(house: Flask) -> None:
    with house.app_context():
        groups = paper.groups(FORM, [HYPERTENSION], frozenset({"heart_rate"}), 1)
    assert "72" not in {cell.text for group in groups for line in group.lines for cell in line.cells}
