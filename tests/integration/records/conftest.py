"""A clinic of a module's own with one resident, and doctors and a nurse at her place."""

from __future__ import annotations

import dataclasses
import re
import typing
import uuid

import pytest
from bs4 import BeautifulSoup

from saas.accounts.models import Site
from saas.audit.models import AccessLog
from saas.formkit.models import Record
from saas.residents import writing
from saas.residents.rules import identity
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting, Draft
from tests.isolation.records import FOLLOW_UP
from tests.support import world
from tests.support.main_form import main_form

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.support.world import Browser, Person

Texts = typing.Mapping[str, "str | list[str]"]


@dataclasses.dataclass
class Desk:
    """A clinic in which forms are filled in."""

    app: Flask
    staff: dict[str, Person]
    resident_id: uuid.UUID
    browsers: dict[str, Browser] = dataclasses.field(default_factory=dict)

    @property
    def page(self) -> str:
        """Where everything about her begins."""
        return f"/residents/{self.resident_id}"

    @property
    def clinic(self) -> typing.Any:  # noqa: ANN401 - the clinic's card
        """The clinic's card."""
        return self.staff["doctor"].card

    def browser(self, who: str = "doctor") -> Browser:
        """A browser in which she is signed in, always the same one, on a PC of Chinese."""
        if who not in self.browsers:
            self.browsers[who] = world.sign_in(self.app, self.staff[who])
            self.browsers[who].set_cookie("shipa_language", "zh", domain="127.0.0.1")
        return self.browsers[who]

    def begin(self, path: str, who: str = "doctor") -> dict[str, list[str]]:
        """The form at an address as its page holds it."""
        answer = self.browser(who).get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return form_on(answer.get_data(as_text=True))

    def send(self, path: str, texts: Texts, who: str = "doctor") -> TestResponse:
        """Post a form."""
        return self.browser(who).post(path, data={key: texts[key] for key in texts})

    def fill(self, code: str, texts: Mapping[str, object], who: str = "doctor") -> TestResponse:
        """A form begun, filled in and sent; what it asks is confirmed once."""
        path = f"{self.page}/forms/{code}"
        return self.confirmed(path, self.begin(path, who) | listed(texts), who)

    def confirmed(self, path: str, texts: dict[str, list[str]], who: str = "doctor") -> TestResponse:
        """Sent, and sent once more with what the page then asks."""
        answer = self.send(path, texts, who)
        if answer.status_code != 200:
            return answer
        told = form_on(answer.get_data(as_text=True)).get("told", [])
        return self.send(path, texts | {"told": told}, who)

    def signed(self, code: str = "ht_followup", who: str = "doctor", **texts: object) -> str:
        """A new record's address."""
        answer = self.fill(code, FOLLOW_UP | texts if code == "ht_followup" else texts, who)
        assert answer.status_code == 303, complaints(answer.get_data(as_text=True))
        return str(answer.location)

    def records(self) -> Sequence[Record]:
        """Every row, the oldest first."""
        with world.inside(self.app, self.clinic) as session:
            found = session.query(Record).order_by(Record.signed_at, Record.id).all()
            session.expunge_all()
            return found

    def drafts(self) -> list[str]:
        """The names of all drafts."""
        with world.inside(self.app, self.clinic) as session:
            return [each.page for each in session.query(Draft).all()]

    def log(self) -> Sequence[AccessLog]:
        """The access log."""
        with world.inside(self.app, self.clinic) as session:
            found = session.query(AccessLog).order_by(AccessLog.number).all()
            session.expunge_all()
            return found


def listed(texts: Mapping[str, object]) -> dict[str, list[str]]:
    """Texts as a browser sends them."""
    return {
        key: [str(each) for each in text] if isinstance(text, list) else [str(text)]
        for key, text in texts.items()
    }


def form_on(page: str) -> dict[str, list[str]]:
    """Everything that the page's main form would send."""
    main = main_form(page)
    assert main is not None
    found: dict[str, list[str]] = {}
    for control in main.select("input[name], textarea[name], select[name]"):
        name, kind = str(control["name"]), control.get("type")
        if control.name == "select":
            texts = [str(option["value"]) for option in control.select("option[selected]")]
        elif control.name == "textarea":
            texts = [control.get_text().removeprefix("\n")]
        elif kind in {"radio", "checkbox"}:
            texts = [str(control["value"])] if control.has_attr("checked") else []
        else:
            texts = [str(control.get("value", ""))]
        found.setdefault(name, []).extend(texts)
    return found


def complaints(page: str) -> str:
    """What a page says is wrong, for a test that expected nothing."""
    soup = BeautifulSoup(page, "html.parser")
    return " ".join(each.get_text(" ", strip=True) for each in soup.select(".notice, h1"))


def record_id(address: str) -> uuid.UUID:
    """The record that an address names."""
    found = re.search(r"/records/([0-9a-f-]{36})", address)
    assert found is not None, address
    return uuid.UUID(found[1])


def open_desk(app: Flask, **more: str) -> Desk:
    """A new clinic with its people and one resident of its centre, a woman of 76 years."""
    code = world.free_code()
    card = world.provision(app, code, f"试验{code[-2:]}卫生院")
    roles = {
        "doctor": "village_doctor",
        "gp": "township_gp",
        "nurse": "public_health_nurse",
        "pharmacist": "pharmacist",
        "admin": "clinic_admin",
    }
    staff = {who: world.add_staff(app, card, f"{who}.{code}", role) for who, role in roles.items()}
    staff["stranger"] = world.add_staff(app, card, f"stranger.{code}", "village_doctor", places="villages")
    with world.inside(app, card) as session:
        clinic = clinic_of(card, session.query(ClinicSetting).one())
        site = session.query(Site).filter_by(kind="centre").one()
        texts = {"name_0": "ئايگۈل سىناق", "sex_code": "2", "birth": "1950-01-01", "site_id": str(site.id)}
        fields = dict.fromkeys(identity.FIELDS, "") | texts | {"print_language": "ug"} | more
        by = staff["doctor"].staff_id
        made = writing.register(fields, clinic.keys, form_id=uuid.uuid4(), at=clock.now(), by=by)
        assert made is not None
        return Desk(app, staff, made.id)


@pytest.fixture(scope="module")
def desk(app: Flask) -> Desk:
    """One clinic for all tests of a module."""
    return open_desk(app)


@pytest.fixture
def fresh(app: Flask) -> Desk:
    """A clinic of the test's own."""
    return open_desk(app)
