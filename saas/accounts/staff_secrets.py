"""What proves who somebody is: read and written here alone, as the role that may."""

from __future__ import annotations

import contextlib
import dataclasses
import typing
import uuid

import sqlalchemy as sa

from saas.accounts.models import StaffSecret
from saas.db import session
from saas.web.door import door

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

NOBODY = uuid.UUID(int=0)
"""Asked for when the user name is unknown, so that the same queries run."""

_TABLE = typing.cast("sa.Table", StaffSecret.__table__)


@dataclasses.dataclass(frozen=True, repr=False)
class Secret:
    """One person's row; never shown, logged or kept beyond the request."""

    staff_id: uuid.UUID
    password_hash: str
    password_is_temporary: bool
    password_set_at: datetime.datetime
    temporary_until: datetime.datetime | None
    totp_key: bytes | None
    totp_confirmed_at: datetime.datetime | None
    totp_last_step: int | None
    recovery_hashes: list[str]
    sheet_hash: str | None
    sheet_printed_at: datetime.datetime | None

    @property
    def has_second_factor(self) -> bool:
        """Whether a second factor was set up and proved once."""
        return self.totp_key is not None and self.totp_confirmed_at is not None

    @property
    def has_sheet(self) -> bool:
        """Whether a recovery sheet that still works was printed."""
        return self.sheet_hash is not None and self.sheet_printed_at is not None

    @property
    def codes_left(self) -> int:
        """How many recovery codes have not been used."""
        return sum(1 for code_hash in self.recovery_hashes if code_hash)

    def has_run_out(self, now: datetime.datetime) -> bool:
        """Whether a temporary password is past its hours."""
        return self.password_is_temporary and self.temporary_until is not None and now >= self.temporary_until


@contextlib.contextmanager
def _as_gate() -> Iterator[None]:
    with door().gate_role(session):
        yield


def find(staff_id: uuid.UUID) -> Secret | None:
    """The secrets of one person."""
    with _as_gate():
        row = session.execute(sa.select(_TABLE).where(_TABLE.c.staff_id == staff_id)).mappings()
        found = row.one_or_none()
    return None if found is None else Secret(**found)


def add(
    staff_id: uuid.UUID,
    password_hash: str,
    now: datetime.datetime,
    *,
    temporary_until: datetime.datetime | None = None,
    temporary: bool = True,
) -> None:
    """The first password of a new person; temporary unless said otherwise."""
    with _as_gate():
        session.execute(
            sa.insert(_TABLE).values(
                staff_id=staff_id,
                password_hash=password_hash,
                password_is_temporary=temporary,
                password_set_at=now,
                temporary_until=temporary_until,
                recovery_hashes=[],
            )
        )


def change(staff_id: uuid.UUID, **values: object) -> None:
    """Set columns of one person's row."""
    with _as_gate():
        session.execute(sa.update(_TABLE).where(_TABLE.c.staff_id == staff_id).values(**values))


def use_step(staff_id: uuid.UUID, step: int) -> bool:
    """Take a step of the second factor for good; False when it, or a later one, was taken before.

    One statement decides, so that the same code sent twice at once opens one door.
    """
    last = _TABLE.c.totp_last_step
    return _took(
        sa.update(_TABLE)
        .where(_TABLE.c.staff_id == staff_id, sa.or_(last.is_(None), last < step))
        .values(totp_last_step=step)
    )


def use_recovery(secret: Secret, place: int) -> bool:
    """Strike out one recovery code; False when it was struck out meanwhile."""
    left = ["" if index == place else code_hash for index, code_hash in enumerate(secret.recovery_hashes)]
    hashes = _TABLE.c.recovery_hashes
    return _took(
        sa.update(_TABLE)
        .where(_TABLE.c.staff_id == secret.staff_id, hashes == secret.recovery_hashes)
        .values(recovery_hashes=left)
    )


def use_sheet(secret: Secret) -> bool:
    """Use up a recovery sheet and drop the second factor; False when it was used meanwhile."""
    return _took(
        sa.update(_TABLE)
        .where(_TABLE.c.staff_id == secret.staff_id, _TABLE.c.sheet_hash == secret.sheet_hash)
        .values(sheet_hash=None, sheet_printed_at=None, **NO_SECOND_FACTOR)
    )


NO_SECOND_FACTOR: dict[str, typing.Any] = {
    "totp_key": None,
    "totp_confirmed_at": None,
    "totp_last_step": None,
    "recovery_hashes": [],
}
"""The columns of a second factor that is set up no more."""


def _took(statement: sa.Update) -> bool:
    with _as_gate():
        result = session.execute(statement)
        return typing.cast("sa.CursorResult[typing.Any]", result).rowcount == 1
