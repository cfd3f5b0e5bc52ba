"""A change of institutions: read, planned by the rules, written, compared with its plan, kept for undoing."""

from __future__ import annotations

import contextlib
import dataclasses
import typing
import uuid

import uuid_utils.compat
from psycopg import sql
from psycopg.types.json import Jsonb

from tenants.changes.facts import CENTRE, READS_ONLY, Institution, Site, Standing, digest
from tenants.changes.rules import N_, Refused, differences, refuse_elsewhere, refuse_late, undone
from tenants.changes.wanted import Wanted
from tenants.naming import schema_of
from tenants.operators import operator, write_act
from tenants.pausing import moving_to
from tenants.placing import MAIN
from tenants.turns import own_turn

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tenants.connecting import Connection
    from tenants.extension import Tenants

Rule = typing.Callable[[Standing], Standing]


NO_SUCH_CLINIC = N_("there is no such clinic any more")
NO_SUCH_CHANGE = N_("there is no such change")
_CHANGED_SINCE = N_("It does not stand any more as it was shown. Nothing was changed; look again.")
_NOT_AS_PLANNED = N_("the clinics do not stand as the preview said; nothing was changed")


class Ordered(typing.NamedTuple):
    """What a change carries that an operator ordered in the console."""

    who: str
    plan: str
    """Digest of what she was shown."""
    ended: Callable[[Connection, uuid.UUID], None]
    """Ends the order in the change's own transaction."""


class Outcome(typing.NamedTuple):
    """What was done, or would be: its number for undoing (none of a preview), and its lines."""

    id: uuid.UUID | None
    lines: list[str]


def find(tenants: Tenants, code: str) -> uuid.UUID:
    """The clinic with this code, or to which it leads. Raises ``LookupError``."""
    cards = tenants.clinics(code)
    if not cards:
        message = f"no clinic has the code {code}"
        raise LookupError(message)
    return cards[0].id


def change(
    tenants: Tenants, kind: str, ids: Sequence[uuid.UUID], rule: Rule, *, dry_run: bool = False
) -> Outcome:
    """Do what the rule says to these clinics, in one transaction. Raises ``Refused``: nothing changed."""
    with _turn(tenants) as (connection, homes):
        if not dry_run:
            return _change(homes, Wanted(kind, list(ids), rule))
        before = read(connection, ids, homes)
        return Outcome(None, differences(before, rule(before)))


def carry_out(tenants: Tenants, asked: Wanted, ordered: Ordered) -> Outcome:
    """The same as it was ordered in the console, and only as it was shown there."""
    with _turn(tenants) as (_, homes):
        return _change(homes, asked, ordered)


def _change(homes: Homes, asked: Wanted, ordered: Ordered | None = None) -> Outcome:
    connection = homes.of(MAIN)
    before = read(connection, asked.ids, homes)
    after = asked.rule(before)
    who, change_id = _by(ordered, before, after), uuid_utils.compat.uuid7()
    _put(homes, before, after, _Act(f"clinic.{asked.kind}", str(change_id), who))
    connection.execute(
        "INSERT INTO platform.clinic_change (id, kind, operator, before, after) VALUES (%s, %s, %s, %s, %s)",
        (change_id, asked.kind, who, Jsonb(before.as_dict()), Jsonb(after.as_dict())),
    )
    if ordered is not None:
        ordered.ended(connection, change_id)
    return Outcome(change_id, differences(before, after))


class _Act(typing.NamedTuple):
    """What is written on each clinic that a change concerns."""

    name: str
    number: str
    who: str


def _by(ordered: Ordered | None, before: Standing, after: Standing) -> str:
    """Who does it; an order is carried out only as it was shown."""
    if ordered is None:
        return operator()
    if ordered.plan != digest(before, after):
        raise Refused(_CHANGED_SINCE)
    return ordered.who


