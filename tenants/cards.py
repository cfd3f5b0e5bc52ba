"""What the door hands out: a clinic's card, a session's row, an operator's act."""

from __future__ import annotations

import dataclasses
import typing

from tenants import binding
from tenants.naming import schema_of
from tenants.placing import MAIN

if typing.TYPE_CHECKING:
    import datetime
    import uuid


@dataclasses.dataclass(frozen=True)
class ClinicCard:
    """What the door shows of a clinic: no more than stands on its own sign."""

    id: uuid.UUID
    number: int
    code: str
    kind: str
    name_zh: str
    name_ug: str
    county_zh: str
    prefecture_zh: str
    state: str
    suspended_at: datetime.datetime | None
    practice_of: uuid.UUID | None = None
    """The clinic beside which this one is for practice, with invented people."""
    cell: str = MAIN
    moving_to: str | None = None
    """The cell that the clinic is being copied to, its own one while it is restored from an archive;
    meanwhile nothing new is written in it."""

    @property
    def binding(self) -> binding.Binding:
        """Where this clinic's data is."""
        return binding.Binding(self.id, schema_of(self.number), self.cell)

    @property
    def restoring(self) -> bool:
        """True while the clinic is brought back from an archive."""
        return self.moving_to is not None and self.moving_to == self.cell

    @property
    def busy(self) -> str:
        """What is done with the clinic just now and leaves no room for anything else; else empty."""
        if self.restoring:
            return "is being restored from an archive"
        return f"is being moved to cell {self.moving_to}" if self.moving_to else ""


@dataclasses.dataclass(frozen=True)
class SessionRow:
    """One sign-in on one browser; the token itself is never stored."""

    token_hash: bytes
    id: uuid.UUID
    clinic_id: uuid.UUID
    staff_id: uuid.UUID
    csrf_secret: str
    stage: str
    data: dict[str, typing.Any]
    address: str
    browser: str
    created_at: datetime.datetime
    last_seen: datetime.datetime
    second_factor_at: datetime.datetime | None
    locked_at: datetime.datetime | None
    ended_at: datetime.datetime | None


@dataclasses.dataclass(frozen=True)
class OperatorAct:
    """What someone of the platform did to the clinic."""

    id: uuid.UUID
    act: str
    operator: str
    detail: str
    at: datetime.datetime


@dataclasses.dataclass(frozen=True)
class Invitation:
    """The printed invitation of a clinic's first administrator; the code itself is never stored."""

    code_hash: str
    username: str
