"""What a browser would rightly send to each route that changes something: a new route needs its case here."""

from __future__ import annotations

import datetime
import typing
import uuid

from saas.web import clock
from tests.isolation import records
from tests.isolation.routes import CHANGES, routes
from tests.support import lists
from tests.support.main_form import main_form

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.isolation.households import Household
    from tests.isolation.routes import Route
    from tests.support.world import Browser

Form = dict[str, str]

NEW = {"new_password": "quite another 000 horse", "new_password_again": "quite another 000 horse"}
CODE = {"second_code_once": "000000"}


def _days_ago(number: int) -> str:
    """A visit of a day of its own: a second one of one day would be asked about first."""
    return str(clock.today() - datetime.timedelta(days=number))


# What a person types or presses; the rest of the form is read from its page, as a browser would.
TYPED: dict[str, Form] = {
    "accounts.archive_code": {},
    "accounts.device_enrol": {"device_code_once": "0" * 12},
    "accounts.device_move": {"state": "repair"},
    "accounts.devices_confirm": {},
    "accounts.enrol_submit": CODE,
    "accounts.invitation_submit": {"slip_code_once": "0" * 20, "name": "ئادىل", **NEW},
    "accounts.new_password_submit": NEW,
    "accounts.notice_read": {},
    "accounts.own_language": {"language": "zh"},
    "accounts.own_password_submit": NEW,
    "accounts.own_recovery_codes": {},
    "accounts.own_second_factor_remove": {},
    "accounts.own_second_factor_submit": CODE,
    "accounts.own_session_end": {"session_id": "others"},
    "accounts.own_sheet": {},
    "accounts.own_sheet_printed": {},
    "accounts.recovery_submit": {"sheet_code_once": "0" * 20, **NEW},
    "accounts.second_factor_submit": CODE,
    "accounts.settings_submit": {"paper": "A5", "name_ug": "سىناق"},
    "accounts.sheet_make": {},
    "accounts.sheet_printed": {},
    "accounts.sign_in_submit": {},
    "accounts.sign_out": {},
    "accounts.site_add_submit": {"name_zh": "新村卫生室"},
    "accounts.site_close": {},
    "accounts.site_edit_submit": {"name_ug": "سىناق يېزا"},
    "accounts.site_reopen": {},
    "accounts.staff_add_submit": {"name": "ئادىل", "roles": "pharmacist"},
    "accounts.staff_bring_run": {},
    "accounts.staff_bring_submit": {},
    "accounts.staff_disable": {},
    "accounts.staff_edit_submit": {"name_other": "阿迪力"},
    "accounts.staff_enable": {},
    "accounts.staff_end_sessions": {},
    "accounts.staff_reset_submit": {},
    "accounts.unlock_submit": {"back": "/residents"},
    "figures.count": {},
    "figures.population_submit": {"year": "2026", "source": "CANARY of one's own", "told_on": "2026-01-01"},
    "language.language_switch": {"_language": "zh", "back": "/residents"},
    "public_health.afresh": {},
    "public_health.amend": {"amend_reason": "CANARY of one's own", "heart_rate": "70"},
    "public_health.clinic_afresh": {},
    "public_health.clinic_amend": records.EDUCATION | {"amend_reason": "CANARY of one's own"},
    "public_health.clinic_fill": records.EDUCATION,
    "public_health.clinic_look": {"audience_count": "9"},
    "public_health.clinic_void": {"reason": "CANARY of one's own"},
    "public_health.fill": records.FOLLOW_UP | {"service_date": _days_ago(20)},
    "public_health.programme_end": {"reason": "lost"},
    "public_health.joint_afresh": {},
    "public_health.joint_look": {"systolic_bp": "190"},
    "public_health.joint_visit": records.FOLLOW_UP | records.DIABETES | {"service_date": _days_ago(40)},
    "public_health.look": {"systolic_bp": "190"},
    "public_health.take_back": {},
    "public_health.void": {"reason": "CANARY of one's own"},
    "residents.add": {"name_0": "ئايگۈل", "sex_code": "2", "birth": "1990", "print_language": "ug"},
    "residents.card": {},
    "residents.card_restore": {},
    "residents.card_void": {},
    "residents.consent": {"answer": "yes"},
    "residents.consent_withdraw": {"purpose": "record"},
    "residents.bring_again": {},
    "residents.bring_close": {},
    "residents.bring_columns": {"column_0": "name_0", "column_1": "sex_code", "column_2": "birth"},
    "residents.bring_drop": {},
    "residents.bring_run": {},
    "residents.bring_undo": {},
    "residents.bring_upload": {},
    "residents.bring_window": {"days": "1"},
    "residents.edit": {"village": "新村"},
    "residents.edit_afresh": {},
    "residents.find": {"q": "ئايگۈل"},
    "residents.standing": {"standing": "moved", "ended_on": "2026-01-01"},
    "residents.standing_undo": {},
    "residents.close_record": {},
    "residents.open_record": {"category": "referral", "reason": "Called by the county hospital about her"},
    "residents.opening_review": {"verdict": "questioned", "note": "CANARY of one's own"},
    "residents.start_afresh": {},
    "residents.visit_begin": {},
    "residents.visit_end": {},
    "residents.visit_reopen": {},
    "residents.visit_undo": {},
    "residents.household_remove": {},
    "residents.household_submit": {"words": "other", "choosing": "1", "both_wish": "1"},
    "residents.merge": {"answer": "same"},
    "residents.pair_answer": {"answer": "same"},
    "residents.unmerge_submit": {},
    "residents.suggest": {"q": "ئايگۈل"},
    "today.bring_back": {},
    "today.find": {"q": "ئايگۈل"},
    "web.drop_held": {"_page": "/residents/new"},
    "web.keep_draft": {"_page": "notes", "name_0": "ئايگۈل"},
}

