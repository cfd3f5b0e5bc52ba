"""Every route says who may use it, reads well, changes only by POST, and can be reached by somebody."""

from __future__ import annotations

import re
import typing

import pytest
from flask import Blueprint, Flask

from saas.accounts.permissions import GRANTS, ROLES, may
from saas.app import ROOMS, create_app
from saas.config import Settings
from saas.web.guard import UnguardedRouteError, check_routes, entrance_of, needs, public, stage

if typing.TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.routing import Rule

# Reviewed: what somebody may ask who is not signed in. Each new line is a decision.
PUBLIC = {
    "accounts.sign_in": "the door",
    "accounts.sign_in_submit": "the door",
    "accounts.sign_in_clinics": "the institutions' names stand on their signs",
    "accounts.invitation": "the first administrator with her printed slip",
    "accounts.invitation_submit": "the first administrator with her printed slip",
    "accounts.recovery": "an administrator with her recovery sheet",
    "accounts.recovery_submit": "an administrator with her recovery sheet",
    "accounts.sign_out": "ends only the session of the browser that asks",
    "language.language_switch": "the language of this PC",
    "watch.healthz": "the process answers",
    "watch.metrics": "figures without names, and to nobody outside",
    "watch.readyz": "a word whether the house can work",
}

# Reviewed: GET pages that no menu shows; they are reached from the page that is named.
NOT_IN_A_MENU = {
    "accounts.devices": "accounts.settings",
    "accounts.own_password": "accounts.own",
    "accounts.archive_code": "accounts.settings",
    "accounts.own_recovery_codes": "accounts.own",
    "accounts.own_second_factor": "accounts.own",
    "accounts.own_second_factor_remove": "accounts.own",
    "accounts.own_sessions": "accounts.own",
    "accounts.own_sheet": "accounts.own",
    "accounts.site_add": "accounts.site_list",
    "accounts.site_edit": "accounts.site_list",
    "accounts.staff_add": "accounts.staff_list",
    "accounts.staff_bring": "accounts.staff_list",
    "accounts.staff_bring_template": "accounts.staff_bring",
    "accounts.staff_edit": "accounts.staff_show",
    "accounts.staff_reset": "accounts.staff_show",
    "accounts.staff_show": "accounts.staff_list",
    "figures.excel": "figures.index",
    "figures.missing": "figures.index",
    "figures.population": "figures.index",
    "figures.printed": "figures.index",
    "figures.progress": "the script of figures.index",
    "residents.card": "residents.show",
    "residents.consent": "residents.show",
    "residents.consent_sheet": "residents.show",
    "residents.bring_columns": "residents.bring_show",
    "residents.bring_progress": "the script of residents.bring_show",
    "residents.bring_show": "residents.bring",
    "residents.bring_upload": "residents.bring",
    "residents.bring_window": "residents.bring",
    "residents.edit": "residents.show",
    "residents.opening_show": "residents.openings_list",
    "residents.who_opened": "residents.show",
    "residents.who_opened_print": "residents.who_opened",
    "residents.found": "the search box",
    "residents.household": "residents.show",
    "residents.pair": "residents.queue",
    "residents.show": "residents.index",
    "residents.standing": "residents.show",
    "residents.unmerge": "residents.show",
    **{
        f"public_health.{desk}{page}": f"public_health.{desk}{place}"
        for desk in ("", "clinic_")
        for page, place in (
            ("fill", "record_list"),
            ("record", "record_list"),
            ("amend", "record"),
            ("void", "record"),
            ("record_csv", "record"),
            ("record_fhir", "record"),
            ("record_print", "record"),
        )
    },
    "public_health.joint_visit": "today.index",
    "public_health.programme_end": "residents.show",
    "public_health.record_list": "residents.show",
    "today.bring_back": "today.index",
    "today.paper": "today.index",
    "today.sheet": "today.index",
    "today.workbook": "today.index",
    "web.held": "web.home",
    "web.home": "the name of the house",
}

# Reviewed: buttons that stand on the page of something else; every other change has a page at its address.
CHANGES_WITHOUT_A_PAGE = {
    "accounts.device_move",
    "accounts.devices_confirm",
    "accounts.own_language",
    "accounts.own_session_end",
    "accounts.own_sheet_printed",
    "accounts.sheet_printed",
    "accounts.sign_out",
    "accounts.site_close",
    "accounts.site_reopen",
    "accounts.staff_bring_run",
    "accounts.staff_disable",
    "accounts.staff_enable",
    "accounts.staff_end_sessions",
    "figures.count",
    "language.language_switch",
    "operators.clinic_move",
    "operators.clinic_room",
    "operators.clinic_tick",
    *("operators.device_code", "operators.device_move", "operators.device_send"),
    "operators.language",
    *("operators.roster_put_aside", "operators.roster_show_again"),
    *("operators.roster_start", "operators.roster_stop"),
    "operators.sign_out",
    "public_health.afresh",
    "public_health.clinic_afresh",
    "public_health.clinic_look",
    "public_health.joint_afresh",
    "public_health.joint_look",
    "public_health.look",
    "public_health.take_back",
    "residents.card_restore",
    "residents.card_void",
    "residents.consent_withdraw",
    "residents.bring_again",
    "residents.bring_close",
    "residents.bring_drop",
    "residents.bring_run",
    "residents.bring_undo",
    "residents.edit_afresh",
    "residents.find",
    "residents.standing_undo",
    "residents.close_record",
    "residents.open_record",
    "residents.household_remove",
    "residents.merge",
    "residents.start_afresh",
    "residents.visit_begin",
    "residents.visit_end",
    "residents.visit_reopen",
    "residents.visit_undo",
    "residents.suggest",
    "today.find",
    "web.drop_held",
    "web.keep_draft",
}

