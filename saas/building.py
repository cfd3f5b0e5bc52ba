"""What the commands of the house may ask of the caretaker, so that they need not know him."""

from __future__ import annotations

import typing

import click

if typing.TYPE_CHECKING:
    import contextlib
    import datetime
    import pathlib
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from saas.web.door import ClinicCard
    from saas.web.jobs import Outbox


def chosen(building: Building, code: str | None) -> Sequence[ClinicCard]:
    """All clinics, or the one with this code; a command ends with words when there is none."""
    cards = building.clinics(code)
    if code and not cards:
        message = f"no clinic has the code {code}"
        raise click.ClickException(message)
    return cards


class Building(typing.Protocol):
    """All clinics, one after another. Meanings: ``tenants.extension.Tenants``."""

    @property
    def folder(self) -> pathlib.Path:
        """The folder of keys and seals."""

    def clinics(self, code: str | None = None) -> Sequence[ClinicCard]:
        """All clinics, or the one with this code."""

    def inside(self, card: typing.Any) -> contextlib.AbstractContextManager[Session]:  # noqa: ANN401
        """A session bound to one clinic, with the web's rights; commits when the block succeeds."""

    def outbox(self, card: typing.Any) -> Outbox:  # noqa: ANN401
        """Where figures of one clinic leave it."""

    def record_seal(self, at: datetime.datetime) -> None:
        """Note that all access logs were sealed."""

    def record_act(self, card: typing.Any, act: str, detail: str = "") -> None:  # noqa: ANN401
        """Write what the platform did to a clinic, for the clinic's staff to see."""
