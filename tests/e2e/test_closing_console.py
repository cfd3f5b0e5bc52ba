"""Closing and removal in a real browser: by hand, in both languages, what was typed is kept."""

from __future__ import annotations

import typing

import pytest

from tenants.console.sessions import PATH
from tenants.house_orders import work
from tests.e2e.accessible import violations
from tests.e2e.test_operators import sit_down
from tests.support import operating, ordering, world
from tests.support.archived import give_code
from tests.support.rosters import ask

if typing.TYPE_CHECKING:
    from tests.e2e.hands import Hands
    from tests.e2e.house import House
    from tests.support.operating import Operator

REASON = "与县医院合并，业务已全部移交 (merged)"


def take(hands: Hands, house: House, step: str, **typed: str) -> list[str]:
    """Type, press the step's button, see its order done; what is wrong with the two pages."""
    faults = violations(hands.page)
    for name, text in typed.items():
        hands.page.fill(f"#{name}", text)
    hands.picture(f"closing-{step}")
    hands.follow(f"button[name=step][value={step}]")
    hands.at(f"{PATH}/orders/{{id}}")
    hands.wait("[data-progress]")
    work(world.caretaker(house.app), ordering.order_of(hands.page.url), lambda: None)
    hands.gone("[data-progress]")  # the page asks by itself
    hands.picture(f"closing-{step}-done")
    return faults + violations(hands.page)


def sit(hands: Hands, house: House, who: Operator, page: str) -> None:
    hands.context.clear_cookies(name=operating.COOKIE)
    sit_down(hands, house, who)
    hands.go(page)


@pytest.mark.timeout(180)
def test_an_institution_is_closed_archived_and_removed_by_two_people(hands: Hands, house: House) -> None:
    one, two = operating.add(house.app), operating.add(house.app)
    card = world.provision(house.app, world.free_code(), "关闭试验院", sites=1)
    give_code(world.caretaker(house.app), card)
    page = f"{PATH}/clinics/{card.id}/closing"
    sit(hands, house, one, page)
    hands.page.fill("#reason", REASON)
    hands.page.fill("#keep_days", "31")
    for language in ("zh" if hands.language == "ug" else "ug", hands.language):
        hands.press("F9")
        hands.page.wait_for_selector(f"html[lang^={language}]")
        typed = [hands.page.input_value(field) for field in ("#reason", "#keep_days")]
        assert typed == [REASON, "31"]
    faults = take(hands, house, "close")
    hands.go(page)
    faults += take(hands, house, "archive", reason=REASON)
    ago = "UPDATE platform.closing SET closed_at = closed_at - interval '31 days' WHERE clinic_id = %s"
    ask(house.app, ago, card.id)
    hands.go(page)
    faults += take(hands, house, "ask", reason=REASON)
    sit(hands, house, two, page)
    faults += take(hands, house, "confirm", typed_code=card.code)
    assert world.caretaker(house.app).clinics(card.code) == []
    assert faults == []
