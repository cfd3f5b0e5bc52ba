"""Rights I7: somebody else reviews each opening and sees the event; where nobody can, the slip says so."""

from __future__ import annotations

import typing
import uuid

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from saas.accounts.models import Staff
from saas.residents.models import Opening
from saas.web import clock
from tests.isolation import households
from tests.rights.conftest import Home
from tests.rights.outsiders import REASON, Outsider, outsider, text_of
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.support.world import Browser, Person

pytestmark = pytest.mark.timeout(60)  # clinics of its own
NOBODY = {"ug": "ھېچكىم تەكشۈرمىگەن", "zh": "无人复核"}
WAITING = "تېخى تەكشۈرۈلمىدى"


@pytest.fixture
def stranger(home: Home) -> Outsider:
    """Somebody who has opened the record with a reason."""
    one = outsider(home)
    assert one.open().status_code == 303
    return one


def judge(browser: Browser, opening: Opening, verdict: str, note: str = "") -> TestResponse:
    """Send a verdict."""
    return browser.send(f"/residents/openings/{opening.id}", {"verdict": verdict, "note": note})


def stored(home: Home, opening: Opening) -> Opening:
    with world.inside(home.app, home.household.card) as session:
        return session.get_one(Opening, opening.id)


def test_the_reviewer_sees_who_when_and_why_and_no_name_of_the_resident(
    home: Home, stranger: Outsider
) -> None:
    [opening] = stranger.openings()
    browser = home.browser("audit_reviewer")
    for path in ("/residents/openings", f"/residents/openings/{opening.id}"):
        answers: list[TestResponse] = []
        rows = home.logged_by(lambda: answers.append(browser.get(path)))  # noqa: B023
        text = text_of(answers[0])
        assert REASON in text
        assert f"外人{stranger.person.username}" in text
        assert home.resident_id[-6:].upper() in text
        page = answers[0].get_data(as_text=True)
        hidden = [home.resident_id, "مەريەم", f"{home.household.canary}village", *home.household.secrets]
        assert [one for one in hidden if one in page] == []
        assert [(row.resident_ids, row.purpose) for row in rows] == [([home.resident_id], "review")]


def test_the_record_itself_is_closed_to_the_reviewer(home: Home, stranger: Outsider) -> None:
    browser = home.browser("audit_reviewer")
    for path in ("", "/edit", "/who-opened", "/who-opened/print"):
        assert browser.get(f"{stranger.page}{path}").status_code == 403
    assert (
        browser.send(f"{stranger.page}/open", {"category": "referral", "reason": REASON}).status_code == 403
    )


def test_a_verdict_is_written_once_with_its_reviewer(home: Home, stranger: Outsider) -> None:
    [opening] = stranger.openings()
    browser = home.browser("audit_reviewer")
    assert judge(browser, opening, "accepted").status_code == 303
    after = stored(home, opening)
    reviewer = home.household.people["audit_reviewer"].staff_id
    assert (after.verdict, after.reviewed_by) == ("accepted", reviewer)
    assert judge(browser, opening, "questioned", "why?").status_code == 409
    assert stored(home, opening).verdict == "accepted"


@pytest.mark.parametrize(
    ("verdict", "note", "field"),
    [
        ("", "", "verdict"),
        ("forgiven", "", "verdict"),
        ("questioned", "", "note"),
        ("accepted", "x" * 501, "note"),
    ],
)
def test_what_is_no_verdict_is_said_beside_its_field(
    home: Home, stranger: Outsider, verdict: str, note: str, field: str
) -> None:
    [opening] = stranger.openings()
    answer = judge(home.browser("audit_reviewer"), opening, verdict, note)
    assert (answer.status_code, f'id="{field}-error"' in answer.get_data(as_text=True)) == (422, True)
    assert stored(home, opening).verdict == ""


def test_nobody_reviews_her_own_opening(home: Home) -> None:
    """An administrator may be the reviewer too; not of herself, by the application and by the database."""
    head = outsider(home, "clinic_admin", "audit_reviewer")
    head.open()
    [opening] = head.openings()
    page = head.browser().get(f"/residents/openings/{opening.id}")
    assert (page.status_code, 'name="verdict"' in page.get_data(as_text=True)) == (200, False)
    assert judge(head.browser(), opening, "accepted").status_code == 403
    assert judge(home.browser("audit_reviewer"), opening, "accepted").status_code == 303
    with pytest.raises(sa.exc.IntegrityError), world.inside(home.app, home.household.card) as session:
        session.execute(
            sa.update(Opening).where(Opening.id == opening.id).values(reviewed_by=opening.staff_id)
        )


@pytest.mark.parametrize("role", ["clinic_admin", "village_doctor", "township_gp"])
def test_only_a_reviewer_reviews(home: Home, stranger: Outsider, role: str) -> None:
    [opening] = stranger.openings()
    assert judge(home.browser(role), opening, "accepted").status_code == 403
    assert stored(home, opening).verdict == ""


