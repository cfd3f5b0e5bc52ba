"""What an operator sends to each route that changes something, and what she may read of a clinic."""

from __future__ import annotations

import typing
import uuid

import sqlalchemy as sa

from saas.accounts.models import Site
from tenants.console.sessions import PATH
from tests.support import world

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.cards import ClinicCard

DOOR = f"{PATH}/sign-in"
FORMS: dict[str, dict[str, str]] = {
    "operators.change_undo": {"step": "order"},
    "operators.clinic_merge": {"other": "P", "step": "order"},
    "operators.clinic_move_site": {"site": "1", "other": "P", "step": "order"},
    "operators.clinic_practice_order": {"wish": "practice.renewed", "order_id": str(uuid.UUID(int=7))},
    "operators.clinic_recode": {"code": "650099999", "step": "order"},
    "operators.clinic_rename": {"name_zh": "a try", "step": "order"},
    "operators.closing_step": {"step": "close", "reason": "a try of the test", "keep_days": "30"},
    "operators.clinic_move": {"was": "live", "goes_to": "suspended", "reason": "a try"},
    "operators.clinic_room": {"room": "public_health", "on": "0"},
    "operators.clinic_tick": {"item": "licence", "done": "1"},
    "operators.device_code": {},
    "operators.device_move": {"was": "received", "goal": "stock"},
    "operators.device_send": {"was": "received", "clinic_code": "650099001", "waybill": "W1"},
    "operators.enrol_submit": {"second_code_once": "000000"},
    "operators.language": {"_language": "zh", "back": DOOR},
    "operators.new_password_submit": {"new_password": "x", "new_password_again": "x"},
    "operators.roster_put_aside": {},
    "operators.roster_show_again": {},
    "operators.roster_start": {},
    "operators.roster_stop": {},
    "operators.roster_upload": {},
    "operators.second_factor_submit": {"second_code_once": "000000"},
    "operators.sign_in_submit": {"operator_name": "nobody", "password": "wrong"},
    "operators.sign_out": {},
    "operators.slips_print": {"prefecture": "试验地区", "county": "试验县"},
}
"""What an operator would send to each route that changes something: a new one needs its line."""


def without_site_names(app: Flask, card: ClinicCard, text: str) -> str:
    """The text without the names of the clinic's sites: they stand on their signs, and in the rosters."""
    with world.inside(app, card) as session:
        names = session.execute(sa.select(Site.name_zh, Site.name_ug)).all()
    for name in sorted({name for pair in names for name in pair if name}, key=len, reverse=True):
        text = text.replace(name, "")
    return text
