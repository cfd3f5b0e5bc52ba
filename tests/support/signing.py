"""Signed records for tests, by the same evaluation and the same writing as a page's."""

from __future__ import annotations

import datetime
import typing
import uuid

import sqlalchemy as sa

from saas.accounts.models import Site, Staff
from saas.db import new_id
from saas.formkit import records
from saas.formkit.declaring import fields_of
from saas.formkit.evaluating import evaluate
from saas.public_health.forms import FORMS
from saas.residents.models import Consent
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from sqlalchemy.orm import Session

    from saas.formkit.declaring import Form
    from saas.formkit.evaluating import Evaluation
    from saas.formkit.models import Record
    from saas.formkit.records import Replacing
    from tenants.cards import ClinicCard

_BY_CODE = {form.about.code: form for form in FORMS}
BP: Mapping[str, object] = {"systolic": 128, "diastolic": 78, "place": "clinic"}
FOLLOWUP: Mapping[str, object] = {
    "visit_mode": "1",
    "symptoms": ["1"],
    "systolic_bp": 132,
    "diastolic_bp": 82,
    "heart_rate": 72,
    "weight": 70,
    "cigarettes_per_day": 0,
    "alcohol_liang_per_day": 0,
    "exercise_per_week": 3,
    "exercise_minutes": 30,
    "salt": "1",
    "mental_adjustment": "1",
    "compliance": "1",
    "adherence": "1",
    "adverse_reaction": "1",
}
"""A hypertension follow-up with all that is asked, controlled under 65 and over."""
DIABETES_FOLLOWUP: Mapping[str, object] = {
    **{name: value for name, value in FOLLOWUP.items() if name != "salt"},
    "dorsalis_pedis": "1",
    "staple_food_g": 300,
    "fasting_glucose": "6.2",
    "hypoglycaemia": "1",
}
"""The same of type 2 diabetes."""


class Place(typing.Protocol):
    """A clinic of the tests."""

    @property
    def app(self) -> Flask:
        """The application."""

    @property
    def card(self) -> ClinicCard:
        """The clinic."""


def sign(  # noqa: PLR0913 - a record's parts
    clinic: Place,
    resident_id: str | uuid.UUID,
    form_code: str,
    answers: Mapping[str, object],
    on: str,
    *,
    born: str = "1963-05-07",
    replacing: Replacing | None = None,
) -> Record:
    """Sign a form about a resident on a day; fails on whatever is refused."""
    with world.inside(clinic.app, clinic.card) as session:
        keys = clinic_of(clinic.card, session.query(ClinicSetting).one()).keys
        site = session.scalars(sa.select(Site.id).where(Site.kind == "centre")).one()
        by = session.scalars(sa.select(Staff.id)).first()
        assert by is not None
        found = _judged(form_code, answers, on, born)
        signature = records.Signature(by, site, clock.now(), new_id())
        made = records.sign(
            found, signature, keys, resident_id=uuid.UUID(str(resident_id)), replacing=replacing
        )
        assert made is not None
        return made


def _judged(form_code: str, answers: Mapping[str, object], on: str, born: str) -> Evaluation:
    form = _BY_CODE[form_code]
    raw = {form.about.visit_day: _moment(form, on), **answers}
    found = evaluate(form, raw, today=clock.today(), resident={"birth_date": born, "sex_code": "2"})
    assert found.refusals == (), found.refusals
    return found


def _moment(form: type[Form], on: str) -> str:
    """The day as the form asks for it; a moment soon after midnight is never ahead of now."""
    return f"{on} 00:01" if fields_of(form)[form.about.visit_day].kind == "datetime" else on


def said_yes(session: Session, resident_id: uuid.UUID, programme: str, by: uuid.UUID) -> uuid.UUID:
    """The answer by which somebody takes part in a programme; its id."""
    said = Consent(id=new_id(), resident_id=resident_id, purpose=programme, given=True, form_id=new_id())
    said.edition, said.language, said.way = f"{programme}-1", "ug", "paper"
    said.decided_at, said.decided_by = clock.now(), by
    session.add(said)
    session.flush()
    return said.id


def days_ago(number: int) -> str:
    """A civil day before today."""
    return str(clock.today() - datetime.timedelta(days=number))
