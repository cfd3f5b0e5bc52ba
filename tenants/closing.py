"""Closing a clinic for good, opening it again, and removing it.

Closing takes nothing away: the clinic reads for 30 days (rights I12), then nobody gets in, and its rows stay.
Removing needs a final archive made after the closing, the time to be over, and two operators (rights N12).
What may be done when is told by ``tenants.closing_rules``. Commands and orders of the console go one way.
"""

from __future__ import annotations

import contextlib
import datetime
import typing
import uuid

import psycopg
from psycopg import sql

from tenants.archives.contents import is_left_out
from tenants.archives.refusals import ArchiveRefused
from tenants.closing_rules import (
    KEEP_DAYS,
    N_,
    Closing,
    Reason,
    why_not_ask,
    why_not_call_off,
    why_not_close,
    why_not_confirm,
    why_not_reopen,
)
from tenants.naming import schema_of
from tenants.operators import operator, write_act
from tenants.pausing import moving_to
from tenants.placing import MAIN
from tenants.refusals import Refused
from tenants.turns import own_turn

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.cards import ClinicCard
    from tenants.connecting import Connection
    from tenants.extension import Tenants

LOCK_TIMEOUT = "10s"


class ClosingRefused(ArchiveRefused, Refused):
    """It may not be done now; nothing was changed. A command says it behind the clinic's code."""

    def __init__(self, code: str, reason: Reason) -> None:
        Refused.__init__(self, reason.text, **reason.told())
        self._said = f"clinic {code}: {reason}"

    def __str__(self) -> str:
        return self._said


_HELD = "SELECT FROM platform.clinic WHERE id = %s AND removed_at IS NULL FOR UPDATE"
_STANDING = """
SELECT c.state, g.closed_at, coalesce(g.keep_days, %(keep)s),
    (SELECT max(at) FROM platform.operator_act a WHERE a.clinic_id = c.id AND act = 'clinic.exported'),
    (SELECT asked_by FROM platform.removal r WHERE r.clinic_id = c.id AND r.ended_at IS NULL)
FROM platform.clinic c LEFT JOIN platform.closing g ON g.clinic_id = c.id WHERE c.id = %(id)s
"""

_CLOSE = """
UPDATE platform.clinic SET state = 'closed', suspended_at = now(), state_since = now(),
    suspended_from = coalesce(suspended_from, nullif(state, 'closed')) WHERE id = %s
"""

_TERM = """
INSERT INTO platform.closing AS g (clinic_id, closed_by, purpose, keep_days) VALUES (%s, %s, %s, %s)
ON CONFLICT (clinic_id) DO UPDATE SET closed_at = now(), closed_by = excluded.closed_by,
    purpose = excluded.purpose, keep_days = excluded.keep_days
"""
"""One that an older console had opened again without taking its term away is written over."""

_REOPEN = """
UPDATE platform.clinic SET state = coalesce(suspended_from, 'live'), suspended_at = NULL,
    suspended_from = NULL, state_since = now() WHERE id = %s RETURNING state
"""

_UNDER_WAY = (
    f"SELECT ({moving_to()}) IS NOT NULL OR left_cell IS NOT NULL "  # noqa: S608 - of our own words
    "FROM platform.clinic WHERE id = %s"
)
"""A copy of it would be left in another cell."""


