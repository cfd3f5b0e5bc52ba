"""Level 1 against SQL injection: what is taken from PUBLIC, with the reason for each."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from tenants.conditions import Condition


@dataclass(frozen=True)
class Closed:
    """Functions of ``pg_catalog`` or ``ref`` that only ``shipa_owner`` may call, every overload.

    ``names`` are LIKE patterns over the function's name. ``monitors``: ``pg_monitor`` keeps them.
    """

    reason: str
    names: tuple[str, ...]
    monitors: bool = False


CLOSED_FUNCTIONS = (
    Closed("changes the role or another setting from inside a SELECT", ("set\\_config",)),
    Closed(
        "runs SQL that is handed over as text",
        (
            "query\\_to\\_xml%",
            "cursor\\_to\\_xml%",
            "table\\_to\\_xml%",
            "schema\\_to\\_xml%",
            "database\\_to\\_xml%",
            "ts\\_stat",
            "ts\\_rewrite",
        ),
    ),
    Closed("leaves data in large objects, outside every schema", ("lo\\_%", "loread", "lowrite")),
    Closed("keeps one of the few connections busy", ("pg\\_sleep%",)),
    Closed(
        "ends the work of other clinics, whose sessions have the same login",
        ("pg\\_cancel\\_backend", "pg\\_terminate\\_backend"),
    ),
    Closed(
        "takes a lock that outlives the transaction and so reaches the next clinic",
        (
            "pg\\_advisory\\_lock%",
            "pg\\_advisory\\_unlock%",
            "pg\\_try\\_advisory\\_lock%",
        ),
    ),
    Closed(
        "keeps a setting in the connection that the next clinic gets",
        ("setseed", "set\\_limit"),
    ),
    Closed(
        "speaks to other sessions or to the write-ahead log",
        ("pg\\_notify", "pg\\_logical\\_emit\\_message", "pg\\_export\\_snapshot"),
    ),
    Closed(
        "shows how much other clinics hold and do",
        (
            "pg\\_stat\\_get\\_%",
            "pg\\_relation\\_size",
            "pg\\_table\\_size",
            "pg\\_indexes\\_size",
            "pg\\_total\\_relation\\_size",
            "pg\\_database\\_size",
            "pg\\_tablespace\\_size",
            "pg\\_lock\\_status",
            "pg\\_blocking\\_pids",
            "pg\\_safe\\_snapshot\\_blocking\\_pids",
            "pg\\_sequence\\_last\\_value",
            "pg\\_get\\_sequence\\_data",
            "pg\\_last\\_committed\\_xact",
            "pg\\_xact\\_commit\\_timestamp%",
        ),
        monitors=True,
    ),
    Closed(
        "reads the server's files or log, or steers the server",
        (
            "pg\\_read\\_file%",
            "pg\\_read\\_binary\\_file%",
            "pg\\_stat\\_file",
            "pg\\_ls\\_%",
            "pg\\_current\\_logfile",
            "pg\\_hba\\_file\\_rules",
            "pg\\_reload\\_conf",
            "pg\\_rotate\\_logfile%",
            "pg\\_log\\_backend\\_memory\\_contexts",
            "pg\\_get\\_backend\\_memory\\_contexts",
            "pg\\_get\\_shmem\\_allocations%",
            "pg\\_show\\_all\\_file\\_settings",
            "pg\\_switch\\_wal",
            "pg\\_promote",
        ),
        monitors=True,
    ),
    Closed(
        "reads or moves replication, which carries every clinic's rows",
        (
            "pg\\_create\\_%\\_replication\\_slot",
            "pg\\_copy\\_%\\_replication\\_slot",
            "pg\\_drop\\_replication\\_slot",
            "pg\\_replication\\_slot\\_advance",
            "pg\\_sync\\_replication\\_slots",
            "pg\\_logical\\_slot\\_%",
            "pg\\_replication\\_origin\\_%",
        ),
    ),
    Closed(
        "changes statistics or indexes (PostgreSQL checks the owner; a second lock)",
        (
            "pg\\_restore\\_%\\_stats",
            "pg\\_clear\\_%\\_stats",
            "brin\\_summarize\\_%",
            "brin\\_desummarize\\_%",
            "gin\\_clean\\_pending\\_list",
        ),
    ),
)

CLOSED_VIEWS = ("pg_stat%", "pg_statio%", "pg_locks")
"""Besides the functions below them, so that a refusal names the view."""

SHOWN_VIEWS = ("pg_stats", "pg_stats_ext", "pg_stats_ext_exprs", "pg_statistic_ext")
"""Match ``pg_stat%`` and stay: they show a row only to whom its column may be read by."""

CLOSED_COLUMNS = ("relpages", "reltuples", "relallvisible", "relallfrozen")
"""Of ``pg_class``: estimated rows of every clinic's tables."""

ALLOWED_EXTENSIONS = ("plpgsql", "pg_trgm", "btree_gist", "pg_stat_statements", "set_user")
"""Reviewed; any other one (dblink, postgres_fdw, file_fdw, adminpack, tablefunc, xml2, an untrusted
language …) brings functions that open a second way to the data."""


