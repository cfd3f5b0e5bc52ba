"""What the clinic owes, as it is stored: computed by the rules, written only where something changed."""

from __future__ import annotations

import dataclasses
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import insert

from saas.db import Fixed, fetched, new_id, one_of_ids, session
from saas.public_health import casebook, due_texts
from saas.public_health.models import DueItem
from saas.public_health.rules import due, due_facts, worklist
from saas.public_health.rules.due_table import rules
from saas.residents import book as books
from saas.residents.models import Resident
from saas.web import clock
from saas.web.looking import once

if typing.TYPE_CHECKING:
    import contextlib
    import datetime
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from saas.formkit.models import Record
    from saas.public_health.casebook import Known
    from saas.residents.book import Book

Inside = typing.Callable[[], "contextlib.AbstractContextManager[object]"]
"""A session bound to the clinic; commits when the block succeeds."""
_PEOPLE_AT_ONCE = 500
"""Held for less than a second, so that a doctor who saves in the night waits no longer."""


def refresh(resident_id: uuid.UUID) -> bool:
    """Compute one person anew and write what changed; False when nothing did."""
    _hold([resident_id])
    known = casebook.one(resident_id)
    if known is None:
        return False
    today = clock.today()
    return _write([(known, _wanted(known, today))], _stored([resident_id]), today) > 0


def _hold(ids: Sequence[uuid.UUID]) -> None:
    """Let nobody else compute these persons until this transaction ends; always in the same order.

    Whoever read before another one's record and wrote after it would say that a service just given is owed.
    A record's reference to its resident goes on beside this lock.
    """
    query = sa.select(Resident.id).where(casebook.among(Resident.id, ids)).order_by(Resident.id)
    session.execute(query.with_for_update(key_share=True)).all()


def follow(resident_id: uuid.UUID) -> None:
    """A resident was changed: her duties may be others now."""
    refresh(resident_id)


def refresh_all(inside: Inside, look_up: Callable[[], None] = lambda: None) -> int:
    """Compute everybody of the clinic anew; how many persons had something to change.

    Some hundred persons are one transaction: they are held, and only then read. Once or again gives the
    same rows.
    """
    with inside():
        ids = session.scalars(sa.select(Resident.id).order_by(Resident.id)).all()
    changed = 0
    for start in range(0, len(ids), _PEOPLE_AT_ONCE):
        look_up()
        with inside():
            changed += _refresh_some(ids[start : start + _PEOPLE_AT_ONCE])
    return changed


def _refresh_some(ids: Sequence[uuid.UUID]) -> int:
    _hold(ids)
    today = clock.today()
    known = casebook.several(ids).values()
    return _write(((one, _wanted(one, today)) for one in known), _stored(ids), today)


def _wanted(known: Known, today: datetime.date) -> list[due_facts.DueItem]:
    """What the rules say of one person."""
    return due.due_items(known.person, known.enrolments, known.records, today)


def held(resident_id: uuid.UUID) -> Book | None:
    """The book of a person, read while her row is held, with what ``signed`` asks of her."""
    return books.held(resident_id, casebook.PARTS_OF, _STORED)


def signed(ids: Sequence[uuid.UUID], *made: Record, book: Book | None = None) -> list[str]:
    """Bring a person's duties up to date after the records of a visit; what it closed ("Closes 2: …").

    ``ids`` are all her rows, her own first. Whoever signs holds her row already: the records are a chain.
    ``book`` is what ``held`` read then; without it she is read now.
    """
    today, her = clock.today(), book or books.opened(ids[0], casebook.PARTS_OF, _STORED)
    if her is None:
        return []
    parts, stored = her.besides
    known = casebook.of(her, parts)
    theirs = {str(each) for record in made for each in (record.id, record.amends)}
    others = tuple(one for one in known.records if one.key not in theirs)
    new = tuple(casebook.signed(record) for record in made if not record.void)
    before = _wanted(dataclasses.replace(known, records=others), today)
    after = _wanted(dataclasses.replace(known, records=(*others, *new)), today)
    _write([(known, after)], _by_person(stored), today)
    closed = due.closed_between(before, after)
    return [due_texts.closes(closed)] if closed else []


@once
def open_items(resident_id: uuid.UUID) -> Sequence[DueItem]:
    """What is owed to one person, the most urgent first: rows like the model's, to look at."""
    (rows,) = fetched(_OPEN.of(ids=[resident_id]))
    return rows