class Closings:
    """Does what the rules allow; each step is one transaction with its act."""

    def __init__(
        self, tenants: Tenants, card: ClinicCard, who: str | None = None, within: Connection | None = None
    ) -> None:
        """``who`` is the operator's name; of a command that of the system's account.

        ``within`` is a transaction of the owner's in which the step is done, for a removal while it has its
        own turn; without it each step has its own.
        """
        self._tenants = tenants
        self._card = card
        self._who = who or operator()
        self._within = within

    def standing(self) -> Closing:
        """How far it has come."""
        with self._transaction() as connection:
            return _standing(connection, self._card)

    def close(self, purpose: str, keep_days: int = KEEP_DAYS) -> Closing:
        """From now on it takes no new work. Raises ``ClosingRefused``."""
        with self._transaction() as connection:
            self._hold(why_not_close(_standing(connection, self._card)))
            connection.execute(_CLOSE, (self._card.id,))
            connection.execute(_TERM, (self._card.id, self._who, purpose, keep_days))
            self._act(connection, "clinic.closed", f"{purpose} (rows stay {keep_days} days)")
            return _standing(connection, self._card)

    def reopen(self, reason: str = "") -> str:
        """It takes work again, as before it was closed; a removal that was asked is called off.

        Returns its standing. Raises ``ClosingRefused``.
        """
        with self._transaction() as connection:
            self._hold(why_not_reopen(_standing(connection, self._card)))
            connection.execute("DELETE FROM platform.closing WHERE clinic_id = %s", (self._card.id,))
            self._end(connection, done=False)
            row = connection.execute(_REOPEN, (self._card.id,)).fetchone()
            state = row[0] if row else ""
            self._act(connection, "clinic.resumed", f"closed > {state}" + (f": {reason}" if reason else ""))
            return str(state)

    def ask(self, purpose: str, now: datetime.datetime | None = None) -> None:
        """Ask for the removal; another operator has to confirm. Raises ``ClosingRefused``."""
        with self._transaction() as connection:
            self._hold(why_not_ask(_standing(connection, self._card), now or _now()))
            connection.execute(
                "INSERT INTO platform.removal (id, clinic_id, asked_by, purpose) VALUES (%s, %s, %s, %s)",
                (uuid.uuid4(), self._card.id, self._who, purpose),
            )
            self._act(connection, "clinic.removal_asked", purpose)

    def call_off(self) -> None:
        """Anybody of the operators may call a removal off. Raises ``ClosingRefused``."""
        with self._transaction() as connection:
            self._hold(why_not_call_off(_standing(connection, self._card)))
            self._end(connection, done=False)
            self._act(connection, "clinic.removal_dropped", "")

    def confirm(self, now: datetime.datetime | None = None) -> None:
        """Confirm and remove: schema, roles and keys go, the registry's row and the acts stay.

        Raises ``ClosingRefused``, ``Busy``.
        """
        with self._transaction(alone=True) as connection:
            self._hold(why_not_confirm(_standing(connection, self._card), self._who, now or _now()))
            under_way = connection.execute(_UNDER_WAY, (self._card.id,)).fetchone() != (False,)
            moves = Reason(N_("It is being moved to another cell; finish that first."))
            self._hold(moves if under_way else None)
            self._drop_where_it_lives(connection)
            for table in ("web_session", "closing"):
                statement = sql.SQL("DELETE FROM {} WHERE clinic_id = %s").format(
                    sql.Identifier("platform", table)
                )
                connection.execute(statement, (self._card.id,))
            connection.execute(
                "UPDATE platform.clinic SET removed_at = now() WHERE id = %s", (self._card.id,)
            )
            self._end(connection, done=True)
            self._act(connection, "clinic.removed", "")

    @contextlib.contextmanager
    def _transaction(self, *, alone: bool = False) -> Iterator[Connection]:
        """The transaction of one step; ``alone``: while no other command changes schemas."""
        if self._within is not None:
            yield self._within
            return
        with (
            self._tenants.logins.connect("owner", autocommit=True) as connection,
            own_turn(connection) if alone else contextlib.nullcontext(),
            connection.transaction(),
        ):
            yield connection

    def _drop_where_it_lives(self, registry: Connection) -> None:
        """In the main cell in the registry's transaction; in a further one before it, so again if killed."""
        if self._card.cell == MAIN:
            self._drop(registry)
            return
        with (
            self._tenants.logins.of(self._card.cell).connect("owner", autocommit=True) as there,
            there.transaction(),
        ):
            self._drop(there)

    def _drop(self, connection: Connection) -> None:
        connection.execute("DELETE FROM platform.clinic_revision WHERE clinic_id = %s", (self._card.id,))
        schema = schema_of(self._card.number)
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace(%s)",
            (schema,),
        ).fetchall()
        for name in (row[0] for row in tables if is_left_out(row[0])):
            query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(schema, name))
            if connection.execute(query).fetchone() != (False,):
                self._hold(Reason(N_("Table %(table)s has rows, which no archive holds."), {"table": name}))
        connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        connection.execute("SET LOCAL client_min_messages = warning")
        try:
            drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema))
            connection.execute(drop)
        except psycopg.errors.LockNotAvailable:
            self._hold(Reason(N_("Somebody still reads in it; try again.")))
        connection.execute("SELECT platform.drop_clinic_roles(%s)", (f"{self._card.number:04d}",))

    def _end(self, connection: Connection, *, done: bool) -> None:
        connection.execute(
            "UPDATE platform.removal SET ended_at = now(), ended_by = %s, done = %s "
            "WHERE clinic_id = %s AND ended_at IS NULL",
            (self._who, done, self._card.id),
        )

    def _act(self, connection: Connection, act: str, detail: str) -> None:
        write_act(connection, self._card.id, act, detail, self._who)

    def _hold(self, reason: Reason | None) -> None:
        if reason:
            raise ClosingRefused(self._card.code, reason)


def _standing(connection: Connection, card: ClinicCard) -> Closing:
    """As it is, held until the end of the transaction: two operators at once act one after the other."""
    held = connection.execute(_HELD, (card.id,)).fetchone()
    # Asked apart from holding it: a statement that had to wait for the other operator would not see his row.
    row = connection.execute(_STANDING, {"id": card.id, "keep": KEEP_DAYS}).fetchone()
    if held is None or row is None:
        raise ClosingRefused(card.code, Reason(N_("It is not in the registry any more.")))
    return Closing(*row)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
