"""Pages of residents as tests read them: fields as a browser would send them back."""

from __future__ import annotations

import datetime
import random
import re
import typing
import uuid
import weakref

from bs4 import BeautifulSoup

from saas.residents.models import Resident
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.support import synthetic, world
from tests.support.main_form import main_form

if typing.TYPE_CHECKING:
    from bs4 import Tag
    from werkzeug.test import TestResponse

    from saas.web.keys import ClinicKeys
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

Fields = dict[str, str]

_EMPTY: weakref.WeakKeyDictionary[Browser, Fields] = weakref.WeakKeyDictionary()


def soup(answer: TestResponse) -> BeautifulSoup:
    """The page of an answer."""
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def fields_of(answer: TestResponse) -> Fields:
    """The main form's fields, as a browser would send them."""
    page = answer.get_data(as_text=True)
    form = main_form(page)
    assert form is not None, page[:2000]
    fields: Fields = {}
    for control in form.select("input[name], select[name], textarea[name]"):
        name, value = str(control["name"]), _value(control)
        if value is not None:
            fields[name] = value
    return fields


def _value(control: Tag) -> str | None:
    if control.name == "select":
        options = control.select("option")
        chosen = [one for one in options if one.has_attr("selected")] or options[:1]
        return str(chosen[0]["value"]) if chosen else None
    if control.get("type") in {"radio", "checkbox"} and not control.has_attr("checked"):
        return None
    return str(control.get("value", ""))


def errors_of(answer: TestResponse) -> dict[str, str]:
    """The messages beside the fields."""
    found = soup(answer).select(".field-error[id]")
    return {str(one["id"]).removesuffix("-error"): one.get_text() for one in found}


def heading_of(answer: TestResponse) -> str:
    """The page's heading."""
    heading = soup(answer).h1
    assert heading is not None
    return heading.get_text()


def asked_of(answer: TestResponse) -> list[str]:
    """The fields about which the page asks once more."""
    links = soup(answer).select('#asked a[href^="#"]')
    return [str(one["href"]).removeprefix("#") for one in links]


def row_of(clinic: ClinicWorld, resident_id: str) -> Resident:
    """The stored resident."""
    card = world.card_of(clinic.app, clinic.code)
    with world.inside(clinic.app, card) as session:
        return session.get_one(Resident, uuid.UUID(resident_id))


def keys_of(clinic: ClinicWorld) -> ClinicKeys:
    """The clinic's own keys."""
    card = world.card_of(clinic.app, clinic.code)
    with clinic.app.app_context(), world.inside(clinic.app, card) as session:
        return clinic_of(card, session.query(ClinicSetting).one()).keys


def a_day() -> datetime.date:
    """Some day before 1999, so that the numbers of one run do not meet."""
    return datetime.date(1930, 1, 1) + datetime.timedelta(days=random.randrange(25_000))


def a_number(day: datetime.date | None = None) -> str:
    """A woman's right number that this run has not used."""
    return synthetic.citizen_number(day or a_day(), random.randrange(500) * 2)


def new_form(browser: Browser) -> Fields:
    """The form of a new resident as it is opened."""
    answer = browser.get("/residents/new")
    assert answer.status_code == 200
    return fields_of(answer)


def send_new(browser: Browser, fields: Fields) -> TestResponse:
    """Send the form of a new resident; where somebody looks the same, save at once and ask later."""
    answer = browser.post("/residents/new", data=fields)
    if 'name="looked"' in answer.get_data(as_text=True):
        answer = browser.post("/residents/new", data=fields_of(answer))
    return answer


def register(browser: Browser, **typed: str) -> str:
    """Register somebody; the id. Fails when the form was not accepted."""
    answer = send_new(browser, _empty(browser) | typed)
    assert answer.status_code == 303, (errors_of(answer), asked_of(answer))
    return id_in(answer)


def _empty(browser: Browser) -> Fields:
    """An empty form of a new resident; opened once in each browser, then with a new id each time."""
    if browser not in _EMPTY:
        _EMPTY[browser] = new_form(browser)
    return _EMPTY[browser] | {"form_id": str(uuid.uuid4()), "csrf_token": browser.csrf()}


def id_in(answer: TestResponse) -> str:
    """The resident that an answer leads to."""
    found = re.fullmatch(r"/residents/([0-9a-f-]{36})", answer.headers["Location"])
    assert found is not None, answer.headers["Location"]
    return found[1]


def opened(browser: Browser, made: str) -> Fields:
    """The form of a resident as it is opened."""
    return fields_of(browser.get(f"/residents/{made}/edit"))


def save(browser: Browser, made: str, fields: Fields) -> TestResponse:
    """Send the form of a resident."""
    return browser.post(f"/residents/{made}/edit", data=fields)


def find(browser: Browser, words: str) -> TestResponse:
    """Search, and follow to what was found."""
    answer = browser.send("/residents/find", {"q": words})
    assert answer.status_code == 303
    return browser.get(answer.headers["Location"])


def ids_in(answer: TestResponse) -> list[str]:
    """The residents on a list, in its order."""
    links = soup(answer).select('tbody th a[href^="/residents/"]')
    return [str(link["href"]).removeprefix("/residents/") for link in links]
