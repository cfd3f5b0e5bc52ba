"""What operators order in the browser and only the owner's login may do: each order once, by a worker.

A web process inserts the row (``platform.operator_order`` asks for a live session) and queues the job. The
worker finds what the order's kind does in ``tenants.order_kinds``. What is done and the order's end are
written in one transaction (``Task.done``), so that a worker that is killed at any moment leaves both or
neither, and of two that do the same order one gives up what it did.
"""

from __future__ import annotations

import dataclasses
import json
import time
import typing

from psycopg.pq import TransactionStatus
from psycopg.types.json import Jsonb

from tenants.refusals import Refused

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Callable, Mapping

    from tenants.connecting import Connection
    from tenants.extension import Tenants

    LookUp = Callable[[], None]
    Kind = Callable[["Task"], None]

JOB = "house.order"
N_ = str
"""Marks a text for the catalogues."""

UNKNOWN = N_("This server does not know how to do that; it is of an older release.")
BROKE_OFF = N_("It broke off several times.")

_TELL_EVERY = 0.5
"""Seconds between two notes of how far an order is."""


class AlreadyEnded(Exception):  # noqa: N818 - reads as what happened
    """The order was ended meanwhile: whatever was done for it in this transaction is to be given up."""


@dataclasses.dataclass(frozen=True)
class HouseOrder:
    """One order as it was given."""

    id: uuid.UUID
    kind: str
    clinic_id: uuid.UUID | None
    arguments: Mapping[str, typing.Any]
    operator: str
    ordered_at: datetime.datetime
    steps: int = 0
    """How many steps of it are done already, of a kind that takes several."""


class Task:
    """One order at work. A kind ends it with ``done`` or ``finish``, or raises ``Refused``."""

    def __init__(self, tenants: Tenants, order: HouseOrder, connection: Connection, look_up: LookUp) -> None:
        self.tenants = tenants
        self.order = order
        self._connection = connection
        self._look_up = look_up
        self._told_at = 0.0

    @property
    def steps(self) -> int:
        """How many steps are done already, if a worker died in the middle."""
        return self.order.steps

    def step(self, connection: Connection, done: int, of: int) -> None:
        """In the owner's transaction of a step: begun again, the order finds it done."""
        _hold(connection)
        connection.execute(
            'UPDATE platform.house_order SET done = %s, "of" = %s WHERE id = %s', [done, of, self.order.id]
        )

    def look_up(self) -> None:
        """To be called between two pieces of long work. Raises ``Stopped`` when the worker is to end."""
        self._look_up()

    def tell(self, done: int, of: int) -> None:
        """How far it is, for whoever watches; looks up too. Not after ``step`` in its transaction."""
        self.look_up()
        now = time.monotonic()
        if done < of and now - self._told_at < _TELL_EVERY:
            return
        self._told_at = now
        self._connection.execute(
            'UPDATE platform.house_order SET done = %s, "of" = %s WHERE id = %s', [done, of, self.order.id]
        )

    def done(self, connection: Connection, **outcome: object) -> None:
        """The last statement of the owner's transaction in which the order is carried out.

        Raises ``AlreadyEnded`` when it was carried out meanwhile; the transaction is given up then.
        """
        _hold(connection)
        if not _end(connection, self.order.id, "done", outcome):
            raise AlreadyEnded

    def finish(self, **outcome: object) -> None:
        """The end of an order whose last step is no transaction of the owner's.

        Its kind must find by itself which steps are done, since it is begun again when the worker dies here.
        """
        with self._connection.transaction():
            self.done(self._connection, **outcome)


def as_json(arguments: Mapping[str, object]) -> Jsonb:
    """What is ordered, as the column takes it: ids as texts."""
    return Jsonb(arguments, dumps=lambda given: json.dumps(given, default=str))


def unfinished(tenants: Tenants) -> list[uuid.UUID]:
    """Orders that wait, the oldest first."""
    with tenants.logins.connect("owner", autocommit=True) as connection:
        rows = connection.execute(
            "SELECT id FROM platform.house_order WHERE state = 'waiting' ORDER BY ordered_at, id"
        )
        return [row[0] for row in rows]


def work(tenants: Tenants, order_id: uuid.UUID, look_up: LookUp) -> None:
    """Carry an order out, unless it is done already. Raises ``Stopped`` and ``Busy``: it goes on waiting."""
    from tenants.order_kinds import KINDS  # noqa: PLC0415 - the kinds are made of this module's pieces

    with tenants.logins.connect("owner", autocommit=True) as connection:
        order = _waiting(connection, order_id)
        if order is None:
            return
        try:
            KINDS.get(order.kind, _unknown)(Task(tenants, order, connection, look_up))
        except Refused as refusal:
            _end(connection, order_id, "refused", refusal.told())
        except AlreadyEnded:
            return
        if _waiting(connection, order_id) is not None:
            message = f"{order.kind} did not end its order"
            raise RuntimeError(message)


def give_up(tenants: Tenants, order_id: uuid.UUID) -> None:
    """It broke off again and again: say so. An operator can order it anew."""
    with tenants.logins.connect("owner", autocommit=True) as connection:
        _end(connection, order_id, "failed", Refused(BROKE_OFF).told())


def _unknown(_: Task) -> None:
    raise Refused(UNKNOWN)


def _hold(connection: Connection) -> None:
    if connection.autocommit and connection.info.transaction_status is TransactionStatus.IDLE:
        message = "an order ends in the transaction of what is done"
        raise RuntimeError(message)


def _waiting(connection: Connection, order_id: uuid.UUID) -> HouseOrder | None:
    row = connection.execute(
        "SELECT id, kind, clinic_id, arguments, operator, ordered_at, done FROM platform.house_order "
        "WHERE id = %s AND state = 'waiting'",
        [order_id],
    ).fetchone()
    return None if row is None else HouseOrder(*row)


def _end(connection: Connection, order_id: uuid.UUID, state: str, outcome: Mapping[str, object]) -> bool:
    """Write how it ended, unless it has ended; another who writes it at this moment is waited for."""
    written = connection.execute(
        "UPDATE platform.house_order SET state = %s, outcome = %s, ended_at = now() "
        "WHERE id = %s AND state = 'waiting'",
        [state, Jsonb(outcome), order_id],
    )
    return written.rowcount == 1
