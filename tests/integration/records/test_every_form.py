"""Every declared form on its pages: opened empty, filled in, signed, read, printed, amended, voided."""

from __future__ import annotations

import csv
import io
import json
import typing

import pytest

from saas.formkit import posting, reading
from saas.formkit.declaring import Form, fields_of, is_presumed
from saas.web import clock
from tests.integration.records.conftest import Desk, complaints, listed, record_id
from tests.support import complete
from tests.support.declared import every_form
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from saas.web.i18n import Language

pytestmark = pytest.mark.timeout(60)
LANGUAGES: tuple[Language, ...] = ("ug", "zh")


def root(desk: Desk, form: type[Form]) -> str:
    """Where the form's pages begin."""
    return desk.page if form.about.subject == "resident" else "/public-health/clinic-forms"


def page_in(desk: Desk, language: Language, path: str) -> str:
    """A sound page in a language."""
    browser = desk.browser()
    browser.set_cookie("shipa_language", language, domain="127.0.0.1")
    page = browser.get(path).get_data(as_text=True)
    check_page(page, language)
    return page


def sent_whole(desk: Desk, form: type[Form]) -> TestResponse:
    """The form with an answer to everything."""
    path = f"{root(desk, form)}/forms/{form.about.code}"
    whole = {key: list(texts) for key, texts in complete.page(form, clock.today()).items()}
    return desk.confirmed(path, desk.begin(path) | whole)


@every_form
def test_it_opens_empty_in_both_languages(desk: Desk, form: type[Form]) -> None:
    for language in LANGUAGES:
        page = page_in(desk, language, f"{root(desk, form)}/forms/{form.about.code}")
        for name, field in fields_of(form).items():
            shown = f'name="{name}"' in page or f'data-computed="{name}"' in page or f'id="{name}"' in page
            assert shown is (field.kind != "reference"), name


@every_form
def test_an_empty_form_is_refused_beside_its_fields(desk: Desk, form: type[Form]) -> None:
    path = f"{root(desk, form)}/forms/{form.about.code}"
    begun = {key: texts for key, texts in desk.begin(path).items() if key in {"csrf_token", "form_id"}}
    answer = desk.send(path, begun)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    asked = {name: field for name, field in fields_of(form).items() if field.kind != "reference"}
    must = [name for name, field in asked.items() if field.required is True and field.demanded]
    told = [name for name in must if f'id="{name}-error"' in page]
    assert told == [name for name in must if not is_presumed(form, name)]
    check_page(page, "zh")


@every_form
def test_filled_in_whole_it_is_signed_and_reads_back_the_same(fresh: Desk, form: type[Form]) -> None:
    answer = sent_whole(fresh, form)
    assert answer.status_code == 303, complaints(answer.get_data(as_text=True))
    (record,) = fresh.records()
    assert record.id == record_id(str(answer.location))
    raw = complete.answers(form, clock.today())
    read = reading.read(form, raw).answers
    references = {name for name, field in fields_of(form).items() if field.kind == "reference"}
    stored = {name: value for name, value in record.answers.items() if name not in references}
    assert reading.read(form, stored).answers == read
    assert record.form_code == form.about.code
    _read_print_save_amend_void(fresh, form, str(answer.location))


def _read_print_save_amend_void(desk: Desk, form: type[Form], address: str) -> None:
    (record,) = desk.records()
    for language in LANGUAGES:
        for page in ("", "/print?sensitive=1", "/amend", "/void"):
            assert page_in(desk, language, address + page)
    printed = page_in(desk, "zh", f"{address}/print?sensitive=1")
    for text in (value for value in record.answers.values() if isinstance(value, str) and "试验" in value):
        assert text.split("\n")[0] in printed
    table = desk.browser().get(f"{address}/table").get_data(as_text=True).removeprefix("\ufeff")
    (line,) = csv.DictReader(io.StringIO(table))
    assert {name for name in line if line[name]} >= {
        name for name, value in record.answers.items() if not isinstance(value, list | dict)
    }
    bundle = json.loads(desk.browser().get(f"{address}/fhir").get_data())
    answered = {each["linkId"] for each in bundle["entry"][0]["resource"]["item"]}
    references = {name for name, field in fields_of(form).items() if field.kind == "reference"}
    assert answered >= record.answers.keys() - references - {reading.MISSING}
    amended = desk.begin(f"{address}/amend") | listed({"amend_reason": "typed it wrongly"})
    answer = desk.confirmed(f"{address}/amend", amended)
    assert answer.status_code == 303, complaints(answer.get_data(as_text=True))
    newer = desk.records()[-1]
    assert (newer.amends, newer.answers, newer.reason) == (record.id, record.answers, "typed it wrongly")
    address = str(answer.location)
    void = desk.begin(f"{address}/void") | listed({"reason": "another person"})
    assert desk.send(f"{address}/void", void).status_code == 303
    last = desk.records()[-1]
    assert (last.void, last.amends, last.reason) == (True, newer.id, "another person")


@every_form
def test_the_page_sends_what_it_was_given(form: type[Form]) -> None:
    raw = complete.answers(form, clock.today())
    again = posting.raw_answers(form, posting.posted_of(form, raw))
    unread = {name for name, field in fields_of(form).items() if field.kind in {"reference", "calculated"}}
    assert reading.read(form, again) == reading.read(
        form, {name: answer for name, answer in raw.items() if name not in unread}
    )
