"""The words for roles, operator acts and weak passwords, in the language of the page."""

from __future__ import annotations

import typing

from flask_babel import gettext, lazy_gettext

from saas.accounts import passwords, permissions
from saas.accounts.passwords import LONGEST, SHORTEST, Weakness

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

ROLES: dict[str, object] = {
    permissions.VILLAGE_DOCTOR: lazy_gettext("Village doctor"),
    permissions.TOWNSHIP_GP: lazy_gettext("Township doctor"),
    permissions.PUBLIC_HEALTH_NURSE: lazy_gettext("Public health nurse"),
    permissions.PHARMACIST: lazy_gettext("Pharmacist"),
    permissions.FP_PROVIDER: lazy_gettext("Family planning provider"),
    permissions.CLINIC_ADMIN: lazy_gettext("Clinic administrator"),
    permissions.AUDIT_REVIEWER: lazy_gettext("Access log reviewer"),
}

OPERATOR_ACTS: dict[str, object] = {
    "clinic.created": lazy_gettext("The institution was set up"),
    "clinic.updated": lazy_gettext("The institution's entry was changed"),
    "clinic.suspended": lazy_gettext("The institution was suspended"),
    "clinic.renamed": lazy_gettext("The institution was renamed"),
    "clinic.recoded": lazy_gettext("The institution got another code; the old one leads to it"),
    "clinic.merged": lazy_gettext("Two institutions were joined; no record was moved"),
    "clinic.site_moved": lazy_gettext("A site was moved to another institution; no record was moved"),
    "clinic.practice_made": lazy_gettext(
        "A practice clinic with invented people was made beside the institution"
    ),
    "clinic.practice_emptied": lazy_gettext("The practice clinic was emptied of its invented people"),
    "clinic.change_undone": lazy_gettext("A change of the institution was undone"),
    "clinic.resumed": lazy_gettext("The institution was opened again"),
    "clinic.moving": lazy_gettext("Moving the institution's data to another server began"),
    "clinic.relocated": lazy_gettext("The institution's data was moved to another server"),
    "clinic.move_undone": lazy_gettext("Moving the institution's data was given up; it is where it was"),
    "clinic.exported": lazy_gettext("The institution's data were written into a sealed archive"),
    "clinic.restored": lazy_gettext("The institution's data were restored from a sealed archive"),
    "clinic.closed": lazy_gettext("The institution was closed; it takes no new work"),
    "clinic.removal_asked": lazy_gettext("It was asked to remove the institution and its data"),
    "clinic.removal_dropped": lazy_gettext("Removing the institution was called off"),
    "clinic.removed": lazy_gettext("The institution and its data were removed"),
    "clinic.moved": lazy_gettext("The institution's standing was changed"),
    "checklist.ticked": lazy_gettext("An item of the checklist was seen to"),
    "checklist.unticked": lazy_gettext("An item of the checklist was taken back"),
    "room.on": lazy_gettext("A room was switched on"),
    "room.off": lazy_gettext("A room was switched off"),
    "invitation.printed": lazy_gettext("An invitation for the first administrator was printed"),
    "device.shipped": lazy_gettext("A device was sent to the institution"),
    "device.moved": lazy_gettext("Where a device of the institution stands was changed"),
    "device.code_made": lazy_gettext("A code was made for enrolling a device of the institution"),
    "sites.updated": lazy_gettext("The list of sites was changed"),
    "staff.added": lazy_gettext("The first administrator was added"),
}


def roles_of(roles: Iterable[str]) -> list[object]:
    """The words for these roles, in the order of the declaration."""
    held = set(roles)
    return [label for role, label in ROLES.items() if role in held]


def operator_act(act: str) -> object:
    """The words for an operator's act; an act without words is shown by its code."""
    return OPERATOR_ACTS.get(act, act)


def why_weak(password: str, own_words: Iterable[str]) -> str:
    """Why a password will not do, in words; empty when it will."""
    why = passwords.weakness(password, own_words)
    return "" if why is None else weakness(why)


def weakness(why: Weakness) -> str:
    """Why a password will not do, and what would."""
    if why is Weakness.TOO_SHORT:
        return str(gettext("At least %(num)s characters.", num=SHORTEST))
    if why is Weakness.TOO_LONG:
        return str(gettext("At most %(num)s characters.", num=LONGEST))
    return str(
        gettext(
            "This password is easy to guess. Take several words that do not belong together; "
            "names, dates and rows of keys do not help."
        )
    )


def refused_code(*, late: bool) -> str:
    """What is said of a refused code of the telephone; ``late``: it was right some minutes ago."""
    if late:
        return str(
            gettext(
                "This code was right some minutes ago: the clock of the telephone seems wrong. Let it set "
                "itself by the network, wait for the next code and type that."
            )
        )
    return str(gettext("This code is not right, or was used before."))
