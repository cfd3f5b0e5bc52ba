"""What people are told at their next sign-in: questioned openings, and who opened very many records."""

from __future__ import annotations

import datetime
import typing

from flask_babel import gettext

from saas.accounts import permissions
from saas.audit import ceiling
from saas.db import session
from saas.residents import openings
from saas.residents.messages import isolated
from saas.web import acts, clock
from saas.web.formats import moment
from saas.web.room import Told

if typing.TYPE_CHECKING:
    from saas.web.parts import StaffMember

LOOKED_BACK = datetime.timedelta(days=14)
"""Older crossings of the ceiling stand in the access log; looking for them costs time at a sign-in."""


def hears_alerts(staff: StaffMember) -> bool:
    """Who is told of a crossed ceiling: the administrator and the reviewer (rights N5)."""
    return permissions.may(staff.roles, "audit.read") or permissions.may(staff.roles, "audit.review")


def alerts(now: datetime.datetime, since: datetime.datetime | None = None) -> list[Told]:
    """Each day on which somebody opened more records than the ceiling, at the moment of crossing it."""
    earliest = now - LOOKED_BACK
    since = earliest if since is None else max(since, earliest)
    found = ceiling.crossings(session, since, acts.opening_acts())
    return [Told(one.at, _alert(one)) for one in found]


def _alert(one: ceiling.Crossing) -> str:
    return str(
        gettext(
            "%(name)s opened the records of %(count)s people on one day (%(day)s);"
            " up to %(ceiling)s are usual.",
            name=f"\N{FIRST STRONG ISOLATE}{one.staff_name}\N{POP DIRECTIONAL ISOLATE}",
            count=isolated(str(one.persons)),
            day=isolated(one.day.isoformat()),
            ceiling=isolated(str(ceiling.CEILING)),
        )
    )


def told_alerts(staff: StaffMember, since: datetime.datetime) -> list[Told]:
    """Crossings of the ceiling, for administrator and reviewer."""
    return alerts(clock.now(), since) if hears_alerts(staff) else []


def told_questions(staff: StaffMember, since: datetime.datetime) -> list[Told]:
    """Openings that a reviewer questioned: the opener's own, and all of them for the head."""
    everybody = permissions.may(staff.roles, "audit.read")
    since = max(since, clock.now() - LOOKED_BACK)
    rows = openings.questioned(since, of_staff=None if everybody else staff.id)
    return [
        Told(
            row.reviewed_at or row.opened_at,
            str(
                gettext(
                    "The reviewer questions an opening of %(time)s (Beijing time): %(note)s",
                    time=isolated(moment(row.opened_at)),
                    note=f"\N{FIRST STRONG ISOLATE}{row.verdict_note}\N{POP DIRECTIONAL ISOLATE}",
                )
            ),
        )
        for row in rows
    ]