# Files that a browser would send along with a form.
FILES: dict[str, dict[str, tuple[str, bytes]]] = {
    "accounts.staff_bring_submit": {
        "list_file": ("staff.csv", b"username,name,roles\nnew.one,Li,pharmacist")
    },
    "today.bring_back": {"day_file": ("day.xlsx", lists.as_workbook([["shipa-day-1"]]))},
    "residents.bring_upload": {"list_file": ("list.csv", "姓名,性别,出生日期\r\nئايگۈل,女,1990".encode())},
}

# Names under which an object's id or number can travel, in a form or anywhere else.
CARRIED = (
    "resident_id",
    "other_id",
    "gone_id",
    "batch_id",
    "device_id",
    "device_ids",
    "record_id",
    "amends",
    "site_id",
    "site_ids",
    "staff_id",
    "session_id",
    "visit_id",
    "opening_id",
    "clinic_id",
    "form_id",
    "version",
    "was",
    "mine",
    "base",
    "words",
    "q",
    "code",
    "clinic",
    "clinic_code",
    "asked",
    "username",
    "document_number",
    "phone_0",
    "_page",
    "schema",
)

AT_THE_DOOR = {"accounts.invitation_submit", "accounts.recovery_submit", "accounts.sign_in_submit"}
"""Forms that ask for the institution."""


def without_case(app: Flask) -> list[str]:
    """Changing routes that nobody wrote a case for, and cases of routes that are gone."""
    there = {route.endpoint for route in routes(app, *CHANGES)}
    return sorted(there ^ TYPED.keys())


def uses_up_its_person(route: Route) -> bool:
    """True when success changes the password that later requests would need."""
    return "new_password" in TYPED.get(route.endpoint, {})


def form_of(browser: Browser, route: Route, path: str, household: Household) -> Form:
    """The whole form: what the page at this address holds, what is typed, the person's own passwords."""
    page = path.replace("/merge/", "/same/") if route.endpoint == "residents.merge" else path
    form = read_form(browser.get(page).get_data(as_text=True))
    person = browser.person
    own = {"password": household.password, "own_password": household.password}
    if route.endpoint in AT_THE_DOOR:
        code = household.card.code
        own |= {"clinic": code, "asked": "", "clinic_code": code}
        own |= {"username": person.username if person else f"spare.{code}"}
    if route.endpoint == "accounts.staff_add_submit":
        own["username"] = f"new.{uuid.uuid4().hex[:12]}"
    form |= own
    form |= TYPED[route.endpoint]
    if route.endpoint == "figures.population_submit":
        form[f"count_{household.ids['site_id']}"] = "1234"
    if route.endpoint == "residents.household_submit":
        form["other_id"] = household.ids["other_id"]
    if "form_id" in form:
        form["form_id"] = str(uuid.uuid4())
    return form


def read_form(page: str) -> Form:
    """The values of a page's main form as they stand; of several values the first."""
    main = main_form(page)
    found: Form = {}
    if main is None:
        return found
    for control in main.select("input[name], textarea[name], select[name]"):
        name = str(control["name"])
        if control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            found.setdefault(name, str(chosen.get("value", "")) if chosen else "")
        elif control.get("type") not in {"radio", "checkbox"} or control.has_attr("checked"):
            found.setdefault(name, str(control.get("value", "")))
    return found
