"""Type 2 diabetes: emergency, class, foot pulse, meters at home (§8.2, §19a)."""

from __future__ import annotations

import decimal

from saas.formkit.findings import Finding, advising, asking, emergency
from saas.formkit.rules.visits import PHONE
from saas.public_health.rules import followup, hypertension

Decimal = decimal.Decimal
SOURCE = "dm-emergency"
HIGH, LOW = Decimal("16.7"), Decimal("3.9")
"""mmol/L: fasting glucose from and to which it is an emergency."""
LIMIT = Decimal("7.0")
"""mmol/L: fasting glucose below which it is controlled."""
IMPAIRED = Decimal("6.1")
KETONES = Decimal("13.9")
FEVER = Decimal("39.0")
"""°C above which it is an emergency."""
FAST_HEART = 100
"""Beats a minute above which it is asked."""
RESEMBLING = frozenset({"5", "6", "10"})
THIRST_AND_URINE = frozenset({"2", "4"})
FREQUENT = "3"
WEAK_PULSE = frozenset({"2", "3"})


def is_high(glucose: Decimal | None) -> bool:
    """16.7 mmol/L and more."""
    return glucose is not None and glucose >= HIGH


def is_low(glucose: Decimal | None) -> bool:
    """3.9 mmol/L and less."""
    return glucose is not None and glucose <= LOW


def high_glucose(*, fasting_glucose: Decimal | None) -> Finding | None:
    """Fasting glucose ≥ 16.7 mmol/L: treat, refer urgently."""
    if not is_high(fasting_glucose):
        return None
    return emergency("glucose-high", "fasting_glucose", "referral_advised", source=SOURCE)


def low_glucose(*, fasting_glucose: Decimal | None) -> Finding | None:
    """Fasting glucose ≤ 3.9 mmol/L: give 15–20 g of sugar now, measure again after 15 minutes; refer."""
    if not is_low(fasting_glucose):
        return None
    return emergency("glucose-low", "fasting_glucose", "referral_advised", source=SOURCE)


def fever(*, body_temperature: Decimal | None) -> Finding | None:
    """A temperature above 39 °C: treat, refer urgently."""
    if body_temperature is None or body_temperature <= FEVER:
        return None
    return emergency("fever", "body_temperature", "referral_advised", source=SOURCE)


def is_emergency(
    *,
    fasting_glucose: Decimal | None,
    systolic_bp: int | None,
    diastolic_bp: int | None,
    body_temperature: Decimal | None,
    danger_signs: tuple[str, ...],
) -> bool | None:
    """Glucose ≥ 16.7 or ≤ 3.9 mmol/L, pressure ≥ 180 or ≥ 110 mmHg, above 39 °C, or a sign of danger."""
    hot = body_temperature is not None and body_temperature > FEVER
    glucose = is_high(fasting_glucose) or is_low(fasting_glucose)
    pressure = hypertension.is_dangerous(systolic_bp, diastolic_bp)
    return True if glucose or pressure or hot or danger_signs else None


def symptoms_resemble_danger(*, symptoms: tuple[str, ...]) -> Finding | None:
    """Blurred vision, infection, other, or thirst and urine together ask "emergency?" (§19a)."""
    if not RESEMBLING & set(symptoms) and not set(symptoms) >= THIRST_AND_URINE:
        return None
    return asking("is-it-an-emergency", "symptoms", "danger_signs", source=SOURCE)


def fast_heart(*, heart_rate: int | None) -> Finding | None:
    """A heart rate above 100 a minute asks whether it lasts, which would be a sign of danger."""
    if heart_rate is None or heart_rate <= FAST_HEART:
        return None
    return asking("heart-fast", "heart_rate", "danger_signs", source=SOURCE)


def random_glucose_alarm(*, random_glucose: Decimal | None) -> Finding | None:
    """The norm's limits are of fasting glucose; a random value beyond them asks "emergency?" (project)."""
    if not is_high(random_glucose) and not is_low(random_glucose):
        return None
    return asking("is-it-an-emergency", "random_glucose", "danger_signs", source="dm-project")


def ketones(*, fasting_glucose: Decimal | None) -> Finding | None:
    """Fasting glucose ≥ 13.9 mmol/L: consider ketones (project)."""
    if fasting_glucose is None or fasting_glucose < KETONES:
        return None
    return advising("consider-ketones", "fasting_glucose", source="dm-project")


def impaired(*, fasting_glucose: Decimal | None) -> Finding | None:
    """Fasting glucose of 6.1 to under 7.0 mmol/L is impaired (§1.3.2, §19a): way of life, yearly test."""
    if fasting_glucose is None or not IMPAIRED <= fasting_glucose < LIMIT:
        return None
    return advising("glucose-impaired", "fasting_glucose", source="exam-advice")


def hypoglycaemia_class(*, hypoglycaemia: str | None) -> str | None:
    """Class 3 if hypoglycaemia is frequent (project)."""
    return followup.ADVERSE if hypoglycaemia == FREQUENT else None


def glucose_class(*, fasting_glucose: Decimal | None) -> str | None:
    """Class 2 if fasting glucose is 7.0 mmol/L or more, otherwise 1; the person's own meter counts (§19a)."""
    if fasting_glucose is None:
        return None
    return followup.UNCONTROLLED if fasting_glucose >= LIMIT else followup.CONTROLLED


def own_meter(*, visit_mode: str | None, fasting_glucose: Decimal | None) -> Finding | None:
    """A value told by telephone comes from the person's own meter; it classifies and is marked."""
    if visit_mode != PHONE or fasting_glucose is None:
        return None
    return advising("own-meter", "fasting_glucose", source="dm-home")


def foot_pulse(*, dorsalis_pedis: str | None) -> Finding | None:
    """A weak or absent pulse of the foot: foot care and referral; the next visit follows the class."""
    if dorsalis_pedis not in WEAK_PULSE:
        return None
    return advising("foot-pulse", "dorsalis_pedis", "referral_advised", source="dm-foot")


def referral_urgency(
    *,
    computed_emergency: bool | None,
    computed_recorded_class: str | None,
    computed_previous_class: str | None,
    dorsalis_pedis: str | None,
) -> str | None:
    """As for every follow-up; a weak or absent foot pulse is referred too."""
    found = followup.referral_urgency(
        computed_emergency=computed_emergency,
        computed_recorded_class=computed_recorded_class,
        computed_previous_class=computed_previous_class,
    )
    return found or (followup.ADVISED if dorsalis_pedis in WEAK_PULSE else None)
