"""SQL made once and run many times: a new clinic's script, and each revision of the clinic tree."""

from __future__ import annotations

import io
import typing

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import DDLElement, SetColumnComment, SetTableComment

from tenants.naming import TEMPLATE_NUMBER, gate_role_of, schema_of

if typing.TYPE_CHECKING:
    from alembic.script import Script

ROLE = schema_of(TEMPLATE_NUMBER)
GATE_ROLE = gate_role_of(ROLE)


def clinic_script(metadata: sa.MetaData) -> str:
    """The statements that make a clinic's tables and grants, in the template's names.

    The runner has made the schema and set the search path. Proved equal to the replay of the
    clinic tree by ``tests/migrations``.
    """
    return "".join(f"{statement};\n" for statement in (*table_statements(metadata), *grants(metadata)))


def table_statements(metadata: sa.MetaData, *, comments: bool = True) -> list[str]:
    """CREATE TABLE, CREATE INDEX and COMMENT of all tables, in an order that can be run."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    statements: list[str] = []

    def keep(statement: DDLElement, *_: object, **__: object) -> None:
        if comments or not isinstance(statement, SetTableComment | SetColumnComment):
            statements.append(str(statement.compile(dialect=dialect)).strip())

    engine = sa.create_mock_engine("postgresql+psycopg://", keep)
    metadata.create_all(engine, checkfirst=False)
    return statements


def grants(metadata: sa.MetaData) -> list[str]:
    """The clinic's rights as its tables declare them; every table is named once (each grant costs).

    A table's ``info`` holds ``insert`` (default true), ``update`` (true or columns), ``delete``,
    and ``role``: ``"gate"`` gives SELECT, INSERT, UPDATE to the gate role and nothing to others.
    """
    tables: dict[tuple[str, str], list[str]] = {}
    for table in metadata.sorted_tables:
        role = GATE_ROLE if table.info.get("role") == "gate" else ROLE
        tables.setdefault((_rights(table), role), []).append(table.name)
    return [
        f"GRANT USAGE ON SCHEMA {ROLE} TO {ROLE}, {GATE_ROLE}",
        *(f"GRANT {rights} ON {', '.join(names)} TO {to}" for (rights, to), names in tables.items()),
    ]


def _rights(table: sa.Table) -> str:
    """The rights on a table as they stand in GRANT, e.g. ``SELECT, INSERT, UPDATE (last)``."""
    if table.info.get("role") == "gate":
        return "SELECT, INSERT, UPDATE"
    rights = ["SELECT"]
    if table.info.get("insert", True):
        rights.append("INSERT")
    update = table.info.get("update", False)
    if update is True:
        rights.append("UPDATE")
    elif update:
        missing = set(update) - set(table.c.keys())
        if missing:
            message = f"{table.name}.info names columns that are not there: {sorted(missing)}"
            raise ValueError(message)
        rights.append(f"UPDATE ({', '.join(update)})")
    if table.info.get("delete", False):
        rights.append("DELETE")
    return ", ".join(rights)


def revision_script(revision: Script) -> str:
    """The statements of one revision, compiled without a database, in the template's names."""
    written = io.StringIO()
    options = {"as_sql": True, "output_buffer": written}
    context = MigrationContext.configure(dialect_name="postgresql", opts=options)
    with Operations.context(context):
        revision.module.upgrade()
    return written.getvalue()
