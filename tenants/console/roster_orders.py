"""What operators order of a roster, each a row with her name: start, stop, go on, put aside, show again."""

from __future__ import annotations

import typing

from flask import current_app
from flask_babel import lazy_gettext

from tenants import roster_runs
from tenants.console.blueprint import console
from tenants.console.guarding import me

if typing.TYPE_CHECKING:
    import uuid

    from tenants.console.desk import Row

Wish = typing.Literal["start", "stop", "put_aside", "show_again"]

WORDS: dict[str, object] = {
    "start": lazy_gettext("Started"),
    "stop": lazy_gettext("Told to stop"),
    "go_on": lazy_gettext("Gone on with"),
    "put_aside": lazy_gettext("Put aside"),
    "show_again": lazy_gettext("Shown again"),
}


def order(run_id: uuid.UUID, wish: Wish) -> bool:
    """Have it done; False when the roster is not where that could be. A start after a stop goes on."""
    done = console().desk.value(
        "SELECT platform.operator_steer(%(token)s, %(run)s, %(wish)s)",
        token=me().token_hash,
        run=run_id,
        wish=wish,
    )
    if done and wish in {"start", "stop"}:
        defer(run_id)
    return bool(done)


def defer(run_id: uuid.UUID) -> None:
    """Queue the job; where that fails, the worker's round finds the roster without one."""
    try:
        console().tenants.jobs.defer_house(roster_runs.JOB, run_id)
    except Exception:
        # What was asked is kept and must not fail now.
        current_app.logger.exception("a job could not be queued", extra={"job": roster_runs.JOB})


def orders_of(run_id: uuid.UUID) -> list[Row]:
    """What was ordered of a roster, the latest first."""
    return console().desk.rows(
        "SELECT kind, operator, at FROM platform.roster_order WHERE run_id = %(id)s ORDER BY at DESC, id "
        "LIMIT 50",
        id=run_id,
    )
