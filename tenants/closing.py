"""Closing a clinic for good and removing it: what may be done when, and doing it.

Closing takes nothing away: the clinic reads for 30 days (rights I12), then nobody gets in, and its rows stay.
Removing needs a final archive made after the closing, the time to be over, and two operators (rights N12).
The rules are pure: the commands and the console ask the same ones. Each gives the reason why not; empty: yes.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing
import uuid

import psycopg
from psycopg import sql

from tenants.archives.contents import is_left_out
from tenants.archives.refusals import ArchiveRefused
from tenants.naming import schema_of
from tenants.operators import operator, write_act
from tenants.placing import MAIN
from tenants.turns import own_turn

if typing.TYPE_CHECKING:
    from tenants.cards import ClinicCard
    from tenants.connecting import Connection
    from tenants.extension import Tenants

KEEP_DAYS = 365
"""How long a closed clinic's rows stay at least, unless the closing says otherwise.

The records themselves are to be kept 15 years after the last visit (outpatients; 30 for inpatients): after
the removal the final archive and its code are what is kept.
"""

LEAST_KEEP_DAYS = 30
LOCK_TIMEOUT = "10s"


@dataclasses.dataclass(frozen=True)
class Closing:
    """How far the closing of a clinic has come; times are aware, empty where it has not happened."""

    state: str
    closed_at: datetime.datetime | None = None
    keep_days: int = KEEP_DAYS
    archived_at: datetime.datetime | None = None
    asked_by: str | None = None

    @property
    def kept_until(self) -> datetime.datetime | None:
        """Until when the rows stay whatever anybody asks."""
        return self.closed_at and self.closed_at + datetime.timedelta(days=self.keep_days)


def why_not_close(closing: Closing) -> str:
    """A clinic is closed once, from whatever state."""
    return "it is closed already" if closing.state == "closed" else ""


def why_not_ask(closing: Closing, now: datetime.datetime) -> str:
    """Removal may be asked of a closed clinic with a final archive, once its time is over."""
    if closing.asked_by:
        return f"its removal was asked already, by {closing.asked_by}"
    return _why_not_ready(closing, now)


def why_not_confirm(closing: Closing, who: str, now: datetime.datetime) -> str:
    """Another operator than the one who asked confirms, while everything still holds."""
    if not closing.asked_by:
        return "nobody asked for its removal"
    if closing.asked_by == who:
        return f"{who} asked for it; another operator must confirm"
    return _why_not_ready(closing, now)


def _why_not_ready(closing: Closing, now: datetime.datetime) -> str:
    until = closing.kept_until
    if closing.state != "closed" or closing.closed_at is None or until is None:
        return "it is not closed; `shipa clinics close` comes first"
    if closing.archived_at is None or closing.archived_at <= closing.closed_at:
        return "no archive was exported since it was closed; `shipa clinics export` comes first"
    if now < until:
        return f"its rows stay until {until:%Y-%m-%d %H:%M} UTC, {closing.keep_days} days after the closing"
    return ""


class ClosingRefused(ArchiveRefused):
    """It may not be done now; nothing was changed."""


_STANDING = """
SELECT c.state, g.closed_at, coalesce(g.keep_days, %(keep)s),
    (SELECT max(at) FROM platform.operator_act a WHERE a.clinic_id = c.id AND act = 'clinic.exported'),
    (SELECT asked_by FROM platform.removal r WHERE r.clinic_id = c.id AND r.ended_at IS NULL)
