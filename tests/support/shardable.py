"""What keeps a clinic's schema from being handed to Citus as it is (decision 0024, with the sources).

Two lints: of the live catalogue of a clinic, and of the text of DDL. Both answer in sentences.
"""

from __future__ import annotations

import dataclasses
import re
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.connecting import Connection

REFERENCE = "ref"
"""The schema whose tables become reference tables: a copy on every node."""


@dataclasses.dataclass(frozen=True)
class CatalogueRule:
    """``offenders`` selects one text for each thing in the clinic's schema that Citus refuses."""

    name: str
    offenders: str


CATALOGUE_RULES = (
    CatalogueRule(
        "a key points to another schema that is no reference table",
        """
        SELECT conname || ' to ' || confrelid::regclass FROM pg_constraint
        JOIN pg_class target ON target.oid = confrelid JOIN pg_class own ON own.oid = conrelid
        WHERE contype = 'f' AND own.relnamespace = %(clinic)s::regnamespace
        AND target.relnamespace NOT IN (%(clinic)s::regnamespace, %(reference)s::regnamespace)
        """,
    ),
    CatalogueRule(
        "a key of another schema points into the clinic",
        """
        SELECT conname || ' of ' || conrelid::regclass FROM pg_constraint
        JOIN pg_class target ON target.oid = confrelid JOIN pg_class own ON own.oid = conrelid
        WHERE contype = 'f' AND target.relnamespace = %(clinic)s::regnamespace
        AND own.relnamespace <> target.relnamespace
        """,
    ),
    CatalogueRule(
        "a table has no primary key",
        """
        SELECT relname::text FROM pg_class WHERE relnamespace = %(clinic)s::regnamespace
        AND relkind IN ('r', 'p')
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = pg_class.oid AND contype = 'p')
        """,
    ),
    CatalogueRule(
        "a view reads across the border of the clinic",
        """
        SELECT DISTINCT viewed.oid::regclass || ' reads ' || base.oid::regclass
        FROM pg_rewrite JOIN pg_class viewed ON viewed.oid = ev_class
        JOIN pg_depend ON objid = pg_rewrite.oid AND classid = 'pg_rewrite'::regclass
        AND refclassid = 'pg_class'::regclass JOIN pg_class base ON base.oid = refobjid
        WHERE viewed.relkind IN ('v', 'm') AND base.relnamespace <> viewed.relnamespace
        AND (viewed.relnamespace = %(clinic)s::regnamespace OR base.relnamespace = %(clinic)s::regnamespace)
        AND base.relnamespace NOT IN ('pg_catalog'::regnamespace, %(reference)s::regnamespace)
        """,
    ),
    CatalogueRule(
        "a table has a trigger",
        """
        SELECT tgname || ' on ' || relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE relnamespace IN (%(clinic)s::regnamespace, %(reference)s::regnamespace) AND NOT tgisinternal
        """,
    ),
    CatalogueRule(
        "a table has a rule",
        """
        SELECT rulename || ' on ' || relname FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
        WHERE relnamespace = %(clinic)s::regnamespace AND rulename <> '_RETURN'
        """,
    ),
    CatalogueRule(
        "a column is an identity",
        """
        SELECT relname || '.' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = %(clinic)s::regnamespace AND attidentity <> ''
        """,
    ),
    CatalogueRule(
        "a sequence is below bigint",
        """
        SELECT relname || ' as ' || format_type(seqtypid, NULL) FROM pg_sequence
        JOIN pg_class ON pg_class.oid = seqrelid
        WHERE relnamespace = %(clinic)s::regnamespace AND seqtypid <> 'bigint'::regtype
        """,
    ),
    CatalogueRule(
        "a column takes its default from a sequence and is below bigint",
        """
        SELECT relname || '.' || attname FROM pg_attrdef JOIN pg_class ON pg_class.oid = adrelid
        JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
        WHERE relnamespace = %(clinic)s::regnamespace AND pg_get_expr(adbin, adrelid) LIKE 'nextval(%%'
        AND atttypid <> 'bigint'::regtype
        """,
    ),
    CatalogueRule(
        "a table inherits, is inherited or is a partition",
        """
        SELECT inhrelid::regclass || ' of ' || inhparent::regclass FROM pg_inherits
        JOIN pg_class ON pg_class.oid IN (inhrelid, inhparent)
        WHERE relnamespace = %(clinic)s::regnamespace AND relkind IN ('r', 'p', 'f')
        """,
    ),
    CatalogueRule(
        "a table is foreign, or lives for a session only",
        """
        SELECT relname::text FROM pg_class WHERE relnamespace = %(clinic)s::regnamespace
        AND (relkind = 'f' OR relpersistence = 't')
        """,
    ),
    CatalogueRule(
        "an extension lives in the clinic",
        "SELECT extname::text FROM pg_extension WHERE extnamespace = %(clinic)s::regnamespace",
    ),
)


