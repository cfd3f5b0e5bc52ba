"""Making one clinic: roles, schema, tables, rights, registry row and first rows in one message."""

from __future__ import annotations

import dataclasses
import typing
import uuid

import psycopg
import uuid_utils.compat
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import JSON

from tenants import registry
from tenants.compiling import clinic_script
from tenants.extension import NewClinic
from tenants.naming import for_clinic, schema_of
from tenants.operators import act_row
from tenants.placing import MAIN
from tenants.trees import CLINIC, Tree

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import sqlalchemy as sa

    from tenants.connecting import Connection
    from tenants.extension import Tenants
    from tenants.roster import ClinicLine, SiteLine

Row = typing.Mapping[str, object]

_TAKEN = r"""
SELECT number FROM platform.clinic
UNION SELECT substr(rolname, 3)::int FROM pg_roles WHERE rolname ~ '^t_[0-9]{4}$'
UNION SELECT substr(nspname, 3)::int FROM pg_namespace WHERE nspname ~ '^t_[0-9]{4}$'
"""


class NoNumberLeft(RuntimeError):  # noqa: N818 - reads as the state it tells
    """Every clinic number of this database's range is taken."""


@dataclasses.dataclass(frozen=True)
class Order:
    """A clinic to be made: its number, its line of the roster, its village clinics."""

    number: int
    line: ClinicLine
    sites: Sequence[SiteLine] = ()
    cell: str = MAIN
    practice_of: uuid.UUID | None = None
    """The clinic beside which it is for practice."""
    centre_code: str = ""
    """The centre's code where it is not the clinic's own."""


def free_numbers(
    connection: Connection, numbers: tuple[int, int], others: Iterable[Connection] = ()
) -> Iterator[int]:
    """Clinic numbers of the range that no clinic, schema or role of a server has, in order.

    Roles belong to the whole server, so a number may be taken by another database. ``others`` are the
    owner's connections to the further cells, which may be on servers of their own.
    """
    taken = {row[0] for one in (connection, *others) for row in one.execute(_TAKEN)}
    return (number for number in range(numbers[0], numbers[1] + 1) if number not in taken)


class Hand(typing.NamedTuple):
    """By whom clinics are made, and in which standing they begin."""

    operator: str = ""
    """A name of the console's register; empty: whoever runs the command."""
    state: str = "live"


COMMAND = Hand()


class Provisioner:
    """Makes clinics from a script that is compiled once."""

    def __init__(self, tenants: Tenants, tree: Tree = CLINIC, hand: Hand = COMMAND) -> None:
        self._tenants = tenants
        self._hand = hand
        self._revision = tree.head
        self._script = clinic_script(tenants.metadata)

    def provision(self, connection: Connection, order: Order, there: Connection | None = None) -> uuid.UUID:
        """Make the clinic, wholly or not at all; returns its id.

        The connections are the owner's in autocommit: in the main cell, and ``there`` in the clinic's own
        when that is another one. Raises ``psycopg.Error``.
        """
        clinic_id = uuid_utils.compat.uuid7()
        rows = self._registry_rows(connection, order, clinic_id)
        if order.cell == MAIN:
            _sent(connection, self._message(connection, order, clinic_id, "here", rows))
        elif there is None:
            with self._tenants.logins.of(order.cell).connect("owner", autocommit=True) as opened:
                self._provision_there(connection, opened, order, clinic_id)
        else:
            self._provision_there(connection, there, order, clinic_id)
        return clinic_id

    def _provision_there(
        self, connection: Connection, there: Connection, order: Order, clinic_id: uuid.UUID
    ) -> None:
        """In a further cell: the clinic as one that comes, then the registry, then it is here.

        Killed before the registry has it, nobody was ever in it: ``swept`` removes it.
        """
        _sent(there, self._message(there, order, clinic_id, "coming", ()))
        rows = self._registry_rows(connection, order, clinic_id)
        try:
            # Without BEGIN it is one transaction too, and leaves a shared connection idle when it fails.
            connection.execute(";\n".join(rows))
        except psycopg.Error:
            discard(there, clinic_id, order.number)
            raise
        mark(there, clinic_id, "here")

    def _message(
        self,
        connection: Connection,
        order: Order,
        clinic_id: uuid.UUID,
        standing: str,
        rows: Iterable[str],
    ) -> str:
        """All that makes the clinic in its database, as one text of SQL."""
        parts = [
            "BEGIN",
            *self.frame(connection, order.number, clinic_id, standing),
            *rows,
            *self._first_rows(connection, order, clinic_id),
            "COMMIT",
        ]
        return ";\n".join(parts)

    def frame(
        self, connection: Connection, number: int, clinic_id: uuid.UUID, standing: str
    ) -> Iterator[str]:
        """Roles, schema, tables and rights of a clinic without a row, and its revision."""
        schema = schema_of(number)
        yield f"SELECT platform.make_clinic_roles('{number:04d}')"
        yield f"CREATE SCHEMA {schema}"
        yield f"SET LOCAL search_path = {schema}, ref"
        yield for_clinic(self._script, number).removesuffix(";\n")
        yield from guarding(connection, number)
        revision = {
            "clinic_id": clinic_id,
            "revision": self._revision,
            "number": number,
            "standing": standing,
        }
        yield insertion(connection, registry.clinic_revision, [revision])

    def _registry_rows(self, connection: Connection, order: Order, clinic_id: uuid.UUID) -> Iterator[str]:
        own = order.line._asdict()
        del own["line"]
        clinic = {
            "id": clinic_id,
            "number": order.number,
            "cell": order.cell,
            "state": self._hand.state,
            "practice_of": order.practice_of,
            **own,
        }
        yield insertion(connection, registry.clinic, [clinic])
        act = act_row(clinic_id, "clinic.created", "", self._hand.operator)
        acts = [act]
        if order.practice_of is not None:
            # Its clinic's staff read it too, or it was not made.
            made = "clinic.practice_made"
            acts.append(act_row(order.practice_of, made, order.line.code, self._hand.operator))
        yield insertion(connection, registry.operator_act, acts)

    def _first_rows(self, connection: Connection, order: Order, clinic_id: uuid.UUID) -> Iterator[str]:
        line = order.line
        data_key, hash_key = self._tenants.master.new_clinic_keys(clinic_id)
        new = NewClinic(
            id=clinic_id,
            code=order.centre_code or line.code,
            kind=line.kind,
            name_zh=line.name_zh,
            name_ug=line.name_ug,
            wrapped_data_key=data_key,
            wrapped_hash_key=hash_key,
        )
        tables = self._tenants.metadata.tables
        for name, rows in self._tenants.furnish(new).items():
            if rows:
                yield insertion(connection, tables[name], rows)
        if order.sites:
            yield insertion(connection, tables["site"], [site_row(site) for site in order.sites])