FROM platform.clinic c LEFT JOIN platform.closing g ON g.clinic_id = c.id
WHERE c.id = %(id)s FOR UPDATE OF c
"""

_UNDER_WAY = "SELECT moving_to IS NOT NULL OR left_cell IS NOT NULL FROM platform.clinic WHERE id = %s"
"""A copy of it would be left in another cell."""


class Closings:
    """Does what the rules allow; each step is one transaction with its act."""

    def __init__(self, tenants: Tenants, card: ClinicCard, who: str | None = None) -> None:
        """``who`` is the operator's name; of a command that of the system's account."""
        self._tenants = tenants
        self._card = card
        self._who = who or operator()

    def standing(self) -> Closing:
        """How far it has come."""
        with self._tenants.logins.connect("owner") as connection:
            return _standing(connection, self._card)

    def close(self, purpose: str, keep_days: int = KEEP_DAYS) -> Closing:
        """From now on it takes no new work. Raises ``ClosingRefused``."""
        with self._tenants.logins.connect("owner") as connection:
            self._hold(why_not_close(_standing(connection, self._card)))
            connection.execute(
                "UPDATE platform.clinic SET state = 'closed', suspended_at = now(), state_since = now(), "
                "suspended_from = coalesce(suspended_from, state) WHERE id = %s",
                (self._card.id,),
            )
            connection.execute(
                "INSERT INTO platform.closing (clinic_id, closed_by, purpose, keep_days) "
                "VALUES (%s, %s, %s, %s)",
                (self._card.id, self._who, purpose, keep_days),
            )
            self._act(connection, "clinic.closed", f"{purpose} (rows stay {keep_days} days)")
            return _standing(connection, self._card)

    def ask(self, purpose: str, now: datetime.datetime | None = None) -> None:
        """Ask for the removal; another operator has to confirm. Raises ``ClosingRefused``."""
        with self._tenants.logins.connect("owner") as connection:
            self._hold(why_not_ask(_standing(connection, self._card), now or _now()))
            connection.execute(
                "INSERT INTO platform.removal (id, clinic_id, asked_by, purpose) VALUES (%s, %s, %s, %s)",
                (uuid.uuid4(), self._card.id, self._who, purpose),
            )
            self._act(connection, "clinic.removal_asked", purpose)

    def call_off(self) -> None:
        """Anybody of the operators may call a removal off. Raises ``ClosingRefused``."""
        with self._tenants.logins.connect("owner") as connection:
            asked = _standing(connection, self._card).asked_by
            self._hold("" if asked else "nobody asked for its removal")
            self._end(connection, done=False)
            self._act(connection, "clinic.removal_dropped", "")

    def confirm(self, now: datetime.datetime | None = None) -> None:
        """Confirm and remove: schema, roles and keys go, the registry's row and the acts stay.

        Raises ``ClosingRefused``, ``Busy``.
        """
        with (
            self._tenants.logins.connect("owner", autocommit=True) as connection,
            own_turn(connection),
            connection.transaction(),
        ):
            self._hold(why_not_confirm(_standing(connection, self._card), self._who, now or _now()))
            under_way = connection.execute(_UNDER_WAY, (self._card.id,)).fetchone() != (False,)
            self._hold("it is being moved to another cell; finish that first" if under_way else "")
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
                self._hold(f"table {name} has rows, which no archive holds")
        connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        connection.execute("SET LOCAL client_min_messages = warning")
        try:
            drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema))
            connection.execute(drop)
        except psycopg.errors.LockNotAvailable:
            self._hold("somebody still reads in it; try again")
        connection.execute("SELECT platform.drop_clinic_roles(%s)", (f"{self._card.number:04d}",))

    def _end(self, connection: Connection, *, done: bool) -> None:
        connection.execute(
            "UPDATE platform.removal SET ended_at = now(), ended_by = %s, done = %s "
            "WHERE clinic_id = %s AND ended_at IS NULL",
            (self._who, done, self._card.id),
        )

    def _act(self, connection: Connection, act: str, detail: str) -> None:
        write_act(connection, self._card.id, act, detail, self._who)

    def _hold(self, reason: str) -> None:
        if reason:
            message = f"clinic {self._card.code}: {reason}"
            raise ClosingRefused(message)


def reopen(connection: Connection, clinic_id: uuid.UUID) -> None:
    """What a closing left is taken back, with a removal that was asked: the clinic takes work again."""
    connection.execute("DELETE FROM platform.closing WHERE clinic_id = %s", (clinic_id,))
    connection.execute(
        "UPDATE platform.removal SET ended_at = now(), ended_by = %s "
        "WHERE clinic_id = %s AND ended_at IS NULL",
        (operator(), clinic_id),
    )


def _standing(connection: Connection, card: ClinicCard) -> Closing:
    """As it is, held until the end of the transaction: two operators at once act one after the other."""
    row = connection.execute(_STANDING, {"id": card.id, "keep": KEEP_DAYS}).fetchone()
    if row is None:
        message = f"clinic {card.code} is not in the registry"
        raise ClosingRefused(message)
    return Closing(*row)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
