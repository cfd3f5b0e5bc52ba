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
    # visit_queue,register: everybody in care but the pharmacist, and the administrator
    "visits.read": (CLINICAL - {PHARMACIST}) | {CLINIC_ADMIN},
    "visits.write": (CLINICAL - {PHARMACIST}) | {CLINIC_ADMIN},
    # audit_log,read: of openings everybody sees her own, head and reviewer see all
    "openings.read": frozenset(ROLES),
    # patient_index,merge: two persons, reversible; proposing is writing
    "residents.merge": frozenset({CLINIC_ADMIN}),
    # clinic,settings: the head opens the window, chooses the file and answers for it
    "bringing.manage": frozenset({CLINIC_ADMIN}),
    # encounter notes, follow-ups, examinations: those who see the person for them
    "public_health.read": frozenset({VILLAGE_DOCTOR, TOWNSHIP_GP, PUBLIC_HEALTH_NURSE}),
    "public_health.write": frozenset({VILLAGE_DOCTOR, TOWNSHIP_GP, PUBLIC_HEALTH_NURSE}),
    # encounter_note,sign and referral_out,create: treating doctors; they also see what is sensitive
    "public_health.treat": frozenset({VILLAGE_DOCTOR, TOWNSHIP_GP}),
    # ph.indicator.view: aggregates only; the head holds it without reading records
    "figures.read": frozenset({VILLAGE_DOCTOR, TOWNSHIP_GP, PUBLIC_HEALTH_NURSE, CLINIC_ADMIN}),
    # the typed population of a year, and having the figures counted anew
    "figures.manage": frozenset({TOWNSHIP_GP, PUBLIC_HEALTH_NURSE, CLINIC_ADMIN}),
    # user,create_assign_role
    "staff.manage": frozenset({CLINIC_ADMIN}),
    "sites.manage": frozenset({CLINIC_ADMIN}),
    "clinic.manage": frozenset({CLINIC_ADMIN}),
    # a new archive code; in a suspended or closed clinic too, else nothing could be taken along (rights N5)
    "clinic.archive": frozenset({CLINIC_ADMIN}),
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
