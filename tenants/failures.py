"""Failed sign-ins, counted by keyed hashes; the part of the reception desk that slows guessing down."""

from __future__ import annotations

import secrets
import typing

if typing.TYPE_CHECKING:
    import datetime

MOST_FAILURES = 8_000


class Failures:
    """What ``tenants.door.Door`` may ask of ``platform.sign_in_failure``."""

    def _rows(self, statement: str, **values: object) -> list[typing.Any]:
        raise NotImplementedError

    def failures(self, key: bytes) -> tuple[int, datetime.datetime, datetime.datetime] | None:
        """How often a key failed, first and last time; ``None`` when it did not."""
        rows = self._rows(
            "SELECT count, first_at, last_at FROM platform.sign_in_failure WHERE key = :key",
            key=key,
        )
        return (rows[0]["count"], rows[0]["first_at"], rows[0]["last_at"]) if rows else None

    def failed(self, key: bytes, now: datetime.datetime, window: datetime.timedelta) -> int:
        """Count one failure; a window that has passed starts again. The table never outgrows its bound."""
        rows = self._rows(
            "INSERT INTO platform.sign_in_failure AS f (key, count, first_at, last_at) "
            "VALUES (:key, 1, :now, :now) ON CONFLICT (key) DO UPDATE SET "
            "count = CASE WHEN f.first_at < :old THEN 1 ELSE f.count + 1 END, "
            "first_at = CASE WHEN f.first_at < :old THEN :now ELSE f.first_at END, "
            "last_at = :now RETURNING count",
            key=key,
            now=now,
            old=now - window,
        )
        if secrets.randbelow(50) == 0:
            self._prune_failures()
        return int(rows[0]["count"])

    def _prune_failures(self) -> None:
        self._rows(
            "DELETE FROM platform.sign_in_failure WHERE key IN (SELECT key FROM "
            "platform.sign_in_failure ORDER BY count DESC, last_at DESC OFFSET :most)",
            most=MOST_FAILURES,
        )

    def forgive(self, key: bytes) -> None:
        """Forget a key's failures after a right sign-in."""
        self._rows("DELETE FROM platform.sign_in_failure WHERE key = :key", key=key)
