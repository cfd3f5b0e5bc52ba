"""Roles, schemas and rights that a server and its database need before the first clinic."""

from __future__ import annotations

import typing

from psycopg import sql

from tenants.agg_schema import AGG, REGION
from tenants.clinic_roles import clinic_role_conditions
from tenants.conditions import Condition, unless
from tenants.jobs_schema import JOBS, jobs_conditions
from tenants.operator_rights import OPERATOR

OWNER = "shipa_owner"
WEB = "shipa_web"
GATE = "shipa_gate"
LOGIN_ROLES = (OWNER, WEB, GATE, JOBS, AGG, REGION, OPERATOR)

_GUESTS: typing.LiteralString = "shipa_web, shipa_gate, shipa_jobs, shipa_agg, shipa_region, shipa_operator"
"""Logins that may come in and make nothing."""

SESSION_SETTINGS = {
    "search_path": '""',
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
    # On a server of one's own too: no statement, parameter or row value in the server's log.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
"""What the logins of web, jobs and figures begin with in this database."""
MORE_SETTINGS = {JOBS: {"search_path": "jobs"}, REGION: {"default_transaction_read_only": "on"}}
QUIET = {WEB: {"log_min_messages": "fatal"}}
"""At level 2: set_user writes two lines for each transaction, of level LOG."""


def role_conditions() -> list[Condition]:
    """The logins, as they must be on the whole server."""
    return [_login(role, inherits=role == OWNER) for role in LOGIN_ROLES]


def _login(role: str, *, inherits: bool) -> Condition:
    inherit = "INHERIT" if inherits else "NOINHERIT"
    attributes = f"LOGIN {inherit} NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS"
    # The clinic roles are granted to shipa_web alone; any other membership is a right too many.
    offenders = """
        SELECT %(role)s::text WHERE NOT EXISTS (
            SELECT FROM pg_roles WHERE rolname = %(role)s::text AND rolcanlogin
            AND rolinherit = %(inherits)s AND NOT (rolsuper OR rolcreaterole OR rolcreatedb
                OR rolreplication OR rolbypassrls))
        UNION ALL
        SELECT holder.rolname || ' in ' || held.rolname FROM pg_auth_members
            JOIN pg_roles held ON held.oid = roleid JOIN pg_roles holder ON holder.oid = member
            WHERE holder.rolname = %(role)s::text
            AND NOT (holder.rolname = 'shipa_web' AND held.rolname ~ '^t_[0-9]{4}(_gate|_fp)?$')
    """
    name = sql.Identifier(role)
    make = sql.SQL(
        "DO $$ BEGIN CREATE ROLE {}; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$"
    ).format(name)
    set_attributes = sql.SQL("ALTER ROLE {} ").format(name) + sql.SQL(attributes)
    return Condition(
        text=f"role {role} may sign in and is nothing else ({inherit.lower()})",
        offenders=sql.SQL(offenders),
        parameters={"role": role, "inherits": inherits},
        remedy=(make, set_attributes),
    )


def database_conditions(database: str, version: int, level: int = 1) -> list[Condition]:
    """Rights, settings, schemas and extensions of the database; ``version`` as 180006; isolation level."""
    return [
        _connections(database),
        *(_session_setting(role, database, level) for role in (WEB, GATE, JOBS, AGG, REGION, OPERATOR)),
        _public_schema(),
        *(_schema(name) for name in ("platform", "ref", "agg")),
        *(_extension(name) for name in ("pg_trgm", "btree_gist")),
        *_ref_rights(),
        _no_function_rights_by_default(),
        *clinic_role_conditions(version, level),
        *jobs_conditions(),
    ]


def _connections(database: str) -> Condition:
    """CONNECT for the logins, CREATE and TEMP for the owner, nothing for PUBLIC."""
    offenders = """
        SELECT 'rights of PUBLIC' FROM pg_database,
            aclexplode(coalesce(datacl, acldefault('d', datdba)))
            WHERE datname = current_database() AND grantee = 0
        UNION ALL
        SELECT role || ' ' || privilege FROM unnest(%(guests)s::text[]) AS role,
            (VALUES ('CONNECT', true), ('CREATE', false), ('TEMPORARY', false)) AS wanted (privilege, has)
            WHERE has_database_privilege(to_regrole(role)::oid, current_database(), privilege) <> has
        UNION ALL
        SELECT 'shipa_owner ' || privilege FROM unnest(ARRAY['CONNECT', 'CREATE', 'TEMPORARY']) AS privilege
            WHERE NOT has_database_privilege(
                to_regrole('shipa_owner')::oid, current_database(), privilege)
    """
    name = sql.Identifier(database)
    return Condition(
        text=f"only the logins may connect to database {database}, only the owner create",
        offenders=sql.SQL(offenders),
        parameters={"guests": _GUESTS.split(", ")},
        remedy=(
            sql.SQL(f"REVOKE ALL ON DATABASE {{}} FROM PUBLIC, {_GUESTS}").format(name),
            sql.SQL(f"GRANT CONNECT ON DATABASE {{}} TO {_GUESTS}").format(name),
            sql.SQL("GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {} TO shipa_owner").format(name),
        ),
    )


def _session_setting(role: str, database: str, level: int) -> Condition:
    settings = SESSION_SETTINGS | MORE_SETTINGS.get(role, {})
    if level > 1:
        settings |= QUIET.get(role, {})
    wanted = [f"{name}={value}" for name, value in settings.items()]
    offenders = """
        SELECT split_part(wanted, '=', 1) FROM unnest(%(wanted)s::text[]) AS wanted
        WHERE NOT EXISTS (
            SELECT FROM pg_db_role_setting JOIN pg_roles ON pg_roles.oid = setrole
            JOIN pg_database ON pg_database.oid = setdatabase
            WHERE rolname = %(role)s::text AND datname = current_database()
            AND wanted = ANY (setconfig))
    """
    change = sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}")
    remedy = [
        change.format(
            sql.Identifier(role),
            sql.Identifier(database),
            sql.Identifier(name),
            sql.SQL("''") if value == '""' else sql.Literal(value),
        )
        for name, value in settings.items()
    ]
    return Condition(
        text=f"{role} begins with its own search path, short timeouts and nothing in the log",
        offenders=sql.SQL(offenders),
        parameters={"role": role, "wanted": wanted},
        remedy=remedy,
    )


