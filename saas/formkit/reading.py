"""Raw answers become the typed class; every fault is kept beside the field it belongs to."""

from __future__ import annotations

import dataclasses
import typing

from saas.formkit import values
from saas.formkit.declaring import Form, fields_of
from saas.formkit.values import Fault, fault

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

MISSING = "missing_reason"
REASONS = ("not_done", "refused", "not_applicable", "unknown")
"""Why there is no value (table missing_reason of the project); a missing value is never stored as 0."""


class Refusal(typing.NamedTuple):
    """A fault and the field, or place inside it, that it belongs to."""

    field: str
    fault: Fault


@dataclasses.dataclass(frozen=True)
class Reading:
    """``answers`` holds what is valid; ``salvage`` also what is left of refused answers, for alarms.

    ``unusable`` are fields whose value is refused or replaced by a reason: what needs them is not computed.
    """

    answers: Form
    refusals: tuple[Refusal, ...]
    salvage: Mapping[str, object]
    unusable: frozenset[str]


class _Desk:
    """One form being read."""

    def __init__(self, form: type[Form]) -> None:
        self.fields = fields_of(form)
        self.form = form
        self.refusals: list[Refusal] = []
        self.read: dict[str, object] = {}
        self.salvage: dict[str, object] = {}
        self.reasons: dict[str, str] = {}

    def refuse(self, field: str, found: Fault) -> None:
        self.refusals.append(Refusal(field + found.path, found))

    def take(self, name: str, raw: object) -> None:
        """Read one answer by its field."""
        if name not in self.fields:
            self.refuse(name, fault("unknown-field", value=name))
        elif not values.is_blank(raw):
            value, faults = self.fields[name].read(raw)
            for found in faults:
                self.refuse(name, found)
            self.salvage[name] = value
            if not faults:
                self.read[name] = value

    def excuse(self, name: str, reason: object) -> None:
        """Take the reason why a field has no value."""
        field = self.fields.get(name)
        if field is None:
            self.refuse(f"{MISSING}.{name}", fault("unknown-field", value=name))
        elif reason not in REASONS or not isinstance(reason, str):
            self.refuse(name, fault("unknown-reason", value=reason, reasons=", ".join(REASONS)))
        elif not field.may_miss or field.kind == "calculated":
            self.refuse(name, fault("no-reason-here"))
        elif name in self.salvage:
            self.refuse(name, fault("reason-and-value"))
        else:
            self.reasons[name] = reason


def read(form: type[Form], raw: object) -> Reading:
    """Answers by field name, as JSON has them. Never raises, whatever the JSON holds."""
    desk = _Desk(form)
    given = _named(desk, form, raw)
    reasons = given.pop(MISSING, None)
    for name, answer in given.items():
        desk.take(name, answer)
    if isinstance(reasons, dict):
        for name, reason in reasons.items():
            desk.excuse(name, reason)
    elif not values.is_blank(reasons):
        desk.refuse(MISSING, fault("not-an-object", value=reasons))
    refused = {refusal.field.split("[")[0].split(".")[0] for refusal in desk.refusals}
    good = {name: desk.read[name] for name in desk.fields if name in desk.read and name not in refused}
    return Reading(
        answers=form(good, desk.reasons),
        refusals=tuple(desk.refusals),
        salvage=desk.salvage,
        unusable=frozenset(name for name in desk.fields if name in refused or name in desk.reasons),
    )


def read_one(form: type[Form], raw: object, name: str) -> object:
    """One answer as ``read`` gives it, without reading the others."""
    if isinstance(raw, dict):
        wanted = {name, *(alias for alias, own in _aliases(form) if own == name)}
        reasons = raw.get(MISSING)
        own = {name: reasons[name]} if isinstance(reasons, dict) and name in reasons else None
        raw = {each: raw[each] for each in wanted if each in raw} | {MISSING: own}
    return read(form, raw).answers.answer(name)


def _aliases(form: type[Form]) -> tuple[tuple[str, str], ...]:
    """Every form also knows its day as ``service_date`` and its signature as ``staff_id``."""
    return ("service_date", form.about.visit_day), ("staff_id", form.about.signature)


def _named(desk: _Desk, form: type[Form], raw: object) -> dict[str, object]:
    """The answers under the form's own names."""
    if not isinstance(raw, dict):
        desk.refuse("", fault("not-an-object", value=raw))
        return {}
    given = {str(name): answer for name, answer in raw.items()}
    for alias, own in _aliases(form):
        if alias in given and alias not in desk.fields and own in desk.fields:
            answer = given.pop(alias)
            if given.setdefault(own, answer) != answer:
                desk.refuse(alias, fault("differs-from", other=f"field:{own}"))
    return given
