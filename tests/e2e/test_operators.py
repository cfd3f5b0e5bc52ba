"""The console in a real browser: every page for axe, and a county brought to work from a file with faults."""

from __future__ import annotations

import re
import typing
import uuid

import pytest

from saas.accounts import second_factor
from saas.web import clock
from tenants.console.sessions import PATH
from tests.e2e.accessible import violations
from tests.isolation.routes import Route, operator_routes
from tests.support import handed_out, operating, ordering, rosters, world
from tests.support.page import check_page
from tests.support.rosters import ask

if typing.TYPE_CHECKING:
    from tests.e2e.hands import Hands
    from tests.e2e.house import House
    from tests.support.operating import Operator

NO_PAGES = {
    "operators.home": "leads on",
    "operators.order_progress": "JSON for the bar of an order",
    "operators.region_sheet": "a file",
    "operators.roster_faults": "a file",
    "operators.roster_progress": "JSON for the bar of a roster",
}
PREFECTURE = "试验地区"


def sit_down(hands: Hands, house: House, operator: Operator, stage: str = "full") -> None:
    """A session of this operator in the browser, without the pages of signing in."""
    with house.app.app_context():
        token = operating.console_of(house.app).register.start(operator.id, stage, "127.0.0.1")
    hands.context.add_cookies(
        [
            {
                "name": operating.COOKIE,
                "value": token,
                "domain": "127.0.0.1",
                "path": PATH,
                "sameSite": "Strict",
            }
        ]
    )


def county_of(house: House, clinics: int) -> str:
    """A county with clinics that nobody works in yet."""
    county = f"县{uuid.uuid4().hex[:6]}"
    for number in range(clinics):
        card = world.provision(house.app, world.free_code(), f"{county}{number}院", sites=1)
        ask(
            house.app,
            "UPDATE platform.clinic SET county_zh = %s, state = 'provisioned', name_ug = 'سىناق' "
            "WHERE id = %s",
            county,
            card.id,
        )
    return county


def look(hands: Hands, path: str) -> list[str]:
    """Everything that is wrong with the page at this address."""
    answer = hands.page.goto(hands.url + path)
    assert answer is not None
    assert answer.status == 200, path
    check_page(answer.text(), "ug" if hands.language == "ug" else "zh")
    return [f"{path}: {fault}" for fault in violations(hands.page)]


def ordered(house: House, operator: Operator, clinic_id: uuid.UUID) -> dict[str, object]:
    """An order that waits, a change that can be undone, and a device that was received."""
    return {
        "order_id": ordering.place(house.app, operator.name, "practice.made", clinic_id),
        "change_id": ordering.change_of_another(house.app),
        "device_id": handed_out.device(house.app, "received", clinic_id),
    }


def stage_of(route: Route) -> str:
    """Where a session must stand for this page."""
    words = set(route.entrance.apart) - {"onboarding", "viewer", "door"}
    return min(words, default="full")


def test_every_page_of_the_console(hands: Hands, house: House) -> None:
    operator, viewer = operating.add(house.app), operating.add(house.app, "viewer")
    desk = operating.sign_in(house.app, operator)
    lines = [rosters.line(world.free_code(), name_zh=name) for name in ("试办院", "", "=1+1")]
    run_id = rosters.checked(house.app, desk, rosters.csv_of(lines))
    county = county_of(house, 2)
    (clinic_id,) = ask(house.app, "SELECT id FROM platform.clinic WHERE county_zh = %s", county)[0]
    desk.do(f"/clinics/{clinic_id}/tick", {"item": "licence", "done": "1"})
    ids = {"run_id": run_id, "clinic_id": clinic_id, **ordered(house, operator, clinic_id)}
    faults = []
    for route in sorted(operator_routes(house.app, "GET"), key=stage_of):
        if route.endpoint in NO_PAGES:
            continue
        hands.context.clear_cookies(name=operating.COOKIE)
        views = "onboarding" not in route.entrance.apart and "viewer" in route.entrance.apart
        sit_down(hands, house, viewer if views else operator, stage_of(route))
        faults += look(hands, route.path(house.app, ids))
        hands.picture(f"page-{route.endpoint}")
    sit_down(hands, house, operator)
    faults += look(hands, f"{PATH}/slips?prefecture={PREFECTURE}&county={county}")
    hands.picture("page-operators.slips-chosen")
    hands.follow("form[method=post] .btn-primary")
    hands.wait(".invitation")
    faults += [f"slips: {fault}" for fault in violations(hands.page)]
    hands.picture("page-operators.slips-printed")
    hands.context.clear_cookies(name=operating.COOKIE)
    sit_down(hands, house, viewer)
    faults += look(hands, f"{PATH}/")
    assert faults == []


def code_on(hands: Hands) -> str:
    """The key that the page shows, as the telephone's app would read it."""
    found = re.search(r"[A-Z2-7]{4}( [A-Z2-7]{4}){7}", hands.text())
    assert found is not None
    return second_factor.current_code(found[0].replace(" ", ""), clock.now())


