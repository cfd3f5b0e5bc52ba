"""The schema ``jobs``: Procrastinate's tables and functions, and the one login that may use them."""

from __future__ import annotations

from importlib import metadata

from procrastinate.schema import SchemaManager
from psycopg import sql

from tenants.conditions import Condition, unless

JOBS = "shipa_jobs"
SCHEMA = "jobs"

# By name: the hardening, which comes later, takes from PUBLIC what would else suffice here.
_CALLS_NOTIFY = (
    "EXISTS (SELECT FROM pg_proc, aclexplode(proacl) WHERE grantee = to_regrole('shipa_jobs')"
    " AND pg_proc.oid = 'pg_catalog.pg_notify(text, text)'::regprocedure)"
)


# The library's own rows do not say what a worker takes; its connections do, as its name.
_WORKERS_BY_NAME = sql.SQL(
    "ALTER TABLE jobs.procrastinate_workers ADD COLUMN IF NOT EXISTS"
    " name text NOT NULL DEFAULT pg_catalog.current_setting('application_name')"
)


def release() -> str:
    """Which release of the library the schema must be of; kept as the schema's comment."""
    return f"procrastinate {metadata.version('procrastinate')}"


def jobs_conditions() -> list[Condition]:
    """What must hold of the schema and of the rights of ``shipa_jobs``."""
    return [_laid(), _has_names(), _may_use(), _may_notify()]


def _laid() -> Condition:
    """Of another release it is laid anew: no job is the only copy of anything, the sweep finds all again.

    The functions are plpgsql. Whoever makes one needs USAGE on the language, which only
    ``shipa_owner`` has; whoever calls one does not, so the language stays closed to all others.
    """
    held = (
        "EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'jobs'"
        " AND nspowner = pg_catalog.to_regrole('shipa_owner')"
        f" AND pg_catalog.obj_description(oid, 'pg_namespace') = '{release()}')"
    )
    return Condition(
        text=f"schema jobs holds the tables of {release()} and belongs to shipa_owner",
        offenders=unless("jobs", held),
        remedy=(
            sql.SQL("DROP SCHEMA IF EXISTS jobs CASCADE"),
            sql.SQL("CREATE SCHEMA jobs AUTHORIZATION shipa_owner"),
            sql.SQL("SET LOCAL ROLE shipa_owner"),
            sql.SQL("SET LOCAL search_path = jobs"),
            sql.SQL(SchemaManager.get_schema()),
            _WORKERS_BY_NAME,
            sql.SQL("SET LOCAL search_path TO DEFAULT"),
            sql.SQL("RESET ROLE"),
            sql.SQL("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs FROM PUBLIC"),
            sql.SQL("COMMENT ON SCHEMA jobs IS {}").format(sql.Literal(release())),
        ),
    )


def _has_names() -> Condition:
    """Apart from the release: the code before this column serves beside it, as after a roll-back."""
    held = (
        "EXISTS (SELECT FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_class ON pg_class.oid = attrelid"
        " WHERE relnamespace = pg_catalog.to_regnamespace('jobs') AND relname = 'procrastinate_workers'"
        " AND attname = 'name')"
    )
    return Condition(
        text="workers are known by name",
        offenders=unless("jobs.procrastinate_workers", held),
        remedy=(sql.SQL("SET LOCAL ROLE shipa_owner"), _WORKERS_BY_NAME, sql.SQL("RESET ROLE")),
    )


def _may_use() -> Condition:
    return Condition(
        text="shipa_jobs may use the tables and functions of schema jobs",
        offenders=sql.SQL("""
            SELECT 'schema jobs' WHERE NOT coalesce(has_schema_privilege(
                to_regrole('shipa_jobs')::oid, to_regnamespace('jobs')::oid, 'USAGE'), false)
            UNION ALL SELECT relname::text || ' ' || privilege FROM pg_class,
                unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
            WHERE relnamespace = to_regnamespace('jobs') AND relkind = 'r'
            AND NOT has_table_privilege(to_regrole('shipa_jobs')::oid, pg_class.oid, privilege)
            UNION ALL SELECT relname::text FROM pg_class
            WHERE relnamespace = to_regnamespace('jobs') AND relkind = 'S'
            AND NOT has_sequence_privilege(to_regrole('shipa_jobs')::oid, oid, 'USAGE')
            UNION ALL SELECT proname::text FROM pg_proc
            WHERE pronamespace = to_regnamespace('jobs')
            AND NOT has_function_privilege(to_regrole('shipa_jobs')::oid, oid, 'EXECUTE')
        """),
        remedy=(
            sql.SQL("GRANT USAGE ON SCHEMA jobs TO shipa_jobs"),
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO shipa_jobs"),
            sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO shipa_jobs"),
            sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO shipa_jobs"),
        ),
    )


def _may_notify() -> Condition:
    """A trigger of the library wakes the worker; the clinics' own logins stay without this function."""
    return Condition(
        text="shipa_jobs may wake the worker",
        offenders=unless("pg_notify", _CALLS_NOTIFY),
        remedy=(sql.SQL("GRANT EXECUTE ON FUNCTION pg_catalog.pg_notify(text, text) TO shipa_jobs"),),
    )


RIGHTS_ELSEWHERE = sql.SQL("""
    SELECT CASE deptype WHEN 'o' THEN 'owns ' ELSE 'right on ' END
        || pg_describe_object(classid, objid, objsubid)
    FROM pg_shdepend JOIN pg_database ON datname = current_database()
    WHERE refclassid = 'pg_authid'::regclass AND refobjid = to_regrole('shipa_jobs')
    AND dbid IN (0, pg_database.oid) AND deptype IN ('o', 'a', 'i')
    AND classid NOT IN ('pg_database'::regclass, 'pg_auth_members'::regclass)
    AND NOT (classid = 'pg_namespace'::regclass AND objid = to_regnamespace('jobs'))
    AND NOT (classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class
        WHERE pg_class.oid = objid AND relnamespace = to_regnamespace('jobs')))
    AND NOT (classid = 'pg_proc'::regclass AND EXISTS (SELECT FROM pg_proc
        WHERE pg_proc.oid = objid AND pronamespace = to_regnamespace('jobs')))
    AND NOT (classid = 'pg_proc'::regclass
        AND objid = 'pg_catalog.pg_notify(text, text)'::regprocedure AND deptype <> 'o')
    UNION ALL
    SELECT 'uses schema ' || nspname FROM pg_namespace
    WHERE has_schema_privilege(to_regrole('shipa_jobs')::oid, oid, 'USAGE')
    AND nspname NOT IN ('jobs', 'public', 'ref', 'pg_catalog', 'information_schema')
    UNION ALL
    SELECT 'may make things in ' || nspname FROM pg_namespace
    WHERE has_schema_privilege(to_regrole('shipa_jobs')::oid, oid, 'CREATE') AND nspname <> 'public'
""")
"""For the check only: what else the login of the jobs owns or may use. Empty when all is well."""
