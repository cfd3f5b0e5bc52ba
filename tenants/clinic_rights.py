"""What nobody but a clinic's own roles may hold on it, as catalogue queries over all clinics at once."""

from __future__ import annotations

from psycopg import sql

from tenants.agg_schema import agg_rights
from tenants.clinic_roles import INHERIT_OPTION_SINCE
from tenants.conditions import Condition
from tenants.jobs_schema import RIGHTS_ELSEWHERE
from tenants.operator_rights import operator_rights
from tenants.roles import SESSION_SETTINGS

INSERT_ONLY = ("access_log", "record")
"""Tables of a clinic whose rows no web role may change or remove."""

_NAMES = {
    "clinic_role": sql.Literal("^t_[0-9]{4}(_gate|_fp)?$"),
    "clinic_schema": sql.Literal("^t_[0-9]{4}$"),
}

_CLOSED = "what the gate role may use is closed to the clinic's role"


def clinic_conditions(version: int, level: int = 1) -> list[Condition]:
    """For the check only: what differs was granted by hand and is for a person to look at.

    Level 2 of isolation has more to say about set_user and the gate: ``tenants.set_user``.
    """
    return [
        Condition("a clinic's role may not sign in and is nothing else", _ATTRIBUTES),
        Condition("a clinic's role is a member of nothing", _MEMBER_OF),
        Condition("only shipa_web may take a clinic's role, and inherits nothing", _takers(version)),
        Condition("shipa_web has no right of its own", _OWN_RIGHTS),
        Condition("shipa_jobs has no right but on schema jobs", RIGHTS_ELSEWHERE),
        *agg_rights(),
        operator_rights(),
        Condition("nothing outside ref is open to everybody", _OPEN_TO_ALL),
        Condition("a clinic's schema is open to its own roles alone", _SCHEMAS),
        Condition("a clinic's tables are open to its own roles alone", _TABLES),
        *([Condition(_CLOSED, _GATE_TABLES)] if level == 1 else []),
        Condition(
            "the access log and records are only added to",
            _INSERT_ONLY_TABLES,
            {"insert_only": list(INSERT_ONLY)},
        ),
        Condition("no function lends its owner's rights to a clinic", _LENT_RIGHTS),
        Condition("no login or database changes synchronous_commit", _COMMIT_OVERRIDES),
        Condition(
            "nobody gave a setting to the logins of web, jobs and figures or to a clinic's role",
            _LEFT_SETTINGS,
            {"known": [*SESSION_SETTINGS, "default_transaction_read_only"]},
        ),
    ]


_ATTRIBUTES = sql.SQL("""
    SELECT rolname::text FROM pg_roles WHERE rolname ~ {clinic_role}
    AND (rolcanlogin OR rolsuper OR rolinherit OR rolcreaterole OR rolcreatedb OR rolreplication
        OR rolbypassrls)
""").format(**_NAMES)

_MEMBER_OF = sql.SQL("""
    SELECT holder.rolname || ' in ' || held.rolname FROM pg_auth_members
    JOIN pg_roles held ON held.oid = roleid JOIN pg_roles holder ON holder.oid = member
    WHERE holder.rolname ~ {clinic_role}
""").format(**_NAMES)


def _takers(version: int) -> sql.Composed:
    inherits = ("inherit_option",) if version >= INHERIT_OPTION_SINCE else ("holder", "rolinherit")
    query = sql.SQL("""
        SELECT holder.rolname || ' takes ' || held.rolname FROM pg_auth_members
        JOIN pg_roles held ON held.oid = roleid JOIN pg_roles holder ON holder.oid = member
        WHERE held.rolname ~ {clinic_role}
        AND (holder.rolname <> 'shipa_web' OR admin_option OR {inherits})
    """)
    return query.format(**_NAMES, inherits=sql.Identifier(*inherits))


# pg_shdepend lists, for a role, everything it owns or was granted: here and in shared catalogues.
# Schema public has a condition of its own.
_OWN_RIGHTS = sql.SQL("""
    SELECT CASE deptype WHEN 'o' THEN 'owns ' ELSE 'right on ' END
        || pg_describe_object(classid, objid, objsubid)
    FROM pg_shdepend JOIN pg_database ON datname = current_database()
    WHERE refclassid = 'pg_authid'::regclass AND refobjid = 'shipa_web'::regrole
    AND dbid IN (0, pg_database.oid) AND deptype IN ('o', 'a', 'i')
    AND classid NOT IN ('pg_database'::regclass, 'pg_auth_members'::regclass)
    AND NOT (classid = 'pg_proc'::regclass
        AND objid IS NOT DISTINCT FROM to_regprocedure('ref.set_user(text,text)')::oid)
    UNION ALL
    SELECT nspname::text FROM pg_namespace WHERE has_schema_privilege('shipa_web', oid, 'USAGE')
    AND nspname NOT IN ('public', 'ref', 'pg_catalog', 'information_schema')
""")