def guarding(connection: Connection, number: int) -> list[str]:
    """At level 2 of isolation: what puts the gate before a new clinic's secrets."""
    row = connection.execute("SELECT to_regprocedure('platform.guard_gate(text)') IS NOT NULL").fetchone()
    return [f"SELECT platform.guard_gate('{number:04d}')"] if row and row[0] else []


def _sent(connection: Connection, message: str) -> None:
    """Send one transaction as one text; nothing is left open when it fails."""
    try:
        connection.execute(message)
    except BaseException:
        if not connection.closed:
            connection.rollback()
        raise


def mark(connection: Connection, clinic_id: uuid.UUID, standing: str) -> None:
    """Write how a clinic's schema stands in this cell: ``coming``, ``here`` or ``gone``."""
    connection.execute(
        "UPDATE platform.clinic_revision SET standing = %s WHERE clinic_id = %s", (standing, clinic_id)
    )


def discard(connection: Connection, clinic_id: uuid.UUID, number: int) -> bool:
    """Remove a schema from a cell where its clinic is not yet, or not any more; tells whether one was there.

    Never one that stands as ``here``, and only with the row that says whose it is.
    """
    with connection.transaction():
        gone = connection.execute(
            "DELETE FROM platform.clinic_revision "
            "WHERE clinic_id = %s AND number = %s AND standing IN ('coming', 'gone') RETURNING number",
            (clinic_id, number),
        ).fetchone()
        if gone:
            name = sql.Identifier(schema_of(number))
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
    return gone is not None


def swept(connection: Connection, there: Connection, cell: str) -> None:
    """Remove from a further cell what a killed import left: clinics that the registry never had.

    ``connection`` is the owner's in the main cell, ``there`` in this one.
    """
    coming = there.execute(
        "SELECT clinic_id, number FROM platform.clinic_revision WHERE standing = 'coming'"
    ).fetchall()
    known = connection.execute(
        "SELECT id, cell FROM platform.clinic WHERE id = ANY (%s)", [[row[0] for row in coming]]
    )
    homes = dict(known.fetchall())
    for clinic_id, number in coming:
        if clinic_id not in homes:
            discard(there, clinic_id, number)
        elif homes[clinic_id] == cell:
            mark(there, clinic_id, "here")


def site_row(site: SiteLine) -> Row:
    """A new village clinic's row."""
    return {"id": uuid_utils.compat.uuid7(), "code": site.code, "name_zh": site.name_zh}


def insertion(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> str:
    """One INSERT of rows that have the same columns, with literals: part of a longer message."""
    names = list(rows[0])
    lines = (", ".join(_literal(connection, table.c[name], row[name]) for name in names) for row in rows)
    values = "), (".join(lines)
    return f"INSERT INTO {table.fullname} ({', '.join(names)}) VALUES ({values})"  # noqa: S608


def _literal(connection: Connection, column: sa.Column[typing.Any], value: object) -> str:
    if isinstance(column.type, JSON) and value is not None:
        value = Jsonb(value)
    return sql.Literal(value).as_string(connection)
