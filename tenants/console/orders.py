"""Orders to the house as the console keeps them: placed with a live session, looked at while they wait."""

from __future__ import annotations

import typing

from flask import current_app
from flask_babel import lazy_gettext

from tenants import house_orders
from tenants.console.blueprint import console
from tenants.console.guarding import me
from tenants.jobs import HOUSE

if typing.TYPE_CHECKING:
    import uuid

    from tenants.console.desk import Row

LATEST = 20

STATES: dict[str, object] = {
    "waiting": lazy_gettext("Being done"),
    "done": lazy_gettext("Carried out"),
    "refused": lazy_gettext("Refused; nothing was changed"),
    "failed": lazy_gettext("Broken off"),
}

_ORDER = (
    'SELECT o.id, o.kind, o.clinic_id, o.arguments, o.operator, o.ordered_at, o.state, o.done, o."of", '
    "o.outcome, o.ended_at, i.code, i.name_zh, i.name_ug FROM platform.house_order o "
    "LEFT JOIN platform.operator_institution i ON i.id = o.clinic_id "
)


def place(order_id: uuid.UUID, kind: str, clinic_id: uuid.UUID | None, arguments: Row) -> None:
    """Order it of the house. The id comes from the form, so that one sent twice is one order."""
    console().desk.value(
        "SELECT platform.operator_order(%(token)s, %(id)s, %(kind)s, %(clinic)s, %(arguments)s)",
        token=me().token_hash,
        id=order_id,
        kind=kind,
        clinic=clinic_id,
        arguments=house_orders.as_json(arguments),
    )
    try:
        console().tenants.jobs.defer_house(house_orders.JOB, order_id)
    except Exception:
        # The order is kept and must not fail now: the worker's round finds it without a job.
        current_app.logger.exception("a job could not be queued", extra={"job": house_orders.JOB})


def find(order_id: uuid.UUID) -> Row | None:
    """One order, with the names of its institution."""
    return console().desk.one(_ORDER + "WHERE o.id = %(id)s", id=order_id)


def latest(clinic_id: uuid.UUID | None = None) -> list[Row]:
    """The newest orders, of one institution or of all."""
    return console().desk.rows(
        _ORDER + "WHERE %(clinic)s::uuid IS NULL OR o.clinic_id = %(clinic)s "
        "ORDER BY o.ordered_at DESC, o.id DESC LIMIT %(most)s",
        clinic=clinic_id,
        most=LATEST,
    )


def nobody_works() -> bool:
    """Whether no worker with the owner's login was heard of lately: then all waits until one begins."""
    return not console().tenants.jobs.a_worker_lives(HOUSE)
