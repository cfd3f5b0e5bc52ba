"""Which role may do what: the one declaration, deny by default."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

VILLAGE_DOCTOR = "village_doctor"
TOWNSHIP_GP = "township_gp"
PUBLIC_HEALTH_NURSE = "public_health_nurse"
PHARMACIST = "pharmacist"
FP_PROVIDER = "fp_provider"
CLINIC_ADMIN = "clinic_admin"
AUDIT_REVIEWER = "audit_reviewer"

ROLES = (
    VILLAGE_DOCTOR,
    TOWNSHIP_GP,
    PUBLIC_HEALTH_NURSE,
    PHARMACIST,
    FP_PROVIDER,
    CLINIC_ADMIN,
    AUDIT_REVIEWER,
)
CLINICAL = frozenset({VILLAGE_DOCTOR, TOWNSHIP_GP, PUBLIC_HEALTH_NURSE, PHARMACIST, FP_PROVIDER})

# From the roles and permissions table of the design, for what exists so far.
GRANTS: dict[str, frozenset[str]] = {
    # patient_index,search: one search box, masked lists, the own clinic only
    "residents.read": CLINICAL | {CLINIC_ADMIN},
    # patient_index,create_update: everybody who reads but the pharmacist
    "residents.write": (CLINICAL - {PHARMACIST}) | {CLINIC_ADMIN},
    # encounter notes, follow-ups, examinations: those who see the person for them
    "public_health.read": frozenset({VILLAGE_DOCTOR, TOWNSHIP_GP, PUBLIC_HEALTH_NURSE}),
    "public_health.write": frozenset({VILLAGE_DOCTOR, TOWNSHIP_GP, PUBLIC_HEALTH_NURSE}),
    # user,create_assign_role
    "staff.manage": frozenset({CLINIC_ADMIN}),
    "sites.manage": frozenset({CLINIC_ADMIN}),
    "clinic.manage": frozenset({CLINIC_ADMIN}),
    # audit_log,read: seeing the log of the clinic
    "audit.read": frozenset({CLINIC_ADMIN}),
    # audit_log,review: a named reviewer who has no part in care (rights I11)
    "audit.review": frozenset({AUDIT_REVIEWER}),
    "account.own": frozenset(ROLES),
}


def may(roles: Iterable[str], permission: str) -> bool:
    """Whether somebody with these roles may use ``permission``; unknown words are refused."""
    return not GRANTS.get(permission, frozenset()).isdisjoint(roles)


def may_hold_together(roles: Iterable[str]) -> bool:
    """Nobody holds both a clinical role and the audit reviewer's (rights I11)."""
    held = frozenset(roles)
    return AUDIT_REVIEWER not in held or held.isdisjoint(CLINICAL)


def is_administrator(roles: Iterable[str]) -> bool:
    """Whether the person manages staff and settings, and so must have a second factor."""
    return CLINIC_ADMIN in roles
