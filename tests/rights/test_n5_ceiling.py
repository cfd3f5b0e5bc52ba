"""Rights N5: a ceiling of distinct persons opened per staff and day raises an alert to head and reviewer."""

from __future__ import annotations

import datetime
import typing
import uuid

import pytest

from saas.audit import ceiling, writing
from saas.audit.writing import append
from saas.web import acts, clock
from saas.web.log import Entry
from tests.isolation import households, routes
from tests.rights.conftest import Home
from tests.rights.outsiders import text_of
from tests.support import world

if typing.TYPE_CHECKING:
    from flask import Flask

pytestmark = pytest.mark.timeout(60)  # clinics of its own
NOON = datetime.datetime.combine(clock.today() - datetime.timedelta(days=1), datetime.time(12), clock.BEIJING)


@pytest.fixture
def quiet(app: Flask) -> Home:
    """A clinic whose log says nothing yet of yesterday."""
    return Home(app, households.furnish(app, world.PASSWORD))


def opens(  # noqa: PLR0913 - a row of the log
    home: Home,
    persons: typing.Iterable[int],
    *,
    role: str = "township_gp",
    at: datetime.datetime = NOON,
    act: str = "residents.show",
    status: int = 200,
) -> None:
    """Rows as they stand in the log when this person has opened these records, a second apart."""
    person = home.household.people[role]
    with world.inside(home.app, home.household.card) as session:
        for second, number in enumerate(persons):
            append(
                session,
                key=home.household.clinic.keys.log_key,
                staff_id=person.staff_id,
                staff_name=f"外人{role}",
                status=status,
                entries=[Entry(act, (uuid.UUID(int=number),))],
                at=at + datetime.timedelta(seconds=second),
            )


def crossings(
    home: Home, since: datetime.datetime = NOON - datetime.timedelta(days=3)
) -> list[ceiling.Crossing]:
    with home.app.app_context(), world.inside(home.app, home.household.card) as session:
        return ceiling.crossings(session, since, acts.opening_acts())


def test_up_to_the_ceiling_nobody_is_told_and_one_more_is_an_alert(quiet: Home) -> None:
    opens(quiet, range(ceiling.CEILING))
    assert crossings(quiet) == []
    opens(quiet, [ceiling.CEILING], at=NOON + datetime.timedelta(hours=1))
    [found] = crossings(quiet)
    assert (found.persons, found.day) == (ceiling.CEILING + 1, NOON.date())
    assert found.staff_id == quiet.household.people["township_gp"].staff_id
    assert found.at == NOON + datetime.timedelta(hours=1), "the moment of crossing"


def test_the_same_person_again_counts_once(quiet: Home) -> None:
    for hour in range(3):
        opens(quiet, range(100), at=NOON + datetime.timedelta(hours=hour))
    assert crossings(quiet) == []


@pytest.mark.parametrize(
    ("act", "status"), [("residents.index", 200), ("residents.found", 200), ("residents.show", 403)]
)
def test_lists_searches_and_refusals_open_nobody(quiet: Home, act: str, status: int) -> None:
    opens(quiet, range(200), act=act, status=status)
    assert crossings(quiet) == []


def test_each_member_of_staff_and_each_day_of_beijing_counts_alone(quiet: Home) -> None:
    midnight = NOON.replace(hour=0)
    opens(quiet, range(100), at=midnight - datetime.timedelta(minutes=5))
    opens(quiet, range(100, 200), at=midnight)
    opens(quiet, range(200, 300), at=midnight, role="village_doctor")
    assert crossings(quiet) == []
    opens(quiet, range(300, 351), at=midnight + datetime.timedelta(hours=2))
    assert [one.persons for one in crossings(quiet)] == [151]


def told(home: Home, role: str) -> str:
    """What somebody reads at her next sign-in."""
    browser = world.sign_in(home.app, home.household.people[role], stage="notice")
    return text_of(browser.get("/notices"))


def test_head_and_reviewer_are_told_once_and_nobody_else(quiet: Home) -> None:
    with world.caretaker(quiet.app).logins.connect("owner") as connection:
        schema = quiet.household.card.binding.schema
        connection.execute(f"UPDATE {schema}.staff SET acts_seen_at = now() - interval '5 days'".encode())  # noqa: S608
    opens(quiet, range(ceiling.CEILING + 30))
    for role in ("clinic_admin", "audit_reviewer"):
        assert "外人township_gp" in told(quiet, role), role
        assert f"{ceiling.CEILING + 30}" in told(quiet, role)
        page = text_of(quiet.browser(role).get("/residents/openings"))
        assert "外人township_gp" in page
    for role in ("village_doctor", "township_gp", "pharmacist"):
        assert "外人township_gp" not in told(quiet, role), role
        assert "外人township_gp" not in text_of(quiet.browser(role).get("/residents/openings"))
    browser = world.sign_in(quiet.app, quiet.household.people["audit_reviewer"], stage="notice")
    browser.send("/notices")
    assert "外人township_gp" not in told(quiet, "audit_reviewer")


def test_the_first_row_of_a_day_is_found_by_halving(quiet: Home) -> None:
    """Beginning a little early is harmless, beginning late would leave persons out."""
    with world.inside(quiet.app, quiet.household.card) as session:
        entries = [Entry("residents.show", (uuid.UUID(int=number),)) for number in range(3000)]
        key, person = quiet.household.clinic.keys.log_key, quiet.household.people["township_gp"]
        values = {"key": key, "staff_id": person.staff_id, "staff_name": "x", "status": 200}
        writing.append(session, entries=entries, at=NOON - datetime.timedelta(days=9), **values)  # type: ignore[arg-type]
        writing.append(session, entries=entries[:200], at=NOON, **values)  # type: ignore[arg-type]
        first = ceiling._first_number(session, NOON - datetime.timedelta(hours=1))
        last_old = 3000 + 10
        assert last_old - 600 < first <= last_old
    assert [one.persons for one in crossings(quiet)] == [200]


def test_every_page_of_one_person_is_an_act_that_opens_her(home: Home) -> None:
    """A page that shows a record and does not say so would open people uncounted."""
    with home.app.app_context():
        opening = set(acts.opening_acts())
    uncounted = {}
    for route in routes.routes(home.app, "GET"):
        if "resident_id" not in route.arguments:
            continue
        rows = home.logged_by(lambda: home.walk(route))  # noqa: B023
        shown = {str(row.act) for row in rows if (row.status or 0) < 300}
        if shown and not shown & opening:
            uncounted[str(route)] = sorted(shown)
    assert uncounted == {}


def test_the_acts_that_open_are_told_apart_from_those_of_lists(app: Flask) -> None:
    with app.app_context():
        known = acts.known_acts()
        opening = set(acts.opening_acts())
    assert {"residents.show", "residents.form", "residents.edit", "residents.who_opened"} <= opening
    assert not {"residents.index", "residents.found", "residents.visits", "residents.openings_list"} & opening
    assert len(opening) < len(known)