def of_catalogue(connection: Connection, schema: str) -> list[str]:
    """What Citus would refuse in this clinic's schema; empty when it can be distributed as it is."""
    names = {"clinic": schema, "reference": REFERENCE}
    return [
        f"{rule.name}: {text}"
        for rule in CATALOGUE_RULES
        for (text,) in connection.execute(rule.offenders.encode(), names)
    ]


@dataclasses.dataclass(frozen=True)
class TextRule:
    """A way of writing DDL. ``everywhere``: in the platform's as well, else in a clinic's only."""

    name: str
    pattern: re.Pattern[str]
    everywhere: bool = False


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.DOTALL)


TEXT_RULES = (
    TextRule("a temporary table", _pattern(r"\bCREATE\s+(LOCAL\s+)?TEMP(ORARY)?\b"), everywhere=True),
    TextRule("a rule", _pattern(r"\bCREATE\s+(OR\s+REPLACE\s+)?RULE\b"), everywhere=True),
    TextRule(
        "DDL over many clinics in one block",
        _pattern(r"\bDO\s+(LANGUAGE\s+\w+\s+)?(\$\w*\$|').*\bLOOP\b.*\bEXECUTE\b.*\b(ALTER|CREATE|DROP)\b"),
        everywhere=True,
    ),
    TextRule("a clinic by its number", _pattern(r"\bt_(?!0000\b|0000_)[0-9]{4}\b"), everywhere=True),
    TextRule("a trigger", _pattern(r"\bCREATE\s+(OR\s+REPLACE\s+)?(CONSTRAINT\s+)?TRIGGER\b")),
    TextRule("a view", _pattern(r"\bCREATE\s+(OR\s+REPLACE\s+)?(MATERIALIZED\s+)?(RECURSIVE\s+)?VIEW\b")),
    TextRule("an identity", _pattern(r"\bGENERATED\s+(ALWAYS|BY\s+DEFAULT)\s+AS\s+IDENTITY\b")),
    TextRule("a serial number", _pattern(r"\b(SMALL|BIG)?SERIAL[248]?\b")),
    TextRule("a sequence", _pattern(r"\bCREATE\s+SEQUENCE\b")),
    TextRule("inheritance or a partition", _pattern(r"\bINHERITS?\s*\(|\bPARTITION\s+(OF|BY)\b")),
    TextRule("a foreign table", _pattern(r"\bCREATE\s+FOREIGN\s+TABLE\b")),
    TextRule("another schema", _pattern(r"\b(platform|agg|jobs|public)\.\w")),
    TextRule("an index that must stand outside of transactions", _pattern(r"\bCONCURRENTLY\b")),
    TextRule("what only a superuser may do", _pattern(r"\bCREATE\s+(EXTENSION|ROLE|LANGUAGE)\b")),
)


def of_text(ddl: str, *, clinic: bool) -> list[str]:
    """What Citus would refuse, or this house forbids for its sake, in the text of DDL."""
    return list(_found(ddl, clinic=clinic))


def _found(ddl: str, *, clinic: bool) -> Iterator[str]:
    for rule in TEXT_RULES:
        found = rule.pattern.search(ddl) if clinic or rule.everywhere else None
        if found:
            yield f"{rule.name}: {' '.join(found.group().split())[:60]}"
