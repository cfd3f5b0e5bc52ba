"""What holds of the answers of every form, legal or not; a new form gets these tests for nothing."""

from __future__ import annotations

import datetime
import decimal
import typing

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saas.formkit import facts, reading, texts
from saas.formkit.declaring import Field, Form, fields_of, is_presumed
from saas.formkit.evaluating import Evaluation, evaluate
from saas.formkit.kinds import Measured
from tests.support import strategies
from tests.support.declared import PERSON, TODAY, every_field, every_form

if typing.TYPE_CHECKING:
    from flask import Flask

quick = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@every_form
@quick
@given(data=st.data())
def test_answers_read_are_the_same_when_written_and_read_again(form: type[Form], data: st.DataObject) -> None:
    raw = data.draw(strategies.answers(form))
    first = reading.read(form, raw)
    assert first.refusals == ()
    assert reading.read(form, first.answers.written()).answers == first.answers
    for name, value in first.answers.written().items():
        assert (value is None) == (raw[name] is None)
    assert set(first.answers.written()) == set(raw)


@every_form
@quick
@given(data=st.data())
def test_one_answer_is_read_alone_as_with_all_others(form: type[Form], data: st.DataObject) -> None:
    raw = dict(data.draw(strategies.answers(form)))
    name = data.draw(st.sampled_from(sorted(fields_of(form))))
    reason = {"missing_reason": {name: data.draw(st.sampled_from([*reading.REASONS, "no reason"]))}}
    broken = {name: data.draw(st.sampled_from(["no such value", [1], -1]))}
    for each in (raw, raw | reason, raw | broken, raw | reason | broken, [raw]):
        whole = reading.read(form, each).answers
        assert reading.read_one(form, each, name) == whole.answer(name)
    day = {key: value for key, value in raw.items() if key != form.about.visit_day}
    aliased = day | {"service_date": "2026-03-01"}
    if "service_date" not in fields_of(form) and form.about.visit_day in fields_of(form):
        whole = reading.read(form, aliased).answers
        assert whole.answer(form.about.visit_day) == reading.read_one(form, aliased, form.about.visit_day)


@every_form
@quick
@given(data=st.data())
def test_every_rule_takes_any_legal_answers(form: type[Form], data: st.DataObject) -> None:
    raw = data.draw(strategies.answers(form))
    earlier = [{"service_date": "2026-02-01", "answers": data.draw(strategies.answers(form))}]
    resident = data.draw(st.sampled_from([None, PERSON, {"birth_date": "2015-01-01", "sex_code": "1"}]))
    found = evaluate(form, raw, today=TODAY, resident=resident, earlier=earlier)
    check_shape(form, found)


@every_form
@quick
@given(data=st.data())
def test_nothing_in_a_file_makes_it_fail(form: type[Form], house: Flask, data: st.DataObject) -> None:
    names = st.sampled_from([*fields_of(form), "missing_reason", "service_date", "x"])
    broken = st.dictionaries(names, strategies.JSON, max_size=8) | strategies.JSON
    earlier = st.lists(st.fixed_dictionaries({"service_date": strategies.JSON, "answers": broken}))
    found = evaluate(
        form,
        data.draw(broken),
        today=TODAY,
        resident=data.draw(st.dictionaries(st.sampled_from(list(facts._READERS)), strategies.JSON)),
        earlier=data.draw(earlier | strategies.JSON),
    )
    with house.app_context():
        check_shape(form, found)
        for language in texts.LOCALES:
            with texts.speaking(language):
                sentences = [texts.about_refusal(form, each) for each in found.refusals]
                sentences += [texts.about_finding(form, each) for each in found.findings]
                sentences += [texts.source(form, each.source) for each in found.findings]
            assert all(sentences)


def check_shape(form: type[Form], found: Evaluation) -> None:
    """What holds of every evaluation."""
    for finding in found.findings:
        assert finding.fields
        assert set(finding.fields) <= set(fields_of(form)), finding
        assert finding.code in form.about.sentences or finding.code in texts.SENTENCES
        assert finding.source in form.about.sources or finding.source in texts.SOURCES
    assert all(isinstance(each.field, str) for each in found.refusals)
    assert found.next_due_on is None or isinstance(found.next_due_on, datetime.date)


