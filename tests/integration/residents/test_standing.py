"""Moved, died, left, back again: marked, found by every search, out of the daily list, undone at once."""

from __future__ import annotations

import random
import typing

import pytest

from tests.integration.residents import pages

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from saas.audit.models import AccessLog
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

ADULT = {"name_0": "阿依古丽", "sex_code": "2", "birth": "1985-05-05"}
DIED = {"standing": "died", "ended_on": "2026-11-01", "note": "ئائىلىسى ئېيتتى"}


def change(browser: Browser, made: str, **typed: str) -> TestResponse:
    form = pages.fields_of(browser.get(f"/residents/{made}/standing"))
    return browser.post(f"/residents/{made}/standing", data=form | typed)


def listed(browser: Browser, **query: str) -> list[str]:
    return pages.ids_in(browser.get("/residents", query_string={"site": "all", **query}))


@pytest.mark.parametrize("standing", ["moved", "died", "left"])
def test_she_is_marked_found_and_not_in_the_daily_list(north: ClinicWorld, standing: str) -> None:
    browser = north.browser()
    phone = f"000{random.randrange(10**8):08d}"
    made = pages.register(browser, **ADULT, phone_0=phone)
    assert change(browser, made, **DIED | {"standing": standing}).status_code == 303
    page = pages.soup(browser.get(f"/residents/{made}"))
    notice = page.select_one("#standing")
    assert notice is not None
    assert "2026-11-01" in notice.get_text()
    assert DIED["note"] in notice.get_text()
    assert made not in listed(browser)
    assert made in listed(browser, standing="all")
    found = pages.find(browser, phone)
    assert pages.ids_in(found) == [made]
    assert pages.soup(found).select_one("tbody .standing") is not None


def test_nothing_is_deleted_or_changed_beside_it(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, name_0="阿依", document_number=pages.a_number(), phone_0="00012345678")
    form = {name: text for name, text in pages.opened(browser, made).items() if name not in CHANGING}
    change(browser, made, **DIED)
    after = {name: text for name, text in pages.opened(browser, made).items() if name not in CHANGING}
    assert after == form
    assert {key.kind for key in pages.row_of(north, made).keys} == {"document", "phone", "record"}
    assert change(browser, made, standing="here").status_code == 303
    row = pages.row_of(north, made)
    assert (row.standing, row.ended_on, row.ended_note) == ("here", None, "")
    assert made in listed(browser)


CHANGING = ("csrf_token", "form_id", "version", "was")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"ended_on": "1985-05-04"}, "ended_on"),
        ({"ended_on": "2999-01-01"}, "ended_on"),
        ({"ended_on": "2026-02-30"}, "ended_on"),
        ({"ended_on": ""}, "ended_on"),
        ({"note": "x" * 201}, "note"),
        ({"note": "x\u202e"}, "note"),
        ({"standing": "merged"}, "standing"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(
    north: ClinicWorld, typed: dict[str, str], field: str
) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    told = change(browser, made, **DIED | typed)
    assert told.status_code == 422
    assert list(pages.errors_of(told)) == [field]
    kept = pages.fields_of(told)
    assert (kept["ended_on"], kept["note"]) == ((DIED | typed)["ended_on"], (DIED | typed)["note"])
    assert pages.row_of(north, made).standing == "here"


def test_a_change_can_be_undone_from_the_next_page(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    change(browser, made, **DIED | {"standing": "moved"})
    change(browser, made, **DIED)
    undo = undo_on(browser.get(f"/residents/{made}"))
    assert browser.send(undo).status_code == 303
    row = pages.row_of(north, made)
    assert (row.standing, str(row.ended_on), row.ended_note) == ("moved", "2026-11-01", DIED["note"])
    browser.get(f"/residents/{made}")
    assert browser.send(undo).status_code == 303
    assert pages.soup(browser.get(f"/residents/{made}")).select_one(".flash-warn") is not None
    assert pages.row_of(north, made).version == row.version, "an undo works once"


def test_an_undo_is_of_one_person_and_one_state(north: ClinicWorld) -> None:
    browser = north.browser()
    made, other = pages.register(browser, **ADULT), pages.register(browser, **ADULT)
    change(browser, made, **DIED)
    undo = undo_on(browser.get(f"/residents/{made}"))
    change(browser, other, **DIED)
    for address in (undo.replace(made, other), undo[:-4] + "AAAA", f"/residents/{made}/standing/undo"):
        assert browser.send(address).status_code == 303
    assert pages.row_of(north, other).standing == pages.row_of(north, made).standing == "died"
    change(browser, made, **DIED | {"note": "later"})
    assert browser.send(undo).status_code == 303
    assert pages.row_of(north, made).ended_note == "later"


def undo_on(page: TestResponse) -> str:
    form = pages.soup(page).select_one(".flash-undo")
    assert form is not None
    return str(form["action"])


def test_somebody_else_who_saved_first_is_shown(north: ClinicWorld) -> None:
    browser, nurse = north.browser(), north.browser("public_health_nurse")
    made = pages.register(browser, **ADULT)
    form = pages.fields_of(browser.get(f"/residents/{made}/standing"))
    change(nurse, made, **DIED)
    told = browser.post(f"/residents/{made}/standing", data=form | DIED | {"standing": "moved"})
    assert told.status_code == 409
    assert DIED["note"] in pages.soup(told).select(".notice-warn")[0].get_text()
    again = browser.post(f"/residents/{made}/standing", data=pages.fields_of(told))
    assert again.status_code == 303
    assert pages.row_of(north, made).standing == "moved"


def test_the_age_of_the_dead_does_not_grow(north: ClinicWorld, moved_clock: Callable[..., None]) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    change(browser, made, **DIED)
    before = facts(browser, made)
    moved_clock(days=800)
    assert facts(north.browser(), made)[1] == before[1] == "41"


def facts(browser: Browser, made: str) -> list[str]:
    page = pages.soup(browser.get(f"/residents/{made}"))
    return [one.get_text(strip=True).strip("\u2066\u2069") for one in page.select("main > .facts dd")]


def test_it_is_logged_and_only_by_those_who_may_write(
    north: ClinicWorld, log_rows: Callable[[str], list[AccessLog]]
) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    change(browser, made, **DIED)
    row = log_rows(made)[-1]
    assert (row.act, row.status, row.detail) == ("residents.standing", 303, {"standing": "died"})
    pharmacist = north.browser("pharmacist")
    assert pharmacist.send(f"/residents/{made}/standing", DIED).status_code == 403
    assert pharmacist.send(f"/residents/{made}/standing/undo").status_code == 403
