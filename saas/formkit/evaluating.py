"""All that is to say about the answers of a form: refusals, findings, computed values, the next day."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import inspect
import typing

from saas.formkit import facts, reading, values
from saas.formkit.declaring import Computed, Field, Form, fields_of, is_presumed
from saas.formkit.findings import Finding, Kind, asking
from saas.formkit.kinds import Day
from saas.formkit.reading import Refusal
from saas.formkit.rules import days
from saas.formkit.values import fault

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

KIT = "kit"
_ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """``computed`` holds what is told; ``known`` also the rules' intermediate values, for later records.

    ``shown`` are the fields that are asked at all, ``needed`` those of them that must be answered.
    """

    answers: Form
    refusals: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    computed: dict[str, object]
    known: dict[str, object]
    next_due_on: datetime.date | None
    shown: frozenset[str]
    needed: frozenset[str]


def evaluate(
    form: type[Form],
    answers: object,
    *,
    today: datetime.date,
    resident: object = None,
    earlier: object = None,
) -> Evaluation:
    """Everything about raw answers. Never raises for any JSON; errors never hide an emergency."""
    run = _Run(form, answers, facts.resident(resident, today), today)
    run.look_back(earlier, resident)
    return run.finish()


@functools.cache
def asked_names(rule: Callable[..., object]) -> tuple[str, ...]:
    """The names that a rule reads: its keyword arguments."""
    return tuple(inspect.signature(rule).parameters)


class _Run:
    """One evaluation; ``scope`` is what rules see, ``salvage`` what alarms see."""

    def __init__(
        self, form: type[Form], answers: object, person: facts.Resident, today: datetime.date
    ) -> None:
        self.form, self.about = form, form.about
        self.reading = reading.read(form, answers)
        self.refusals = [*self.reading.refusals, *person.refusals]
        self.unusable = set(self.reading.unusable) | person.unusable
        self.findings: list[Finding] = []
        self.computed: dict[str, object] = {}
        self.scope = {name: self.reading.answers.answer(name) for name in fields_of(form)}
        self.salvage: dict[str, object] = {}
        self.person = person
        self.today = today
        self._set_facts()

    def _set_facts(self) -> None:
        """The day of the visit, and the person as she is that day."""
        visit_on = self._visit_day()
        born = self._born()
        if visit_on is None:
            self.unusable |= {"visit_on", "age", "year_age"}
        if "birth_date" in self.unusable:
            self.unusable |= {"age", "year_age"}
        known = born is not None and visit_on is not None
        self.scope |= {
            "visit_on": visit_on,
            "today": self.today,
            "birth_date": born,
            "age": days.completed_years(born, visit_on) if born and visit_on and known else None,
            "year_age": visit_on.year - born.year if born and visit_on and known else None,
            "sex_code": self.scope.get("sex_code", self.person.sex_code),
            "known_height": self.person.height,
            "last_weighed_on": self.person.last_weighed_on,
            "earlier": (),
            "suggested_next": None,
            "unanswered": frozenset(),
            "wanting": frozenset(),
        }

    def _visit_day(self) -> datetime.date | None:
        """The day of the visit: the form's own answer, today when it is blank, None when it is refused."""
        for name, field in fields_of(self.form).items():
            value = _as_day(self.scope[name])
            past = name == self.about.visit_day or (isinstance(field, Day) and field.past)
            if value is not None and past:
                self._judge_day(name, value)
        name = self.about.visit_day
        if name in self.unusable:
            return None
        return _as_day(self.scope.get(name)) or self.today

    def _born(self) -> datetime.date | None:
        """The birth date that the form itself asks for, or the one that is known."""
        if "birth_date" not in fields_of(self.form):
            return self.person.birth_date
        born = _as_day(self.reading.answers.answer("birth_date"))
        return born if born is None or born <= self.today else None

    def _judge_day(self, name: str, value: datetime.date) -> None:
        born = self._born()
        if value > self.today:
            self.refuse(name, fault("future-day", value=value, today=self.today))
        elif born is not None and value < born and self.about.subject == "resident":
            self.refuse(name, fault("before-birth", value=value, born=born))

    def refuse(self, name: str, found: values.Fault) -> None:
        """A refusal of a whole field; rules do not see its value."""
        self.refusals.append(Refusal(name, found))
        self.unusable |= {name, "age", "year_age"} if name == "birth_date" else {name}

    def look_back(self, earlier: object, resident: object) -> None:
        """The earlier records up to the visit's day, each with what its own rules computed."""
        found = []
        for record in facts.records(earlier):
            if isinstance(record, Refusal):
                self.refusals.append(record)
                self.unusable.add("earlier")
                continue
            visit_on = self.scope["visit_on"]
            if isinstance(visit_on, datetime.date) and record.service_date > visit_on:
                continue
            read = functools.partial(self._answered, record.answers)
            judge = functools.partial(self._known, record, resident)
            found.append(facts.Earlier(record.service_date, read, judge))
        self.scope["earlier"] = tuple(found)

    def _answered(self, answers: object, name: str) -> object:
        return reading.read_one(self.form, answers, name)

    def _known(self, record: facts.RawRecord, resident: object) -> typing.Mapping[str, object]:
        """What an earlier record's own rules computed: as it was signed, else judged now."""
        if record.computed:
            return record.computed
        run = _Run(self.form, record.answers, facts.resident(resident, self.today), self.today)
        run.set_day(record.service_date)
        return run.finish().known

    def set_day(self, day: datetime.date) -> None:
        """The day of an earlier record stands outside its answers."""
        if self.about.visit_day in fields_of(self.form):
            self.scope[self.about.visit_day] = day
            self.unusable.discard(self.about.visit_day)
        self.unusable -= {"visit_on", "age", "year_age"} - self.person.unusable
        self._set_facts()

    def finish(self) -> Evaluation:
        """Run all rules in their order."""
        self.salvage = self.scope | {name: value for name, value in self.reading.salvage.items() if value}
        self._say(self.about.contradictions)
        self._compute(self.about.ahead)
        self._demand()
        self.findings += list(self._doubts())
        for alarm in self.about.alarms:
            self._keep(alarm(**{name: self.salvage[name] for name in asked_names(alarm)}))
        self._compute(self.about.computed)
        next_due = self._next_due()
        self._say(self.about.checks)
        told = {each.name for each in (*self.about.ahead, *self.about.computed) if each.told}
        fields, asked = fields_of(self.form), self._asked()
        shown = frozenset(name for name, field in fields.items() if is_shown(field, asked))
        return Evaluation(
            answers=self.reading.answers,
            refusals=self._in_order(),
            findings=tuple(sorted(self.findings, key=lambda finding: _ORDER[finding.kind])),
            computed={name: value for name, value in self.computed.items() if name in told},
            known=dict(self.computed),
            next_due_on=next_due,
            shown=shown,
            needed=frozenset(name for name in shown if self._is_needed(name, asked)),
        )

    def _in_order(self) -> tuple[Refusal, ...]:
        """The refusals in the order of the form; what belongs to no field comes last."""
        order = {name: place for place, name in enumerate(fields_of(self.form))}
        last = len(order)
        return tuple(sorted(self.refusals, key=lambda each: order.get(each.field.split("[")[0], last)))

    def _say(self, checks: Iterable[Callable[..., Finding | None]]) -> None:
        for check in checks:
            if not self.unusable & set(asked_names(check)):
                self._keep(check(**{name: self.scope[name] for name in asked_names(check)}))

    def _keep(self, finding: Finding | None) -> None:
        if finding is None:
            return
        self.findings.append(finding)
        if finding.kind is Kind.BLOCKING:
            for name in finding.fields:
                self.refuse(name, values.Fault(finding.code, finding.values))

    def _compute(self, wanted: Iterable[Computed]) -> None:
        for each in wanted:
            value = self._stepped(each)
            self.scope[f"computed_{each.name}"] = value
            self.salvage[f"computed_{each.name}"] = value
            if value is not None:
                self.computed[each.name] = value

    def _stepped(self, computed: Computed) -> object:
        scope = self.salvage if computed.tolerant else self.scope
        for step in computed.steps:
            names = asked_names(step)
            if not computed.tolerant and self.unusable & set(names):
                return None
            value = step(**{name: scope[name] for name in names})
            if value is not None:
                return value
        return None

    def _next_due(self) -> datetime.date | None:
        rule = self.about.next_due
        if rule is None or "visit_on" in self.unusable:
            return None
        suggested = rule(**{name: self.scope[name] for name in asked_names(rule)})
        self.scope["suggested_next"] = suggested
        return suggested

    def _demand(self) -> None:
        """Refuse blank required fields; a contact that ended (lost, died) leaves them open.

        ``unanswered`` are the fields that are asked and have neither a value nor a reason, ``wanting``
        those of them that are required.
        """
        ended = self.scope.get("lost_reason") or self.scope.get("death_date")
        reasons = self.reading.answers.missing_reason
        asked = self._asked()
        unanswered, wanting = set(), set()
        for name, field in fields_of(self.form).items():
            blank = self.scope[name] in (None, (), "")
            if not blank or name in reasons or not is_shown(field, asked):
                continue
            unanswered.add(name)
            if ended or not self._is_needed(name, asked):
                continue
            wanting.add(name)
            if name not in self.unusable:
                # Not unusable: what is blank is unknown, and rules know what that means for them.
                self.refusals.append(Refusal(name, fault("required")))
        left = {"unanswered": frozenset(unanswered), "wanting": frozenset(wanting)}
        self.scope |= left
        self.salvage |= left

    def _is_needed(self, name: str, asked: typing.Mapping[str, object]) -> bool:
        """True for what must be answered: the page marks it, and nothing else is refused when it is blank."""
        return _is_demanded(fields_of(self.form)[name], asked) and not is_presumed(self.form, name)

    def _asked(self) -> dict[str, object]:
        """What conditions see: an answer that is refused or excused was given; its value is unknown."""
        return self.scope | {name: "?" for name in self.unusable if self.scope.get(name, 0) in (None, ())}

    def _doubts(self) -> Iterator[Finding]:
        for name, field in fields_of(self.form).items():
            if name in self.unusable:
                continue
            for low, high in field.doubts(self.scope[name]):
                gaps = {"field": f"field:{name}", "value": self.scope[name], "low": low, "high": high}
                yield asking("unusual", name, source=KIT, **gaps)


def is_shown(field: Field[object], scope: typing.Mapping[str, object]) -> bool:
    """True when the field is asked at all."""
    return field.retired is None and (field.shown_when is None or field.shown_when.holds(scope))


def _is_demanded(field: Field[object], scope: typing.Mapping[str, object]) -> bool:
    needed = field.required if isinstance(field.required, bool) else field.required.holds(scope)
    return needed and field.demanded


def _as_day(value: object) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return value.date()
    return value if isinstance(value, datetime.date) else None
