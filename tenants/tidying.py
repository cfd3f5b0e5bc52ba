"""After many new clinics: the server's catalogues vacuumed and analysed, and a checkpoint."""

from __future__ import annotations

import contextlib
import time
import typing

import psycopg

from tenants.connecting import Logins, NotConfigured
from tenants.placing import MAIN

if typing.TYPE_CHECKING:
    from tenants.connecting import Connection
    from tenants.extension import Tenants

CATALOGUES = (
    "pg_class",
    "pg_attribute",
    "pg_attrdef",
    "pg_constraint",
    "pg_depend",
    "pg_shdepend",
    "pg_description",
    "pg_index",
    "pg_namespace",
    "pg_trigger",
    "pg_type",
    "pg_authid",
    "pg_auth_members",
)
_AWAY = (psycopg.OperationalError, NotConfigured)


def tidy(tenants: Tenants) -> str:
    """Vacuum and analyse the catalogues, then checkpoint; returns a sentence about it.

    Only a superuser may, so on one's own server without ``SHIPA_ADMIN_URL`` it is left to
    autovacuum, and the sentence says so. Without it ``pg_dump`` of one clinic took ten times as
    long among 1,607.
    """
    settings = tenants.settings
    if not (settings.embedded or settings.admin_url):
        return "The catalogues have grown: let a superuser run VACUUM ANALYZE, or wait for autovacuum."
    began = time.monotonic()
    for cell in tenants.logins.cells:
        logins = tenants.logins.of(cell)
        # A further cell that is away, or has no superuser's address, is left to its autovacuum.
        with contextlib.nullcontext() if cell == MAIN else contextlib.suppress(*_AWAY):
            _tidy(logins)
    return f"catalogues vacuumed and analysed, checkpoint done ({time.monotonic() - began:.0f} s)"


def _tidy(logins: Logins) -> None:
    """One cell; the superuser's address need not name its database."""
    with logins.connect("owner") as owner:
        database = owner.info.dbname
    with logins.connect("admin", database=database, autocommit=True) as connection:
        tidy_database(connection)


def tidy_database(connection: Connection) -> None:
    """The catalogues of one database; the connection is a superuser's in autocommit."""
    for name in CATALOGUES:
        connection.execute(f"VACUUM (ANALYZE) pg_catalog.{name}".encode())
    connection.execute("CHECKPOINT")
