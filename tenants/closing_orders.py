"""What operators of the console order on a clinic's way from its closing to its removal.

Each kind is one step of ``tenants.closing.Closings``, done as the operator who ordered it; the final archive
is written into a folder of the house. What the console saw when it was ordered is asked again here.
"""

from __future__ import annotations

import typing

from tenants.archives.exporting import Export
from tenants.archives.refusals import ArchiveRefused, NoArchiveCode
from tenants.closing import Closings
from tenants.closing_rules import N_, why_not_archive
from tenants.refusals import Refused
from tenants.turns import own_turn

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tenants.cards import ClinicCard
    from tenants.house_orders import Kind, Task
    from tenants.settings import TenantSettings

CLOSE, REOPEN, ARCHIVE = "clinic.close", "clinic.reopen", "clinic.archive"
ASK, CALL_OFF, REMOVE = "clinic.removal_ask", "clinic.removal_call_off", "clinic.remove"

_GONE = N_("It is not in the registry any more.")
_NO_CODE = N_(
    "The institution has no archive code yet: its administrator makes one under Settings, and keeps it on "
    "paper."
)
_NOT_WRITTEN = N_("The archive was not written: %(why)s")


def folder_of(settings: TenantSettings) -> Path:
    """Where archives that were ordered are written: on the worker's machine, for the owner of its account."""
    return settings.data / "archives"


def _card(task: Task) -> ClinicCard:
    which = task.order.clinic_id
    card = task.tenants.door.clinic_with_id(which) if which else None
    if card is None:
        raise Refused(_GONE)
    return card


def _step(do: Callable[[Closings, Mapping[str, typing.Any]], object]) -> Kind:
    """A kind of order that is one step in one transaction."""

    def carry_out(task: Task) -> None:
        card = _card(task)
        with task.tenants.logins.connect("owner") as connection:
            do(Closings(task.tenants, card, task.order.operator, connection), task.order.arguments)
            task.done(connection)

    return carry_out


def _remove(task: Task) -> None:
    """Confirmed by another operator than the one who asked: schema, roles and keys go."""
    card = _card(task)
    with (
        task.tenants.logins.connect("owner", autocommit=True) as connection,
        own_turn(connection),
        connection.transaction(),
    ):
        Closings(task.tenants, card, task.order.operator, connection).confirm()
        task.done(connection, code=card.code)


def _archive(task: Task) -> None:
    """The final archive, sealed to the clinic's key and its administrator's code: no operator reads it.

    Done again after a kill it is the same file, written anew.
    """
    card, order = _card(task), task.order
    refusal = why_not_archive(Closings(task.tenants, card, order.operator).standing())
    if refusal:
        raise Refused(refusal.text, **refusal.told())
    folder = folder_of(task.tenants.settings)
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{card.code}-{order.ordered_at:%Y%m%d}-{order.id.hex[:8]}.archive"
    work = Export(task.tenants, card, order.arguments["reason"], order.operator)
    try:
        manifest = work.write(path, task.tell)
    except NoArchiveCode as error:
        raise Refused(_NO_CODE) from error
    except ArchiveRefused as error:
        raise Refused(_NOT_WRITTEN, why=error) from error
    task.finish(file=path.name, rows=sum(part.rows for part in manifest.tables))


KINDS: dict[str, Kind] = {
    CLOSE: _step(lambda closings, told: closings.close(told["reason"], told["keep_days"])),
    REOPEN: _step(lambda closings, told: closings.reopen(told["reason"])),
    ARCHIVE: _archive,
    ASK: _step(lambda closings, told: closings.ask(told["reason"])),
    CALL_OFF: _step(lambda closings, _: closings.call_off()),
    REMOVE: _remove,
}
