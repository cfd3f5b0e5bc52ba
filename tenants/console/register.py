"""The operators' register: who they are, their sessions, their failed tries."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import secrets
import typing
import uuid

if typing.TYPE_CHECKING:
    from tenants.console.desk import Desk, Row
    from tenants.console.shell import Shell

SECOND_FACTOR = "second_factor"
NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a page
ENROL = "enrol"
FULL = "full"

ONBOARDING, VIEWER = "onboarding", "viewer"

IDLE_END = datetime.timedelta(minutes=15)
ABSOLUTE_END = datetime.timedelta(hours=10)
SEEN_EVERY = datetime.timedelta(minutes=1)
FORGOTTEN_AFTER = datetime.timedelta(hours=1)
KEEP_ENDED = datetime.timedelta(hours=24)
MOST_FAILURES = 1_000

_NO_CLINIC = uuid.UUID(int=0)


def token_hash(token: str) -> bytes:
    """SHA-256 of the cookie's token: what the database may know of it."""
    return hashlib.sha256(token.encode()).digest()


@dataclasses.dataclass(frozen=True)
class Session:
    """One sign-in of an operator on one browser."""

    token_hash: bytes
    id: uuid.UUID
    operator_id: uuid.UUID
    name: str
    role: str
    disabled: bool
    csrf_secret: str
    stage: str
    data: dict[str, typing.Any]
    created_at: datetime.datetime
    last_seen: datetime.datetime
    ended_at: datetime.datetime | None

    def has_ended(self, now: datetime.datetime) -> bool:
        """Ended, disabled, 15 minutes without a request, or 10 hours old.

        One that was last seen in the future is over too: the clock was set back since.
        """
        over = abs(now - self.last_seen) >= IDLE_END or now - self.created_at >= ABSOLUTE_END
        return over or self.disabled or self.ended_at is not None


def next_stage(operator: Row, after: str | None) -> str:
    """What follows ``after`` (``None``: the password was right just now); the second factor comes first."""
    if operator["totp_key"] is not None and after is None:
        return SECOND_FACTOR
    if operator["password_is_temporary"]:
        return NEW_PASSWORD
    return ENROL if operator["totp_key"] is None else FULL


