"""Rights I3: withdrawal is one step, at once, without a reason."""

from __future__ import annotations

import typing
import uuid

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from saas.residents.models import Consent
from saas.residents.rules import consent as rule
from tests.isolation import routes
from tests.isolation.rows import all_rows, changed_tables
from tests.rights.conftest import Home
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

READERS = (
    "village_doctor",
    "township_gp",
    "public_health_nurse",
    "pharmacist",
    "fp_provider",
    "clinic_admin",
)


def give(home: Home, purpose: str) -> None:
    browser = home.browser()
    body = {
        "csrf_token": routes.csrf_token(home.app, browser),
        "answer": "yes",
        "giver": "self",
        "way": "paper",
    }
    path = f"/residents/{home.resident_id}/consent?about={purpose}"
    assert browser.post(path, data=body | {"form_id": str(uuid.uuid4())}).status_code == 303


def given(home: Home) -> set[str]:
    """The purposes that hold now."""
    with world.inside(home.app, home.household.card) as session:
        query = sa.select(Consent.purpose).where(Consent.given, Consent.withdrawn_at.is_(None))
        return set(session.scalars(query))


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("purpose", rule.ASKED)
def test_the_button_on_the_persons_page_is_the_whole_way(home: Home, purpose: str, role: str) -> None:
    """What the page's own form holds is enough: no further page, no reason, no permission but reading."""
    give(home, purpose)
    browser = home.browser(role)
    page = BeautifulSoup(browser.get(f"/residents/{home.resident_id}").get_data(as_text=True), "html.parser")
    button = page.select_one(f'#consents button[name="purpose"][value="{purpose}"]')
    assert button is not None
    form = button.find_parent("form")
    assert form is not None
    asked = [str(one["name"]) for one in form.select("input, textarea, select")]
    assert asked == ["csrf_token"]
    token = form.select_one("input")
    assert token is not None
    body = {"csrf_token": str(token["value"]), "purpose": purpose}
    assert browser.post(str(form["action"]), data=body).status_code == 303
    assert purpose not in given(home)


def test_it_holds_with_the_very_next_page(home: Home) -> None:
    give(home, "reminders")
    browser = home.browser()
    body = {"csrf_token": routes.csrf_token(home.app, browser), "purpose": "reminders"}
    browser.post(f"/residents/{home.resident_id}/consent/withdraw", data=body)
    page = browser.get(f"/residents/{home.resident_id}").get_data(as_text=True)
    assert 'name="purpose" value="reminders"' not in page


def test_it_changes_nothing_else(home: Home) -> None:
    give(home, "record")
    browser = home.browser()
    token = routes.csrf_token(home.app, browser)
    before = all_rows(home.app, home.household.card)
    body = {"csrf_token": token, "purpose": "record"}
    browser.post(f"/residents/{home.resident_id}/consent/withdraw", data=body)
    changed = changed_tables(before, all_rows(home.app, home.household.card))
    assert {name.rsplit(".", 1)[-1] for name in changed} <= {"consent", "access_log", "web_session"}
    assert any(name.endswith("consent") for name in changed)


@pytest.fixture
def suspended(home: Home) -> Iterator[None]:
    """The clinic takes no new work (rights I12)."""
    with world.caretaker(home.app).logins.connect("owner", autocommit=True) as owner:
        change = (
            "UPDATE platform.clinic SET state = %s, suspended_at = CASE WHEN %s THEN now() END WHERE id = %s"
        )
        give(home, "sharing")
        owner.execute(change, ("suspended", True, home.household.card.id))
        yield
        owner.execute(change, ("live", False, home.household.card.id))


@pytest.mark.usefixtures("suspended")
def test_it_works_in_a_suspended_clinic_too(home: Home) -> None:
    browser = home.browser()
    token = routes.csrf_token(home.app, browser)
    base = f"/residents/{home.resident_id}/consent"
    assert browser.post(base, data={"csrf_token": token, "answer": "no"}).status_code == 403, "no new work"
    answer = browser.post(f"{base}/withdraw", data={"csrf_token": token, "purpose": "sharing"})
    assert answer.status_code == 303
    assert "sharing" not in given(home)


def test_a_reason_has_no_place_to_be_kept() -> None:
    assert not [name for name in Consent.__table__.columns.keys() if "reason" in name]  # noqa: SIM118
    table = typing.cast("sa.Table", Consent.__table__)
    assert set(table.info["update"]) == {"withdrawn_at", "withdrawn_by"}
