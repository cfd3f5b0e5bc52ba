"""What holds of every declaration; a new form gets these tests for nothing."""

from __future__ import annotations

import decimal
import inspect
import re
import typing

from saas.app import FORMS
from saas.formkit import fhir, limits, reading, showing, texts
from saas.formkit.conditions import Condition
from saas.formkit.declaring import Field, Form, enter_order, fields_of
from saas.formkit.evaluating import asked_names
from saas.formkit.kinds import AnyOf, OneOf, Rows
from tests.support.declared import every_field, every_form, known_names, rules_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterator


def test_codes_are_unique_and_are_words() -> None:
    codes = [form.about.code for form in FORMS]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z][a-z_]+", code) for code in codes)


@every_form
def test_every_name_that_a_rule_reads_is_a_field_or_a_fact(form: type[Form]) -> None:
    for rule in rules_of(form):
        parameters = inspect.signature(rule).parameters.values()
        assert all(each.kind is each.KEYWORD_ONLY for each in parameters), rule
        assert set(asked_names(rule)) <= known_names(form), rule


@every_form
def test_every_rule_reads_an_answer_as_its_kind_gives_it(form: type[Form]) -> None:
    expected = {"whole": "int | None", "choices": "tuple[str, ...]", "choice": "str | None"}
    expected |= {"boolean": "bool | None", "text": "str | None", "graded": "str | None"}
    for rule in rules_of(form):
        for name, parameter in inspect.signature(rule).parameters.items():
            kind = fields_of(form)[name].kind if name in fields_of(form) else ""
            if kind in expected:
                assert parameter.annotation == expected[kind], (rule, name)
            if kind in {"decimal", "calculated"}:
                assert parameter.annotation in {"Decimal | None", "decimal.Decimal | None"}, (rule, name)


@every_form
def test_every_rule_says_its_clinical_sentence(form: type[Form]) -> None:
    for rule in rules_of(form):
        assert rule.__doc__, rule
        assert rule.__doc__.rstrip().endswith("."), rule


@every_form
def test_conditions_read_fields_and_facts(form: type[Form]) -> None:
    for field in fields_of(form).values():
        for condition in (field.required, field.shown_when):
            if isinstance(condition, Condition):
                assert condition.names() <= known_names(form), field.name
                assert condition.described()


@every_form
def test_the_day_the_signature_and_the_keys_are_fields(form: type[Form]) -> None:
    assert form.about.visit_day in fields_of(form)
    assert form.about.signature in fields_of(form) or form.about.code == "referral_back"
    asked = {name for name, field in fields_of(form).items() if field.kind != "calculated"}
    assert set(enter_order(form)) == asked
    assert len(enter_order(form)) == len(asked)


@every_form
def test_every_text_is_there_in_three_languages(form: type[Form], speech: None) -> None:
    document = showing.described(form)
    said = list(spoken_in(document))
    assert len(said) > 5
    for text in said:
        assert set(text) == {"en", "zh", "ug"}
        assert re.search(r"[\u3400-\u9fff]", text["zh"]), text
        assert re.search(r"[\u0600-\u06ff]", text["ug"]), text
        assert text["en"].isascii() or text["en"].count("°") or "–" in text["en"], text


def spoken_in(document: object) -> Iterator[dict[str, str]]:
    if isinstance(document, dict):
        if "zh" in document:
            yield document
        else:
            for each in document.values():
                yield from spoken_in(each)
    elif isinstance(document, list):
        for each in document:
            yield from spoken_in(each)


@every_form
def test_the_labels_of_one_form_are_told_apart(form: type[Form], speech: None) -> None:
    for language in texts.LOCALES:
        with texts.speaking(language):
            labels = [str(field.label) for field in fields_of(form).values()]
        assert len(labels) == len(set(labels)), (
            language,
            [each for each in labels if labels.count(each) > 1],
        )


@every_field
def test_choices_of_a_field_are_told_apart(field: Field[object], speech: None) -> None:
    if not isinstance(field, OneOf | AnyOf):
        return
    assert all(
        re.fullmatch(r"[0-9]{1,2}|[a-zA-Z_]+|[a-z]+_[a-z_]+_[0-9]{2}|片|粒", code) for code in field.choices
    )
    for language in texts.LOCALES:
        with texts.speaking(language):
            labels = [str(choice.label) for choice in field.choices.values()]
        assert len(labels) == len(set(labels)), language


@every_form
def test_the_questionnaire_asks_every_field_once(form: type[Form], speech: None) -> None:
    document = fhir.questionnaire(form)
    items = document["item"]
    assert isinstance(items, list)
    assert [item["linkId"] for item in items] == list(fields_of(form))
    links = set(fields_of(form))
    for item in items:
        assert item["text"]
        for when in item.get("enableWhen", []):
            assert when["question"] in links | {"sex_code"}
        for option in item.get("answerOption", []):
            assert option["valueCoding"]["display"]


@every_form
def test_csv_has_a_column_for_every_field(form: type[Form]) -> None:
    columns = showing.columns(form)
    assert len(columns) == len(set(columns))
    for name, field in fields_of(form).items():
        wanted = {f"{name}_1_{part}" for part in fields_of(field.row)} if isinstance(field, Rows) else {name}
        assert wanted <= set(columns)


def test_limits_are_those_of_the_file() -> None:
    low, high, ask_low, ask_high = map(decimal.Decimal, (40, 300, 80, 220))
    expected = limits.Limits(low, high, ask_low, ask_high)
    assert limits.table()["systolic_bp"] == expected
    assert limits.table()["weight"].places == 1
    assert limits.table()["hba1c"].ask_low == 4


def test_an_answer_has_the_type_of_its_field() -> None:
    form = next(form for form in FORMS if form.about.code == "ht_followup")
    answers = reading.read(form, {"systolic_bp": "138", "symptoms": ["1"], "weight": "70"}).answers
    assert answers.answer("systolic_bp") == 138
    assert answers.answer("weight") == decimal.Decimal("70.0")
    assert answers.answer("symptoms") == ("1",)
    assert answers.answer("danger_signs") == ()