class Register:
    """Reads and writes the operators' own tables."""

    def __init__(self, desk: Desk, shell: Shell, secret: typing.Callable[[], bytes]) -> None:
        self._desk = desk
        self._shell = shell
        self._secret = secret

    def by_name(self, name: str) -> Row | None:
        """An operator with what proves her."""
        return self._desk.one(
            "SELECT o.id, o.name, o.role, o.disabled_at, s.password_hash, s.password_is_temporary, "
            "s.totp_key, s.totp_last_step FROM platform.operator o "
            "JOIN platform.operator_secret s ON s.operator_id = o.id WHERE o.name = lower(%(name)s)",
            name=name,
        )

    def set_password(self, operator_id: uuid.UUID, password: str) -> None:
        """Her own choice; every other session of hers is over."""
        self._desk.rows(
            "UPDATE platform.operator_secret SET password_hash = %(hash)s, password_is_temporary = false, "
            "password_set_at = now() WHERE operator_id = %(id)s",
            hash=self._shell.hash_password(password),
            id=operator_id,
        )

    def set_factor(self, operator_id: uuid.UUID, sealed: bytes, step: int) -> None:
        """The second factor that she proved just now."""
        self._desk.rows(
            "UPDATE platform.operator_secret SET totp_key = %(key)s, totp_last_step = %(step)s "
            "WHERE operator_id = %(id)s",
            key=sealed,
            step=step,
            id=operator_id,
        )

    def use_step(self, operator_id: uuid.UUID, step: int) -> bool:
        """Take a step for good; False when it, or a later one, was taken before."""
        return bool(
            self._desk.rows(
                "UPDATE platform.operator_secret SET totp_last_step = %(step)s WHERE operator_id = %(id)s "
                "AND (totp_last_step IS NULL OR totp_last_step < %(step)s) RETURNING operator_id",
                step=step,
                id=operator_id,
            )
        )

    # sessions

    def open(self, token: str) -> Session | None:
        """The session of a cookie's token, ended or not."""
        row = self._desk.one(
            "SELECT s.token_hash, s.id, s.operator_id, o.name, o.role, "
            "o.disabled_at IS NOT NULL AS disabled, s.csrf_secret, s.stage, s.data, s.created_at, "
            "s.last_seen, s.ended_at FROM platform.operator_session s "
            "JOIN platform.operator o ON o.id = s.operator_id WHERE s.token_hash = %(hash)s",
            hash=token_hash(token),
        )
        return None if row is None else Session(**row)

    def start(self, operator_id: uuid.UUID, stage: str, address: str) -> str:
        """A new session; returns the token for the cookie. Rows long ended are swept away."""
        token, now = secrets.token_urlsafe(32), self._shell.now()
        self._desk.rows(
            "DELETE FROM platform.operator_session WHERE last_seen < %(old)s", old=now - KEEP_ENDED
        )
        self._desk.rows(
            "INSERT INTO platform.operator_session (token_hash, id, operator_id, csrf_secret, stage, "
            "address, created_at, last_seen) VALUES (%(hash)s, %(id)s, %(operator)s, %(csrf)s, %(stage)s, "
            "%(address)s, %(now)s, %(now)s)",
            hash=token_hash(token),
            id=uuid.uuid4(),
            operator=operator_id,
            csrf=secrets.token_urlsafe(32),
            stage=stage,
            address=address,
            now=now,
        )
        return token

    def renew(self, row: Session, stage: str) -> str:
        """A new token for a session whose standing changes."""
        token = secrets.token_urlsafe(32)
        self._desk.rows(
            "UPDATE platform.operator_session SET token_hash = %(hash)s, stage = %(stage)s, "
            "last_seen = %(now)s WHERE id = %(id)s AND ended_at IS NULL",
            hash=token_hash(token),
            stage=stage,
            now=self._shell.now(),
            id=row.id,
        )
        return token

    def seen(self, row: Session) -> None:
        """Note that the session is in use; at most once a minute."""
        now = self._shell.now()
        if now - row.last_seen >= SEEN_EVERY:
            self._desk.rows(
                "UPDATE platform.operator_session SET last_seen = %(now)s WHERE id = %(id)s",
                now=now,
                id=row.id,
            )

    def keep(self, row: Session, data: dict[str, typing.Any]) -> None:
        """Store what the next page shows."""
        self._desk.rows(
            "UPDATE platform.operator_session SET data = %(data)s::jsonb WHERE id = %(id)s",
            data=json.dumps(data),
            id=row.id,
        )

    def end(self, row: Session) -> None:
        """End one session at once."""
        self._desk.rows(
            "UPDATE platform.operator_session SET ended_at = %(now)s WHERE ended_at IS NULL AND id = %(id)s",
            now=self._shell.now(),
            id=row.id,
        )

    def end_others(self, row: Session) -> None:
        """End every other session of this operator."""
        self._desk.rows(
            "UPDATE platform.operator_session SET ended_at = %(now)s WHERE ended_at IS NULL "
            "AND operator_id = %(operator)s AND id <> %(id)s",
            now=self._shell.now(),
            id=row.id,
            operator=row.operator_id,
        )

    # failed tries

    def wait(self, name: str, address: str) -> int:
        """Seconds until a try for this name from this address is looked at."""
        slow, now = self._shell.slow_down, self._shell.now()
        delays = (slow.account_delay, slow.address_delay)
        return max(
            self._left(key, delay, now) for key, delay in zip(self._keys(name, address), delays, strict=True)
        )

    def _left(self, key: bytes, delay: typing.Callable[[int], int], now: datetime.datetime) -> int:
        row = self._desk.one(
            "SELECT count, last_at FROM platform.operator_failure WHERE key = %(key)s", key=key
        )
        if row is None or now - row["last_at"] >= FORGOTTEN_AFTER:
            return 0
        # As `saas.accounts.slow_down`: a failure of the future is one of before the clock was set back.
        wait = delay(row["count"])
        left = wait + (row["last_at"] - now).total_seconds()
        return 0 if left > 2 * wait else max(0, -int(-left // 1))

    def failed(self, name: str, address: str) -> None:
        """Count a wrong password or code; the table never outgrows its bound."""
        now = self._shell.now()
        for key in self._keys(name, address):
            self._desk.rows(
                "INSERT INTO platform.operator_failure AS f (key, count, first_at, last_at) "
                "VALUES (%(key)s, 1, %(now)s, %(now)s) ON CONFLICT (key) DO UPDATE SET "
                "count = CASE WHEN f.first_at < %(old)s THEN 1 ELSE f.count + 1 END, "
                "first_at = CASE WHEN f.first_at < %(old)s THEN %(now)s ELSE f.first_at END, "
                "last_at = %(now)s",
                key=key,
                now=now,
                old=now - FORGOTTEN_AFTER,
            )
        self._desk.rows(
            "DELETE FROM platform.operator_failure WHERE key IN (SELECT key FROM platform.operator_failure "
            "ORDER BY count DESC, last_at DESC OFFSET %(most)s)",
            most=MOST_FAILURES,
        )

    def forgive(self, name: str) -> None:
        """Forget the account's failures after a whole sign-in."""
        key = self._keys(name, "")[0]
        self._desk.rows("DELETE FROM platform.operator_failure WHERE key = %(key)s", key=key)

    def _keys(self, name: str, address: str) -> tuple[bytes, bytes]:
        slow, secret = self._shell.slow_down, self._secret()
        return slow.account_key(secret, _NO_CLINIC, name), slow.address_key(secret, address)
