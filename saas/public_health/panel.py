"""One person's health on one screen: a part of her page, from few queries and in the same request."""

from __future__ import annotations

import dataclasses
import typing

from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from saas.formkit import records
from saas.public_health import casebook, choices, due_texts, messages, onward, owing
from saas.public_health.forms import FORMS
from saas.public_health.rules import due_measures as says
from saas.public_health.rules import offers, summary
from saas.public_health.rules.due_facts import HYPERTENSION
from saas.public_health.rules.due_table import rules
from saas.residents import codes, consents, person, reading
from saas.residents.rules import consent as rule
from saas.web import clock

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Mapping, Sequence

    from saas.public_health.casebook import Known
    from saas.public_health.models import DueItem
    from saas.public_health.rules.summary import Measured

OFFERS: Mapping[str, object] = {
    "known_hypertension": _l("hypertension is among the past illnesses"),
    "raised_on_three_days": _l("the pressure was raised on three days: have it confirmed first"),
    "known_diabetes": _l("diabetes is among the past illnesses"),
    "glucose_diabetic": _l("fasting glucose of 7.0 mmol/L or more: have it confirmed first"),
    "older": _l("65 years this year or older"),
}
SOURCES: Mapping[str, str] = {
    "known_hypertension": "profile",
    "raised_on_three_days": "ht-screening",
    "known_diabetes": "profile",
    "glucose_diabetic": "exam-advice",
    "older": "elderly",
}
"""Where it is written that this is offered."""
LISTED = 5
_ABOUT_CALLS = frozenset({says.SERVICE_DECLINED, "call_outcome"})
"""What was said of an offer, no service that was given."""
FRAME = (180, 44)
"""Width and height of a trend picture."""
_BOUNDS = {"pressure": (50, 200), "glucose": (2, 20), "weight": (30, 130)}
_FORM_OF = {form.about.code: form for form in FORMS}


@dataclasses.dataclass(frozen=True)
class Owed:
    """One open duty in words, and the form that is begun for it."""

    name: object
    state: object
    is_overdue: bool
    due_on: datetime.date
    reason: object
    form: str
    event: str


@dataclasses.dataclass(frozen=True)
class Trend:
    """The last values of one measurement with their picture."""

    label: object
    unit: str
    last: Measured
    text: str
    lines: list[str]
    limits: list[float]
    told: str


@dataclasses.dataclass(frozen=True)
class Programme:
    """One programme: whether she takes part, whether it may be offered, the form that it still wants."""

    code: str
    label: object
    question: consents.Question
    runs: bool
    offered: object
    source: object
    wants: str = ""


def rendered(resident_id: uuid.UUID) -> Markup:
    """The part of the resident's page that this room adds."""
    known = casebook.one(resident_id)
    if known is None:
        return Markup()
    told = summary.summary(known.records, known.person.born)
    return Markup(  # noqa: S704 - a template's own text, escaped by it
        render_template(
            "public_health/_summary.html",
            resident_id=resident_id,
            told=told,
            diseases=[choices.PAST_DISEASE[one].label for one in told.diseases],
            allergies=[choices.DRUG_ALLERGY[one].label for one in told.allergies.codes],
            trends=list(_trends(told, known)),
            owed=[_owed(item) for item in owing.open_items(resident_id)],
            programmes=_programmes(resident_id, known),
            last_records=_last_records(resident_id),
            units={code: each.label for code, each in choices.DOSE_UNIT.items()},
            frame=FRAME,
        )
    )


def visit_button(resident_id: uuid.UUID) -> Markup:
    """The way to the visit that is due, beside the name: nobody looks for it."""
    url = onward.own_visit_url(resident_id)
    return Markup(render_template("public_health/_visit.html", url=url))  # noqa: S704 - escaped by the template


def _last_records(resident_id: uuid.UUID) -> list[tuple[records.Head, object]]:
    """The newest records with the names of their forms."""
    codes = _FORM_OF.keys() - _ABOUT_CALLS
    return [
        (head, _FORM_OF[head.form_code].about.title)
        for head in records.heads(person.ids_of(resident_id), codes, LISTED)
    ]


def _owed(item: DueItem) -> Owed:
    today = clock.today()
    state = "overdue" if item.overdue_on <= today else "due" if item.window_start <= today else "upcoming"
    code = next(one for one in rules()[item.event_code].closed_by if one in _FORM_OF)
    states = {str(key): text for key, text in due_texts.STATES.items()}
    return Owed(
        due_texts.EVENTS[item.event_code],
        states[state],
        state == "overdue",
        item.due_on,
        due_texts.REASONS[item.reason],
        code,
        item.event_code,
    )


def _trends(told: summary.Summary, known: Known) -> typing.Iterator[Trend]:
    limits: Mapping[str, tuple[float, ...]] = {
        "pressure": summary.target(known.person.born, clock.today()),
        "glucose": (float(says.DIABETIC),),
    }
    series: Sequence[tuple[str, object, str, tuple[Measured, ...]]] = (
        ("pressure", _l("Blood pressure"), "mmHg", told.pressures),
        ("glucose", _l("Fasting blood glucose"), "mmol/L", told.glucoses),
        ("weight", _l("Weight"), "kg", told.weights),
    )
    for code, label, unit, values in series:
        if values:
            yield _trend(code, label, unit, values, limits.get(code, ()))


def _trend(
    code: str, label: object, unit: str, values: tuple[Measured, ...], limits: Sequence[float]
) -> Trend:
    low, high = bounds = _BOUNDS[code]
    lines = [
        " ".join(f"{x},{y}" for x, y in summary.line(values, place, FRAME, bounds))
        for place in range(len(values[0].values))
    ]
    heights = [round(FRAME[1] - (limit - low) / (high - low) * FRAME[1], 1) for limit in limits]
    told = "; ".join(f"{one.on}: {_said(one)}" for one in values)
    return Trend(label, unit, values[-1], _said(values[-1]), lines, heights, told)


def _said(one: Measured) -> str:
    return "/".join(f"{value.normalize():f}" for value in one.values)


def _programmes(resident_id: uuid.UUID, known: Known) -> list[Programme]:
    resident = reading.one(resident_id)
    assert resident is not None  # noqa: S101 - her page is being shown
    offered = offers.offers(known.person, known.records, clock.today())
    running = {one.programme for one in known.enrolments if one.ended_on is None}
    found = []
    for question in consents.questions(resident, clock.today(), rule.PROGRAMMES):
        code = question.purpose
        why = offered.get(code, "") if question.is_to_be_asked else ""
        source = messages.SOURCES[SOURCES[why]].text if why else None
        runs = code in running
        wants = says.REGISTRATION if runs and code == HYPERTENSION and not _is_registered(known) else ""
        found.append(
            Programme(code, codes.PURPOSE_LABELS[code], question, runs, OFFERS.get(why), source, wants)
        )
    return found


def _is_registered(known: Known) -> bool:
    registrations = (one for one in known.records if one.form_code == says.REGISTRATION)
    return any(not one.answers.get("ended_on") for one in registrations)
