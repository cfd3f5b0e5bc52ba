"""Changes of institutions in the console: planned by the worker's own rules, listed, undone for 7 days."""

from __future__ import annotations

import typing
import uuid

from flask import render_template
from flask_babel import lazy_gettext
from markupsafe import Markup

from tenants.changes import rules
from tenants.changes.facts import Standing, digest
from tenants.changes.ordered import PREFIX, UNDONE
from tenants.changes.rules import UNDOABLE_FOR
from tenants.changes.wanted import wanted
from tenants.console import standings
from tenants.console.blueprint import console
from tenants.console.change_words import rows
from tenants.console.order_words import About
from tenants.refusals import Refused

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.console.desk import Row

NAMES: dict[str, object] = {
    "renamed": lazy_gettext("Rename the institution"),
    "recoded": lazy_gettext("Give the institution another code"),
    "merged": lazy_gettext("Join the institution to another"),
    "site_moved": lazy_gettext("Move a site to another institution"),
}

_CHANGE = (
    "SELECT id, kind, operator, at, undone_at, clinic_ids, before, after, now() - at AS age "
    "FROM platform.operator_change "
)
_OF_LATE = "WHERE at > now() - interval '7 days' ORDER BY at DESC, id DESC LIMIT 200"


class Plan(typing.NamedTuple):
    """What a change would do: to be shown, and to be ordered exactly so."""

    before: Standing
    after: Standing

    @property
    def digest(self) -> str:
        """What the order carries, so that nothing else is done than was shown."""
        return digest(self.before, self.after)

    @property
    def rows(self) -> list[tuple[object, ...]]:
        """Its lines in words."""
        return rows(self.before, self.after)


def plan(kind: str, which: uuid.UUID, asked: Mapping[str, str]) -> Plan:
    """What the change would do. Raises ``Refused``: it cannot be, and why."""
    change = wanted(kind, which, asked)
    before = standings.read(change.ids)
    return Plan(before, change.rule(before))


def find(change_id: uuid.UUID) -> Row | None:
    """One change of the ledger."""
    return console().desk.one(_CHANGE + "WHERE id = %(id)s", id=change_id)


def plan_undoing(change: Row) -> Plan:
    """What undoing it would do. Raises ``Refused``."""
    rules.refuse_late(change["undone_at"], change["age"])
    before, after = Standing.of(change["before"]), Standing.of(change["after"])
    now = standings.read(list(after.institutions))
    return Plan(now, rules.undone(now, before, after))


def of_late() -> list[Row]:
    """The changes that can still be undone, or could have been: of the last 7 days, newest first."""
    return [
        {
            **row,
            "name": NAMES.get(row["kind"], row["kind"]),
            "concerns": list(Standing.of(row["after"]).institutions.values()),
            "until": row["at"] + UNDOABLE_FOR,
        }
        for row in console().desk.rows(_CHANGE + _OF_LATE)
    ]


def _shown(order: Row) -> str:
    """What an order changed, from the ledger, with the way to undo it."""
    change = _ordered(order)
    if change is None:
        return ""
    told = rows(Standing.of(change["before"]), Standing.of(change["after"]))
    is_late = change["undone_at"] is not None or change["age"] >= UNDOABLE_FOR
    page = render_template("operators/_change_done.html", rows=told, change=change, can_be_undone=not is_late)
    return Markup(page)  # noqa: S704 - a template's own escaped text


def _ordered(order: Row) -> Row | None:
    number = str((order["outcome"] or {}).get("change", ""))
    return find(uuid.UUID(number)) if number else None


ABOUT: dict[str, About] = {
    **{f"{PREFIX}{kind}": About(name, shown=_shown) for kind, name in NAMES.items()},
    UNDONE: About(lazy_gettext("Undo a change")),
}

__all__ = ["ABOUT", "NAMES", "Plan", "Refused", "find", "of_late", "plan", "plan_undoing"]
