"""What the pipeline gets from the floors above: who a member of staff is, what she may, the log's writer."""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Callable, Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from saas.db import Message
    from saas.web import log
    from saas.web.models import ClinicSetting


class StaffMember(typing.Protocol):
    """The signed-in person, as far as every page needs her."""

    id: typing.Any
    username: typing.Any
    name: typing.Any
    name_other: typing.Any
    roles: typing.Any
    site_ids: typing.Any
    language: typing.Any
    disabled_at: typing.Any


class WriteLog(typing.Protocol):
    """Appends to the clinic's access log, last before the commit."""

    def __call__(  # noqa: PLR0913 - one row
        self,
        session: Session,
        *,
        key: bytes,
        staff_id: uuid.UUID | None,
        staff_name: str,
        status: int,
        entries: Sequence[log.Entry],
        at: datetime.datetime,
        commit: bool = False,
    ) -> None:
        """Chain one row per entry; with ``commit``, end the transaction in the same message."""


class Load(typing.Protocol):
    """Reads the clinic's settings and the person of a session."""

    def __call__(self, staff_id: uuid.UUID, *after: Message) -> tuple[ClinicSetting, StaffMember | None]:
        """In one round trip with what is sent after it."""


@dataclasses.dataclass(frozen=True)
class Parts:
    """What ``create_app`` hands to the pipeline from the floors above."""

    load: Load
    speak: Callable[[str], None]
    """Keeps the language of the signed-in person."""
    may: Callable[[Sequence[str], str], bool]
    write_log: WriteLog
    meets: Callable[[uuid.UUID], ResponseReturnValue | None]
    """Asked for every route whose address names a resident: the page that is shown in its place."""
