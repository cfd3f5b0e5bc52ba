"""The registration of hypertension as a step of enrolment: the yes leads to it, and it leads to the yes."""

from __future__ import annotations

import typing

from flask import flash, url_for
from flask_babel import gettext

from saas.db import session
from saas.formkit import records
from saas.public_health import programmes
from saas.public_health.rules import due_measures as says
from saas.public_health.rules.due_facts import HYPERTENSION
from saas.residents import person
from saas.web.request import here, may

if typing.TYPE_CHECKING:
    import datetime
    import uuid

    from saas.formkit.models import Record


def next_step(resident_id: uuid.UUID) -> str | None:
    """Where her yes to the programme leads: the registration, unless it is there or not hers to write."""
    if not may("public_health.write") or is_registered(resident_id):
        return None
    return url_for("public_health.fill", resident_id=resident_id, code=says.REGISTRATION)


def is_registered(resident_id: uuid.UUID) -> bool:
    """True when a registration that holds has not been ended."""
    query = records.standing(person.ids_of(resident_id), says.REGISTRATION).limit(1)
    last = session.scalars(query).one_or_none()
    return last is not None and not last.answers.get("ended_on")


def enrolled_on(resident_id: uuid.UUID) -> datetime.date | None:
    """Since when she takes part by her own yes; None while she does not."""
    parts = (one for one in programmes.of(resident_id) if one.programme == HYPERTENSION)
    return next((one.enrolled_on for one in parts if one.ended_on is None), None)


def after(resident_id: uuid.UUID, record: Record) -> str | None:
    """After a registration of somebody who was not asked: the sheet on which she says yes or no.

    The record alone enrols nobody (rights I2): it says what the doctor found, the sheet what she wishes.
    """
    if record.form_code != says.REGISTRATION or record.void or record.answers.get("ended_on"):
        return None
    if enrolled_on(resident_id) is not None or not may("residents.write"):
        return None
    flash(gettext("Now ask her on the sheet: she takes part by her own yes."), "note")
    return url_for("residents.consent", resident_id=resident_id, about=HYPERTENSION)


def settle(resident_id: uuid.UUID, record: Record) -> None:
    """A registration that staff ended with one of their reasons ends her part too."""
    reason = str(record.answers.get("end_reason") or "")
    if record.form_code == says.REGISTRATION and record.answers.get("ended_on"):
        programmes.end(resident_id, HYPERTENSION, reason, here.staff.id)
