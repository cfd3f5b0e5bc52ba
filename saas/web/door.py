"""What the application may ask at the reception: sessions, failed sign-ins, the clinics' public cards."""

from __future__ import annotations

import typing

from flask import current_app

if typing.TYPE_CHECKING:
    import contextlib
    import datetime
    import uuid

    from sqlalchemy.orm import Session


class ClinicCard(typing.Protocol):
    """What stands on a clinic's sign."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name_zh(self) -> str: ...
    @property
    def name_ug(self) -> str: ...
    @property
    def county_zh(self) -> str: ...
    @property
    def prefecture_zh(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def suspended_at(self) -> datetime.datetime | None: ...
    @property
    def practice_of(self) -> uuid.UUID | None: ...
    @property
    def moving_to(self) -> str | None: ...
    @property
    def restoring(self) -> bool: ...


class SessionRow(typing.Protocol):
    """One sign-in on one browser."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def staff_id(self) -> uuid.UUID: ...
    @property
    def csrf_secret(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def data(self) -> dict[str, typing.Any]: ...
    @property
    def address(self) -> str: ...
    @property
    def browser(self) -> str: ...
    @property
    def created_at(self) -> datetime.datetime: ...
    @property
    def last_seen(self) -> datetime.datetime: ...
    @property
    def second_factor_at(self) -> datetime.datetime | None: ...
    @property
    def locked_at(self) -> datetime.datetime | None: ...
    @property
    def ended_at(self) -> datetime.datetime | None: ...


class OperatorAct(typing.Protocol):
    """What someone of the platform did to the clinic."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def act(self) -> str: ...
    @property
    def operator(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def at(self) -> datetime.datetime: ...


class Invitation(typing.Protocol):
    """The printed invitation of a clinic's first administrator."""

    @property
    def code_hash(self) -> str: ...
    @property
    def username(self) -> str: ...


class Door(typing.Protocol):
    """The reception desk; ``create_app`` hands over the real one. Meanings: ``tenants.door.Door``."""

    def find_clinics(self, text: str, limit: int = 10) -> typing.Sequence[ClinicCard]: ...
    def clinic(self, code: str) -> ClinicCard | None: ...
    def led_to(self, code: str) -> typing.Sequence[ClinicCard]: ...
    def bind(self, card: typing.Any) -> None: ...  # noqa: ANN401 - the card it gave itself
    def gate_role(self, session: Session) -> contextlib.AbstractContextManager[None]: ...
    def rename_clinic(self, token: str, name_zh: str, name_ug: str) -> None: ...
    def operator_acts(
        self,
        card: typing.Any,  # noqa: ANN401
        since: datetime.datetime,
    ) -> typing.Sequence[OperatorAct]: ...
    def open(self, token: str) -> tuple[SessionRow, ClinicCard] | None: ...
    def start(  # noqa: PLR0913
        self,
        card: typing.Any,  # noqa: ANN401
        staff_id: uuid.UUID,
        *,
        stage: str,
        address: str,
        browser: str,
        now: datetime.datetime,
    ) -> str: ...
    def renew(
        self,
        row: typing.Any,  # noqa: ANN401
        *,
        stage: str,
        now: datetime.datetime,
        second_factor: bool = False,
    ) -> str: ...
    def seen(self, row: typing.Any, now: datetime.datetime) -> None: ...  # noqa: ANN401
    def keep(self, row: typing.Any, data: dict[str, typing.Any]) -> None: ...  # noqa: ANN401
    def lock(self, row: typing.Any, now: datetime.datetime) -> None: ...  # noqa: ANN401
    def end(self, session_id: uuid.UUID, now: datetime.datetime) -> None: ...
    def end_all(
        self,
        card: typing.Any,  # noqa: ANN401
        staff_id: uuid.UUID,
        now: datetime.datetime,
        *,
        keep: uuid.UUID | None = None,
    ) -> None: ...
    def sessions_of(
        self,
        card: typing.Any,  # noqa: ANN401
        staff_id: uuid.UUID,
    ) -> typing.Sequence[SessionRow]: ...
    def failures(self, key: bytes) -> tuple[int, datetime.datetime, datetime.datetime] | None: ...
    def failed(self, key: bytes, now: datetime.datetime, window: datetime.timedelta) -> int: ...
    def forgive(self, key: bytes) -> None: ...
    def count_sign_in(self, card: typing.Any, day: datetime.date) -> None: ...  # noqa: ANN401
    def count_failed_save(
        self,
        card: typing.Any,  # noqa: ANN401
        day: datetime.date,
        *,
        conflict: bool,
    ) -> None: ...
    def invitation(
        self,
        card: typing.Any,  # noqa: ANN401
        now: datetime.datetime,
    ) -> Invitation | None: ...
    def use_invitation(self, card: typing.Any, code_hash: str) -> bool: ...  # noqa: ANN401


def door() -> Door:
    """The reception of this application."""
    return typing.cast("Door", current_app.extensions["door"])
