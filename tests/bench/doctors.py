"""People at work over HTTP, for figures: each with a session, a connection, and residents of her clinic."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import datetime
import gzip
import html
import http.client
import multiprocessing
import random
import re
import typing
import urllib.parse
import uuid

import sqlalchemy as sa

from saas.accounts.models import Site
from saas.app import create_app
from saas.config import Settings
from saas.db import new_id
from saas.demo.residents import add_residents
from saas.public_health.models import Enrolment
from saas.residents.models import Resident
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.cookies import cookie_name
from saas.web.models import ClinicSetting
from tests.isolation.records import FOLLOW_UP
from tests.support import signing, world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask

    from tenants.cards import ClinicCard
    from tenants.extension import Tenants
    from tenants.settings import TenantSettings

_INPUT = re.compile(r"<input\b[^>]*>")
_PART = re.compile(r'([a-z-]+)(?:="([^"]*)")?')
_CHOICE = re.compile(r'<select[^>]* name="([^"]+)".*?</select>', re.DOTALL)
_OPTION = re.compile(r"<option\b[^>]*>")
_LINKS = re.compile(r'href="/residents/([0-9a-f]{8}-[0-9a-f-]{27})')
_FORM = "application/x-www-form-urlencoded"
_LETTERS = "بتجدرسغقلمنشزاۇېە"


@dataclasses.dataclass
class Ward:
    """A clinic at work: its doctor, her live session once she is signed in, its residents."""

    doctor: world.Person
    residents: list[str]
    hypertensive: list[str]
    """Those enrolled in hypertension whom nobody visited yet."""
    token: str = ""

    def sign_in(self, app: Flask) -> None:
        """Begin a session of the doctor."""
        self.token = app.extensions["door"].start(
            self.doctor.card,
            self.doctor.staff_id,
            stage="full",
            address="127.0.0.1",
            browser="",
            now=clock.now(),
        )


def filled_wards(tenants: Tenants, cards: Sequence[ClinicCard], residents: int, enrolled: int) -> list[Ward]:
    """Fill many clinics in as many processes as there are cores, in the clinics' order."""
    half = -(-len(cards) // 2)
    spawned = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(2, spawned) as pool:
        filling = [
            pool.submit(_filled, tenants.settings, some, residents, enrolled)
            for some in (cards[:half], cards[half:])
        ]
        return [ward for done in filling for ward in done.result()]


def _filled(
    settings: TenantSettings, cards: Sequence[ClinicCard], residents: int, enrolled: int
) -> list[Ward]:
    app = create_app(Settings(), settings)
    return [filled_ward(app, card, residents, enrolled) for card in cards]


def open_ward(app: Flask, card: ClinicCard, residents: int, enrolled: int) -> Ward:
    """``filled_ward`` in one clinic, and its doctor signs in."""
    ward = filled_ward(app, card, residents, enrolled)
    ward.sign_in(app)
    return ward


def filled_ward(app: Flask, card: ClinicCard, residents: int, enrolled: int) -> Ward:
    """Put a doctor and invented residents into a clinic, some of them enrolled."""
    person = world.add_staff(app, card, f"ward.{uuid.uuid4().hex[:6]}", "village_doctor", places="all")
    with world.inside(app, card) as session:
        clinic = clinic_of(card, session.query(ClinicSetting).one())
        before = set(session.scalars(sa.select(Resident.id)))
        add_residents(clinic, residents, clock.now())
        centre = session.scalars(sa.select(Site.id).order_by(Site.code)).first()
        made = [one for one in session.scalars(sa.select(Resident.id)) if one not in before]
        grown = sa.select(Resident.id).where(
            Resident.id.in_(made), Resident.birth_date < datetime.date(1990, 1, 1)
        )
        ill = list(session.scalars(grown.limit(enrolled)))
        for one in ill:
            row = Enrolment(id=new_id(), resident_id=one, programme="hypertension")
            row.enrolled_on, row.enrolled_by, row.created_at = clock.today(), person.staff_id, clock.now()
            row.consent_id = signing.said_yes(session, one, "hypertension", person.staff_id)
            session.add(row)
        assert centre is not None
    return Ward(person, [str(one) for one in made], [str(one) for one in ill])


@dataclasses.dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str
    token: str
    """Of the session from here on, where it has a new one."""

    def fields(self) -> dict[str, str]:
        """What the page's fields hold as it is opened."""
        found = {}
        for choice in _CHOICE.finditer(self.text):
            options = [dict(_PART.findall(tag)) for tag in _OPTION.findall(choice[0])]
            chosen = next((one for one in options if "selected" in one), options[0])
            found[choice[1]] = html.unescape(chosen.get("value", ""))
        for tag in _INPUT.findall(self.text):
            parts = dict(_PART.findall(tag))
            held = "checked" in parts or parts.get("type") not in {"radio", "checkbox", "submit", "file"}
            if parts.get("name") and held:
                found.setdefault(parts["name"], html.unescape(parts.get("value", "")))
        return found

    def residents(self) -> set[str]:
        """Whom the page leads to."""
        return set(_LINKS.findall(self.text))


class Line:
    """A line of one thread to the served application, opened when needed; each call says whose it is."""

    def __init__(self, app: Flask, port: int, patience: float = 60) -> None:
        with app.app_context():
            self._cookie = cookie_name("session")
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)

    def send(self, token: str, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """One request; raises OSError or HTTPException when the line broke, and is new for the next."""
        headers = {"Cookie": f"{self._cookie}={token}", "Accept-Encoding": "gzip"}
        body = None
        if form is not None:
            headers["Content-Type"], body = _FORM, urllib.parse.urlencode(form)
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        renewed = re.search(rf"{self._cookie}=([^;]+)", answer.headers.get("Set-Cookie", ""))
        return Answer(
            answer.status,
            content.decode(errors="replace"),
            answer.headers.get("Location", ""),
            renewed[1] if renewed else "",
        )

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def follow_up_of(page: Answer) -> dict[str, str]:
    """An open hypertension follow-up, filled in."""
    return page.fields() | FOLLOW_UP


def newcomer(page: Answer, chance: random.Random) -> dict[str, str]:
    """An open form of a new resident, filled in with somebody whom nobody resembles."""
    born = f"{chance.randint(1940, 2005)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    name = "".join(chance.choices(_LETTERS, k=12))
    sex = str(chance.randint(1, 2))
    phone = f"000{chance.randrange(10**8):08d}"
    return page.fields() | {"name_0": name, "sex_code": sex, "birth": born, "phone_0": phone}


def shares(wards: Sequence[Ward], count: int) -> Iterator[list[Ward]]:
    """The clinics dealt out to so many people."""
    for place in range(count):
        yield list(wards[place::count])
