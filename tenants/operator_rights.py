"""What the login of the console may: its own tables, numbers of clinics, and acts through functions."""

from __future__ import annotations

from psycopg import sql

from tenants.conditions import Condition

OPERATOR = "shipa_operator"

TABLE_RIGHTS = {
    "operator": "SELECT",
    "operator_secret": "SELECT, UPDATE",
    "operator_session": "SELECT, INSERT, UPDATE, DELETE",
    "operator_failure": "SELECT, INSERT, UPDATE, DELETE",
    "operator_act": "SELECT",
    "operator_clinic": "SELECT",
    "roster_run": "SELECT, INSERT",
    "roster_order": "SELECT",
    "roster_file": "INSERT",
    "roster_fault": "SELECT",
    "clinic_tick": "SELECT",
    "clinic_day": "SELECT",
    "operator_device": "SELECT",
    "device_target": "SELECT",
    "house_order": "SELECT",
    "operator_institution": "SELECT",
    "operator_code": "SELECT",
    "operator_change": "SELECT",
    "device_move": "SELECT",
    "operator_closing": "SELECT",
}
"""On tables and views of schema ``platform``; given by its revisions 0005, 0008, 0010, 0011 and 0013."""

FUNCTIONS = (
    "operator_move(bytea,uuid,text,text,text)",
    "operator_tick(bytea,uuid,text,boolean)",
    "operator_room(bytea,uuid,text[],text,boolean)",
    "operator_invite(bytea,uuid,text,text)",
    "operator_steer(bytea,uuid,text)",
    "clinic_facts(uuid)",
    "operator_order(bytea,uuid,text,uuid,jsonb)",
    "clinic_sites(uuid)",
    "operator_device_move(bytea,uuid,text,text,uuid,text)",
    "operator_device_code(bytea,uuid,bytea)",
    "cell_word(uuid[])",
    "cell_standing()",
    "cell_room(uuid,text[],bigint,bytea)",
    "operator_room_order(bytea,uuid,text[],text,boolean)",
    "operator_invite_told(bytea,uuid,text,text,bigint,bigint,bytea)",
)
"""Functions of the owner's that it may call. Each that changes something of a clinic asks for a live session,
or for an order that the main cell gave for one."""

_RIGHTS = sql.SQL("""
    SELECT relname || ' (' || privilege_type || ')' AS held FROM pg_class, aclexplode(relacl)
    WHERE relacl IS NOT NULL AND relnamespace = to_regnamespace('platform')
    AND grantee = to_regrole('shipa_operator')
    UNION ALL
    SELECT relname || '.' || attname || ' (' || privilege_type || ')'
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid, aclexplode(attacl)
    WHERE attacl IS NOT NULL AND relnamespace = to_regnamespace('platform')
    AND grantee = to_regrole('shipa_operator')
    UNION ALL
    SELECT proname || '(' || array_to_string(ARRAY(
        SELECT format_type(kind, NULL) FROM unnest(proargtypes) WITH ORDINALITY AS given (kind, place)
        ORDER BY place), ',') || ')'
    FROM pg_proc, aclexplode(proacl)
    WHERE proacl IS NOT NULL AND pronamespace = to_regnamespace('platform')
    AND grantee = to_regrole('shipa_operator')
""")

# As for the other logins: everything that the role owns or was granted, here and in shared catalogues.
_ELSEWHERE = sql.SQL("""
    SELECT CASE deptype WHEN 'o' THEN 'owns ' ELSE 'right on ' END
        || pg_describe_object(classid, objid, objsubid)
    FROM pg_shdepend JOIN pg_database ON datname = current_database()
    WHERE refclassid = 'pg_authid'::regclass AND refobjid = to_regrole('shipa_operator')
    AND dbid IN (0, pg_database.oid) AND deptype IN ('o', 'a', 'i')
    AND classid NOT IN ('pg_database'::regclass, 'pg_auth_members'::regclass)
    AND NOT (classid = 'pg_namespace'::regclass AND objid = to_regnamespace('platform') AND deptype <> 'o')
    AND NOT (classid = 'pg_class'::regclass AND deptype <> 'o' AND EXISTS (SELECT FROM pg_class
        WHERE pg_class.oid = objid AND relnamespace = to_regnamespace('platform')))
    AND NOT (classid = 'pg_proc'::regclass AND deptype <> 'o' AND EXISTS (SELECT FROM pg_proc
        WHERE pg_proc.oid = objid AND pronamespace = to_regnamespace('platform')))
    UNION ALL
    SELECT held FROM ({rights}) AS rights WHERE held <> ALL (%(allowed)s::text[])
    UNION ALL
    SELECT 'uses schema ' || nspname FROM pg_namespace
    WHERE has_schema_privilege(to_regrole('shipa_operator')::oid, oid, 'USAGE')
    AND nspname NOT IN ('platform', 'public', 'ref', 'pg_catalog', 'information_schema')
    UNION ALL
    SELECT 'may make things in ' || nspname FROM pg_namespace
    WHERE has_schema_privilege(to_regrole('shipa_operator')::oid, oid, 'CREATE')
""").format(rights=_RIGHTS)


def allowed() -> list[str]:
    """Every right that the login has, one a line."""
    tables = [f"{table} ({right})" for table, held in TABLE_RIGHTS.items() for right in held.split(", ")]
    return [*tables, *FUNCTIONS]


def operator_rights() -> Condition:
    """For the check only: the login has no other right than those that its revision gave it."""
    return Condition(
        "shipa_operator has no right but on the operators' tables", _ELSEWHERE, {"allowed": allowed()}
    )
