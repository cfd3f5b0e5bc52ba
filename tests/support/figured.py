"""A small clinic whose figures were counted by hand; people are called by letters."""

from __future__ import annotations

import dataclasses
import datetime
import typing
import uuid

import sqlalchemy as sa

from saas.accounts.models import Site, Staff
from saas.db import new_id
from saas.formkit.models import Record
from saas.public_health.models import Enrolment
from saas.residents import writing
from saas.residents.models import Visit
from saas.residents.rules import identity
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.support import signing, world

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from sqlalchemy.orm import Session

    from saas.residents.models import Resident
    from saas.web.clinic import Clinic
    from tenants.cards import ClinicCard

day = datetime.date.fromisoformat
TODAY = day("2026-11-25")
NOW = datetime.datetime(2026, 11, 25, 4, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
SEEN: dict[str, object] = {"visit_mode": "1"}


@dataclasses.dataclass
class Figured:
    """The clinic, its places in the order of their codes, its people by letter."""

    app: Flask
    card: ClinicCard
    sites: list[uuid.UUID]
    people: dict[str, uuid.UUID]


class Writer:
    """Puts facts into a bound clinic, as the pages would have written them."""

    def __init__(self, session: Session, clinic: Clinic) -> None:
        self.session, self.clinic = session, clinic
        self.by = next(iter(session.scalars(sa.select(Staff.id).order_by(Staff.id))))
        self.sites = list(session.scalars(sa.select(Site.id).order_by(Site.kind, Site.code)))

    def person(self, born: str, site: uuid.UUID, sex: str = "1", name: str = "سىناق") -> Resident:
        """Somebody new."""
        texts = {"name_0": name, "sex_code": sex, "birth": born, "site_id": str(site), "print_language": "ug"}
        fields = dict.fromkeys(identity.FIELDS, "") | texts
        made = writing.register(fields, self.clinic.keys, form_id=new_id(), at=NOW, by=self.by)
        assert made is not None
        return made

    def sign(  # noqa: PLR0913 - a record's parts
        self,
        resident_id: uuid.UUID | None,
        form_code: str,
        on: str,
        answers: Mapping[str, object] | None = None,
        *,
        site: uuid.UUID | None = None,
        computed: dict[str, object] | None = None,
        amends: Record | None = None,
        void: bool = False,
    ) -> Record:
        """A signed record; its chain is not what these tests are about."""
        record = Record(id=new_id(), resident_id=resident_id, site_id=site or self.sites[0])
        record.form_code, record.edition, record.service_date = form_code, "2017", day(on)
        record.answers, record.computed, record.notes = dict(answers or {}), computed or {}, {}
        record.signed_at, record.signed_by, record.form_id = NOW - HOUR, self.by, new_id()
        record.amends, record.void = amends.id if amends else None, void
        record.reason = "a better reading" if amends else ""
        record.previous, record.hash = bytes(32), bytes(32)
        self.session.add(record)
        self.session.flush()
        return record

    def pressure(self, resident_id: uuid.UUID, on: str, reading: tuple[int, int], class_code: str) -> Record:
        """A hypertension follow-up at the clinic."""
        answers = {"visit_mode": "1", "systolic_bp": reading[0], "diastolic_bp": reading[1]}
        return self.sign(resident_id, "ht_followup", on, answers | {"followup_class": class_code})

    def enrol(
        self, resident_id: uuid.UUID, programme: str, on: str, ended: str = "", reason: str = ""
    ) -> None:
        """A programme in which the person takes part."""
        row = Enrolment(id=new_id(), resident_id=resident_id, programme=programme, enrolled_on=day(on))
        row.enrolled_by, row.created_at = self.by, NOW
        row.consent_id = signing.said_yes(self.session, resident_id, programme, self.by)
        row.ended_on, row.end_reason = (day(ended), reason) if ended else (None, "")
        self.session.add(row)

    def visit(self, resident_id: uuid.UUID, on: str, *, by_mistake: bool = False) -> None:
        """A contact for care at noon."""
        at = datetime.datetime.combine(day(on), datetime.time(12), clock.BEIJING)
        row = Visit(id=new_id(), resident_id=resident_id, site_id=self.sites[0], kind="outpatient")
        row.started_at, row.started_by, row.form_id = at, self.by, new_id()
        row.ended_at, row.ended_by = (at if by_mistake else at + datetime.timedelta(hours=1)), self.by
        self.session.add(row)

    def population(self, site: uuid.UUID, count: int, year: int = 2026) -> None:
        """The typed number of one place."""
        answers = {
            "site": str(site),
            "year": year,
            "count": count,
            "source": "统计局",
            "told_on": "2026-03-01",
        }
        self.sign(None, "population", "2026-03-01", answers, site=site)


def writer(session: Session, card: ClinicCard) -> Writer:
    """For a session inside a clinic."""
    return Writer(session, clinic_of(card, session.scalars(sa.select(ClinicSetting)).one()))


def build(app: Flask, *roles: str) -> Figured:
    """A clinic of its own, with the people below and somebody of each role who works at every place."""
    code = world.free_code()
    card = world.provision(app, code, f"指标院{code[-3:]}")
    for role in roles or ("clinic_admin", "village_doctor", "public_health_nurse"):
        world.add_staff(app, card, role, role, places="all")
    with world.inside(app, card) as session:
        made = writer(session, card)
        people = _people(made)
        _education(made)
        return Figured(app, card, made.sites, people)


def _people(put: Writer) -> dict[str, uuid.UUID]:
    _, first, second = put.sites
    born = {
        "a": ("1950-03-01", first), "b": ("1970-07-01", first), "c": ("1960-01-01", second),
        "d": ("1950-03-01", second), "e": ("1961-12-31", second), "f": ("1950-01-01", second),
        "g": ("1950-01-01", first), "h": ("1980-01-01", first),
    }  # fmt: skip
    rows = {letter: put.person(*about) for letter, about in born.items()}
    rows["d"].standing, rows["d"].merged_into_id = "merged", rows["a"].id
    rows["f"].standing, rows["f"].ended_on = "moved", day("2026-05-01")
    rows["g"].standing = "undone"
    ids = {letter: row.id for letter, row in rows.items()}
    for letter in "abe":
        put.sign(ids[letter], "health_record", "2025-02-01", {"consent_given": True})
    put.sign(ids["h"], "health_record", "2025-02-01", {"consent_given": False})
    _chronic(put, ids)
    put.visit(ids["e"], "2026-10-01")
    put.population(first, 90)
    put.population(first, 100)
    put.population(second, 50)
    return ids


def _chronic(put: Writer, ids: dict[str, uuid.UUID]) -> None:
    """A did everything, one visit of it under the row that was merged; H's glucose was typed wrong first."""
    put.enrol(ids["a"], "hypertension", "2025-01-10")
    put.pressure(ids["d"], "2026-02-10", (150, 92), "2")
    for on in ("2026-05-10", "2026-08-10", "2026-11-10"):
        put.pressure(ids["a"], on, (148, 84), "1")
    whole = {"health_guidance": ["1"]}
    put.sign(ids["a"], "health_exam", "2026-06-01", whole, computed={"exam_complete": True})
    put.enrol(ids["b"], "hypertension", "2026-02-15")
    put.pressure(ids["b"], "2026-05-01", (142, 88), "2")
    put.enrol(ids["c"], "hypertension", "2024-01-01")
    put.enrol(ids["f"], "hypertension", "2024-01-01", "2026-05-01", "moved")
    put.pressure(ids["f"], "2026-02-01", (127, 80), "1")
    put.enrol(ids["h"], "diabetes", "2026-01-01")
    wrong = put.sign(ids["h"], "dm_followup", "2026-10-10", SEEN | {"fasting_glucose": "8.0"})
    better = SEEN | {"fasting_glucose": "6.9"}
    put.sign(ids["h"], "dm_followup", "2026-10-10", better, computed={"followup_class": "1"}, amends=wrong)
    mistaken = put.sign(ids["b"], "dm_followup", "2026-10-10", SEEN | {"fasting_glucose": "8.0"})
    put.sign(ids["b"], "dm_followup", "2026-10-10", amends=mistaken, void=True)


def _education(put: Writer) -> None:
    for on, heads in (("2026-03-01", 30), ("2026-09-01", 25)):
        put.sign(None, "health_education_activity", on, {"form": "lecture", "audience_count": heads})
    for topic, copies in (("salt", 100), ("sugar", None), ("salt", 20)):
        answers = {"form": "print", "topic": topic} | ({"material_copies": copies} if copies else {})
        put.sign(None, "health_education_activity", "2026-04-01", answers)
    played = {"form": "audio_visual", "topic": "salt", "duration_minutes": 90}
    put.sign(None, "health_education_activity", "2026-05-01", played, site=put.sites[1])


def sign_in(clinic: Figured, username: str, language: str = "zh") -> world.Browser:
    """A browser of somebody of this clinic, on a PC of this language."""
    with world.inside(clinic.app, clinic.card) as session:
        row = session.execute(sa.text("SELECT id FROM staff WHERE username = :name"), {"name": username})
        person = world.Person(clinic.card, row.scalar_one(), username, username)
    browser = world.sign_in(clinic.app, person)
    browser.set_cookie("shipa_language", language, domain="127.0.0.1")
    return browser
