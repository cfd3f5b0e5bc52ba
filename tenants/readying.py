"""Making sure that there is a platform to work on: roles, schemas, key, the platform's tables."""

from __future__ import annotations

import contextlib
import typing

import psycopg

from tenants.initialising import initialise, open_gate_with_key
from tenants.keys import MasterKeyError, create_master_key, read_master_key
from tenants.migrating import platform_pending, upgrade_platform
from tenants.placing import MAIN

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tenants.connecting import Connection, Logins
    from tenants.extension import Tenants

_BLOCK = 64
"""Bytes of a block of SHA-256; the two halves of an HMAC's key are padded to it (RFC 2104)."""


class NotReady(LookupError):  # noqa: N818 - reads as the state it tells
    """One's own database has no platform yet, or an older one; the message says what to run."""


def make_ready(tenants: Tenants) -> list[str]:
    """Make or check all that the first clinic needs; returns what was changed, in words.

    Safe to repeat. A master key is made only while there is no clinic: a new one would open none
    of the old clinics' keys. Raises ``InitialisingError``, ``MasterKeyError``, ``psycopg.Error``.
    """
    changes = []
    for cell in tenants.logins.cells:
        changes += named(cell, initialise(tenants.logins.of(cell)))
    changes += [f"platform revision {name}" for name in upgrade_platforms(tenants.logins)]
    path = tenants.settings.master_key_file
    if not path.exists():
        with tenants.logins.connect("owner") as connection:
            row = connection.execute("SELECT EXISTS (SELECT FROM platform.clinic)").fetchone()
        if row and not row[0] and create_master_key(path):
            changes.append(f"master key {path} (back it up apart from the database)")
    read_master_key(path)
    for cell in tenants.logins.cells:
        changes += named(cell, open_gate_with_key(tenants.logins.of(cell)))
        changes += named(cell, give_cell_key(tenants.logins, cell))
    return changes


def named(cell: str, findings: Iterable[str]) -> list[str]:
    """What was found or done in a cell, with its name before it unless it is the main one."""
    return [finding if cell == MAIN else f"cell {cell}: {finding}" for finding in findings]


def upgrade_platforms(logins: Logins, *, reached: bool = False) -> list[str]:
    """Bring schema ``platform`` of every cell to the head; returns the revisions that were applied.

    Each cell also gets the key of the house's cells, unless there is no master key yet. ``reached``: leave
    out further cells that cannot be reached.
    """
    applied = []
    for cell in logins.cells:
        try:
            applied += named(cell, upgrade_platform(logins.of(cell)))
            with contextlib.suppress(MasterKeyError):
                give_cell_key(logins, cell)
        except psycopg.OperationalError:
            if cell == MAIN or not reached:
                raise
    return applied


def give_cell_key(logins: Logins, cell: str) -> list[str]:
    """Keep in a cell what its words are sealed with; in a house of one cell there is nobody to tell anything.

    Returns what was changed, in words. Raises ``MasterKeyError``, ``psycopg.Error``.
    """
    if len(logins.cells) == 1:
        return []
    block = logins.cell_key().ljust(_BLOCK, b"\0")
    halves = {
        "inside": bytes(byte ^ 0x36 for byte in block),
        "outside": bytes(byte ^ 0x5C for byte in block),
    }
    with logins.of(cell).connect("owner") as connection:
        done = connection.execute(
            "INSERT INTO platform.cell_key AS k (inside, outside) VALUES (%(inside)s, %(outside)s) "
            "ON CONFLICT (one) DO UPDATE SET inside = excluded.inside, outside = excluded.outside "
            "WHERE (k.inside, k.outside) <> (excluded.inside, excluded.outside)",
            halves,
        )
    return ["key of the cells"] if done.rowcount else []


def ready(tenants: Tenants) -> list[str]:
    """As ``make_ready`` on the embedded server; on one's own, check only. Raises ``NotReady``."""
    if tenants.settings.embedded:
        return make_ready(tenants)
    with tenants.logins.connect("owner", autocommit=True) as connection:
        _check(connection)
    read_master_key(tenants.settings.master_key_file)
    return []


@contextlib.contextmanager
def dry_standing(tenants: Tenants) -> Iterator[Connection | None]:
    """A connection that can only read, or ``None`` when the embedded platform is not made yet."""
    if tenants.settings.embedded and not tenants.logins.server().status().made:
        yield None
        return
    try:
        connection = tenants.logins.connect("owner", autocommit=True)
    except psycopg.OperationalError:
        # The embedded server runs, so this is a database or a login that is not made yet.
        if not tenants.settings.embedded:
            raise
        yield None
        return
    with connection:
        connection.execute("SET default_transaction_read_only = on")
        made = _is_made(connection)
        if not made and not tenants.settings.embedded:
            raise NotReady(_RUN_INIT)
        yield connection if made else None


_RUN_INIT = "this database has no platform yet; run `shipa init` first"


def _is_made(connection: Connection) -> bool:
    row = connection.execute("SELECT to_regclass('platform.clinic') IS NOT NULL").fetchone()
    return bool(row and row[0])


def _check(connection: Connection) -> None:
    if not _is_made(connection):
        raise NotReady(_RUN_INIT)
    if platform_pending(connection):
        message = "the platform's tables are of an older release; run `shipa migrate` first"
        raise NotReady(message)