def test_the_head_sees_all_openings_and_everybody_else_her_own(home: Home, stranger: Outsider) -> None:
    [opening] = stranger.openings()
    path = f"/residents/openings/{opening.id}"
    assert REASON in text_of(home.browser("clinic_admin").get("/residents/openings"))
    assert REASON in text_of(stranger.browser().get("/residents/openings"))
    assert REASON not in text_of(outsider(home).browser().get("/residents/openings"))
    assert outsider(home).browser().get(path).status_code == 404
    assert home.browser("clinic_admin").get(path).status_code == 200


def test_what_is_not_reviewed_stands_first(home: Home, stranger: Outsider) -> None:
    [opening] = stranger.openings()
    later = outsider(home)
    later.open(reason="Asked by her daughter on the telephone")
    judge(home.browser("audit_reviewer"), later.openings()[0], "accepted")
    text = text_of(home.browser("audit_reviewer").get("/residents/openings"))
    assert text.index(f"外人{stranger.person.username}") < text.index(f"外人{later.person.username}")
    assert not opening.verdict


def test_a_questioned_opening_is_told_to_the_opener_and_the_head_and_nobody_else(
    home: Home, stranger: Outsider
) -> None:
    [opening] = stranger.openings()
    note = f"Which hospital was it? {uuid.uuid4()}"
    assert note not in told(home, stranger.person)
    judge(home.browser("audit_reviewer"), opening, "questioned", note)
    assert note in told(home, stranger.person)
    assert note in told(home, home.household.people["clinic_admin"])
    assert note not in told(home, home.household.people["village_doctor"])
    assert note in text_of(stranger.browser().get("/residents/openings"))


def told(home: Home, person: Person) -> str:
    """What this person reads between her password and her work."""
    return text_of(world.sign_in(home.app, person, stage="notice").get("/notices"))


def test_it_is_told_once(home: Home, stranger: Outsider) -> None:
    [opening] = stranger.openings()
    judge(home.browser("audit_reviewer"), opening, "questioned", "Which hospital was it?")
    browser = world.sign_in(home.app, stranger.person, stage="notice")
    assert browser.send("/notices").status_code == 303
    assert "Which hospital was it?" not in told(home, stranger.person)


# The person herself.


def slip(home: Home, *, other: bool = False) -> BeautifulSoup:
    path = f"/residents/{home.resident_id}/who-opened/print{'?in=other' if other else ''}"
    return BeautifulSoup(home.browser().get(path).get_data(as_text=True), "html.parser")


def reasons_on(page: BeautifulSoup) -> dict[str, str]:
    """The openings on a page, by their reason: what is said of the review."""
    table = page.select("table")[0]
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in table.select("tbody tr")]
    return {row[3]: row[4] for row in rows}


def test_an_opening_is_shown_to_the_person_on_screen_and_on_paper(home: Home) -> None:
    reason = f"Sent here by another village {uuid.uuid4()}"
    outsider(home).open(reason=reason)
    screen = home.browser().get(f"/residents/{home.resident_id}/who-opened").get_data(as_text=True)
    for page in (BeautifulSoup(screen, "html.parser"), slip(home)):
        found = [state for why, state in reasons_on(page).items() if reason in why]
        assert found == [WAITING]


def test_where_nobody_can_review_the_slip_says_so_in_both_languages(
    app: Flask, moved_clock: Callable[..., None]
) -> None:
    """A one-person station: until the parent institution names a reviewer, and again once he is gone."""
    alone = Home(app, households.furnish(app, world.PASSWORD))
    _leave_one(alone)
    doctor = alone.household.people["village_doctor"]
    outsider(alone, "village_doctor").open(reason="The only doctor opens her own neighbour's record")
    assert set(reasons_on(slip(alone)).values()) == {NOBODY["ug"]}
    assert set(reasons_on(slip(alone, other=True)).values()) == {NOBODY["zh"]}
    named = world.add_staff(app, alone.household.card, "from.the.parent", "audit_reviewer", places="none")
    assert set(reasons_on(slip(alone)).values()) == {WAITING}
    browser = world.sign_in(app, named)
    assert browser.get("/").headers["Location"] == "/residents/openings"
    assert browser.get(f"/residents/{alone.resident_id}").status_code == 403
    _end_access(alone, named)
    assert set(reasons_on(slip(alone)).values()) == {NOBODY["ug"]}
    assert doctor.staff_id != named.staff_id
    moved_clock(hours=2)
    assert set(reasons_on(slip(alone)).values()) == {NOBODY["ug"]}, "it does not run out"


def _leave_one(home: Home) -> None:
    for role, person in home.household.people.items():
        if role != "village_doctor":
            _end_access(home, person)


def _end_access(home: Home, person: Person) -> None:
    with world.inside(home.app, home.household.card) as session:
        session.get_one(Staff, person.staff_id).disabled_at = clock.now()
