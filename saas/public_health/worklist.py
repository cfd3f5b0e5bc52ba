"""The list of today as it is read: open duties at a worker's places, in care order or for a walk."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import typing
import uuid

import sqlalchemy as sa

from saas.db import Fixed, fetched
from saas.public_health import calls, open_duties
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
_TODAY = sa.bindparam("today", type_=sa.Date, required=True)
_WEEK = sa.bindparam("week", type_=sa.Date, required=True)
"""A week after today."""
_SITES = sa.bindparam("sites", type_=sa.ARRAY(sa.Uuid), required=True)
_ONLY = sa.bindparam("only", type_=sa.ARRAY(sa.Uuid), required=True)
_WHOM = sa.bindparam("whom", type_=sa.Uuid, required=True)
_POSITION = sa.bindparam("position", type_=sa.BigInteger, required=True)
_SKIPPED = sa.bindparam("skipped", type_=sa.BigInteger, required=True)


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
    means = _filters(sa.literal(today), sa.literal(today + rule.WEEK))
    return query.where(*_on(sa.literal(list(site_ids), sa.ARRAY(sa.Uuid))), means[asked.filter])


def _values(site_ids: Sequence[uuid.UUID], today: datetime.date) -> dict[str, object]:
    return {"sites": list(site_ids), "today": today, "week": today + rule.WEEK}


def listed(
    asked: Asked,
    site_ids: Sequence[uuid.UUID],
    today: datetime.date,
    number: int = 1,
    only: Sequence[uuid.UUID] | None = None,
) -> Found:
    """A page of the list: two statements, whatever its length. ``only``: of these persons alone."""
    values = _values(site_ids, today) | {"skipped": (number - 1) * PAGE}
    values |= {} if only is None else {"only": list(only)}
    (found,) = fetched(_page(asked.filter, asked.order, only is not None).of(**values))
    rows = [Row(each.id, each.position) for each in found if each.id is not None]
    figures = dict(zip(rule.FILTERS, found[0], strict=False))
    shown = rows[:PAGE]
    return Found(shown, lines_of([one.id for one in shown], today), figures, number, len(rows) > PAGE)


def following(
    asked: Asked, whom: uuid.UUID, site_ids: Sequence[uuid.UUID], today: datetime.date
) -> Row | None:
    """The person who comes after this one; also when hers is not on the list any more."""
    values = _values(site_ids, today) | {"whom": whom}
    values |= {"position": asked.position} if asked.order == CARE else {}
    (found,) = fetched(_next(asked.filter, asked.order).of(**values))
    return Row(*found[0]) if found else None


def page_of(asked: Asked, whom: uuid.UUID, site_ids: Sequence[uuid.UUID], today: datetime.date) -> int:
    """The page of the list on which she stands; the first where she is not on it any more."""
    values = _values(site_ids, today) | {"whom": whom}
    (found,) = fetched(_place(asked.filter, asked.order).of(**values))
    return (found[0].place - 1) // PAGE + 1 if found else 1


def lines_of(ids: Sequence[uuid.UUID], today: datetime.date) -> dict[uuid.UUID, rule.Line]:
    """What is owed to each of these persons, the most urgent first."""
    owed = open_duties.of(ids, today)
    found = ((one, rule.line(str(one), "", owed[one], today)) for one in ids)
    return {one: line for one, line in found if line is not None}


@functools.cache
def _page(code: str, order: str, only_some: bool) -> Fixed:  # noqa: FBT001 - a part of the key
    """One statement for each kind of list: built when it is first asked for, then sent as it is."""
    per = _persons(code, order, *([Resident.id == sa.any_(_ONLY)] if only_some else []))
    counts = sa.select(*(sa.func.count().filter(per.c[f"f_{each}"]).label(each) for each in rule.FILTERS))
    counted = counts.select_from(per).cte("counted")
    page = _in_order(per, code, order)
    query = sa.select(counted, page).select_from(counted.outerjoin(page, sa.true()))
    return Fixed(query.order_by(page.c.place))


@functools.cache
def _next(code: str, order: str) -> Fixed:
    per = _persons(code, order)
    key = _order(per, order)
    if order == CARE:
        here: sa.ColumnElement[typing.Any] = sa.tuple_(_POSITION, _WHOM)
    else:
        walk = _walk(Resident.village, Resident.address_detail)
        here = sa.select(*walk, Resident.id).where(Resident.id == _WHOM).scalar_subquery()
    query = sa.select(per.c.id, per.c.position).where(per.c[f"f_{code}"], per.c.id != _WHOM)
    return Fixed(query.where(sa.tuple_(*key) > here).order_by(*key).limit(1))


@functools.cache
def _place(code: str, order: str) -> Fixed:
    per = _persons(code, order)
    place = sa.func.row_number().over(order_by=_order(per, order)).label("place")
    placed = sa.select(per.c.id, place).where(per.c[f"f_{code}"]).subquery("placed")
    return Fixed(sa.select(placed.c.place).where(placed.c.id == _WHOM))


def _persons(code: str, order: str, *also: sa.ColumnElement[bool]) -> sa.CTE:
    """Everybody of these places to whom something is owed, with her place in care order and her filters."""
    called = [calls.may_be_called(_TODAY)] if code == CALLS else []
    urgency = sa.case((DueItem.window_start > _TODAY, len(rule.RANKS)), else_=DueItem.urgency)
    position = sa.cast(urgency, sa.BigInteger) * _STEP + (DueItem.due_on - sa.literal(_SINCE))
    return (
        sa.select(
            DueItem.resident_id.label("id"),
            sa.func.min(position).label("position"),
            *(_walk(Resident.village, Resident.address_detail) if order == WALK else ()),
            *(sa.func.bool_or(means).label(f"f_{each}") for each, means in _MEANS.items()),
        )
        .join(Resident, Resident.id == DueItem.resident_id)
        .where(*_on(_SITES), *called, *also)
        .group_by(DueItem.resident_id, Resident.id)
        .cte("persons")
    )


def _in_order(per: sa.CTE, code: str, order: str) -> sa.Subquery:
    key = _order(per, order)
    return (
        sa.select(per.c.id, per.c.position, sa.func.row_number().over(order_by=key).label("place"))
        .where(per.c[f"f_{code}"])
        .order_by(*key)
        .offset(_SKIPPED)
        .limit(PAGE + 1)
        .subquery("page")
    )


def _order(per: sa.CTE, order: str) -> tuple[sa.ColumnElement[typing.Any], ...]:
    """Care order: urgency, then days. A walk: village, street and house. At last the record, never a name."""
    if order == WALK:
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


def _on(sites: sa.ColumnElement[typing.Any]) -> tuple[sa.ColumnElement[bool], ...]:
    here = Resident.standing == due_facts.HERE
    return open_duties.IS_OPEN, here, Resident.site_id == sa.any_(sites)


def _filters(
    today: sa.ColumnElement[datetime.date], week: sa.ColumnElement[datetime.date]
) -> Mapping[str, sa.ColumnElement[bool]]:
    """The filters of ``rules.worklist`` as the database asks them; a test holds both equal."""
    upcoming, event = DueItem.window_start > today, DueItem.event_code
    owed = sa.and_(DueItem.overdue_on <= today, ~upcoming)
    return {
        "all": sa.true(),
        "owed": owed,
        "now": ~upcoming,
        "this_week": DueItem.due_on <= week,
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
        CALLS: owed,
    }


_MEANS = _filters(_TODAY, _WEEK)