def undo(
    tenants: Tenants, change_id: uuid.UUID, *, dry_run: bool = False, ordered: Ordered | None = None
) -> Outcome:
    """Bring back what stood before a change of the last 7 days. Raises ``Refused`` or ``LookupError``."""
    with _turn(tenants) as (connection, homes):
        before, after = _kept(connection, change_id)
        now = read(connection, list(after.institutions), homes)
        back = undone(now, before, after)
        if not dry_run:
            who = _by(ordered, now, back)
            _put(homes, now, back, _Act("clinic.change_undone", str(change_id), who))
            connection.execute(
                "UPDATE platform.clinic_change SET undone_at = now() WHERE id = %s", [change_id]
            )
            if ordered is not None:
                ordered.ended(connection, change_id)
    return Outcome(None if dry_run else change_id, differences(now, back))


def _kept(connection: Connection, change_id: uuid.UUID) -> tuple[Standing, Standing]:
    row = connection.execute(
        "SELECT before, after, undone_at, now() - at FROM platform.clinic_change WHERE id = %s FOR UPDATE",
        [change_id],
    ).fetchone()
    if row is None:
        message = f"there is no change {change_id}"
        raise LookupError(message)
    before, after, undone_at, age = row
    refuse_late(undone_at, age)
    return Standing.of(before), Standing.of(after)


class Homes:
    """The owner's transactions where the clinics of a change live, each begun when it is first needed."""

    def __init__(self, tenants: Tenants, registry: Connection, left: contextlib.ExitStack) -> None:
        self._logins, self._left = tenants.logins, left
        self._open = {MAIN: registry}

    def of(self, cell: str) -> Connection:
        """The one in this cell. Raises ``psycopg.OperationalError``."""
        if cell not in self._open:
            self._open[cell] = self._left.enter_context(self._logins.of(cell).connect("owner"))
        return self._open[cell]


@contextlib.contextmanager
def _turn(tenants: Tenants) -> Iterator[tuple[Connection, Homes]]:
    """The registry's transaction, and those of the clinics' own cells.

    A further cell's is committed before the registry's: killed between the two, only the centre of a renamed
    clinic has its new name already, and the same command again does the rest.
    """
    with (
        tenants.logins.connect("owner", autocommit=True) as connection,
        own_turn(connection),
        connection.transaction(),
        contextlib.ExitStack() as left,
    ):
        yield connection, Homes(tenants, connection, left)


def _put(homes: Homes, before: Standing, after: Standing, act: _Act) -> None:
    """Write the difference, read it back, and end with an error unless it is the plan."""
    connection = homes.of(MAIN)
    places = _places(connection, list(before.institutions))
    for key, one in before.institutions.items():
        new = after.institutions[key]
        if new == one:
            continue
        _put_clinic(connection, one, new)
        cell, its_number = places[key]
        _put_sites(homes.of(cell), its_number, one, new)
        write_act(connection, key, act.name, _detail(one, new, after, act.number), act.who)
    _put_codes(connection, before, after)
    if read(connection, list(before.institutions), homes) != after:
        raise Refused(_NOT_AS_PLANNED)


def _detail(one: Institution, new: Institution, after: Standing, number: str) -> str:
    """What the clinic's staff read beside the words for the act: codes and names alone, in no language."""
    pairs = [(one.code, new.code), (one.name_zh, new.name_zh), (one.name_ug, new.name_ug)]
    if new.successor != one.successor:
        pairs.append((one.code, after.institutions[new.successor].code if new.successor else one.code))
    told = [f"{was or '-'} \u2192 {now or '-'}" for was, now in pairs if was != now]
    told += [code for code, site in new.sites.items() if site.kind != CENTRE and one.sites.get(code) != site]
    return f"{', '.join(told)} [{number}]"


def read(connection: Connection, ids: Sequence[uuid.UUID], homes: Homes) -> Standing:
    """These clinics as they stand."""
    found = {}
    rows = connection.execute(
        "SELECT id, code, name_zh, name_ug, state, name_zh_own, name_ug_own, successor_id, "  # noqa: S608
        "practice_of IS NOT NULL, number, cell, "
        f"coalesce({moving_to()}, left_cell) FROM platform.clinic "
        "WHERE id = ANY (%s) ORDER BY number FOR UPDATE",
        [list(ids)],
    ).fetchall()
    for *facts, number, cell, between in rows:
        refuse_elsewhere(facts[1], cell, between, alone=len(rows) == 1)
        schema, home = sql.Identifier(schema_of(number)), homes.of(cell)
        sites = {site.code: site for site in _sites(home, schema)}
        staff, residents = _people(home, schema)
        one = Institution(*facts)
        found[one.id] = dataclasses.replace(one, sites=sites, people_here=staff, residents=residents)
    codes = dict(connection.execute("SELECT code, clinic_id FROM platform.clinic_code").fetchall())
    mine = {code: to for code, to in codes.items() if to in found}
    others = connection.execute("SELECT code FROM platform.clinic WHERE id <> ALL (%s)", [list(ids)])
    taken = {row[0] for row in others} | (codes.keys() - mine.keys())
    return Standing(found, mine, frozenset(taken))


