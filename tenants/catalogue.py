"""What a schema holds, from the server's catalogues, as lines that can be compared."""

from __future__ import annotations

import re
import typing

from tenants.naming import TEMPLATE_NUMBER, checked_schema, schema_of

if typing.TYPE_CHECKING:
    from tenants.connecting import Connection

_PARTS = """
WITH relation AS (
    SELECT c.* FROM pg_class c WHERE c.relnamespace = %(schema)s::regnamespace
)
SELECT concat_ws(' ', 'schema right', grantee::regrole, privilege_type)
    FROM pg_namespace, aclexplode(nspacl) WHERE oid = %(schema)s::regnamespace
UNION ALL
SELECT concat_ws(' ', 'relation', relname, relkind, relpersistence, relowner::regrole,
    relrowsecurity, reloptions) FROM relation
UNION ALL
SELECT concat_ws(' ', 'column', relname, attname, format_type(atttypid, atttypmod),
    attnotnull, attidentity, attgenerated, pg_get_expr(adbin, adrelid))
    FROM relation JOIN pg_attribute ON attrelid = relation.oid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relkind IN ('r', 'p', 'v', 'm') AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT concat_ws(' ', 'constraint', conname, pg_get_constraintdef(pg_constraint.oid), relname)
    FROM pg_constraint JOIN relation ON relation.oid = conrelid WHERE contype <> 'n'
UNION ALL
SELECT concat_ws(' ', 'index', pg_get_indexdef(indexrelid), indisvalid)
    FROM relation JOIN pg_index ON indexrelid = relation.oid
UNION ALL
SELECT concat_ws(' ', 'right', relname, grantee::regrole, privilege_type)
    FROM relation, aclexplode(relacl)
UNION ALL
SELECT concat_ws(' ', 'column right', relname, attname, grantee::regrole, privilege_type)
    FROM relation JOIN pg_attribute ON attrelid = relation.oid, aclexplode(attacl)
UNION ALL
SELECT concat_ws(' ', 'comment', relname, attname, description)
    FROM relation JOIN pg_description
    ON objoid = relation.oid AND classoid = 'pg_class'::regclass
    LEFT JOIN pg_attribute ON attrelid = relation.oid AND attnum = objsubid AND objsubid > 0
UNION ALL
SELECT concat_ws(' ', 'trigger', relname, tgname)
    FROM relation JOIN pg_trigger ON tgrelid = relation.oid WHERE NOT tgisinternal
UNION ALL
SELECT concat_ws(' ', 'policy', relname, polname)
    FROM relation JOIN pg_policy ON polrelid = relation.oid
UNION ALL
SELECT concat_ws(' ', 'rule', relname, rulename)
    FROM relation JOIN pg_rewrite ON ev_class = relation.oid
UNION ALL
SELECT concat_ws(' ', 'function', oid::regprocedure, proowner::regrole) FROM pg_proc
    WHERE pronamespace = %(schema)s::regnamespace
UNION ALL
SELECT concat_ws(' ', 'type', typname)
    FROM pg_type LEFT JOIN pg_class c ON c.oid = typrelid
    WHERE typnamespace = %(schema)s::regnamespace AND typcategory <> 'A'
    AND coalesce(c.relkind, 'c') = 'c'
"""


def catalogue(connection: Connection, schema: str) -> frozenset[str]:
    """One line for each thing in a clinic's schema and each right on it, in the template's names.

    Two schemas with equal lines are equal in columns, types, defaults, constraints, indexes,
    comments, owners and rights, and hold nothing else. The order of columns does not count: a
    migration adds at the end what the script has in its place. The search path must not name the
    schema.
    """
    rows = connection.execute(_PARTS, {"schema": checked_schema(schema)})
    template = schema_of(TEMPLATE_NUMBER)
    return frozenset(re.sub(rf"\b{schema}(?=\b|_)", template, row[0]) for row in rows)
