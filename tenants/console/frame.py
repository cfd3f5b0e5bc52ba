"""What the frame of every page of the console shows: who is here, the menu, its own ways out."""

from __future__ import annotations

import typing

from flask import has_request_context, request, url_for
from flask import session as flask_session
from flask_babel import gettext, lazy_gettext

from tenants.console.register import FULL, ONBOARDING, VIEWER
from tenants.console.sessions import PATH, OperatorSession

ROLES = {ONBOARDING: lazy_gettext("Onboarding"), VIEWER: lazy_gettext("Regional figures")}

MENU: tuple[tuple[str, object, str], ...] = (
    ("operators.clinics", lazy_gettext("Institutions"), ONBOARDING),
    ("operators.changes", lazy_gettext("Changes"), ONBOARDING),
    ("operators.rosters", lazy_gettext("Rosters"), ONBOARDING),
    ("operators.slips", lazy_gettext("Invitations"), ONBOARDING),
    ("operators.devices", lazy_gettext("Devices"), ONBOARDING),
    ("operators.closing_list", lazy_gettext("Closings"), ONBOARDING),
    ("operators.region", lazy_gettext("Regional figures"), VIEWER),
    ("operators.changes", lazy_gettext("Changes"), VIEWER),
    ("operators.devices", lazy_gettext("Devices"), VIEWER),
    ("operators.closing_list", lazy_gettext("Closings"), VIEWER),
)
"""Endpoint, label, role."""


def context() -> dict[str, object]:
    """For the layout; nothing on the clinics' own pages."""
    if not has_request_context() or not (request.path == PATH or request.path.startswith(f"{PATH}/")):
        return {"apart": None}
    row = flask_session.operator if isinstance(flask_session._get_current_object(), OperatorSession) else None  # type: ignore[attr-defined] # noqa: SLF001 - LocalProxy's own way
    full = row is not None and row.stage == FULL
    return {
        "apart": {
            "title": gettext("Operators of the platform"),
            "home": url_for("operators.home"),
            "language": url_for("operators.language"),
            "sign_out": url_for("operators.sign_out"),
            "name": row.name if row is not None else "",
            "role": ROLES.get(row.role, "") if row is not None and full else "",
            "refusals": {
                403: gettext("Your role does not include this page. Ask who runs the console."),
                404: gettext("There is nothing here. What stood here may have been removed."),
            },
            "menu": [
                {"url": url_for(endpoint), "label": label, "here": request.endpoint == endpoint}
                for endpoint, label, role in MENU
                if row is not None and full and row.role == role
            ],
        }
    }


def words_of_role(role: str) -> typing.Any:  # noqa: ANN401 - a lazy text
    """A role in plain words."""
    return ROLES.get(role, role)
