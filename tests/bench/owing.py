"""Figures: what the clinic owes, read, computed and written: everybody of a large clinic, and one person."""

from __future__ import annotations

import datetime
import json
import random
import statistics
import time
import typing

import sqlalchemy as sa

from saas.accounts.models import Site
from saas.db import new_id
from saas.formkit.models import Record
from saas.public_health import models, owing
from saas.residents.models import Resident
from saas.web import clock
from tests.bench.due_rules import PERSONS, invented
from tests.bench.figure import Figure, Measured
from tests.bench.region import region
from tests.support import signing, world

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

    from saas.public_health.rules.due_facts import SignedRecord
    from tenants.cards import ClinicCard
    from tests.bench.due_rules import Case

MOST_SECONDS, MOST_MS, ASKED = 20.0, 20.0, 200


def figures() -> Iterator[Figure]:
    """Both figures, one after the other in the same clinic."""
    name = f"due items of {PERSONS:,} residents of one clinic: read, computed, written"
    yield Figure(name, f"at most {MOST_SECONDS:.0f} s", everybody)
    yield Figure("due items of one resident after a change", f"at most {MOST_MS:.0f} ms", one)


def everybody() -> Measured:
    """The first night writes everything, the second nothing."""
    made = region()
    card = made.tenants.clinics()[0]
    count = fill(made.app, card, PERSONS)
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        owing.refresh_all(lambda: world.inside(made.app, card))
        seconds.append(time.perf_counter() - began)
    with world.inside(made.app, card) as session:
        stored = session.scalars(sa.select(sa.func.count()).select_from(models.DueItem)).one()
    notes = f"{count:,} records, {stored:,} items written; again, with nothing to write: {seconds[1]:.1f} s"
    return Measured(f"{seconds[0]:.1f} s", max(seconds) <= MOST_SECONDS, notes)


def one() -> Measured:
    """Residents drawn by chance, one transaction."""
    made = region()
    card = made.tenants.clinics()[0]
    with world.inside(made.app, card) as session:
        ids = list(session.scalars(sa.select(Resident.id).limit(PERSONS)))
        some = random.Random(5).sample(ids, ASKED)
        times = []
        for resident_id in some:
            began = time.perf_counter()
            owing.refresh(resident_id)
            times.append((time.perf_counter() - began) * 1000)
    times.sort()
    median, late = statistics.median(times), times[int(len(times) * 0.95)]
    return Measured(f"{median:.1f} ms", median <= MOST_MS, f"p95 {late:.1f} ms over {ASKED} residents")


def fill(app: Flask, card: ClinicCard, persons: int) -> int:
    """Put invented people with their programmes and records into a clinic; how many records these are."""
    chance = random.Random(4)
    person = world.add_staff(app, card, "owed", "village_doctor")
    count = 0
    for start in range(0, persons, 1000):
        with world.inside(app, card) as session:
            site = session.scalars(sa.select(Site.id)).first()
            assert site is not None
            for _ in range(start, min(start + 1000, persons)):
                count += _put(session, invented(chance), site, person.staff_id)
    with world.caretaker(app).logins.connect("owner", autocommit=True) as owner:
        owner.execute("ANALYZE")
    return count


def _put(session: Session, case: Case, site: uuid.UUID, by: uuid.UUID) -> int:
    told, enrolments, signed = case
    at = clock.now()
    resident = Resident(id=new_id(), sex_code=told.sex_code, birth_date=told.born, site_id=site)
    resident.print_language, resident.form_id = "ug", new_id()
    resident.created_at = datetime.datetime(2023, 1, 1, tzinfo=datetime.UTC)
    resident.created_by, resident.updated_at, resident.updated_by = by, at, by
    session.add(resident)
    session.flush()
    for one_of in enrolments:
        row = models.Enrolment(id=new_id(), resident_id=resident.id, programme=one_of.programme)
        row.enrolled_on, row.enrolled_by, row.created_at = one_of.enrolled_on, by, at
        row.consent_id = signing.said_yes(session, resident.id, one_of.programme, by)
        session.add(row)
    rows = [_row(each, resident.id, site, by) for each in signed]
    if rows:
        session.execute(sa.insert(Record), rows)
    return len(rows)


def _row(each: SignedRecord, resident_id: uuid.UUID, site: uuid.UUID, by: uuid.UUID) -> dict[str, object]:
    return {
        "id": new_id(),
        "resident_id": resident_id,
        "site_id": site,
        "form_code": each.form_code,
        "edition": "1",
        "service_date": each.service_date,
        "answers": json.loads(json.dumps(dict(each.answers), default=str)),
        "computed": {"followup_class": each.class_code} if each.class_code else {},
        "notes": {},
        "next_due_on": each.next_due_on,
        "signed_at": clock.now(),
        "signed_by": by,
        "form_id": new_id(),
        "previous": bytes(32),
        "hash": bytes(32),
    }