_OPEN_TO_ALL = sql.SQL("""
    SELECT nspname || '.' || relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace,
        aclexplode(relacl)
    WHERE grantee = 0 AND nspname NOT IN ('ref', 'pg_catalog', 'information_schema')
    UNION ALL
    SELECT relname || '.' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        JOIN pg_namespace ON pg_namespace.oid = relnamespace, aclexplode(attacl)
    WHERE attacl IS NOT NULL AND grantee = 0
    AND nspname NOT IN ('ref', 'pg_catalog', 'information_schema')
    UNION ALL
    SELECT nspname::text FROM pg_namespace, aclexplode(nspacl)
    WHERE grantee = 0 AND nspname NOT IN ('public', 'ref', 'pg_catalog', 'information_schema')
""")

_SCHEMAS = sql.SQL("""
    SELECT nspname || ' for ' || grantee::regrole || ' (' || privilege_type || ')'
    FROM pg_namespace, aclexplode(nspacl)
    WHERE nspname ~ {clinic_schema} AND grantee <> nspowner
    AND (grantee = 0 OR privilege_type <> 'USAGE' OR is_grantable
        OR grantee::regrole::text NOT IN (nspname, nspname || '_gate', nspname || '_fp'))
    UNION ALL
    SELECT nspname || ' owned by ' || nspowner::regrole FROM pg_namespace
    WHERE nspname ~ {clinic_schema} AND nspowner <> 'shipa_owner'::regrole
""").format(**_NAMES)

_RIGHTS = sql.SQL("""
    SELECT nspname, relname, relowner, grantee, privilege_type, is_grantable
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace, aclexplode(relacl)
    WHERE relacl IS NOT NULL AND nspname ~ {clinic_schema}
    UNION ALL
    SELECT nspname, relname, relowner, grantee, privilege_type, is_grantable
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    JOIN pg_namespace ON pg_namespace.oid = relnamespace, aclexplode(attacl)
    WHERE attacl IS NOT NULL AND nspname ~ {clinic_schema}
""").format(**_NAMES)

_TABLES = sql.SQL("""
    SELECT DISTINCT nspname || '.' || relname || ' for ' || grantee::regrole || ' ('
        || privilege_type || ')'
    FROM ({rights}) AS rights WHERE grantee <> relowner
    AND (grantee = 0 OR is_grantable
        OR privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        OR grantee::regrole::text NOT IN (nspname, nspname || '_gate', nspname || '_fp'))
    UNION ALL
    SELECT nspname || '.' || relname || ' owned by ' || relowner::regrole
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname ~ {clinic_schema} AND relowner <> 'shipa_owner'::regrole
""").format(**_NAMES, rights=_RIGHTS)

_GATE_TABLES = sql.SQL("""
    SELECT nspname || '.' || relname FROM ({rights}) AS rights WHERE grantee <> relowner
    GROUP BY nspname, relname
    HAVING bool_or(grantee::regrole::text = nspname || '_gate')
    AND bool_or(grantee::regrole::text <> nspname || '_gate')
""").format(**_NAMES, rights=_RIGHTS)

_INSERT_ONLY_TABLES = sql.SQL("""
    SELECT nspname || '.' || relname || ' (' || privilege_type || ')' FROM ({rights}) AS rights
    WHERE grantee <> relowner AND relname = ANY (%(insert_only)s::text[])
    AND privilege_type NOT IN ('SELECT', 'INSERT')
""").format(**_NAMES, rights=_RIGHTS)

_LENT_RIGHTS = sql.SQL("""
    SELECT pg_proc.oid::regprocedure::text || ' for '
        || CASE grantee WHEN 0 THEN 'everybody' ELSE grantee::regrole::text END
    FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace,
        aclexplode(coalesce(proacl, acldefault('f', proowner)))
    WHERE prosecdef AND nspname NOT IN ('pg_catalog', 'information_schema')
    AND grantee <> proowner
    AND (grantee = 0 OR grantee = 'shipa_web'::regrole OR grantee::regrole::text ~ {clinic_role})
""").format(**_NAMES)

_COMMIT_OVERRIDES = sql.SQL("""
    SELECT coalesce(rolname, 'every role') || ': ' || setting
    FROM pg_db_role_setting LEFT JOIN pg_roles ON pg_roles.oid = setrole, unnest(setconfig) AS setting
    WHERE setting ~ '^synchronous_commit=' AND setting NOT IN
        ('synchronous_commit=on', 'synchronous_commit=remote_apply')
    AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
""")

# A role may change its own settings: an attacker with a whole statement could leave one behind.
_LEFT_SETTINGS = sql.SQL("""
    SELECT rolname || ': ' || setting FROM pg_db_role_setting
    JOIN pg_roles ON pg_roles.oid = setrole, unnest(setconfig) AS setting
    WHERE (rolname IN ('shipa_web', 'shipa_gate', 'shipa_jobs', 'shipa_agg', 'shipa_region',
            'shipa_operator')
        OR rolname ~ {clinic_role})
    AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    AND NOT (rolname !~ {clinic_role} AND setdatabase <> 0
        AND split_part(setting, '=', 1) = ANY (%(known)s::text[]))
""").format(**_NAMES)
