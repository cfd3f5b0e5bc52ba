"""What everybody is shown once: operators' acts, a used recovery sheet, and what the rooms tell."""

from __future__ import annotations

import dataclasses
import datetime
import typing

import sqlalchemy as sa
from flask import current_app

from saas.accounts.models import Staff
from saas.db import session
from saas.web.door import door
from saas.web.log import note
from saas.web.models import ClinicSetting

if typing.TYPE_CHECKING:
    from saas.web.clinic import Clinic
    from saas.web.door import OperatorAct
    from saas.web.room import Teller

_EVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


@dataclasses.dataclass(frozen=True)
class Notice:
    """One thing to be told: an operator's act, a used recovery sheet (``person``), or a room's text."""

    at: datetime.datetime
    act: OperatorAct | None = None
    person: Staff | None = None
    text: str = ""


def unseen(clinic: Clinic, staff: Staff) -> list[Notice]:
    """What this person has not been shown yet, oldest first."""
    since = staff.acts_seen_at or _EVER
    acts = [Notice(act.at, act=act) for act in door().operator_acts(clinic.card, since)]
    recovered = session.scalars(sa.select(Staff).where(Staff.recovered_at > since))
    people = [Notice(person.recovered_at or since, person=person) for person in recovered]
    told = [Notice(at, text=text) for tell in _tellers() for at, text in tell(staff, since)]
    return sorted([*acts, *people, *told], key=lambda notice: notice.at)


def _tellers() -> list[Teller]:
    return typing.cast("list[Teller]", current_app.extensions["tellers"])


def mark_seen(clinic: Clinic, staff: Staff) -> None:
    """Remember how far this person has read; whoever is first copies the acts into the access log.

    The clinic's one settings row is held, so that two people at once copy an act once.
    """
    session.execute(sa.select(ClinicSetting.id).with_for_update())
    found = unseen(clinic, staff)
    if not found:
        return
    copied_to = session.scalar(sa.select(sa.func.max(Staff.acts_seen_at))) or _EVER
    for notice in found:
        if notice.act is not None and notice.at > copied_to:
            _copy(notice.act)
    # Not through the row's version: this is no change that another form must hear of.
    session.execute(sa.update(Staff).where(Staff.id == staff.id).values(acts_seen_at=found[-1].at))


def _copy(act: OperatorAct) -> None:
    note(
        "operator.act",
        purpose="administration",
        detail={
            "id": str(act.id),
            "act": act.act,
            "operator": act.operator,
            "detail": act.detail,
            "at": act.at.isoformat(),
        },
    )