def _sites(connection: Connection, schema: sql.Identifier) -> Iterator[Site]:
    query = sql.SQL("SELECT code, kind, name_zh, name_ug, closed_at IS NOT NULL FROM {}.site ORDER BY code")
    yield from (Site(*row) for row in connection.execute(query.format(schema)))


def _people(connection: Connection, schema: sql.Identifier) -> tuple[int, int]:
    query = sql.SQL(
        "SELECT (SELECT count(*) FROM {0}.staff WHERE disabled_at IS NULL), "
        "(SELECT count(*) FROM {0}.resident)"
    )
    row = connection.execute(query.format(schema)).fetchone() or (0, 0)
    return row[0], row[1]


def _places(connection: Connection, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, int]]:
    """The cell and the number of each clinic."""
    query = "SELECT id, cell, number FROM platform.clinic WHERE id = ANY (%s)"
    return {key: (cell, number) for key, cell, number in connection.execute(query, [list(ids)])}


def _put_clinic(connection: Connection, one: Institution, new: Institution) -> None:
    connection.execute(
        "UPDATE platform.clinic SET code = %(code)s, name_zh = %(name_zh)s, name_ug = %(name_ug)s, "
        "name_zh_own = %(name_zh_own)s, name_ug_own = %(name_ug_own)s, state = %(state)s, "
        "successor_id = %(successor)s, "
        "suspended_at = CASE WHEN %(ends)s THEN coalesce(suspended_at, now()) END, "
        "suspended_from = CASE WHEN %(ends)s THEN coalesce(suspended_from, state) END, "
        "state_since = CASE WHEN state = %(state)s THEN state_since ELSE now() END WHERE id = %(id)s",
        {**new.as_dict(), "sites": None, "ends": new.state in READS_ONLY},
    )
    if one.code != new.code:
        # The figures that left go by the code; under two codes they would count twice.
        connection.execute(
            "UPDATE agg.indicator SET clinic_code = %s WHERE clinic_code = %s", [new.code, one.code]
        )


def _put_sites(connection: Connection, number: int, one: Institution, new: Institution) -> None:
    schema = sql.Identifier(schema_of(number))
    change_site = sql.SQL(
        "UPDATE {}.site SET name_zh = %(name_zh)s, name_ug = %(name_ug)s, version = version + 1, "
        "closed_at = CASE WHEN %(closed)s THEN coalesce(closed_at, now()) END WHERE code = %(code)s"
    ).format(schema)
    add_site = sql.SQL(
        "INSERT INTO {}.site (id, code, kind, name_zh, name_ug, closed_at) VALUES "
        "(%(id)s, %(code)s, %(kind)s, %(name_zh)s, %(name_ug)s, CASE WHEN %(closed)s THEN now() END)"
    ).format(schema)
    for code, site in new.sites.items():
        if one.sites.get(code) == site:
            continue
        values = {"id": uuid_utils.compat.uuid7(), **vars(site)}
        connection.execute(change_site if code in one.sites else add_site, values)


def _put_codes(connection: Connection, before: Standing, after: Standing) -> None:
    gone = sorted(before.old_codes.keys() - after.old_codes.keys())
    connection.execute("DELETE FROM platform.clinic_code WHERE code = ANY (%s)", [gone])
    for code, to in after.old_codes.items():
        connection.execute(
            "INSERT INTO platform.clinic_code (code, clinic_id) VALUES (%s, %s) "
            "ON CONFLICT (code) DO UPDATE SET clinic_id = excluded.clinic_id",
            [code, to],
        )
