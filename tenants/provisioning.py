"""Making one clinic: roles, schema, tables, rights, registry row and first rows in one message."""

from __future__ import annotations

import dataclasses
import typing
import uuid

import uuid_utils.compat
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import JSON

from tenants import registry
from tenants.compiling import clinic_script
from tenants.extension import NewClinic
from tenants.naming import for_clinic, schema_of
from tenants.operators import act_row
from tenants.trees import CLINIC, Tree

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
    practice_of: uuid.UUID | None = None
    """The clinic beside which it is for practice."""
    centre_code: str = ""
    """The centre's code where it is not the clinic's own."""


def free_numbers(connection: Connection, numbers: tuple[int, int]) -> Iterator[int]:
    """Clinic numbers of the range that no clinic, schema or role of the server has, in order.

    Roles belong to the whole server, so a number may be taken by another database.
    """
    taken = {row[0] for row in connection.execute(_TAKEN)}
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

    def provision(self, connection: Connection, order: Order) -> uuid.UUID:
        """Make the clinic, wholly or not at all; returns its id.

        The connection is the owner's, in autocommit.
        """
        clinic_id = uuid_utils.compat.uuid7()
        message = self.message(connection, order, clinic_id)
        try:
            connection.execute(message)
        except BaseException:
            if not connection.closed:
                connection.rollback()
            raise
        return clinic_id

    def message(self, connection: Connection, order: Order, clinic_id: uuid.UUID) -> str:
        """Everything that makes the clinic, as one text of SQL."""
        schema = schema_of(order.number)
        parts = [
            "BEGIN",
            f"SELECT platform.make_clinic_roles('{order.number:04d}')",
            f"CREATE SCHEMA {schema}",
            f"SET LOCAL search_path = {schema}, ref",
            for_clinic(self._script, order.number).removesuffix(";\n"),
            *guarding(connection, order.number),
            *self._registry_rows(connection, order, clinic_id),
            *self._first_rows(connection, order, clinic_id),
            "COMMIT",
        ]
        return ";\n".join(parts)

    def _registry_rows(self, connection: Connection, order: Order, clinic_id: uuid.UUID) -> Iterator[str]:
        own = order.line._asdict()
        del own["line"]
        clinic = {
            "id": clinic_id,
            "number": order.number,
            "state": self._hand.state,
            "practice_of": order.practice_of,
            **own,
        }
        revision = {"clinic_id": clinic_id, "revision": self._revision}
        yield insertion(connection, registry.clinic, [clinic])
        yield insertion(connection, registry.clinic_revision, [revision])
        act = act_row(clinic_id, "clinic.created", "", self._hand.operator)
        yield insertion(connection, registry.operator_act, [act])

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