@every_field
def test_a_value_outside_the_limits_is_refused_with_a_message_of_its_field(field: Field[object]) -> None:
    if not isinstance(field, Measured):
        return
    bounds, step = field.bounds, decimal.Decimal(1).scaleb(-field.places)
    for inside in (bounds.low, bounds.high, str(bounds.low), int(bounds.high)):
        assert field.read(inside).faults == ()
    for outside in (bounds.low - step, bounds.high + step, bounds.low - 1, bounds.high + 1, "1" + "0" * 30):
        (found,) = field.read(outside).faults
        assert found.code == "impossible"
    for doubtful, asks in ((bounds.ask_low, False), (bounds.ask_high, False), (bounds.ask_high + step, True)):
        asked = list(field.doubts(field.read(doubtful).value))
        assert bool(asked) is (asks and bounds.ask_high < bounds.high)
    too_fine = (bounds.low + bounds.high) / 2 // 1 + decimal.Decimal("0.00001")
    assert [each.code for each in field.read(too_fine).faults] in (["not-whole"], ["too-many-decimals"])


WRONG: dict[str, list[object]] = {
    "whole": ["abc", "1,5", True, [], {}, float("nan"), float("inf"), "1e2", "٣x"],
    "text": [1, True, ["x"], {"a": 1}, "\x00", "x" * 3000],
    "date": ["2026-02-30", "2026", "yesterday", 20260305, ["2026-03-05"], True],
    "month": ["2026", "2026-13", 202603, []],
    "datetime": ["2026-03-05", "2026-03-05 25:00", "09:10", 5],
    "boolean": ["true", 1, 0, "1", []],
    "choice": [1, "999", "１", ["1"], True, {}],
    "choices": ["1", 1, [1], ["999"], {"1": 1}],
    "rows": ["x", {}, [1], [[]], [{"unknown": 1}]],
    "graded": [1, "+++++", "abc", ["-"]],
    "reference": [1, [], "x" * 101],
}
WRONG["decimal"] = WRONG["calculated"] = WRONG["whole"]


@every_field
def test_wrong_answers_are_refused_and_never_crash(field: Field[object]) -> None:
    for raw in WRONG[field.kind]:
        if raw not in ([], ""):
            assert field.read(raw).faults, (field.kind, raw)


@every_form
def test_blank_required_fields_are_refused_and_a_reason_is_enough(form: type[Form]) -> None:
    empty = evaluate(form, {}, today=TODAY, resident=PERSON)
    refused = {each.field for each in empty.refusals}
    always = {
        name
        for name, field in fields_of(form).items()
        if field.required is True and field.demanded and field.shown_when is None
    }
    assert always - refused == {name for name in always if is_presumed(form, name)}
    marked = {name for name in always if name in empty.needed}
    assert marked == always & refused, "the star stands where a blank is refused"
    excusable = {name for name in refused if fields_of(form)[name].may_miss}
    reasons = {"missing_reason": dict.fromkeys(excusable, "refused")}
    left = {each.field for each in evaluate(form, reasons, today=TODAY, resident=PERSON).refusals}
    assert left == refused - excusable


@every_form
def test_a_reason_is_one_of_four_and_stands_for_a_known_field_without_a_value(form: type[Form]) -> None:
    name = next((name for name, field in fields_of(form).items() if field.may_miss), "")
    if not name:
        assert form.about.code in {"call_outcome", "service_declined"}, "nothing is measured by words alone"
        return
    for reason in ("", 0, "later", ["refused"], None):
        wrong = reading.read(form, {"missing_reason": {name: reason}})
        assert [each.field for each in wrong.refusals] == [name]
    unknown = reading.read(form, {"missing_reason": {"nothing": "refused"}})
    assert [each.field for each in unknown.refusals] == ["missing_reason.nothing"]
    assert reading.read(form, {"missing_reason": []}).refusals == ()
    assert [each.field for each in reading.read(form, {"missing_reason": [1]}).refusals] == ["missing_reason"]


@every_form
def test_unknown_names_are_refused_by_name(form: type[Form]) -> None:
    found = reading.read(form, {"no_such": 1, "\ud800": 2})
    assert {each.field for each in found.refusals} == {"no_such", "\ud800"}
