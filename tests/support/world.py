"""Two clinics, north and south, with staff of every role: built once by the real provisioning.

Each lives in a cell of its own, so that whatever a test does with both crosses two databases.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import typing
import uuid

import itsdangerous
import sqlalchemy as sa
from flask.testing import FlaskClient

from saas.accounts.models import Site, Staff, StaffSecret
from saas.accounts.passwords import hasher
from saas.accounts.permissions import ROLES
from saas.db import db, new_id
from saas.web import clock
from saas.web.cookies import cookie_name
from tenants.placing import MAIN
from tenants.provisioning import Order, Provisioner, free_numbers
from tenants.roster import ClinicLine, SiteLine

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from tenants.cards import ClinicCard
    from tenants.connecting import Connection
    from tenants.extension import Tenants

BASE_URL = "http://127.0.0.1:8000"
PASSWORD = "correct horse 000 battery"
NORTH = "650099001"
SOUTH = "650099002"
Places = typing.Literal["centre", "villages", "all", "none"]
FAR = "far"
"""The cell of the south: another database of the same server."""
SIGNS = {NORTH: "北方试验卫生院", SOUTH: "南方试验卫生院"}
_FREE = itertools.count()


@dataclasses.dataclass(frozen=True)
class Person:
    """A member of staff and the clinic she works in."""

    card: ClinicCard
    staff_id: uuid.UUID
    username: str
    role: str


class Browser(FlaskClient):
    """A browser at the application's address; keeps cookies, sends the page's CSRF token."""

    person: Person | None = None

    def open(self, *args: typing.Any, **kwargs: typing.Any) -> TestResponse:  # noqa: ANN401
        """Send a request to the address that people type."""
        kwargs.setdefault("base_url", BASE_URL)
        return super().open(*args, **kwargs)

    def csrf(self) -> str:
        """A valid CSRF token of this browser: of its session, or as any page holds it, an error's too."""
        token = session_token(self)
        if token is not None:
            return token
        page = self.get("/nothing-here").get_data(as_text=True)
        return page.split('data-csrf="', 1)[1].split('"', 1)[0]

    def send(self, path: str, data: dict[str, typing.Any] | None = None) -> TestResponse:
        """POST a form with a CSRF token."""
        return self.post(path, data={"csrf_token": self.csrf(), **(data or {})})


def session_token(browser: Browser) -> str | None:
    """The CSRF token that the pages of a browser's session hold, without asking for a page."""
    app = browser.application
    for name in ("shipa_session", "__Host-shipa_session"):
        cookie = browser.get_cookie(name, domain="127.0.0.1")
        opened = app.extensions["door"].open(cookie.value) if cookie else None
        if opened is not None:
            signer = itsdangerous.URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token")
            return str(signer.dumps(opened[0].csrf_secret))
    return None


def caretaker(app: Flask) -> Tenants:
    """The application's ``Tenants``."""
    return typing.cast("Tenants", app.extensions["building"])


def free_code() -> str:
    """A code that no other clinic of this run has; its last digits tell clinics of one name apart.

    Those of area 650099 are left to tests that write a code down; these come after them, so that the north
    stays the first clinic in every list by code.
    """
    number = next(_FREE)
    return f"{650100 + number // 1000}{number % 1000:03d}"


def provision(app: Flask, code: str, name_zh: str, sites: int = 2, *, cell: str | None = None) -> ClinicCard:
    """Make one clinic with some village clinics, as the roster import does; the south in the far cell."""
    cells = caretaker(app).logins.cells
    cell = cell or (FAR if code == SOUTH and FAR in cells else MAIN)
    # Two clinics and no third are found by these words.
    assert code in SIGNS or "试验卫生院" not in name_zh, name_zh
    tenants = caretaker(app)
    line = ClinicLine(
        line=2,
        code=code,
        kind="township_health_centre",
        name_zh=name_zh,
        name_ug="",
        prefecture_zh="试验地区",
        county_code="650099",
        county_zh="试验县",
        township_code=code[:9],
    )
    villages = [
        SiteLine(line=n + 2, code=f"{code}{n:03d}", institution_code=code, name_zh=f"试验{n}村卫生室")
        for n in range(1, sites + 1)
    ]
    connection, provisioner = _provisioner(app)
    number = next(free_numbers(connection, tenants.settings.clinic_numbers))
    provisioner.provision(connection, Order(number, line, villages, cell))
    return card_of(app, code)


