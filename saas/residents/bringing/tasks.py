"""What a job of a batch needs, taken out in one short transaction before the long work begins."""

from __future__ import annotations

import dataclasses
import typing

import sqlalchemy as sa

from saas.accounts.models import Site, Staff
from saas.audit.writing import append
from saas.db import session as current
from saas.residents.bringing import batches
from saas.residents.bringing.lines import Plan
from saas.residents.models import ImportBatch
from saas.residents.rules import address
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.log import Entry
from saas.web.models import ClinicSetting

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from saas.web.clinic import Clinic
    from saas.web.jobs import Errand
    from saas.web.keys import ClinicKeys

IDS_A_ROW = 500
"""Residents in one row of the access log: 50,000 make a hundred rows."""


@dataclasses.dataclass(frozen=True)
class Task:
    """One batch at work: the file, the plan, the clinic's keys, and who began it."""

    errand: Errand
    body: bytes
    plan: Plan
    heading_line: int
    keys: ClinicKeys
    by: uuid.UUID
    by_name: str

    def tell(self, progress: int) -> None:
        """Let the page see how far it is; in a transaction of its own."""
        with self.errand.inside() as session:
            session.execute(
                sa.update(ImportBatch).where(ImportBatch.id == self.errand.id).values(progress=progress)
            )

    def log(self, session: Session, act: str, ids: Sequence[uuid.UUID], detail: dict[str, object]) -> None:
        """One row of the access log for the act, further ones where the ids are too many for it."""
        parts: Iterable[Sequence[uuid.UUID]]
        parts = [ids[at : at + IDS_A_ROW] for at in range(0, len(ids), IDS_A_ROW)] or [()]
        about = {"batch": str(self.errand.id), **detail}
        append(
            session,
            key=self.keys.log_key,
            staff_id=self.by,
            staff_name=self.by_name,
            status=200,
            entries=[Entry(act, tuple(part), "administration", about) for part in parts],
            at=clock.now(),
        )


def taken(errand: Errand, state: str, *, with_file: bool = True) -> Task | None:
    """The task of a batch in this state; None when it is in another one, and nothing is to be done."""
    with errand.inside() as session:
        batch = batches.one(errand.id)
        if batch is None or batch.state != state:
            return None
        clinic = clinic_of(errand.card, session.scalars(sa.select(ClinicSetting)).one())
        by = batch.undone_by or batch.created_by
        task = Task(
            errand,
            batches.body_of(batch, clinic.keys) if with_file else b"",
            plan_of(batch, clinic, clock.today()),
            batch.mapping.get("heading_line", 0),
            clinic.keys,
            by,
            session.scalars(sa.select(Staff.name).where(Staff.id == by)).one(),
        )
        if with_file:
            batch.started_at, batch.progress = clock.now(), 0
        return task


def plan_of(batch: ImportBatch, clinic: Clinic, today: datetime.date) -> Plan:
    """What the head chose, with what the clinic's own name tells where the list says nothing."""
    columns = {int(column): field for column, field in batch.mapping.get("columns", {}).items()}
    own = {
        "township": address.township_of(clinic.name_zh),
        "county": clinic.county_zh,
        "prefecture": clinic.prefecture_zh,
        "province": address.PROVINCE,
    }
    return Plan(
        columns,
        site_id=str(batch.mapping.get("site_id", "")),
        sites=_sites(),
        filled={"print_language": clinic.setting.default_language, **own},
        today=today,
    )


def _sites() -> dict[str, str]:
    """The open places by code and by both names."""
    found = {}
    for site in current.scalars(sa.select(Site).where(Site.closed_at.is_(None))):
        for name in (site.code, site.name_zh, site.name_ug):
            if name:
                found["".join(name.split())] = str(site.id)
    return found
