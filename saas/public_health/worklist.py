"""The list of today as it is read: open duties at a worker's places, in care order or for a walk."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import typing
import uuid

import sqlalchemy as sa

from saas.db import session
from saas.public_health import calls, owing
from saas.public_health.models import DueItem
from saas.public_health.rules import due_chronic, due_facts
from saas.public_health.rules import worklist as rule
from saas.residents.models import Resident

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAGE = 50
"""Lines on one page (rights N2 and N5)."""
CARE, WALK = "care", "walk"
CALLS = "calls"
"""Not a filter of the page: whom the clinic owes something and may telephone."""
ORDERS = (CARE, WALK)
ALL_SITES = "all"
_PARTS = (4, 5)
"""Of the address of a list, without words and with them."""
_SINCE = datetime.date(2000, 1, 1)
_STEP = 10_000_000
"""More days than the calendar has: the urgency counts first, then the day."""


@dataclasses.dataclass(frozen=True)
class Asked:
    """Which list: filter, one place or all of hers, the order; where one stands in it.

    ``words`` are what was sought within it, sealed; a list without them is the whole one.
    """

    filter: str = "now"
    site: str = ALL_SITES
    order: str = CARE
    position: int = 0
    words: str = ""

    @property
    def text(self) -> str:
        """What stands in an address: no name, no number of a person."""
        whole = f"{self.filter}.{self.site}.{self.order}.{self.position}"
        return f"{whole}.{self.words}" if self.words else whole

    @classmethod
    def read(cls, text: str) -> Asked | None:
        """The list that an address names; None for anything else. Whether words open is not asked here."""
        parts = text.split(".")
        if len(parts) not in _PARTS or not _is_number(parts[3]):
            return None
        asked = cls(parts[0], parts[1], parts[2], int(parts[3]), *parts[4:])
        return asked if asked.filter in (*rule.FILTERS, CALLS) and asked.order in ORDERS else None

    def at(self, position: int) -> Asked:
        """The same list, standing at a line of it."""
        return dataclasses.replace(self, position=position)

    def sought(self, words: str) -> Asked:
        """Those of the same list whom sealed words lead to; without words all of them."""
        return dataclasses.replace(self, words=words)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 15  # noqa: PLR2004 - fits a bigint


class Row(typing.NamedTuple):
    """One person of the list and where she stands in its care order."""

    id: uuid.UUID
    position: int


@dataclasses.dataclass(frozen=True)
class Found:
    """One page of the list; ``counts`` are persons by filter, all of them."""

    rows: Sequence[Row]
    lines: Mapping[uuid.UUID, rule.Line]
    counts: Mapping[str, int]
    number: int
    has_more: bool


def people(asked: Asked, site_ids: Sequence[uuid.UUID], today: datetime.date) -> sa.Select[uuid.UUID]:
    """Everybody of a list, on whichever page, for a search among them."""
    query = sa.select(DueItem.resident_id).join(Resident, Resident.id == DueItem.resident_id)
    return query.where(*_on(site_ids), _filters(today)[asked.filter])


def _on(site_ids: Sequence[uuid.UUID]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        DueItem.state.in_(sorted(due_facts.OPEN)),
        Resident.standing == due_facts.HERE,
        Resident.site_id.in_(site_ids),
    )


def listed(
    asked: Asked,
    site_ids: Sequence[uuid.UUID],
    today: datetime.date,
    number: int = 1,
    only: Sequence[uuid.UUID] | None = None,
) -> Found:
    """A page of the list: two statements, whatever its length. ``only``: of these persons alone."""
    per = _persons(asked, site_ids, today, only)
    counts = sa.select(*(sa.func.count().filter(per.c[f"f_{code}"]).label(code) for code in rule.FILTERS))
    counted = counts.select_from(per).cte("counted")
    page = _in_order(per, asked, number)
    query = sa.select(counted, page).select_from(counted.outerjoin(page, sa.true()))
    found = session.execute(query.order_by(page.c.place)).mappings().all()
    rows = [Row(each["id"], each["position"]) for each in found if each["id"] is not None]
    figures = {code: found[0][code] for code in rule.FILTERS}
    shown = rows[:PAGE]
    return Found(shown, lines_of([one.id for one in shown], today), figures, number, len(rows) > PAGE)


def following(
    asked: Asked, whom: uuid.UUID, site_ids: Sequence[uuid.UUID], today: datetime.date
) -> Row | None:
    """The person who comes after this one; also when hers is not on the list any more."""
    per = _persons(asked, site_ids, today)
    key = _order(per, asked)
    query = sa.select(per.c.id, per.c.position).where(per.c[f"f_{asked.filter}"], per.c.id != whom)
    if asked.order == CARE:
        query = query.where(sa.tuple_(*key) > sa.tuple_(sa.literal(asked.position), sa.literal(whom)))
    else:
        here = session.execute(
            sa.select(*_walk(Resident.village, Resident.address_detail)).where(Resident.id == whom)
        ).one()
        query = query.where(sa.tuple_(*key) > sa.tuple_(*map(sa.literal, (*here, whom))))
    row = session.execute(query.order_by(*key).limit(1)).one_or_none()
    return None if row is None else Row(*row)


def page_of(asked: Asked, whom: uuid.UUID, site_ids: Sequence[uuid.UUID], today: datetime.date) -> int:
    """The page of the list on which she stands; the first where she is not on it any more."""
    per = _persons(asked, site_ids, today)
    place = sa.func.row_number().over(order_by=_order(per, asked)).label("place")
    placed = sa.select(per.c.id, place).where(per.c[f"f_{asked.filter}"]).subquery("placed")
    found = session.scalars(sa.select(placed.c.place).where(placed.c.id == whom)).one_or_none()
    return 1 if found is None else (found - 1) // PAGE + 1


def lines_of(ids: Sequence[uuid.UUID], today: datetime.date) -> dict[uuid.UUID, rule.Line]:
    """What is owed to each of these persons, the most urgent first."""
    owed: dict[uuid.UUID, list[due_facts.DueItem]] = collections.defaultdict(list)
    query = sa.select(DueItem).where(DueItem.resident_id.in_(ids), DueItem.state.in_(due_facts.OPEN))
    for item in session.scalars(query):
        owed[item.resident_id].append(on_the_day(owing.as_rule(item), today))
    found = ((one, rule.line(str(one), "", owed[one], today)) for one in ids)
    return {one: line for one, line in found if line is not None}


def on_the_day(item: due_facts.DueItem, today: datetime.date) -> due_facts.DueItem:
    """An open item as it stands today, not as it stood when it was stored."""
    return dataclasses.replace(item, state=due_facts.State(_state(item, today)))


def _state(item: due_facts.DueItem, today: datetime.date) -> str:
    if today < item.window_start:
        return due_facts.State.UPCOMING
    return due_facts.State.DUE if today < item.overdue_on else due_facts.State.OVERDUE


def _persons(
    asked: Asked,
    site_ids: Sequence[uuid.UUID],
    today: datetime.date,
    only: Sequence[uuid.UUID] | None = None,
) -> sa.CTE:
    """Everybody of these places to whom something is owed, with her place in care order and her filters."""
    means = dict(_filters(today))
    also = [calls.may_be_called(today)] if asked.filter == CALLS else []
    also += [] if only is None else [Resident.id.in_(only)]
    means[CALLS] = means["owed"]
    urgency = sa.case((DueItem.window_start > today, len(rule.RANKS)), else_=DueItem.urgency)
    position = sa.cast(urgency, sa.BigInteger) * _STEP + (DueItem.due_on - sa.literal(_SINCE))
    return (
        sa.select(
            DueItem.resident_id.label("id"),
            sa.func.min(position).label("position"),
            *(_walk(Resident.village, Resident.address_detail) if asked.order == WALK else ()),
            *(sa.func.bool_or(means[code]).label(f"f_{code}") for code in (*rule.FILTERS, CALLS)),
        )
        .join(Resident, Resident.id == DueItem.resident_id)
        .where(*_on(site_ids), *also)
        .group_by(DueItem.resident_id, Resident.id)
        .cte("persons")
    )


def _in_order(per: sa.CTE, asked: Asked, number: int) -> sa.Subquery:
    key = _order(per, asked)
    return (
        sa.select(per.c.id, per.c.position, sa.func.row_number().over(order_by=key).label("place"))
        .where(per.c[f"f_{asked.filter}"])
        .order_by(*key)
        .offset((number - 1) * PAGE)
        .limit(PAGE + 1)
        .subquery("page")
    )


def _order(per: sa.CTE, asked: Asked) -> tuple[sa.ColumnElement[typing.Any], ...]:
    """Care order: urgency, then days. A walk: village, street and house. At last the record, never a name."""
    if asked.order == WALK:
        return per.c.walk_village, per.c.walk_address, per.c.id
    return per.c.position, per.c.id


def _walk(*columns: sa.ColumnElement[str] | sa.orm.InstrumentedAttribute[str]) -> list[sa.Label[str]]:
    """Village and address with their numbers padded, so that house 9 stands before house 10."""
    names = ("walk_village", "walk_address")
    padded = (
        sa.func.regexp_replace(
            sa.func.regexp_replace(sa.func.lower(column), r"([0-9]+)", r"00000000\1", "g"),
            r"0*([0-9]{8})(?![0-9])",
            r"\1",
            "g",
        )
        for column in columns
    )
    return [one.collate("C").label(name) for one, name in zip(padded, names, strict=True)]


def _filters(today: datetime.date) -> Mapping[str, sa.ColumnElement[bool]]:
    """The filters of ``rules.worklist`` as the database asks them; a test holds both equal."""
    upcoming, event = DueItem.window_start > today, DueItem.event_code
    return {
        "all": sa.true(),
        "owed": sa.and_(DueItem.overdue_on <= today, ~upcoming),
        "now": ~upcoming,
        "this_week": DueItem.due_on <= today + rule.WEEK,
        "later": upcoming,
        "referred": event == "referral_followup",
        "recheck": DueItem.reason.in_(sorted(rule.RECHECK_REASONS)),
        "hypertension": sa.and_(
            DueItem.service == due_facts.HYPERTENSION, event.not_in(sorted(rule.PRESSURES))
        ),
        "diabetes": sa.and_(DueItem.service == due_facts.DIABETES, event != "dm_high_risk_screen"),
        "older": DueItem.service == due_facts.ELDERLY,
        "exam": event.in_(sorted(rule.YEARLY_EXAMS)),
        "pressure": event.in_(sorted(rule.PRESSURES)),
        "glucose": event.in_(sorted(rule.GLUCOSES)),
        "contact_lost": DueItem.reason == due_chronic.CONTACT_LOST,
        "first_visit": DueItem.reason == due_chronic.FIRST,
    }
