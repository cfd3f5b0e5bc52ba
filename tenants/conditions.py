"""Conditions that a server or database must meet: how to see it, and how to bring it about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]
Statement = sql.SQL | sql.Composed


@dataclass(frozen=True)
class Condition:
    """One thing that must hold.

    ``offenders`` selects one column of text, a row for each thing that is not as it must be; it
    reads only what every login may read, since ``shipa check`` asks as ``shipa_web``. ``remedy``
    runs once, ``each`` once per offender, whose text stands in place of ``{}``; offenders are
    then names as the catalogue quotes them.
    """

    text: str
    offenders: Statement
    parameters: Mapping[str, Any] = field(default_factory=dict)
    remedy: Sequence[Statement] = ()
    each: Sequence[str] = ()

    def missing(self, connection: Connection) -> list[str]:
        """What is not as it must be; empty when the condition holds."""
        return [row[0] for row in connection.execute(self.offenders, self.parameters)]

    def establish(self, connection: Connection) -> bool:
        """Bring the condition about; tell whether anything had to be done."""
        missing = self.missing(connection)
        if not missing:
            return False
        for statement in self.remedy:
            connection.execute(statement)
        for template in self.each:
            for name in missing:
                # Names come from the catalogue's own quoting (regprocedure, quote_ident).
                connection.execute(template.format(name).encode())
        left = self.missing(connection)
        if left:
            raise ConditionError(f"Could not bring about: {self.text}; left: {', '.join(left)}")
        return True


class ConditionError(Exception):
    """A remedy ran and the condition still does not hold."""


def unless(what: str, condition: str) -> sql.Composed:
    """A query with the row ``what`` unless the SQL ``condition`` holds."""
    # Both are literals of this package.
    query = "SELECT {} WHERE (" + condition + ") IS NOT TRUE"
    return sql.SQL(query).format(sql.Literal(what))