def _public_schema() -> Condition:
    return Condition(
        text="nobody may use or fill schema public",
        offenders=sql.SQL("""
            SELECT privilege_type FROM pg_namespace, aclexplode(nspacl)
            WHERE nspname = 'public' AND grantee = 0
            UNION ALL SELECT 'CREATE for shipa_owner' FROM pg_namespace WHERE nspname = 'public'
            AND has_schema_privilege('shipa_owner', oid, 'CREATE')
        """),
        remedy=(
            sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
            sql.SQL(f"REVOKE ALL ON SCHEMA public FROM shipa_owner, {_GUESTS}"),
        ),
    )


def _schema(name: str) -> Condition:
    owned = (
        "EXISTS (SELECT FROM pg_namespace JOIN pg_roles ON pg_roles.oid = nspowner"
        f" WHERE nspname = '{name}' AND rolname = 'shipa_owner')"
    )
    identifier = sql.Identifier(name)
    return Condition(
        text=f"schema {name} belongs to shipa_owner",
        offenders=unless(name, owned),
        remedy=(
            sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION shipa_owner").format(identifier),
            sql.SQL("ALTER SCHEMA {} OWNER TO shipa_owner").format(identifier),
        ),
    )


def _extension(name: str) -> Condition:
    placed = (
        "EXISTS (SELECT FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace"
        f" WHERE extname = '{name}' AND nspname = 'ref')"
    )
    identifier = sql.Identifier(name)
    return Condition(
        text=f"extension {name} is in schema ref",
        offenders=unless(name, placed),
        remedy=(
            sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA ref").format(identifier),
            sql.SQL("ALTER EXTENSION {} SET SCHEMA ref").format(identifier),
        ),
    )


def _ref_rights() -> list[Condition]:
    """Everybody may read ``ref``: it holds public code tables only."""
    usage = "EXISTS (SELECT FROM pg_namespace, aclexplode(nspacl) WHERE nspname = 'ref'"
    usage += " AND grantee = 0 AND privilege_type = 'USAGE')"
    default = "EXISTS (SELECT FROM pg_default_acl JOIN pg_namespace ON pg_namespace.oid ="
    default += " defaclnamespace, aclexplode(defaclacl) WHERE nspname = 'ref' AND grantee = 0"
    default += " AND defaclobjtype = 'r' AND privilege_type = 'SELECT')"
    future = sql.SQL(
        "ALTER DEFAULT PRIVILEGES FOR ROLE shipa_owner IN SCHEMA ref GRANT SELECT ON TABLES TO PUBLIC"
    )
    return [
        Condition(
            text="everybody may use schema ref",
            offenders=unless("USAGE", usage),
            remedy=(sql.SQL("GRANT USAGE ON SCHEMA ref TO PUBLIC"),),
        ),
        Condition(
            text="everybody may read the tables of schema ref",
            offenders=unless("SELECT", default),
            remedy=(future, sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA ref TO PUBLIC")),
        ),
    ]


def _no_function_rights_by_default() -> Condition:
    """A new function of the owner is nobody's until it is granted: SECURITY DEFINER is one word."""
    revoked = (
        "EXISTS (SELECT FROM pg_default_acl JOIN pg_roles ON pg_roles.oid = defaclrole"
        " WHERE rolname = 'shipa_owner' AND defaclobjtype = 'f' AND defaclnamespace = 0"
        " AND NOT EXISTS (SELECT FROM aclexplode(defaclacl) WHERE grantee = 0))"
    )
    return Condition(
        text="a new function of shipa_owner may be called by nobody until it is granted",
        offenders=unless("EXECUTE for PUBLIC", revoked),
        remedy=(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE shipa_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"),
        ),
    )
