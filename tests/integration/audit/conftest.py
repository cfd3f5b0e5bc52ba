"""A clinic whose access log may be destroyed, and the superuser who destroys it."""

from __future__ import annotations

import dataclasses
import datetime
import typing
import uuid
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from saas.audit import chain, reading
from saas.audit.writing import append
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.log import Entry
from saas.web.models import ClinicSetting
from tenants.cards import ClinicCard
from tests.support import world

RESIDENT = uuid.UUID(int=42)


@dataclasses.dataclass(frozen=True)
class LoggedClinic:
    """One clinic: writes its log as a request does, reads it as ``shipa audit`` does."""

    app: Flask
    card: ClinicCard
    key: bytes

    def write(self, *entries: Entry, at: datetime.datetime | None = None, status: int = 200) -> None:
        with world.inside(self.app, self.card) as session:
            append(
                session,
                key=self.key,
                staff_id=uuid.UUID(int=7),
                staff_name="ئايشە",
                status=status,
                entries=entries,
                at=at or clock.now(),
            )

    def rows(self) -> list[chain.Row]:
        with world.inside(self.app, self.card) as session:
            return list(reading.rows(session))

    def head(self) -> chain.Seal:
        with world.inside(self.app, self.card) as session:
            return reading.head(session)

    def verify(self, seal: chain.Seal | None = None) -> list[tuple[int, str]]:
        """Number and kind of each fault."""
        return [(fault.number, fault.kind) for fault in chain.verify(self.rows(), self.key, seal)]


@pytest.fixture(scope="module")
def own_clinic(app: Flask) -> LoggedClinic:
    """A clinic of this module's own."""
    code = world.free_code()
    card = world.provision(app, code, "审计核验院", sites=0)
    with world.inside(app, card) as session:
        setting = session.scalars(sa.select(ClinicSetting)).one()
        key = clinic_of(card, setting).keys.log_key
    return LoggedClinic(app, card, key)


@pytest.fixture
def admin(own_clinic: LoggedClinic) -> Iterator[psycopg.Connection[typing.Any]]:
    """A superuser, whose unqualified tables are the clinic's."""
    logins = world.caretaker(own_clinic.app).logins
    with logins.connect("admin", autocommit=True) as connection:
        connection.execute(f"SET search_path = {own_clinic.card.binding.schema}")
        yield connection


@pytest.fixture
def clinic(own_clinic: LoggedClinic, admin: psycopg.Connection[typing.Any]) -> Iterator[LoggedClinic]:
    """The clinic with a whole chain of ten rows; emptied afterwards, since others verify all clinics."""
    admin.execute("TRUNCATE access_log")
    own_clinic.write(*(Entry("residents.show", (RESIDENT,), "care", {"row": n}) for n in range(10)))
    yield own_clinic
    admin.execute("TRUNCATE access_log")