def card_of(app: Flask, code: str) -> ClinicCard:
    """The card of the clinic with this code, as the door has it."""
    card = caretaker(app).door.clinic(code)
    assert card is not None, code
    return card


def owner(app: Flask) -> Connection:
    """The owner's connection in autocommit, kept: in a new one the catalogue is read anew."""
    kept = app.extensions.get("owner")
    if kept is None:
        kept = app.extensions["owner"] = caretaker(app).logins.connect("owner", autocommit=True)
    return typing.cast("Connection", kept)


def _provisioner(app: Flask) -> tuple[Connection, Provisioner]:
    """The owner's connection with the compiled script, kept too."""
    kept = app.extensions.get("provisioner")
    if kept is None:
        kept = app.extensions["provisioner"] = Provisioner(caretaker(app))
    return owner(app), typing.cast("Provisioner", kept)


def add_staff(  # noqa: PLR0913 - what a person is
    app: Flask,
    card: ClinicCard,
    username: str,
    *roles: str,
    name: str = "ئادىل سىناق",
    password: str = PASSWORD,
    places: Places = "centre",
) -> Person:
    """A member of staff who has signed in before: no temporary password, nothing left to print.

    Only of the residents of her places does she open the record without a reason.
    """
    with inside(app, card) as session:
        now = clock.now()
        staff = Staff(
            id=new_id(),
            username=username,
            name=name,
            roles=list(roles),
            site_ids=_site_ids(session, places),
            created_at=now,
            acts_seen_at=now,
        )
        session.add(staff)
        session.flush()
        secret = StaffSecret(staff_id=staff.id, password_hash=hasher().hash(password), password_set_at=now)
        with app.extensions["door"].gate_role(session):
            session.add(secret)
        return Person(card, staff.id, username, roles[0])


def _site_ids(session: Session, places: Places) -> list[str]:
    sites = session.query(Site).order_by(Site.kind, Site.code).all()
    assert sites[0].kind == "centre"
    own = {"centre": sites[:1], "villages": sites[1:], "all": sites, "none": []}[places]
    return [str(site.id) for site in own]


@contextlib.contextmanager
def inside(app: Flask, card: ClinicCard) -> Iterator[Session]:
    """A session bound to the clinic, committed at the end."""
    with caretaker(app).inside(card) as session:
        yield session


def close(app: Flask) -> None:
    """Close the application's connections."""
    with app.app_context():
        db.engine.dispose()
    caretaker(app).gate_engine.dispose()
    caretaker(app).cells.dispose()
    app.extensions.pop("provisioner", None)
    if "owner" in app.extensions:
        app.extensions.pop("owner").close()


def build(app: Flask) -> None:
    """Make north and south with one person per role; user names are the roles' names."""
    for code, name in SIGNS.items():
        card = provision(app, code, name)
        for role in ROLES:
            add_staff(app, card, role, role)


def forget_languages(app: Flask, code: str) -> None:
    """Nobody of this clinic has chosen a language, as when it was built."""
    with inside(app, card_of(app, code)) as session:
        session.execute(sa.update(Staff).where(Staff.language.is_not(None)).values(language=None))


def sign_in(app: Flask, person: Person, *, stage: str = "full") -> Browser:
    """A browser with a live session of this person, without going through the sign-in page."""
    door = app.extensions["door"]
    token = door.start(
        person.card,
        person.staff_id,
        stage=stage,
        address="127.0.0.1",
        browser="test",
        now=clock.now(),
    )
    browser = Browser(app, app.response_class)
    browser.person = person
    with app.app_context():
        name = cookie_name("session")
    browser.set_cookie(name, token, domain="127.0.0.1")
    return browser
