"""A clinic's roles: how they are made and dropped, and who may take them with SET ROLE."""

from __future__ import annotations

from psycopg import sql

from tenants.conditions import Condition

INHERIT_OPTION_SINCE = 160000
"""``GRANT … WITH INHERIT FALSE`` came with PostgreSQL 16; before, the member's NOINHERIT decides."""


def clinic_role_conditions(version: int, level: int) -> list[Condition]:
    """At level 1 ``shipa_web`` may take the roles of this database's clinics, at level 2 none of them."""
    return [
        _maker(version, level),
        _function("drop_clinic_roles", "drops", _DROPPER_BODY),
        _takers(version) if level == 1 else _no_takers(),
    ]


def _option(version: int) -> str:
    return " WITH INHERIT FALSE" if version >= INHERIT_OPTION_SINCE else ""


_ROLES_HERE = """
    SELECT rolname::text FROM pg_namespace JOIN pg_roles
    ON rolname IN (nspname, nspname || '_gate') WHERE nspname ~ '^t_[0-9]{{4}}$' AND {} EXISTS (
        SELECT FROM pg_auth_members WHERE roleid = pg_roles.oid AND member = to_regrole('shipa_web'))
"""


def _takers(version: int) -> Condition:
    return Condition(
        text="shipa_web may take the roles of this database's clinics (isolation level 1)",
        offenders=sql.SQL(_ROLES_HERE).format(sql.SQL("NOT")),
        each=("GRANT {} TO shipa_web" + _option(version),),
    )


def _no_takers() -> Condition:
    """set_user asks for no membership; without one, no way of writing SET ROLE takes a role."""
    return Condition(
        text="shipa_web may take no clinic's role by SET ROLE (isolation level 2)",
        offenders=sql.SQL(_ROLES_HERE.replace("_gate')", "_gate', nspname || '_fp')")).format(sql.SQL("")),
        each=("REVOKE {} FROM shipa_web",),
    )


_GRANT = """IF NOT EXISTS (SELECT FROM pg_catalog.pg_auth_members
                WHERE roleid = pg_catalog.to_regrole(name)
                AND member = 'shipa_web'::pg_catalog.regrole) THEN
            EXECUTE pg_catalog.format('GRANT %I TO shipa_web{INHERIT}', name);
        END IF;"""

_MAKER_BODY = """
DECLARE
    name text;
BEGIN
    IF number IS NULL OR number !~ '^[0-9]{4}$' THEN
        RAISE EXCEPTION 'not a clinic number' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOREACH name IN ARRAY ARRAY['t_' || number, 't_' || number || '_gate'] LOOP
        -- By oid: among the roles of 1,607 clinics a look-up by name in pg_roles cost ten times the rest.
        IF pg_catalog.to_regrole(name) IS NULL THEN
            BEGIN
                EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN NOINHERIT', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- another transaction was quicker
            END;
        END IF;
        {GRANT}
    END LOOP;
END
"""


_DROPPER_BODY = """
DECLARE
    name text;
BEGIN
    IF number IS NULL OR number !~ '^[0-9]{4}$' THEN
        RAISE EXCEPTION 'not a clinic number' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- Only what nothing is left of: the schema goes first.
    IF pg_catalog.to_regnamespace('t_' || number) IS NOT NULL THEN
        RAISE EXCEPTION 'the clinic is still there' USING ERRCODE = 'object_in_use';
    END IF;
    FOREACH name IN ARRAY ARRAY['t_' || number || '_fp', 't_' || number || '_gate', 't_' || number] LOOP
        IF pg_catalog.to_regrole(name) IS NOT NULL THEN
            EXECUTE pg_catalog.format('DROP ROLE %I', name);
        END IF;
    END LOOP;
END
"""


def _maker(version: int, level: int) -> Condition:
    """The one function by which ``shipa_owner``, without CREATEROLE, makes a clinic's two roles."""
    granted = _GRANT.replace("{INHERIT}", _option(version)) if level == 1 else "-- level 2: nobody takes it"
    return _function("make_clinic_roles", "makes", _MAKER_BODY.replace("{GRANT}", granted))


def _function(name: str, does: str, body: str) -> Condition:
    offenders = """
        SELECT 'platform.' || %(name)s::text WHERE NOT EXISTS (
            SELECT FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
            JOIN pg_roles ON pg_roles.oid = proowner
            WHERE nspname = 'platform' AND proname = %(name)s::text AND prosrc = %(body)s::text
            AND rolsuper AND prosecdef AND proconfig = ARRAY['search_path=pg_catalog, pg_temp']
            AND has_function_privilege('shipa_owner', pg_proc.oid, 'EXECUTE')
            AND NOT EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))
                WHERE grantee NOT IN (proowner, 'shipa_owner'::regrole)))
    """
    function = sql.SQL("{}(text)").format(sql.Identifier("platform", name))
    create = sql.SQL(
        "CREATE OR REPLACE FUNCTION {}(number text) RETURNS void"
        " LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS {}"
    ).format(sql.Identifier("platform", name), sql.Literal(body))
    return Condition(
        text=f"function platform.{name} {does} a clinic's roles, for shipa_owner alone",
        offenders=sql.SQL(offenders),
        parameters={"name": name, "body": body},
        remedy=(
            sql.SQL("DROP FUNCTION IF EXISTS {}").format(function),
            create,
            sql.SQL("REVOKE ALL ON FUNCTION {} FROM PUBLIC").format(function),
            sql.SQL("GRANT EXECUTE ON FUNCTION {} TO shipa_owner").format(function),
        ),
    )
