"""What the clinic owes to persons, as it stands today: one statement that is built once, and plain rows."""

from __future__ import annotations

import typing

from saas.db import Fixed, fetched, one_of_ids
from saas.public_health import owing
from saas.public_health.models import DueItem
from saas.public_health.rules import due_facts
from saas.public_health.rules.due_facts import State

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Iterable

IS_OPEN = DueItem.state.in_(sorted(due_facts.OPEN))
_OPEN = Fixed(owing.ROWS.where(one_of_ids(DueItem.resident_id), IS_OPEN))


def of(ids: Iterable[uuid.UUID], today: datetime.date) -> dict[uuid.UUID, list[due_facts.DueItem]]:
    """The open duties of each of these persons; whoever is owed nothing has none."""
    found: dict[uuid.UUID, list[due_facts.DueItem]] = {one: [] for one in ids}
    for row in fetched(_OPEN.of(ids=list(found)))[0] if found else ():
        found[row.resident_id].append(owing.as_rule(row, state_on(row, today)))
    return found


def state_on(row: typing.Any, today: datetime.date) -> State:  # noqa: ANN401 - a row of the statement
    """An open duty's state as it is today, not as it was when it was stored."""
    if today < row.window_start:
        return State.UPCOMING
    return State.DUE if today < row.overdue_on else State.OVERDUE
