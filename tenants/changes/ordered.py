"""Changes of institutions as orders to the house: each is one transaction with the end of its order."""

from __future__ import annotations

import functools
import typing
import uuid

from tenants.changes import running
from tenants.changes.running import Ordered
from tenants.changes.wanted import wanted
from tenants.refusals import Refused

if typing.TYPE_CHECKING:
    from tenants.house_orders import Kind, Task

PREFIX = "change."
UNDONE = f"{PREFIX}undone"


def _by(task: Task) -> Ordered:
    return Ordered(
        task.order.operator,
        str(task.order.arguments.get("plan", "")),
        lambda connection, change_id: task.done(connection, change=str(change_id)),
    )


def _change(kind: str, task: Task) -> None:
    which = task.order.clinic_id
    if which is None:
        raise Refused(running.NO_SUCH_CLINIC)
    running.carry_out(task.tenants, wanted(kind, which, task.order.arguments), _by(task))


def _undo(task: Task) -> None:
    try:
        running.undo(task.tenants, uuid.UUID(str(task.order.arguments.get("change"))), ordered=_by(task))
    except (LookupError, ValueError) as error:
        raise Refused(running.NO_SUCH_CHANGE) from error


KINDS: dict[str, Kind] = {
    **{
        f"{PREFIX}{kind}": functools.partial(_change, kind)
        for kind in ("renamed", "recoded", "merged", "site_moved")
    },
    UNDONE: _undo,
}
