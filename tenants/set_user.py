"""Level 2 in one database: the extension set_user, who may call it, and the gate that needs no role."""

from __future__ import annotations

import hashlib
import typing

from psycopg import sql

from tenants.conditions import Condition, unless

if typing.TYPE_CHECKING:
    from tenants.conditions import Connection

PRELOADED = "current_setting('set_user.block_alter_system', true) IS NOT NULL"
"""Only the library itself defines the setting, and a new connection has it only when it is preloaded."""

ADVICE = (
    "note: set_user is installed on this server and not loaded. For isolation level 2 put"
    " shared_preload_libraries = 'set_user' and set_user.superuser_allowlist = '' into postgresql.conf,"
    " restart PostgreSQL and run `shipa init` again"
)


def level_to_make(connection: Connection) -> int:
    """The level that `shipa init` sets up in this database: 2 where set_user is there and preloaded."""
    query = f"SELECT {PRELOADED} AND {_AVAILABLE}"
    row = connection.execute(query.encode()).fetchone()
    return 2 if row and row[0] else 1


def advice(connection: Connection) -> list[str]:
    """What would bring level 2, where only the server's configuration is missing; else nothing."""
    query = f"SELECT {_AVAILABLE} AND NOT ({PRELOADED})"
    row = connection.execute(query.encode()).fetchone()
    return [ADVICE] if row and row[0] else []


_AVAILABLE = "EXISTS (SELECT FROM pg_available_extensions WHERE name = 'set_user')"


def set_user_conditions(level: int, gate_key: str | None) -> list[Condition]:
    """What level 2 needs, in this order; at level 1, that nothing of it is left open.

    ``gate_key`` opens the gate to a clinic's secrets; ``None`` leaves it as it is, and shut at first.
    """
    if level == 1:
        return [_no_caller(), _no_guard(), _gate_tables_closed()]
    return [
        _preloaded(),
        _extension(),
        _gate(gate_key),
        _guard_maker(),
        _gates_guarded(),
        # The last one: by it a connection tells the level.
        _callers(),
    ]


def gate_condition(gate_key: str) -> Condition:
    """The gate opens with this key and no other."""
    return _gate(gate_key)


def _preloaded() -> Condition:
    return Condition(
        text="set_user is in shared_preload_libraries of postgresql.conf",
        offenders=unless("set_user", PRELOADED),
    )


def _extension() -> Condition:
    placed = (
        "EXISTS (SELECT FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace"
        " WHERE extname = 'set_user' AND nspname = 'ref')"
    )
    return Condition(
        text="extension set_user is in schema ref",
        offenders=unless("set_user (drop it where it is and run `shipa init` again)", placed),
        remedy=(sql.SQL("CREATE EXTENSION IF NOT EXISTS set_user SCHEMA ref"),),
    )


_FUNCTIONS = "'set_user', 'set_user_u', 'set_session_auth', 'reset_user'"


def _callers() -> Condition:
    """set_user asks for no membership: whoever may call it becomes any role but a superuser."""
    offenders = f"""
        SELECT p.oid::regprocedure::text || ' for '
            || CASE grantee WHEN 0 THEN 'everybody' ELSE grantee::regrole::text END
        FROM pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner)))
        WHERE proname IN ({_FUNCTIONS}) AND grantee <> proowner AND NOT (
            p.oid = to_regprocedure('ref.set_user(text,text)') AND grantee = to_regrole('shipa_web')
            OR p.oid = to_regprocedure('ref.reset_user(text)') AND grantee = 0)
        UNION ALL SELECT 'ref.set_user(text,text) not for shipa_web' WHERE has_function_privilege(
            'shipa_web', to_regprocedure('ref.set_user(text,text)')::oid, 'EXECUTE') IS NOT TRUE
    """  # noqa: S608 - literals of this module
    everybody = "PUBLIC, shipa_web, shipa_gate, shipa_jobs, shipa_agg, shipa_region, shipa_owner"
    names = ("set_user(text)", "set_user(text, text)", "set_user_u(text)", "set_session_auth(text)")
    closed = ", ".join(f"ref.{name}" for name in (*names, "reset_user()", "reset_user(text)"))
    return Condition(
        text="shipa_web may call set_user with a token, everybody reset_user with one, nobody the rest",
        offenders=sql.SQL(offenders),
        remedy=(
            sql.SQL(f"REVOKE ALL ON FUNCTION {closed} FROM {everybody}"),
            sql.SQL("GRANT EXECUTE ON FUNCTION ref.set_user(text, text) TO shipa_web"),
            sql.SQL("GRANT EXECUTE ON FUNCTION ref.reset_user(text) TO PUBLIC"),
        ),
    )


