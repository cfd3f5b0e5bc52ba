"""Hypertension: emergency, class, and what a reading by telephone may say (§7.3, §19a)."""

from __future__ import annotations

from saas.formkit.findings import Finding, advising, asking, emergency
from saas.formkit.rules.visits import PHONE
from saas.public_health.rules import followup

SOURCE = "ht-emergency"
EMERGENCY_SYSTOLIC, EMERGENCY_DIASTOLIC = 180, 110
"""mmHg from which a pressure is an emergency, at any age."""
OLDER = 65
TARGET, TARGET_OLDER = (140, 90), (150, 90)
"""mmHg below which the pressure is controlled; the second from 65 completed years on."""
RESEMBLING = frozenset({"2", "3", "4", "5", "6", "7", "10"})
"""Codes of symptoms that resemble a sign of danger without being one."""


def target(age: int) -> tuple[int, int]:
    """Systolic and diastolic limits in mmHg: 150/90 from 65 completed years on, otherwise 140/90."""
    return TARGET_OLDER if age >= OLDER else TARGET


def is_dangerous(systolic: int | None, diastolic: int | None) -> bool:
    """SBP of 180 mmHg and more, or DBP of 110 mmHg and more.

    A pair whose lower value stands first is an error and is read here the other way round: 95/182 is an
    emergency that the error must not hide, 82/128 is none (project).
    """
    if systolic is not None and diastolic is not None and systolic < diastolic:
        systolic, diastolic = diastolic, systolic
    return (systolic is not None and systolic >= EMERGENCY_SYSTOLIC) or (
        diastolic is not None and diastolic >= EMERGENCY_DIASTOLIC
    )


def pressure_emergency(*, systolic_bp: int | None, diastolic_bp: int | None) -> Finding | None:
    """SBP ≥ 180 or DBP ≥ 110 mmHg, wherever and by whom it was read: treat, refer urgently."""
    if not is_dangerous(systolic_bp, diastolic_bp):
        return None
    fields = ("systolic_bp", "diastolic_bp", "referral_advised")
    return emergency("pressure-emergency", *fields, source=SOURCE)


def is_emergency(
    *, systolic_bp: int | None, diastolic_bp: int | None, danger_signs: tuple[str, ...]
) -> bool | None:
    """Pressure of 180 or 110 mmHg and more, or any sign of danger."""
    return True if is_dangerous(systolic_bp, diastolic_bp) or danger_signs else None


def symptoms_resemble_danger(*, symptoms: tuple[str, ...]) -> Finding | None:
    """Symptoms that only resemble signs of danger ask "emergency?" and do not force it (§19a)."""
    if not RESEMBLING & set(symptoms):
        return None
    return asking("is-it-an-emergency", "symptoms", "danger_signs", source=SOURCE)


def complication_class(*, age: int | None, complication: str | None) -> str | None:
    """Class 4 as in every follow-up; without a birth date there is no hypertension class (§19a)."""
    return None if age is None else followup.complication_class(complication=complication)


def adverse_class(*, age: int | None, adverse_reaction: str | None) -> str | None:
    """Class 3 as in every follow-up; without a birth date there is no hypertension class (§19a)."""
    return None if age is None else followup.adverse_class(adverse_reaction=adverse_reaction)


def pressure_class(
    *, age: int | None, visit_mode: str | None, systolic_bp: int | None, diastolic_bp: int | None
) -> str | None:
    """Class 2 if SBP or DBP reaches the limit of the age (140/90, from 65 years 150/90 mmHg), otherwise 1.

    A reading by telephone is the person's own and never sets the class; one that staff take at home counts.
    """
    if age is None or visit_mode == PHONE or systolic_bp is None or diastolic_bp is None:
        return None
    limit_systolic, limit_diastolic = target(age)
    raised = systolic_bp >= limit_systolic or diastolic_bp >= limit_diastolic
    return followup.UNCONTROLLED if raised else followup.CONTROLLED


def home_reading(
    *, visit_mode: str | None, systolic_bp: int | None, diastolic_bp: int | None
) -> Finding | None:
    """A home reading sets no class; its own goal is below 135/85 mmHg (§7.1)."""
    if visit_mode != PHONE or (systolic_bp is None and diastolic_bp is None):
        return None
    return advising("home-reading", "systolic_bp", "diastolic_bp", source="ht-home")
