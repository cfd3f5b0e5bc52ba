"""Today's visits: begun, ended, taken back; the queue of one's places; no way around the reason."""

from __future__ import annotations

import typing
import uuid

import pytest
import sqlalchemy as sa

from saas.residents.models import Opening, Resident, Visit
from tests.integration.residents import pages
from tests.support import world
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser, Person

pytestmark = pytest.mark.timeout(60)  # each test has a clinic of its own
PLAIN = {"sex_code": "2", "birth": "1985-05-05", "name_0": "ئايگۈل سىناق"}


class Village(typing.NamedTuple):
    """A clinic of its own: a resident of the centre, her doctor, and one of the villages."""

    app: Flask
    card: ClinicCard
    doctor: Person
    other: Person
    resident_id: str

    def browser(self, person: Person | None = None) -> Browser:
        return world.sign_in(self.app, person or self.doctor)

    @property
    def page(self) -> str:
        return f"/residents/{self.resident_id}"

    def begin(self, person: Person | None = None, form_id: str = "") -> None:
        answer = self.browser(person).send(f"{self.page}/visits", {"form_id": form_id or str(uuid.uuid4())})
        assert (answer.status_code, answer.headers["Location"]) == (303, self.page)

    def rows(self, model: type[typing.Any]) -> list[typing.Any]:
        with world.inside(self.app, self.card) as session:
            return list(session.scalars(sa.select(model).order_by(model.id)))


@pytest.fixture
def village(north: ClinicWorld) -> Village:
    card = world.provision(north.app, world.free_code(), "就诊院")
    doctor = world.add_staff(north.app, card, "doctor", "township_gp")
    other = world.add_staff(north.app, card, "other", "village_doctor", places="villages")
    made = pages.register(world.sign_in(north.app, doctor), **PLAIN)
    return Village(north.app, card, doctor, other, made)


def queue(village: Village, person: Person | None = None) -> list[str]:
    answer = village.browser(person).get("/residents/visits")
    assert answer.status_code == 200
    check_page(answer.get_data(as_text=True), "ug")
    return pages.ids_in(answer)


def act(village: Village, what: str, person: Person | None = None) -> int:
    visit = village.rows(Visit)[-1]
    return village.browser(person).send(f"{village.page}/visits/{visit.id}/{what}").status_code


def test_a_visit_is_begun_ended_continued_and_stands_in_the_queue(village: Village) -> None:
    assert queue(village) == []
    village.begin()
    [visit] = village.rows(Visit)
    assert (visit.started_by, visit.ended_at, visit.kind) == (village.doctor.staff_id, None, "outpatient")
    assert queue(village) == [village.resident_id]
    assert act(village, "end") == 303
    [visit] = village.rows(Visit)
    assert visit.ended_by == village.doctor.staff_id
    assert visit.ended_at > visit.started_at
    assert queue(village) == [village.resident_id]
    assert act(village, "reopen") == 303
    assert village.rows(Visit)[0].ended_at is None
    assert village.rows(Opening) == [], "she is of the doctor's own place"


def test_who_waits_stands_before_who_has_gone(village: Village) -> None:
    village.begin()
    act(village, "end")
    other = pages.register(village.browser(), **PLAIN)
    village.browser().send(f"/residents/{other}/visits", {"form_id": str(uuid.uuid4())})
    assert queue(village) == [other, village.resident_id]


def test_a_visit_that_is_open_is_not_begun_again_and_a_form_makes_one(village: Village) -> None:
    form_id = str(uuid.uuid4())
    for _ in range(2):
        village.begin(form_id=form_id)
    village.begin()
    assert len(village.rows(Visit)) == 1


def test_begun_by_mistake_is_taken_back_within_ten_minutes_by_who_began_it(
    village: Village, moved_clock: Callable[..., None]
) -> None:
    village.begin()
    colleague = world.add_staff(village.app, village.card, "colleague", "public_health_nurse")
    act(village, "undo", colleague)
    assert village.rows(Visit)[0].ended_at is None
    assert act(village, "undo") == 303
    [visit] = village.rows(Visit)
    assert visit.ended_at == visit.started_at
    assert queue(village) == []
    act(village, "reopen")
    assert village.rows(Visit)[0].ended_at == visit.started_at, "what was taken back stays so"
    village.begin()
    moved_clock(minutes=11)
    act(village, "undo")
    assert village.rows(Visit)[-1].ended_at is None


def test_she_is_here_opens_the_record_for_today_and_is_an_opening_to_be_reviewed(village: Village) -> None:
    stranger = village.browser(village.other)
    assert stranger.get(village.page).status_code == 403
    village.begin(village.other)
    assert stranger.get(village.page).status_code == 200
    [opening], [visit] = village.rows(Opening), village.rows(Visit)
    assert (opening.category, opening.form_id) == ("came_for_care", visit.form_id)
    assert opening.staff_id == village.other.staff_id
    page = stranger.get("/residents/openings").get_data(as_text=True)
    assert "كۆرۈنۈش باشلانغان" in page
    assert queue(village, village.other) == [village.resident_id]
    assert queue(village) == [], "another place's queue"


def test_a_visit_that_is_taken_back_opens_nothing_more_and_stays_to_be_reviewed(village: Village) -> None:
    village.begin(village.other)
    assert act(village, "undo", village.other) == 303
    assert village.browser(village.other).get(village.page).status_code == 403
    assert len(village.rows(Opening)) == 1


def test_yesterdays_visit_opens_nothing_today(village: Village) -> None:
    village.begin(village.other)
    with world.caretaker(village.app).logins.connect("owner") as connection:
        schema = village.card.binding.schema
        for table, column in (("visit", "started_at"), ("opening", "opened_at")):
            shift = f"{column} = {column} - interval '1 day'"
            more = ", ends_at = ends_at - interval '1 day'" if table == "opening" else ""
            connection.execute(f"UPDATE {schema}.{table} SET {shift}{more}".encode())  # noqa: S608
    assert village.browser(village.other).get(village.page).status_code == 403
    assert queue(village, village.other) == []


def test_a_visit_is_at_one_of_ones_own_open_places(village: Village) -> None:
    with world.inside(village.app, village.card) as session:
        centre = str(session.scalars(sa.select(Resident.site_id)).one())
    for person, site in ((village.other, centre), (village.other, str(uuid.uuid4())), (village.doctor, "x")):
        form = {"form_id": str(uuid.uuid4()), "site_id": site}
        assert village.browser(person).send(f"{village.page}/visits", form).status_code == 404
    nobody = world.add_staff(village.app, village.card, "nobody", "clinic_admin", places="none")
    form = {"form_id": str(uuid.uuid4())}
    assert village.browser(nobody).send(f"{village.page}/visits", form).status_code == 404
    assert village.rows(Visit) == []


def test_the_pharmacist_has_no_queue(village: Village) -> None:
    pharmacist = world.add_staff(village.app, village.card, "pharmacist", "pharmacist")
    assert village.browser(pharmacist).get("/residents/visits").status_code == 403
    assert village.browser(pharmacist).send(f"{village.page}/visits").status_code == 403