_GATE_BODY = """
BEGIN
    IF sha256(convert_to(coalesce(current_setting('shipa.gate', true), ''), 'UTF8')) = '\\x{DIGEST}' THEN
        RETURN true;
    END IF;
    RAISE EXCEPTION 'permission denied: the gate is closed' USING ERRCODE = 'insufficient_privilege';
END
"""


def _gate(gate_key: str | None) -> Condition:
    """SET ROLE is blocked inside set_user, so a second role is replaced by a key that only we have."""
    digest = "" if gate_key is None else hashlib.sha256(gate_key.encode()).hexdigest()
    body = _GATE_BODY.replace("{DIGEST}", digest)
    offenders = """
        SELECT 'ref.gate_is_open' WHERE NOT EXISTS (
            SELECT FROM pg_proc JOIN pg_roles ON pg_roles.oid = proowner
            WHERE pg_proc.oid = to_regprocedure('ref.gate_is_open()') AND rolsuper AND NOT prosecdef
            AND (prosrc = %(body)s::text OR %(any)s::bool)
            AND proconfig = ARRAY['search_path=pg_catalog, pg_temp'])
    """
    create = (
        "CREATE OR REPLACE FUNCTION ref.gate_is_open() RETURNS boolean LANGUAGE plpgsql STABLE"
        " SET search_path = pg_catalog, pg_temp AS {}"
    )
    return Condition(
        text="the gate to a clinic's secrets opens with the key of this installation's master key alone",
        offenders=sql.SQL(offenders),
        parameters={"body": body, "any": gate_key is None},
        remedy=(sql.SQL(create).format(sql.Literal(body)),),
    )


_GATE_TABLES = """
    SELECT {} FROM pg_class c JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname ~ '^t_[0-9]{{4}}$' AND relkind = 'r' AND EXISTS (
        SELECT FROM aclexplode(relacl) WHERE grantee = to_regrole(nspname || '_gate')) AND
"""

_UNGUARDED = """
    (SELECT string_agg(concat_ws(' ', polname, polroles::regrole[], polcmd, polpermissive,
        pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)), ', ' ORDER BY polname)
        FROM pg_policy WHERE polrelid = c.oid)
    || ' ' || relrowsecurity || ' ' || EXISTS (SELECT FROM aclexplode(relacl)
        WHERE grantee = to_regrole(nspname) AND privilege_type = 'SELECT')
    IS DISTINCT FROM
    format('clinic {%%s} * t ref.gate_is_open() ref.gate_is_open(), gate {%%s_gate} * t true true'
        ' true true', nspname, nspname)
"""

_GUARD_BODY = """
DECLARE
    clinic text := 't_' || number;
    found record;
    policy name;
BEGIN
    IF number IS NULL OR number !~ '^[0-9]{4}$' THEN
        RAISE EXCEPTION 'not a clinic number' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR found IN SELECT format('%I.%I', clinic, relname) AS name, string_agg(privilege_type, ', ') AS rights
            FROM pg_class, aclexplode(relacl) WHERE relnamespace = to_regnamespace(clinic)
            AND relkind = 'r' AND grantee = to_regrole(clinic || '_gate') GROUP BY relname LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', found.name);
        FOR policy IN SELECT polname FROM pg_policy WHERE polrelid = found.name::regclass LOOP
            EXECUTE format('DROP POLICY %I ON %s', policy, found.name);
        END LOOP;
        EXECUTE format('CREATE POLICY clinic ON %s TO %I USING (ref.gate_is_open())'
            ' WITH CHECK (ref.gate_is_open())', found.name, clinic);
        EXECUTE format('CREATE POLICY gate ON %s TO %I USING (true) WITH CHECK (true)',
            found.name, clinic || '_gate');
        EXECUTE format('GRANT %s ON %s TO %I', found.rights, found.name, clinic);
    END LOOP;
END
"""


