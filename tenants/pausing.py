"""The pause of a clinic that is brought back from an archive: it is read, and nothing is saved in it.

The registry says so (``moving_to`` names the cell in which the clinic is), so that no page asks more than
it does anyway. It is true only while the command lives: that one holds a lock, which the server frees
when it dies, and a row that a killed restore left says nothing any more.
"""

from __future__ import annotations

import contextlib
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.cards import ClinicCard
    from tenants.connecting import Connection

_LOCKS = 0x5348_4950
"""Any fixed number; these four bytes read SHIP. The clinic's number is the lock's second half."""


def moving_to(row: str = "clinic") -> str:
    """SQL: where a clinic is on its way to, by its row in the registry or at the door.

    Its own cell stands for a restore. The lock is asked for only there, and shared, so that those who
    ask do not get into each other's way.
    """
    # All of it is ours: the names of the columns and a number.
    return (
        f"CASE WHEN {row}.moving_to = {row}.cell "
        f"AND pg_try_advisory_xact_lock_shared({_LOCKS}, {row}.number) THEN NULL ELSE {row}.moving_to END"
    )


@contextlib.contextmanager
def paused(registry: Connection, card: ClinicCard) -> Iterator[None]:
    """Until the end of the block the clinic's pages read, and what is saved comes back with its text.

    The connection is the owner's to the main cell, in autocommit and outside a transaction.
    """
    registry.execute("SELECT pg_advisory_lock(%s, %s)", (_LOCKS, card.number))
    try:
        registry.execute("UPDATE platform.clinic SET moving_to = cell WHERE id = %s", (card.id,))
        yield
    finally:
        if not registry.closed:
            registry.execute(
                "UPDATE platform.clinic SET moving_to = NULL WHERE id = %s AND moving_to = cell", (card.id,)
            )
            registry.execute("SELECT pg_advisory_unlock(%s, %s)", (_LOCKS, card.number))
