"""Practice clinics as orders to the house: made and filled, filled anew, emptied and shut.

Filling is a transaction of the clinic's own role, so the steps of an order are several. Each leaves a mark
that the next beginning finds: the clinic itself, its people, or the order's own count of steps.
"""

from __future__ import annotations

import typing

from tenants import practice
from tenants.practice import N_, PracticeRefused

if typing.TYPE_CHECKING:
    from tenants.cards import ClinicCard
    from tenants.connecting import Connection
    from tenants.house_orders import Kind, Task
    from tenants.practice import Practising

_NO_SUCH = N_("there is no such clinic any more")
_HAS_NONE = N_("%(code)s has no practice clinic")
_NOBODY_INVENTED = N_("this application has no invented people")
_ENDED = N_("%(code)s is suspended or closed; nothing new begins there")
_SHUT = "closed"


def make(task: Task) -> None:
    """A practice clinic with invented people; one that was shut is filled and opened again."""
    card, who = _clinic(task), task.order.operator
    practising = _practising(task)
    found = practice.practice_of(task.tenants, card)
    if card.state in {"suspended", "closed"}:
        raise PracticeRefused(_ENDED, code=card.code)
    if found is None:
        found = practice.make(task.tenants, card, who)
    elif found.state != _SHUT and not _made_since(task, found):
        raise PracticeRefused(practice.HAS_ONE, code=card.code)
    task.look_up()
    _fill(practising, found)
    with task.tenants.logins.connect("owner") as connection:
        if found.state == _SHUT:
            practice.open_again(connection, found, who)
        task.done(connection, code=found.code)


def renew(task: Task) -> None:
    """Everybody out of the practice clinic, and the invented people in again."""
    practising, found = _practising(task), _practice(task)
    if found.state == _SHUT:
        raise PracticeRefused(_HAS_NONE, code=found.code)
    if not task.steps:
        practice.empty(
            task.tenants, found, practising.emptied, task.order.operator, lambda c: task.step(c, 1, 2)
        )
    task.look_up()
    _fill(practising, found)
    task.finish(code=found.code)


def remove(task: Task) -> None:
    """Everybody out of the practice clinic, and nobody in; it can be made anew."""
    practising, found = _practising(task), _practice(task)

    def shut(connection: Connection) -> None:
        practice.shut(connection, found)
        task.done(connection, code=found.code)

    practice.empty(task.tenants, found, practising.emptied, task.order.operator, shut)


def _fill(practising: Practising, found: ClinicCard) -> None:
    # Who is there already came whole, before a worker died.
    if not practising.filled(found):
        practising.fill(found)


def _clinic(task: Task) -> ClinicCard:
    found = next((card for card in task.tenants.clinics() if card.id == task.order.clinic_id), None)
    if found is None:
        raise PracticeRefused(_NO_SUCH)
    return found


def _practice(task: Task) -> ClinicCard:
    card = _clinic(task)
    found = practice.practice_of(task.tenants, card)
    if found is None:
        raise PracticeRefused(_HAS_NONE, code=card.code)
    return found


def _practising(task: Task) -> Practising:
    if task.tenants.practising is None:
        raise PracticeRefused(_NOBODY_INVENTED)
    return task.tenants.practising


def _made_since(task: Task, found: ClinicCard) -> bool:
    """Whether it was made by this order, before a worker died."""
    with task.tenants.logins.connect("owner") as connection:
        row = connection.execute(
            "SELECT created_at >= %s FROM platform.clinic WHERE id = %s", [task.order.ordered_at, found.id]
        ).fetchone()
    return bool(row and row[0])


KINDS: dict[str, Kind] = {"practice.made": make, "practice.renewed": renew, "practice.removed": remove}
