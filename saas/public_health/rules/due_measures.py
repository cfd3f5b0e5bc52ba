"""What signed records say: pressures read by staff, fasting glucose, weight, risk factors, referrals."""

from __future__ import annotations

import datetime
import decimal
import functools
import typing

from saas.public_health.rules.due_facts import SignedRecord

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from saas.public_health.rules.due_facts import Answers

Decimal = decimal.Decimal
BP_READING, HT_FOLLOWUP, DM_FOLLOWUP = "bp_reading", "ht_followup", "dm_followup"
HEALTH_EXAM, PROFILE, REFERRAL, REFERRAL_BACK = "health_exam", "resident_profile", "referral", "referral_back"
REGISTRATION, SERVICE_DECLINED = "hypertension_registration", "service_declined"
FOLLOWUPS = frozenset({HT_FOLLOWUP, DM_FOLLOWUP})
PHONE, BY_STAFF = "3", "clinic"
CONTROLLED, UNCONTROLLED, ADVERSE, COMPLICATED = "1", "2", "3", "4"
"""The classes of a follow-up."""
SOME, URGENT = "2", "emergency"
RAISED, HIGH_NORMAL, DANGEROUS = (140, 90), (130, 85), (180, 110)
"""Systolic and diastolic mmHg from which a pressure is raised, high normal, an emergency."""
OVERWEIGHT = Decimal(24)
WAISTS = {"1": Decimal(90), "2": Decimal(85)}
"""cm from which the waist of men and of women is large."""
IMPAIRED, DIABETIC = Decimal("6.1"), Decimal("7.0")
"""mmol/L of fasting glucose: impaired from the first to below the second."""
HYPERTENSIVE_KIN, DIABETIC_KIN = "2", "3"
SALTY, DRINKS_OFTEN, MUCH_ALCOHOL = "4", frozenset({"3", "4"}), Decimal(2)
"""Codes of the examination; 2 liang a day are 100 mL of liquor."""
_ARMS = (("bp_left_systolic", "bp_left_diastolic"), ("bp_right_systolic", "bp_right_diastolic"))


class Pressure(typing.NamedTuple):
    """Systolic and diastolic in mmHg."""

    systolic: Decimal
    diastolic: Decimal

    def reaches(self, limits: tuple[int, int]) -> bool:
        """SBP from the first or DBP from the second value on."""
        return self.systolic >= limits[0] or self.diastolic >= limits[1]


def number(answers: Answers, name: str) -> Decimal | None:
    """A number as it was recorded, also as text; None when nothing readable is there."""
    raw = answers.get(name)
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        return None
    return _number(str(raw))


@functools.lru_cache(4096)
def _number(text: str) -> Decimal | None:
    """The same few hundred measures are read again and again."""
    try:
        value = Decimal(text)
    except decimal.InvalidOperation:
        return None
    return value if value.is_finite() else None


def code(answers: Answers, name: str) -> str:
    """One code; empty when none is recorded."""
    raw = answers.get(name)
    return raw if isinstance(raw, str) else ""


def codes(answers: Answers, name: str) -> frozenset[str]:
    """Several codes."""
    raw = answers.get(name)
    if isinstance(raw, str):
        return frozenset({raw})
    return frozenset(map(str, raw)) if isinstance(raw, list | tuple | set | frozenset) else frozenset()


def day(answers: Answers, name: str) -> datetime.date | None:
    """A civil date, also as text."""
    raw = answers.get(name)
    if isinstance(raw, datetime.datetime):
        return raw.date()
    if isinstance(raw, datetime.date):
        return raw
    try:
        return datetime.date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def rows(answers: Answers, name: str) -> Iterator[Mapping[str, object]]:
    """The rows of a table within a form."""
    raw = answers.get(name)
    yield from (row for row in raw if isinstance(row, dict)) if isinstance(raw, list | tuple) else ()


def is_declined(record: SignedRecord, *names: str) -> bool:
    """True when the person did not wish one of these to be measured (missing_reason "refused")."""
    reasons = record.answers.get("missing_reason")
    return isinstance(reasons, dict) and any(reasons.get(name) == "refused" for name in names)


def is_face_to_face(record: SignedRecord) -> bool:
    """A visit at the clinic or at home; a telephone call is none."""
    return code(record.answers, "visit_mode") != PHONE


def pressure(record: SignedRecord) -> Pressure | None:
    """The pressure that staff read, in mmHg; of two arms the higher values. Home readings do not count."""
    answers = record.answers
    if record.form_code == BP_READING:
        own = code(answers, "place") not in {"", BY_STAFF}
        return None if own else _pair(answers, "systolic", "diastolic")
    if record.form_code in FOLLOWUPS:
        return _pair(answers, "systolic_bp", "diastolic_bp") if is_face_to_face(record) else None
    if record.form_code == HEALTH_EXAM:
        arms = [read for arm in _ARMS if (read := _pair(answers, *arm))]
        return Pressure(*map(max, zip(*arms, strict=True))) if arms else None
    return None


def _pair(answers: Answers, systolic: str, diastolic: str) -> Pressure | None:
    upper, lower = number(answers, systolic), number(answers, diastolic)
    return None if upper is None or lower is None else Pressure(upper, lower)


def glucose(record: SignedRecord) -> Decimal | None:
    """Fasting glucose in mmol/L measured by the clinic; a value told by telephone is left out."""
    if record.form_code not in {DM_FOLLOWUP, HEALTH_EXAM} or not is_face_to_face(record):
        return None
    return number(record.answers, "fasting_glucose")


def is_whole_exam(record: SignedRecord) -> bool:
    """A health examination to which nothing is missing that its groups demand (§1.3.3)."""
    return record.form_code == HEALTH_EXAM and record.answers.get("exam_complete") is not False


def is_emergency(record: SignedRecord) -> bool:
    """Emergency situation: so computed or referred, or a pressure from 180 or 110 mmHg on."""
    answers = record.answers
    if answers.get("emergency") is True or code(answers, "referral_urgency") == URGENT:
        return True
    read = pressure(record)
    return read is not None and read.reaches(DANGEROUS)


def is_referral(record: SignedRecord) -> bool:
    """A referral out, or a follow-up whose referral block says yes."""
    return record.form_code == REFERRAL or code(record.answers, "referral_advised") == SOME


def is_overweight(record: SignedRecord, sex_code: str) -> bool:
    """BMI from 24 kg/m², or waist from 90 cm in men and 85 cm in women."""
    mass, waist = number(record.answers, "bmi"), number(record.answers, "waist_circumference")
    limit = WAISTS.get(sex_code)
    large = waist is not None and limit is not None and waist >= limit
    return large or (mass is not None and mass >= OVERWEIGHT)


def has_kin_with(record: SignedRecord, disease: str) -> bool:
    """A close relative (parents, brothers and sisters, children) has the disease."""
    return any(disease in codes(row, "diseases") for row in rows(record.answers, "family_history"))


def is_salty_or_drinks(record: SignedRecord) -> bool:
    """Salty food, or liquor of 100 mL a day and more at least often."""
    answers = record.answers
    often = code(answers, "drinking_frequency") in DRINKS_OFTEN
    amount = number(answers, "alcohol_liang_per_day")
    return SALTY in codes(answers, "diet_habits") or (often and amount is not None and amount >= MUCH_ALCOHOL)