_KEBAB = re.compile(r"(/(?:[a-z]+(?:-[a-z]+)*|<[a-z]+:[a-z_]+>|<words>|<code>))*/?")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, connected to nothing."""
    return create_app(Settings.from_env({"SHIPA_DATA": str(folder(tmp_path_factory))}))


def folder(factory: pytest.TempPathFactory) -> Path:
    """An empty place for its data."""
    return factory.mktemp("data")


def rules(app: Flask) -> list[Rule]:
    """All of its routes."""
    return list(app.url_map.iter_rules())


def test_every_route_is_guarded_by_a_permission_that_somebody_has(built: Flask) -> None:
    for rule in rules(built):
        entrance = entrance_of(built, rule.endpoint)
        apart = bool(entrance.apart)
        kinds = [entrance.permission is not None, bool(entrance.stages), entrance.public, apart]
        assert apart == rule.rule.startswith("/operators"), rule.endpoint
        assert kinds.count(True) == 1, rule.endpoint
        if entrance.permission is not None:
            assert GRANTS[entrance.permission], rule.endpoint


def test_the_list_of_public_routes_is_the_reviewed_one(built: Flask) -> None:
    found = {rule.endpoint for rule in rules(built) if entrance_of(built, rule.endpoint).public}
    assert found == PUBLIC.keys()


def bare() -> str:
    """A view that says nothing about who may enter."""
    return "a page"


@pytest.mark.parametrize(
    ("view", "starts"),
    [
        (bare, False),
        (needs("residents.read")(lambda: "a page"), True),
        (needs("residents.everything")(lambda: "a page"), False),
        (stage("locked")(lambda: "a page"), True),
        (public(lambda: "a page"), True),
    ],
)
def test_an_application_with_an_unguarded_route_does_not_start(
    view: typing.Callable[[], str], *, starts: bool
) -> None:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/", "page", view)
    if starts:
        check_routes(app, frozenset(GRANTS))
    else:
        with pytest.raises(UnguardedRouteError):
            check_routes(app, frozenset(GRANTS))


def test_a_room_that_is_added_later_is_checked_too(built: Flask) -> None:
    room = Blueprint("later", __name__)
    room.add_url_rule("/later", "page", bare)
    built.register_blueprint(room)
    with pytest.raises(UnguardedRouteError):
        check_routes(built, frozenset(GRANTS))


@pytest.mark.parametrize("name", ["read", "residents", "residents.read.all", ""])
def test_a_permission_reads_room_and_action(name: str) -> None:
    with pytest.raises(ValueError, match=r"room\.action"):
        needs(name)


def own_rules(app: Flask) -> list[Rule]:
    """All of its routes but the one that a test above has added."""
    return [rule for rule in rules(app) if not rule.endpoint.startswith("later.")]


def test_addresses_are_kebab_case_with_typed_ids(built: Flask) -> None:
    wrong = [rule.rule for rule in own_rules(built) if not _KEBAB.fullmatch(rule.rule)]
    assert wrong == []
    untyped = {
        (rule.rule, name)
        for rule in own_rules(built)
        for name in rule.arguments
        if name.endswith("_id") and f"<uuid:{name}>" not in rule.rule
    }
    assert untyped == set()


def test_an_argument_that_is_no_id_is_sealed_words_or_the_code_of_a_form(built: Flask) -> None:
    others = {name for rule in own_rules(built) for name in rule.arguments if not name.endswith("_id")}
    assert others == {"words", "code"}


def test_methods_are_get_and_post(built: Flask) -> None:
    for rule in own_rules(built):
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods in ({"GET"}, {"POST"}, {"GET", "POST"}), rule


def test_what_only_changes_is_no_get(built: Flask) -> None:
    gets = {rule.rule for rule in own_rules(built) if "GET" in (rule.methods or set())}
    alone = {
        rule.endpoint
        for rule in own_rules(built)
        if "POST" in (rule.methods or set()) and rule.rule not in gets
    }
    assert alone == CHANGES_WITHOUT_A_PAGE


def test_every_page_is_in_a_menu_or_on_the_list_of_those_that_are_not(built: Flask) -> None:
    in_menu = {entry.endpoint for room in ROOMS for entry in room.menu}
    pages = {
        rule.endpoint
        for rule in own_rules(built)
        if "GET" in (rule.methods or set()) and entrance_of(built, rule.endpoint).permission
    }
    assert in_menu <= pages
    assert pages - in_menu == NOT_IN_A_MENU.keys()


def test_every_entry_of_a_menu_asks_for_what_its_page_asks(built: Flask) -> None:
    for room in ROOMS:
        for entry in room.menu:
            assert entrance_of(built, entry.endpoint).permission == entry.permission, entry


def test_nobody_sees_a_key_of_the_menu_twice() -> None:
    entries = [entry for room in ROOMS for entry in room.menu if entry.key]
    for role in ROLES:
        keys = [
            entry.key
            for entry in entries
            if may([role], entry.permission) and not (entry.key_unless and may([role], entry.key_unless))
        ]
        assert len(keys) == len(set(keys)), role
    assert {entry.key for entry in entries} == {"F3"}