@pytest.mark.timeout(180)
def test_a_county_comes_to_work_from_a_file_with_faults(hands: Hands, house: House) -> None:
    """As a new onboarding administrator would: without a command after her own account was made."""
    name, county = f"li.{uuid.uuid4().hex[:6]}", f"县{uuid.uuid4().hex[:6]}"
    made = house.app.test_cli_runner().invoke(
        args=["operators", "add", name, "--role", "onboarding"], input="first 000 horse battery\n"
    )
    assert made.exit_code == 0, made.output
    hands.go(PATH)
    hands.page.fill("#operator_name", name)
    hands.page.fill("#password", "first 000 horse battery")
    hands.press("F4")
    hands.at(f"{PATH}/new-password")
    for field in ("#new_password", "#new_password_again"):
        hands.page.fill(field, world.PASSWORD)
    hands.press("F4")
    hands.at(f"{PATH}/second-factor/set-up")
    hands.page.fill("#second_code_once", code_on(hands))
    hands.press("F4")
    hands.at(f"{PATH}/clinics")
    codes = bring_in(hands, house, county)
    slips = print_slips(hands, county)
    assert slips.keys() == set(codes)
    come_as_administrator(hands, codes[0], slips[codes[0]])
    hands.go(f"{PATH}/slips?prefecture={PREFECTURE}&county={county}")
    assert codes[0] not in hands.text()
    assert codes[1] in hands.text()


def bring_in(hands: Hands, house: House, county: str) -> list[str]:
    """Choose a file with a fault, see it, start, watch it end; returns the codes that are clinics now."""
    codes = [world.free_code() for _ in range(4)]
    lines = [rosters.line(code, county_zh=county, prefecture_zh=PREFECTURE) for code in codes]
    lines[3]["kind"] = "hospital"
    hands.go(f"{PATH}/rosters/new")
    body = rosters.csv_of(lines)
    hands.page.set_input_files("#roster_file", {"name": "county.csv", "mimeType": "text/csv", "buffer": body})
    hands.press("F4")
    hands.at(f"{PATH}/rosters/{{id}}")
    operating.work_off(house.app)
    hands.wait("text=hospital")  # the page asks by itself
    hands.picture("roster-checked")
    hands.press("F4")
    hands.wait("[data-progress]")
    operating.work_off(house.app)
    hands.gone("[data-progress]")
    hands.picture("roster-done")
    query = "SELECT code FROM platform.clinic WHERE county_zh = %s AND state = 'provisioned' ORDER BY code"
    found = [code for (code,) in ask(house.app, query, county)]
    assert found == sorted(codes[:3])
    return found


def print_slips(hands: Hands, county: str) -> dict[str, str]:
    """Make the slips of the county; returns the codes by institution."""
    hands.go(f"{PATH}/slips?prefecture={PREFECTURE}&county={county}")
    hands.press("F4")
    hands.wait(".invitation")
    found = {}
    for slip in hands.page.query_selector_all(".invitation"):
        text = slip.inner_text()
        code = re.search(r"\d{4}( \d{4}){4}", text)
        institution = re.search(r"\b\d{9}\b", text)
        assert code
        assert institution
        found[institution[0]] = code[0]
    return found


def come_as_administrator(hands: Hands, institution: str, code: str) -> None:
    """The first administrator with her slip, in the same browser: the two registers do not meet."""
    hands.go(f"/invitation?clinic={institution}")
    hands.page.fill("#slip_code_once", code)
    hands.page.fill("#name", "ئايگۈل سىناق")
    for field in ("#new_password", "#new_password_again"):
        hands.page.fill(field, "quite another 000 horse")
    hands.picture("invitation")
    hands.press("F4")
    hands.at("/second-factor/set-up")
    hands.page.fill("#second_code_once", code_on(hands))
    hands.press("F4")
    hands.follow(".codes ~ form .btn-primary")
    hands.at("/recovery-sheet")


@pytest.mark.timeout(180)
def test_an_institution_is_renamed_and_the_change_undone_by_keyboard(hands: Hands, house: House) -> None:
    card = world.provision(house.app, world.free_code(), "改名前卫生院", sites=1)
    sit_down(hands, house, operating.add(house.app))
    hands.go(f"{PATH}/clinics/{card.id}/rename")
    hands.page.fill("#name_zh", "改名后卫生院")
    hands.press("F4")
    faults = seen(hands, "change-shown")
    for language in ("zh" if hands.language == "ug" else "ug", hands.language):
        hands.press("F9")
        hands.page.wait_for_selector(f"html[lang^={language}]")
        hands.wait("button[value=order]")
    carry_out(hands, house)
    assert world.card_of(house.app, card.code).name_zh == "改名后卫生院"
    hands.picture("change-done")
    faults += violations(hands.page)
    hands.follow("a[href$='/undo']")
    faults += seen(hands, "change-undo")
    carry_out(hands, house)
    assert world.card_of(house.app, card.code).name_zh == "改名前卫生院"
    hands.go(f"{PATH}/changes")
    hands.picture("changes")
    faults += violations(hands.page)
    hands.go(f"{PATH}/clinics/{card.id}/merge")
    hands.page.fill("#other", "卫生院")
    hands.press("F4")
    faults += seen(hands, "change-choose", "#into-error")
    assert faults == []


def seen(hands: Hands, name: str, what: str = "button[value=order]") -> list[str]:
    """What is wrong with a page that answers a form, once it shows this."""
    hands.wait(what)
    hands.picture(name)
    return violations(hands.page)


def carry_out(hands: Hands, house: House) -> None:
    """Order what is shown, and see the page of the order tell that it is done."""
    hands.press("F4")
    hands.at(f"{PATH}/orders/{{id}}")
    hands.wait("[data-progress]")
    hands.picture("change-waits")
    operating.work_off(house.app)
    hands.gone("[data-progress]")  # the page asks by itself