def _guard_maker() -> Condition:
    """The one function that guards the gate's tables of a clinic; it runs as who calls it, the owner."""
    offenders = """
        SELECT 'platform.guard_gate' WHERE NOT EXISTS (
            SELECT FROM pg_proc JOIN pg_roles ON pg_roles.oid = proowner
            JOIN pg_namespace ON pg_namespace.oid = pronamespace
            WHERE nspname = 'platform' AND proname = 'guard_gate' AND rolsuper AND NOT prosecdef
            AND prosrc = %(body)s::text AND proconfig = ARRAY['search_path=pg_catalog, pg_temp']
            AND has_function_privilege('shipa_owner', pg_proc.oid, 'EXECUTE')
            AND NOT EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))
                WHERE grantee NOT IN (proowner, 'shipa_owner'::regrole)))
    """
    create = sql.SQL(
        "CREATE OR REPLACE FUNCTION platform.guard_gate(number text) RETURNS void LANGUAGE plpgsql"
        " SET search_path = pg_catalog, pg_temp AS {}"
    ).format(sql.Literal(_GUARD_BODY))
    return Condition(
        text="function platform.guard_gate puts the gate before a clinic's secrets, for shipa_owner alone",
        offenders=sql.SQL(offenders),
        parameters={"body": _GUARD_BODY},
        remedy=(
            create,
            sql.SQL("REVOKE ALL ON FUNCTION platform.guard_gate(text) FROM PUBLIC"),
            sql.SQL("GRANT EXECUTE ON FUNCTION platform.guard_gate(text) TO shipa_owner"),
        ),
    )


def _gates_guarded() -> Condition:
    return Condition(
        text="a clinic's role reaches the clinic's secrets through the gate alone (isolation level 2)",
        offenders=sql.SQL("SELECT DISTINCT nspname FROM (")
        + sql.SQL(_GATE_TABLES).format(sql.SQL("nspname"))
        + sql.SQL(_UNGUARDED)
        + sql.SQL(") AS unguarded ORDER BY 1"),
        each=("SELECT platform.guard_gate(substr('{}', 3))",),
    )


def _gate_tables_closed() -> Condition:
    """What level 2 gave, and what level 1 keeps for the gate's role."""
    return Condition(
        text="a clinic's role has no right on the clinic's secrets (isolation level 1)",
        offenders=sql.SQL(_GATE_TABLES).format(
            sql.SQL("format('%%I.%%I FROM %%I', nspname, relname, nspname)")
        )
        + sql.SQL(
            " relrowsecurity AND EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee = to_regrole(nspname))"
        ),
        each=("REVOKE ALL ON {}",),
    )


def _no_caller() -> Condition:
    return Condition(
        text="shipa_web may not call set_user (isolation level 1)",
        offenders=sql.SQL("""
            SELECT 'ref.set_user(text,text)' WHERE has_function_privilege(
                'shipa_web', to_regprocedure('ref.set_user(text,text)')::oid, 'EXECUTE')
        """),
        remedy=(sql.SQL("REVOKE ALL ON FUNCTION ref.set_user(text, text) FROM PUBLIC, shipa_web"),),
    )


def _no_guard() -> Condition:
    return Condition(
        text="a new clinic's secrets are for the gate's role (isolation level 1)",
        offenders=sql.SQL("""
            SELECT 'platform.guard_gate' FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
            WHERE nspname = 'platform' AND proname = 'guard_gate'
        """),
        remedy=(sql.SQL("DROP FUNCTION platform.guard_gate(text)"),),
    )
