"""A further cell that takes no connection for a while, as if its server were down; everything else works."""

from __future__ import annotations

import contextlib
import typing

from psycopg import sql

from tenants import pool
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from tenants.extension import Tenants


@contextlib.contextmanager
def closed(tenants: Tenants, monkeypatch: pytest.MonkeyPatch, cell: str = world.FAR) -> Iterator[None]:
    """End every connection to the cell and let none in; at the end it is in use again."""
    monkeypatch.setattr(pool, "CELL_REST", 0.0)
    name = tenants.settings.of_cell(cell).database
    server = tenants.settings.database if tenants.settings.url("admin") else "postgres"
    with tenants.logins.connect("admin", database=server, autocommit=True) as admin:
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        admin.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        try:
            admin.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
            yield
        finally:
            admin.execute(allow.format(sql.Identifier(name), sql.SQL("true")))
    # Who asks next is not told that it did not answer a moment ago.
    assert tenants.cells.away() == []
    assert tenants.cell_desk.rows(cell, "SELECT 1 AS one") == [{"one": 1}]
    tenants.readiness.forget()
