"""A clinic of its own per test: these tests commit, and a worker does their jobs."""

from __future__ import annotations

import dataclasses
import typing
import uuid

import pytest
import sqlalchemy as sa

from saas.residents.models import ImportBatch, Resident
from tenants.working import Worker
from tests.isolation.cases import read_form
from tests.support import lists, world
from tests.support.apart import apart, keep_only

if typing.TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tenants.cards import ClinicCard


@dataclasses.dataclass
class Office:
    """The head of a clinic at her PC, the clinic's rows, and the worker."""

    app: Flask
    card: ClinicCard
    head: world.Browser
    doctor: world.Browser

    def come_back(self) -> None:
        """The head signs in anew: her session has ended meanwhile."""
        assert self.head.person is not None
        self.head = world.sign_in(self.app, self.head.person)

    def open_window(self) -> TestResponse:
        """Open it for three days, with the own password."""
        return self.head.send("/residents/bringing/window", {"days": "3", "own_password": world.PASSWORD})

    def choose(self, body: bytes, name: str = "list.csv") -> TestResponse:
        """Send a file."""
        return send_file(self.head, body, name)

    def check(self, body: bytes, name: str = "list.csv", **chosen: str) -> str:
        """Send a file, take the guessed columns, let it be checked; the address of its page."""
        answer = self.choose(body, name)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        page = self.head.get(answer.location).get_data(as_text=True)
        sent = self.head.send(answer.location, form_of(page) | chosen)
        assert sent.status_code == 303, sent.get_data(as_text=True)
        self.work()
        return str(sent.location)

    def bring(self, body: bytes, name: str = "list.csv") -> str:
        """The whole way; the address of its page."""
        address = self.check(body, name)
        self.head.send(f"{address}/run")
        self.work()
        return address

    def work(self) -> None:
        """Let the worker do what waits; in a thread, because a browser leaves a loop running in this one."""
        apart(Worker(world.caretaker(self.app)).work_off)

    def sweep(self) -> None:
        """Let the worker look into this clinic as on its round."""
        apart(lambda: Worker(world.caretaker(self.app)).sweep_clinic(self.card))
        keep_only(self.app, self.card, "residents.%")
        self.work()

    def batch(self, address: str) -> ImportBatch:
        """The row of a batch."""
        with world.inside(self.app, self.card) as session:
            batch = session.get(ImportBatch, uuid.UUID(address.rsplit("/", 1)[1]))
            assert batch is not None
            session.expunge(batch)
            return batch

    def residents(self) -> list[Resident]:
        """All residents of the clinic, with names and numbers."""
        with world.inside(self.app, self.card) as session:
            found = list(session.scalars(sa.select(Resident).order_by(Resident.id)))
            session.expunge_all()
            return found

    def rows(self, statement: str) -> list[typing.Any]:
        """What a statement says inside the clinic."""
        with world.inside(self.app, self.card) as session:
            return [row[0] for row in session.execute(sa.text(statement))]


def send_file(browser: world.Browser, body: bytes, name: str, token: str | None = None) -> TestResponse:
    """As a browser sends it. Werkzeug's own client would leave a file of more than 500 kB open."""
    token = browser.csrf() if token is None else token
    head = 'Content-Disposition: form-data; name="%s"'
    parts = [
        b"--cut\r\n" + (head % "csrf_token").encode() + b"\r\n\r\n" + token.encode(),
        b"--cut\r\n" + (head % "list_file" + f'; filename="{name}"').encode() + b"\r\n\r\n" + body,
        b"--cut--\r\n",
    ]
    return browser.post(
        "/residents/bringing/new",
        data=b"\r\n".join(parts),
        content_type="multipart/form-data; boundary=cut",
    )


def form_of(page: str) -> dict[str, str]:
    """The page's form as it stands."""
    return read_form(page)


def new_office(app: Flask) -> Office:
    """A clinic with a head and a village doctor; the window is open."""
    code = world.free_code()
    card = world.provision(app, code, "名单院")
    head = world.add_staff(app, card, f"head.{code}", "clinic_admin")
    doctor = world.add_staff(app, card, f"doctor.{code}", "village_doctor")
    office = Office(app, card, world.sign_in(app, head), world.sign_in(app, doctor))
    assert office.open_window().status_code == 303
    return office


@pytest.fixture
def office(app: Flask) -> Office:
    """A clinic that brings its list."""
    return new_office(app)


@pytest.fixture
def other_office(app: Flask) -> Office:
    """Another one."""
    return new_office(app)


@pytest.fixture
def ten() -> bytes:
    """Ten people as a text file."""
    return lists.as_text(lists.people(10))
