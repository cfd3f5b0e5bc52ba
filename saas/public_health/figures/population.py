"""The typed population of a year: one record of each place whose number is new."""

from __future__ import annotations

import typing
import uuid

import sqlalchemy as sa
from flask_babel import gettext

from saas.db import session
from saas.formkit import records, texts
from saas.formkit.declaring import fields_of
from saas.formkit.evaluating import Evaluation, evaluate
from saas.formkit.records import Signature
from saas.public_health.figures import facts
from saas.public_health.forms.population import Population
from saas.web.models import ClinicSetting

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from saas.accounts.models import Site
    from saas.web.keys import ClinicKeys

COUNT = "count_"
"""Fields of the page: one number for each place."""
COMMON = ("year", "source", "told_on")
PLACES = "places"
"""Stands for the table of places where it is refused as a whole."""


class Typed(typing.NamedTuple):
    """What was typed: an evaluation for each place that has a new number, and what is wrong by field."""

    evaluations: dict[uuid.UUID, Evaluation]
    errors: dict[str, list[str]]


def standing(year: int) -> dict[str, int]:
    """The numbers that hold in a year, by place."""
    return {one.site: one.count for one in facts.populations(session) if one.year == year}


def judged(texts_typed: Mapping[str, str], sites: Sequence[Site], today: datetime.date) -> Typed:
    """Every place with a number that is typed; an empty field changes nothing. All that is wrong is told."""
    found: dict[uuid.UUID, Evaluation] = {}
    common = {name: texts_typed.get(name, "").strip() for name in COMMON}
    errors = _wrong_for_all(common, today)
    for site in sites:
        count = texts_typed.get(f"{COUNT}{site.id}", "").strip()
        if not count:
            continue
        one = found[site.id] = _evaluated({**common, "count": count, "site": str(site.id)}, today)
        own = [texts.about_refusal(Population, each) for each in one.refusals if each.field not in COMMON]
        errors |= {f"{COUNT}{site.id}": own} if own else {}
    if not found:
        errors[PLACES] = [gettext("Type the number of at least one place.")]
    return Typed(found, errors)


def _wrong_for_all(common: Mapping[str, str], today: datetime.date) -> dict[str, list[str]]:
    """What is missing or wrong of what is typed once for all places, also while no place has a number."""
    refusals = _evaluated(common, today).refusals
    wrong = {
        name: [texts.about_refusal(Population, each) for each in refusals if each.field == name]
        for name in COMMON
    }
    # Nothing here can be said to be missing for a reason, so a blank field is simply to be filled in.
    blank = {name: [texts.sentence(Population, "wanted", ())] for name in COMMON if not common[name]}
    return {name: said for name, said in (wrong | blank).items() if said}


def _evaluated(answers: Mapping[str, str], today: datetime.date) -> Evaluation:
    return evaluate(Population, {name: text for name, text in answers.items() if text}, today=today)


def sign(typed: Typed, keys: ClinicKeys, *, by: uuid.UUID, at: datetime.datetime, form_id: uuid.UUID) -> int:
    """Sign what was typed; how many places. The same form sent again signs nothing."""
    # The records of the clinic are one chain: of two at a time the second waits.
    session.execute(sa.select(ClinicSetting.id).with_for_update())
    signed = 0
    for site_id, evaluation in typed.evaluations.items():
        place = uuid.uuid5(form_id, str(site_id))
        if records.by_form(place, Population.about.code, ()) is None:
            records.sign(evaluation, Signature(by, site_id, at, place), keys, resident_id=None)
            signed += 1
    return signed


def labels() -> dict[str, object]:
    """The form's own words for its fields."""
    return {name: field.label for name, field in fields_of(Population).items()}
