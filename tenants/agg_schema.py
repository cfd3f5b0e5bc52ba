"""Schema ``agg``: figures that left the clinics. ``shipa_agg`` writes and ``shipa_region`` reads them."""

from __future__ import annotations

from psycopg import sql

from tenants.conditions import Condition

AGG = "shipa_agg"
REGION = "shipa_region"

_RIGHTS_OF = {AGG: ("DELETE", "INSERT", "SELECT", "UPDATE"), REGION: ("SELECT",)}
"""On the tables of schema ``agg``; given by the platform's revision 0004, and nowhere any other."""

_RIGHTS = sql.SQL("""
    SELECT relname, relowner, grantee, privilege_type, is_grantable FROM pg_class, aclexplode(relacl)
    WHERE relacl IS NOT NULL AND relnamespace = to_regnamespace('agg')
    UNION ALL
    SELECT relname, relowner, grantee, privilege_type, is_grantable
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid, aclexplode(attacl)
    WHERE attacl IS NOT NULL AND relnamespace = to_regnamespace('agg')
""")

# As for the login of the jobs: everything that the role owns or was granted, here and in shared catalogues.
_ELSEWHERE = sql.SQL("""
    SELECT CASE deptype WHEN 'o' THEN 'owns ' ELSE 'right on ' END
        || pg_describe_object(classid, objid, objsubid)
    FROM pg_shdepend JOIN pg_database ON datname = current_database()
    WHERE refclassid = 'pg_authid'::regclass AND refobjid = to_regrole(%(role)s::text)
    AND dbid IN (0, pg_database.oid) AND deptype IN ('o', 'a', 'i')
    AND classid NOT IN ('pg_database'::regclass, 'pg_auth_members'::regclass)
    AND NOT (classid = 'pg_namespace'::regclass AND objid = to_regnamespace('agg') AND deptype <> 'o')
    AND NOT (classid = 'pg_class'::regclass AND deptype <> 'o' AND EXISTS (SELECT FROM pg_class
        WHERE pg_class.oid = objid AND relnamespace = to_regnamespace('agg')))
    UNION ALL
    SELECT relname || ' (' || privilege_type || ')' FROM ({rights}) AS rights
    WHERE grantee = to_regrole(%(role)s::text)
    AND NOT (privilege_type = ANY (%(rights)s::text[]) AND NOT is_grantable)
    UNION ALL
    SELECT 'uses schema ' || nspname FROM pg_namespace
    WHERE has_schema_privilege(to_regrole(%(role)s::text)::oid, oid, 'USAGE')
    AND nspname NOT IN ('agg', 'public', 'ref', 'pg_catalog', 'information_schema')
    UNION ALL
    SELECT 'may make things in ' || nspname FROM pg_namespace
    WHERE has_schema_privilege(to_regrole(%(role)s::text)::oid, oid, 'CREATE')
""").format(rights=_RIGHTS)

_OTHERS = sql.SQL("""
    SELECT DISTINCT relname || ' for ' || CASE grantee WHEN 0 THEN 'everybody' ELSE grantee::regrole::text END
    FROM ({rights}) AS rights WHERE grantee <> relowner
    AND (grantee = 0 OR grantee::regrole::text NOT IN ('shipa_agg', 'shipa_region'))
""").format(rights=_RIGHTS)


def agg_rights() -> list[Condition]:
    """For the check only: neither login has any other right, and nobody else has one on ``agg``."""
    return [
        *(
            Condition(
                f"{role} has no right but on schema agg", _ELSEWHERE, {"role": role, "rights": list(rights)}
            )
            for role, rights in _RIGHTS_OF.items()
        ),
        Condition("schema agg is open to the logins of figures alone", _OTHERS),
    ]