def as_rule(item: typing.Any, state: due_facts.State) -> due_facts.DueItem:  # noqa: ANN401 - a row of ``ROWS``
    """A stored item as the rules know it, in this state."""
    return due_facts.DueItem(
        item.service,
        item.event_code,
        item.cycle,
        item.window_start,
        item.due_on,
        item.overdue_on,
        state,
        item.reason,
        rules()[item.event_code].closed_by,
        _text(item.opened_by),
        item.done_on,
        _text(item.done_by),
    )


def _text(record_id: uuid.UUID | None) -> str:
    return "" if record_id is None else str(record_id)


_TABLE = typing.cast("sa.Table", DueItem.__table__)
ROWS = sa.select(*(column for column in _TABLE.columns if column.name != "id"))
_STORED = Fixed(ROWS.where(one_of_ids(_TABLE.c.resident_id)))
_STATES = sa.bindparam("states", sorted(map(str, due_facts.OPEN)), type_=sa.ARRAY(sa.Text))
_OPEN = Fixed(
    sa.select(*_TABLE.columns)
    .where(one_of_ids(_TABLE.c.resident_id), _TABLE.c.state == sa.any_(_STATES))
    .order_by(_TABLE.c.urgency, _TABLE.c.due_on, _TABLE.c.event_code)
)


def _stored(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[due_facts.DueItem]]:
    """What stands in the table, by person, as rules know it."""
    return _by_person(fetched(_STORED.of(ids=list(ids)))[0])


def _by_person(rows: Iterable[typing.Any]) -> dict[uuid.UUID, list[due_facts.DueItem]]:
    found: dict[uuid.UUID, list[due_facts.DueItem]] = {}
    for row in rows:
        found.setdefault(row.resident_id, []).append(as_rule(row, due_facts.State(row.state)))
    return found


def _write(
    known: Iterable[tuple[Known, list[due_facts.DueItem]]],
    stored: Mapping[uuid.UUID, list[due_facts.DueItem]],
    today: datetime.date,
) -> int:
    """Insert and update what the rules say otherwise than the table; the persons that it is about."""
    rows, persons = [], 0
    for one, wanted in known:
        changes = due.changes(stored.get(one.id, []), wanted, today)
        persons += bool(changes)
        rows += [_row(one.id, item) for item in (*changes.added, *changes.changed)]
    if rows:
        fetched(_WRITTEN.of(rows=rows))
        _forget()
    return persons


def _forget() -> None:
    """Duties that this transaction read are others now; nothing else was written past it."""
    for one in [each for each in session.identity_map.values() if isinstance(each, DueItem)]:
        session.expire(one)


def _statement() -> sa.Insert:
    """All rows in one statement and one parameter; a row that is there already is written over."""
    told = sa.func.jsonb_to_recordset(sa.bindparam("rows", type_=postgresql.JSONB))
    columns = (sa.column(column.name, column.type) for column in _TABLE.columns)
    rows = told.table_valued(*columns).render_derived(with_types=True)
    statement = insert(_TABLE).from_select(_NAMES, sa.select(*(rows.c[name] for name in _NAMES)))
    changing = {name: statement.excluded[name] for name in _NAMES if name not in _KEYS}
    return statement.on_conflict_do_update(index_elements=_KEYS[1:], set_=changing)


_NAMES = [column.name for column in _TABLE.columns]
_KEYS = ["id", "resident_id", "event_code", "cycle"]
_WRITTEN = Fixed(_statement())


def _row(resident_id: uuid.UUID, item: due_facts.DueItem) -> dict[str, object]:
    """The table's columns as JSON has them."""
    return {
        "id": str(new_id()),
        "resident_id": str(resident_id),
        "service": item.service,
        "event_code": item.event_code,
        "cycle": item.cycle,
        "window_start": _written(item.window_start),
        "due_on": _written(item.due_on),
        "overdue_on": _written(item.overdue_on),
        "state": item.state.value,
        "reason": item.reason,
        "urgency": worklist.rank(item),
        "opened_by": item.opened_by or None,
        "done_on": _written(item.done_on),
        "done_by": item.done_by or None,
        "computed_at": clock.now().isoformat(),
    }


def _written(day: datetime.date | None) -> str | None:
    return None if day is None else day.isoformat()
