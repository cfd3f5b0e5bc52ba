"""Rights I7: outside the care relationship a record opens for a reason only, for 60 minutes, and is shown."""

from __future__ import annotations

import typing
import uuid

import psycopg
import pytest
import sqlalchemy as sa

from saas.residents.rules import care
from tests.rights.conftest import Home
from tests.rights.outsiders import REASON, Outsider, outsider
from tests.support import world
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.timeout(60)  # clinics of its own


@pytest.fixture
def stranger(home: Home) -> Outsider:
    """A doctor of another place of the same clinic."""
    return outsider(home)


def test_the_gate_shows_what_a_search_shows_and_no_more(home: Home, stranger: Outsider) -> None:
    page = stranger.browser().get(stranger.page).get_data(as_text=True)
    check_page(page, "ug")
    hidden = [f"{home.household.canary}{part}" for part in ("street", "contact", "edit", "draft", "reason")]
    hidden += [*home.household.secrets, home.household.ids["document_number"], home.household.ids["phone_0"]]
    assert [text for text in hidden if text in page] == []
    assert home.household.canary in page, "her name, as in the search that led here"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "aaaaaaaaaaaaaaaaaaaaaa"}, "reason"),
        ({"reason": "14 characters"}, "reason"),
        ({"reason": "x" * 10_000}, "reason"),
        ({"reason": f"{REASON}\u202e"}, "reason"),
        ({"category": ""}, "category"),
        ({"category": "family_planning"}, "category"),
    ],
)
def test_without_a_category_and_a_reason_it_stays_closed(
    stranger: Outsider, typed: dict[str, str], field: str
) -> None:
    answer = stranger.open(**typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert typed.get("reason", REASON)[:12] in page, "what was typed stays"
    assert (stranger.openings(), stranger.status()) == ([], 403)


def test_with_a_reason_it_opens_and_the_log_has_the_category_and_not_the_words(
    home: Home, stranger: Outsider
) -> None:
    rows = home.logged_by(lambda: stranger.open(category="emergency"))
    told = [row for row in rows if row.act == "residents.open_record"]
    assert [(row.resident_ids, row.status, row.detail) for row in told] == [
        ([home.resident_id], 303, {"category": "emergency"})
    ]
    assert REASON not in str(rows)
    rows = home.logged_by(lambda: stranger.browser().get(stranger.page))
    assert [(row.act, row.status, row.purpose) for row in rows] == [
        ("residents.show", 200, "opening.emergency")
    ]
    with world.caretaker(home.app).logins.connect("owner") as connection:
        table = f"{home.household.card.binding.schema}.opening"
        stored = connection.execute(f"SELECT t::text FROM {table} t".encode()).fetchall()  # noqa: S608
    assert stored
    assert REASON not in str(stored), "sealed"


def test_it_lasts_sixty_minutes_by_the_servers_clock_and_is_not_renewed_by_use(
    stranger: Outsider, moved_clock: Callable[..., None]
) -> None:
    assert stranger.open().status_code == 303
    [opening] = stranger.openings()
    assert opening.ends_at - opening.opened_at == care.OPENING_LASTS
    moved_clock(minutes=59)
    assert stranger.status() == 200
    moved_clock(minutes=1, seconds=1)
    assert stranger.status() == 403
    assert [one.ends_at for one in stranger.openings()] == [opening.ends_at]


def test_the_database_holds_the_sixty_minutes_and_the_reviewer_is_somebody_else(
    home: Home, stranger: Outsider
) -> None:
    stranger.open()
    [opening] = stranger.openings()
    table = f"{home.household.card.binding.schema}.opening"
    for change in (
        "ends_at = ends_at + interval '1 second'",
        "ends_at = opened_at - interval '1 second'",
        f"reviewed_at = now(), verdict = 'accepted', reviewed_by = '{opening.staff_id}'",
    ):
        query = f"UPDATE {table} SET {change} WHERE id = '{opening.id}'"  # noqa: S608
        with pytest.raises(psycopg.errors.CheckViolation), _owner(home) as connection:
            connection.execute(query.encode())
    for change in ("reason = ''", "staff_id = resident_id", "category = 'referral'", "opened_at = now()"):
        with pytest.raises(sa.exc.ProgrammingError), world.inside(home.app, home.household.card) as session:
            session.execute(sa.text(f"UPDATE opening SET {change}"))  # noqa: S608


def _owner(home: Home) -> psycopg.Connection[typing.Any]:
    return world.caretaker(home.app).logins.connect("owner")


def test_it_is_hers_alone_and_of_this_resident_alone(home: Home, stranger: Outsider) -> None:
    stranger.open()
    assert outsider(home).status() == 403
    assert stranger.status() == 200


def test_she_can_close_it_before_its_time(stranger: Outsider) -> None:
    stranger.open()
    assert stranger.browser().send(f"{stranger.page}/close").status_code == 303
    assert stranger.status() == 403
    assert len(stranger.openings()) == 1


def test_the_same_form_opens_once(home: Home, stranger: Outsider) -> None:
    form_id = str(uuid.uuid4())
    for _ in range(2):
        assert stranger.open(form_id=form_id).status_code == 303
    assert len(stranger.openings()) == 1
    assert outsider(home).open(form_id=form_id).status_code == 409


def test_what_a_stranger_posts_is_kept_and_offered_once_the_record_is_open(
    home: Home, stranger: Outsider
) -> None:
    browser = stranger.browser()
    assert browser.send(f"{stranger.page}/edit", {"village": "held back"}).status_code == 403
    assert "held back" in browser.get("/held").get_data(as_text=True)
    with world.inside(home.app, home.household.card) as session:
        assert session.scalar(sa.text("SELECT count(*) FROM resident WHERE village = 'held back'")) == 0
    assert stranger.open().headers["Location"] == "/held"


def test_the_way_back_leads_to_this_resident_only(stranger: Outsider) -> None:
    browser = stranger.browser()
    page = browser.get(f"{stranger.page}/who-opened").get_data(as_text=True)
    assert f'value="{stranger.page}/who-opened"' in page
    for back in ("//elsewhere/", f"/residents/{uuid.uuid4()}", f"{stranger.page}/../../staff", "/staff"):
        fresh = outsider(stranger.home)
        assert fresh.open(back=back).headers["Location"] == stranger.page, back
    assert outsider(stranger.home).open(back=f"{stranger.page}/edit").headers["Location"].endswith("/edit")


def test_who_has_no_places_opens_nobody_without_a_reason_and_sees_no_list(home: Home) -> None:
    nobody = outsider(home, "clinic_admin", places="none")
    assert nobody.status() == 403
    page = nobody.browser().get("/residents?site=all").get_data(as_text=True)
    assert f"/residents/{home.resident_id}" not in page
    assert nobody.browser().get(f"/residents?site={home.household.ids['site_id']}").status_code == 404
    assert nobody.open().status_code == 303
    assert nobody.status() == 200


def test_a_list_of_another_place_is_not_offered_and_not_found(home: Home, stranger: Outsider) -> None:
    browser = stranger.browser()
    assert home.household.ids["site_id"] not in browser.get("/residents").get_data(as_text=True)
    assert browser.get(f"/residents?site={home.household.ids['site_id']}").status_code == 404
    assert f"/residents/{home.resident_id}" not in browser.get("/residents?site=all").get_data(as_text=True)


def test_the_search_still_finds_everybody_of_the_clinic(home: Home, stranger: Outsider) -> None:
    words = home.household.words(stranger.person.staff_id, "مەريەم")
    page = stranger.browser().get(f"/residents/found/{words}").get_data(as_text=True)
    assert f"/residents/{home.resident_id}" in page
