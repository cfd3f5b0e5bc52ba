"""After many new clinics: the server's catalogues vacuumed and analysed, and a checkpoint."""

from __future__ import annotations

import time
import typing

if typing.TYPE_CHECKING:
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
    database = _database(tenants)
    with tenants.logins.connect("admin", database=database, autocommit=True) as connection:
        for name in CATALOGUES:
            connection.execute(f"VACUUM (ANALYZE) pg_catalog.{name}".encode())
        connection.execute("CHECKPOINT")
    return f"catalogues vacuumed and analysed, checkpoint done ({time.monotonic() - began:.0f} s)"


def _database(tenants: Tenants) -> str:
    """The database of the clinics, which the superuser's address need not name."""
    with tenants.logins.connect("owner") as connection:
        return connection.info.dbname
