"""One command at a time changes the clinics' schemas of a database."""

from __future__ import annotations

import contextlib
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.connecting import Connection

_LOCK = 0x5348_4950_4101
"""Any fixed number; these six bytes read SHIPA and 1."""


class Busy(RuntimeError):  # noqa: N818 - reads as the state it tells
    """Another command imports or migrates right now."""


@contextlib.contextmanager
def own_turn(connection: Connection) -> Iterator[None]:
    """Hold the database's one place for such commands; freed by the server if this process dies.

    Raises ``Busy`` at once when it is taken. The connection must be in autocommit.
    """
    taken = connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
    if taken is None or not taken[0]:
        message = "another `shipa` command is importing or migrating clinics; try again later"
        raise Busy(message)
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))
