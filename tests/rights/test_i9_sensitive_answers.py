"""Rights I9: sensitive answers are not shown, printed or exported, nor is it told that there are any."""

from __future__ import annotations

import datetime
import json
import re
import typing
import uuid

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from saas.app import FORMS
from saas.formkit import answering, paper, reading, responses, tabling
from saas.formkit.declaring import fields_of
from saas.formkit.desk import sensitive_fields
from saas.formkit.evaluating import evaluate
from saas.formkit.responses import Signed
from saas.web import clock
from tests.integration.records.conftest import Desk, form_on, open_desk
from tests.support import complete, strategies

if typing.TYPE_CHECKING:
    from saas.formkit.declaring import Form

SECRET = [form for form in FORMS if sensitive_fields(form)]
DAY = datetime.date(2026, 3, 5)
ID = uuid.UUID(int=1)
every_secret_form = pytest.mark.parametrize("form", SECRET, ids=lambda form: form.about.code)


def told(form: type[Form], raw: dict[str, object]) -> list[object]:
    """All that leaves a record to somebody without the permission, and on every ordinary print."""
    hidden = sensitive_fields(form)
    found = evaluate(form, raw, today=DAY, resident=complete.PERSON)
    answers = found.answers.written()
    record = Signed(
        ID, ID, ID, datetime.datetime(2026, 3, 5, tzinfo=datetime.UTC), DAY, answers, found.computed
    )
    return [
        paper.groups(form, [answers], hidden, form.about.columns),
        answering.answers_of(form, answers, hidden),
        answering.beside(form, found.computed),
        json.dumps(responses.bundle(form, record, hidden), default=str),
        tabling.table(form, [str(DAY)], [answers], hidden),
    ]


def split(form: type[Form], raw: dict[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Answers that are sensitive, and the others."""
    names = sensitive_fields(form)
    return {key: raw[key] for key in raw if key in names}, {key: raw[key] for key in raw if key not in names}


def answered(form: type[Form]) -> st.SearchStrategy[dict[str, object]]:
    """Anything at all in the sensitive fields: answers, reasons why there is none, nothing."""
    fields = {name: field for name, field in fields_of(form).items() if name in sensitive_fields(form)}
    given_ = st.fixed_dictionaries({}, optional={name: strategies.raw(each) for name, each in fields.items()})
    missed = [name for name, field in fields.items() if field.may_miss]
    reasons = st.dictionaries(st.sampled_from(missed), st.sampled_from(reading.REASONS), max_size=3)
    return st.builds(
        lambda one, two: one | {"missing_reason": {name: two[name] for name in two if name not in one}},
        given_,
        reasons,
    )


@every_secret_form
@settings(max_examples=25, deadline=None)  # all pages of one record: their time says nothing
@given(data=st.data())
def test_whatever_was_answered_there_everything_else_is_the_same(
    app: Flask, form: type[Form], data: st.DataObject
) -> None:
    with app.app_context():  # for this example alone: requests inside one would share what belongs to each
        _, others = split(form, complete.answers(form, DAY))
        one, two = data.draw(answered(form)), data.draw(answered(form))
        for first, second in zip(told(form, others | one), told(form, others | two), strict=True):
            assert first == second


@every_secret_form
def test_the_comparison_would_see_an_answer(app: Flask, form: type[Form]) -> None:
    """Not hidden, the same answers make a difference on paper."""
    with app.app_context():
        raw = complete.answers(form, DAY)
        answers = reading.read(form, raw).answers.written()
        _, others = split(form, answers)
        shown = [paper.groups(form, [each], frozenset(), 1) for each in (answers, others)]
    assert shown[0] != shown[1]


@pytest.fixture(scope="module")
def desk(app: Flask) -> Desk:
    """A clinic with a doctor who treats, and a nurse who does not."""
    return open_desk(app)


PAGES = ("", "/print", "/print?sensitive=1", "/fhir")
_OWN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|20\d\d-\d\d-\d\d[T ]\d\d:\d\d[:.+\d]*")


def pages(desk: Desk, who: str, address: str) -> list[str]:
    """What she is shown of a record, without what differs between any two records."""
    found = []
    for page in PAGES:
        text = desk.browser(who).get(address + page).get_data(as_text=True)
        soup = BeautifulSoup(text, "html.parser")
        # What was just saved can be undone: its notice holds hidden fields, so it goes first.
        for wanted in (".flash", "input[type=hidden]"):
            for part in soup.select(wanted):
                part.decompose()
        for part in soup.select("[data-csrf]"):
            del part["data-csrf"]
        found.append(_OWN.sub("…", str(soup)))
    return found


@pytest.mark.timeout(120)
@every_secret_form
def test_neither_nurse_nor_paper_can_tell_two_records_apart(desk: Desk, form: type[Form]) -> None:
    with_all = complete.page(form, clock.today())
    names = sensitive_fields(form)
    needed = {"past_diseases-0-disease": ["1"]} if "past_diseases" in names else {}
    without = {key: text for key, text in with_all.items() if key.split("-")[0] not in names} | needed
    first, second = (signed(desk, form.about.code, texts) for texts in (without, with_all))
    for one, two in zip(pages(desk, "nurse", first), pages(desk, "nurse", second), strict=True):
        assert one.splitlines() == two.splitlines()
    ordinary, whole = zip(*(pages(desk, "doctor", each)[1:3] for each in (first, second)), strict=True)
    assert ordinary[0] == ordinary[1]
    assert whole[0] != whole[1], "who may see it and asks for it gets it"


def signed(desk: Desk, code: str, texts: typing.Mapping[str, typing.Sequence[str]]) -> str:
    """A record signed by the doctor with a note on each finding; its address."""
    path = f"{desk.page}/forms/{code}"
    sent = {**desk.begin(path), **{key: list(text) for key, text in texts.items()}}
    for _ in range(2):
        answer = desk.send(path, sent)
        if answer.status_code == 303:
            break
        sent |= {"told": form_on(answer.get_data(as_text=True)).get("told", [])}
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    return str(answer.location)


def test_a_note_on_what_is_not_shown_is_not_shown_either(desk: Desk) -> None:
    profile = {
        "drug_allergies": ["1"], "past_diseases-0-disease": ["2"], "note-offer-hypertension": ["CANARY-note"],
    }  # fmt: skip
    address = signed(desk, "resident_profile", profile)
    assert "CANARY-note" in desk.browser().get(address).get_data(as_text=True)
    assert "CANARY-note" not in desk.browser("nurse").get(address).get_data(as_text=True)
    seen = {"drug_allergies": ["2"], "past_diseases-0-disease": ["1"], "note-allergy": ["CANARY-allergy"]}
    address = signed(desk, "resident_profile", seen)
    assert "CANARY-allergy" in desk.browser("nurse").get(address).get_data(as_text=True)