def hardening_conditions() -> list[Condition]:
    """What must hold in each database; ``missing`` is the verification, ``establish`` applies."""
    return [
        *(_closed(group) for group in CLOSED_FUNCTIONS),
        _languages(),
        _views(),
        _table_figures(),
        _settings_view(),
    ]


_PUBLIC_MAY_CALL = """
    EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))
        WHERE grantee = 0 AND privilege_type = 'EXECUTE')
"""


def _closed(group: Closed) -> Condition:
    offenders = """
        SELECT pg_proc.oid::regprocedure::text FROM pg_proc
        JOIN pg_namespace ON pg_namespace.oid = pronamespace
        WHERE nspname IN ('pg_catalog', 'ref') AND proname LIKE ANY (%(names)s::text[]) AND
    """
    keepers = "shipa_owner, pg_monitor" if group.monitors else "shipa_owner"
    return Condition(
        text=f"closed to the clinics: what {group.reason}",
        offenders=sql.SQL(offenders) + sql.SQL(_PUBLIC_MAY_CALL) + sql.SQL(" ORDER BY 1"),
        parameters={"names": list(group.names)},
        each=(
            "GRANT EXECUTE ON ROUTINE {} TO " + keepers,
            "REVOKE EXECUTE ON ROUTINE {} FROM PUBLIC",
        ),
    )


def _languages() -> Condition:
    """Without a language there is no DO block and no new function to change the role in."""
    return Condition(
        text="closed to the clinics: every procedural language",
        offenders=sql.SQL("""
            SELECT quote_ident(lanname) FROM pg_language WHERE lanpltrusted AND EXISTS (
                SELECT FROM aclexplode(coalesce(lanacl, acldefault('l', lanowner)))
                WHERE grantee = 0)
            ORDER BY 1
        """),
        each=(
            "GRANT USAGE ON LANGUAGE {} TO shipa_owner",
            "REVOKE USAGE ON LANGUAGE {} FROM PUBLIC",
        ),
    )


def _views() -> Condition:
    return Condition(
        text="closed to the clinics: the server's figures about sessions and tables",
        offenders=sql.SQL("""
            SELECT quote_ident(relname) FROM pg_class
            JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE nspname = 'pg_catalog' AND relkind = 'v' AND relname LIKE ANY (%(closed)s::text[])
            AND NOT relname = ANY (%(shown)s::text[]) AND EXISTS (
                SELECT FROM aclexplode(coalesce(relacl, acldefault('r', relowner)))
                WHERE grantee = 0)
            ORDER BY 1
        """),
        parameters={
            "closed": [name.replace("_", "\\_") for name in CLOSED_VIEWS],
            "shown": list(SHOWN_VIEWS),
        },
        each=(
            "GRANT SELECT ON pg_catalog.{} TO shipa_owner, pg_monitor",
            "REVOKE ALL ON pg_catalog.{} FROM PUBLIC",
        ),
    )


def _table_figures() -> Condition:
    """Names in ``pg_class`` are opaque numbers and stay readable; row estimates do not."""
    return Condition(
        text="closed to the clinics: the estimated number of rows of every table",
        offenders=sql.SQL("""
            SELECT 'pg_class' FROM pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner)))
            WHERE pg_class.oid = 'pg_catalog.pg_class'::regclass AND grantee = 0
            UNION ALL SELECT attname FROM pg_attribute, aclexplode(attacl)
            WHERE attrelid = 'pg_catalog.pg_class'::regclass AND grantee = 0
            AND attname = ANY (%(columns)s::text[])
        """),
        parameters={"columns": list(CLOSED_COLUMNS)},
        remedy=(sql.SQL(_OPEN_NAMES_ONLY).format(sql.Literal(list(CLOSED_COLUMNS))),),
    )


_OPEN_NAMES_ONLY = """
DO $$
DECLARE
    shown text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO shown FROM pg_attribute
        WHERE attrelid = 'pg_catalog.pg_class'::regclass AND NOT attisdropped
        AND NOT attname = ANY ({});
    REVOKE ALL ON pg_catalog.pg_class FROM PUBLIC;
    EXECUTE 'GRANT SELECT (' || shown || ') ON pg_catalog.pg_class TO PUBLIC';
    GRANT SELECT ON pg_catalog.pg_class TO shipa_owner, pg_monitor;
END $$
"""


def _settings_view() -> Condition:
    """``UPDATE pg_settings`` is a ``set_config`` in disguise."""
    return Condition(
        text="closed to the clinics: UPDATE of pg_settings",
        offenders=sql.SQL("""
            SELECT privilege_type FROM pg_class, aclexplode(relacl)
            WHERE pg_class.oid = 'pg_catalog.pg_settings'::regclass AND grantee = 0
            AND privilege_type <> 'SELECT'
        """),
        remedy=(sql.SQL("REVOKE INSERT, UPDATE, DELETE ON pg_catalog.pg_settings FROM PUBLIC"),),
    )


def extension_condition() -> Condition:
    """For the check only: Shipa does not drop what somebody else installed."""
    return Condition(
        text="only reviewed extensions are installed in this database",
        offenders=sql.SQL("""
            SELECT extname FROM pg_extension
            WHERE NOT extname = ANY (%(allowed)s::text[]) ORDER BY 1
        """),
        parameters={"allowed": list(ALLOWED_EXTENSIONS)},
    )
