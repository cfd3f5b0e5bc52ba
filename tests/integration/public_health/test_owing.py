"""What the clinic owes, as it is stored: after records, changes of the person, merges, and each night."""

from __future__ import annotations

import datetime
import typing
import uuid

import psycopg
import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from saas.db import new_id
from saas.formkit import records
from saas.formkit.models import Record
from saas.public_health import casebook, jobs, models, owing
from saas.residents.models import Resident
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.integration.residents import pages
from tests.support import signing, world

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conftest import ClinicWorld

OPEN = {"upcoming", "due", "overdue"}


@pytest.fixture
def resident_id(north: ClinicWorld) -> uuid.UUID:
    """A woman of 63, registered as doctors register."""
    made = pages.register(north.browser(), name_0="سىناق", sex_code="2", birth="1963-05-07")
    return uuid.UUID(made)


def items(north: ClinicWorld, resident_id: uuid.UUID) -> dict[str, str]:
    """Her duties: the state by event, an open one before closed ones."""
    with world.inside(north.app, north.card) as session:
        rows = session.scalars(sa.select(models.DueItem).where(models.DueItem.resident_id == resident_id))
        found = sorted(rows, key=lambda one: one.state in OPEN)
        return {one.event_code: one.state for one in found}


def enrol(north: ClinicWorld, resident_id: uuid.UUID, programme: str, days_ago: int) -> uuid.UUID:
    """She says yes on the page of the programme; told as if it were some days ago."""
    path = f"/residents/{resident_id}/consent?about={programme}&sheet=ug"
    browser = north.browser()
    page = pages.fields_of(browser.get(path)) | {"answer": "yes"}
    assert browser.post(path, data=page).status_code == 303
    day = clock.today() - datetime.timedelta(days=days_ago)
    with world.inside(north.app, north.card) as session:
        query = sa.select(models.Enrolment).where(models.Enrolment.resident_id == resident_id)
        row = session.scalars(query.where(models.Enrolment.programme == programme)).one()
        enrolment_id = row.id
    with world.caretaker(north.app).logins.connect("owner") as owner:
        change = f"UPDATE {north.card.binding.schema}.enrolment SET enrolled_on = %s"  # noqa: S608
        owner.execute(change.encode(), (day,))
    refreshed(north, resident_id)
    return enrolment_id


def refreshed(north: ClinicWorld, resident_id: uuid.UUID) -> bool:
    """Compute her duties anew; whether anything changed."""
    with world.inside(north.app, north.card):
        return owing.refresh(resident_id)


def test_who_is_registered_is_owed_the_yearly_reading(north: ClinicWorld, resident_id: uuid.UUID) -> None:
    assert items(north, resident_id) == {"bp_screen_35": "due"}
    assert not refreshed(north, resident_id), "computed again, nothing is written"


def test_a_reading_closes_the_yearly_one_and_voiding_it_opens_it_again(
    north: ClinicWorld, resident_id: uuid.UUID
) -> None:
    made = signing.sign(north, resident_id, "bp_reading", signing.BP, str(clock.today()))
    with world.inside(north.app, north.card):
        words = owing.signed([resident_id], made)
    assert len(words) == 1
    assert "1" in words[0]
    assert items(north, resident_id)["bp_screen_35"] == "done"
    _void(north, made.id)
    assert refreshed(north, resident_id)
    assert items(north, resident_id)["bp_screen_35"] == "due"


def _void(north: ClinicWorld, record_id: uuid.UUID) -> None:
    with world.inside(north.app, north.card) as session:
        keys = clinic_of(north.card, session.query(ClinicSetting).one()).keys
        record = session.get_one(Record, record_id)
        signature = records.Signature(record.signed_by, record.site_id, clock.now(), new_id())
        records.void(record, "typed for somebody else", signature, keys)


def test_one_visit_closes_two_duties_and_says_so(north: ClinicWorld, resident_id: uuid.UUID) -> None:
    enrol(north, resident_id, "diabetes", 10)
    before = items(north, resident_id)
    assert {before["dm_followup"], before["dm_glucose_quarter"]} <= OPEN
    made = signing.sign(north, resident_id, "dm_followup", signing.DIABETES_FOLLOWUP, str(clock.today()))
    with world.inside(north.app, north.card), force_locale("en"):
        (words,) = owing.signed([resident_id], made)
    assert words == (
        "Closes 3: Follow-up of type 2 diabetes · Yearly blood pressure from 35 years · "
        "Free fasting glucose of this quarter."
    )
    after = items(north, resident_id)
    assert {event for event, state in before.items() if state in OPEN and after[event] == "done"} == {
        "bp_screen_35",
        "dm_glucose_quarter",
    }
    assert after["dm_followup"] == "upcoming", "the next one"
    assert refreshed(north, resident_id) is False


def test_a_later_birth_date_takes_the_duty_away_and_the_old_one_brings_it_back(
    north: ClinicWorld, resident_id: uuid.UUID
) -> None:
    browser, made = north.browser(), str(resident_id)
    young = f"{clock.today().year - 20}-01-01"
    assert pages.save(browser, made, pages.opened(browser, made) | {"birth": young}).status_code == 303
    assert items(north, resident_id)["bp_screen_35"] == "not_applicable"
    again = pages.opened(browser, made) | {"birth": "1963-05-07"}
    assert pages.save(browser, made, again).status_code == 303
    assert items(north, resident_id)["bp_screen_35"] == "due"


@pytest.mark.parametrize(("standing", "state"), [("died", "died"), ("moved", "moved")])
def test_who_died_or_moved_is_owed_nothing(
    north: ClinicWorld, resident_id: uuid.UUID, standing: str, state: str
) -> None:
    path = f"/residents/{resident_id}/standing"
    page = {"standing": standing, "ended_on": str(clock.today()), "note": "", "version": "1"}
    assert north.browser().send(path, page).status_code == 303
    assert items(north, resident_id)["bp_screen_35"] == state


def test_records_of_a_merged_row_count_for_the_one_who_stayed(
    north: ClinicWorld, resident_id: uuid.UUID
) -> None:
    other = uuid.UUID(pages.register(north.browser(), name_0="سىناقچى", sex_code="2", birth="1963-05-07"))
    signing.sign(north, other, "bp_reading", signing.BP, str(clock.today()))
    assert items(north, resident_id)["bp_screen_35"] == "due"
    with world.inside(north.app, north.card) as session:
        gone = session.get_one(Resident, other)
        gone.standing, gone.merged_into_id = "merged", resident_id
        session.flush()
        owing.refresh(resident_id)
        owing.refresh(other)
    assert items(north, resident_id)["bp_screen_35"] == "done"
    assert items(north, other)["bp_screen_35"] == "not_applicable"


def test_a_merged_person_is_known_since_the_first_of_her_rows(
    north: ClinicWorld, resident_id: uuid.UUID
) -> None:
    other = uuid.UUID(pages.register(north.browser(), name_0="سىناقچى", sex_code="2", birth="1963-05-07"))
    long_ago = datetime.datetime(2024, 3, 1, 4, tzinfo=datetime.UTC)
    with world.caretaker(north.app).logins.connect("owner") as owner:
        change = f"UPDATE {north.card.binding.schema}.resident SET created_at = %s WHERE id = %s"  # noqa: S608
        owner.execute(change.encode(), (long_ago, other))
    with world.inside(north.app, north.card) as session:
        gone = session.get_one(Resident, other)
        gone.standing, gone.merged_into_id = "merged", resident_id
        session.flush()
        known = casebook.one(resident_id)
        assert known is not None
        assert known.person.known_since == datetime.date(2024, 3, 1)


def test_the_night_computes_everybody_once(
    north: ClinicWorld, resident_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.inside(north.app, north.card) as session:
        session.execute(sa.delete(models.DueItem))
        session.execute(sa.update(ClinicSetting).values(computed_on=None))
    with world.inside(north.app, north.card) as session:
        (waiting,) = jobs.waiting(session)
    assert waiting[0] == jobs.DAILY
    errand = _Errand(north, waiting[1])
    jobs.daily(typing.cast("typing.Any", errand))
    assert items(north, resident_id) == {"bp_screen_35": "due"}
    with world.inside(north.app, north.card) as session:
        assert list(jobs.waiting(session)) == []
    monkeypatch.setattr(owing, "refresh_all", pytest.fail)
    jobs.daily(typing.cast("typing.Any", errand))
    tomorrow = clock.now() + datetime.timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    with world.inside(north.app, north.card) as session:
        assert len(list(jobs.waiting(session))) == 1


class _Errand:
    """A job as the worker hands it over."""

    def __init__(self, north: ClinicWorld, object_id: uuid.UUID) -> None:
        self._north, self.id, self.looked_up = north, object_id, 0

    def inside(self) -> typing.Any:  # noqa: ANN401 - a context manager of the support
        return world.inside(self._north.app, self._north.card)

    def look_up(self) -> None:
        self.looked_up += 1


def night(north: ClinicWorld, look_up: typing.Callable[[], None] = lambda: None) -> int:
    """Compute everybody, as each night."""
    return owing.refresh_all(lambda: world.inside(north.app, north.card), look_up)


def test_a_service_given_during_the_night_stays_given(north: ClinicWorld, resident_id: uuid.UUID) -> None:
    given: list[uuid.UUID] = []

    def give() -> None:
        if given:
            return
        made = signing.sign(north, resident_id, "bp_reading", signing.BP, str(clock.today()))
        given.append(made.id)
        with world.inside(north.app, north.card):
            owing.signed([resident_id], made)

    night(north, give)
    assert items(north, resident_id)["bp_screen_35"] == "done"
    assert night(north) == 0, "computed again, nothing is written"


def test_nobody_else_computes_a_person_who_is_being_read(
    north: ClinicWorld, resident_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, read = [], casebook.several

    def read_and_try(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, casebook.Known]:
        found = read(ids)
        if resident_id in found:
            tried.append(_is_held(north, resident_id))
        return found

    monkeypatch.setattr(casebook, "several", read_and_try)
    night(north)
    assert tried == [True]
    assert not _is_held(north, resident_id)


def _is_held(north: ClinicWorld, resident_id: uuid.UUID) -> bool:
    schema = north.card.binding.schema
    query = f"SELECT FROM {schema}.resident WHERE id = %s FOR NO KEY UPDATE NOWAIT"
    with world.caretaker(north.app).logins.connect("owner") as owner:
        try:
            owner.execute(query.encode(), (resident_id,))
        except psycopg.errors.LockNotAvailable:
            return True
    return False


def test_more_people_than_are_held_at_once_are_all_computed(
    north: ClinicWorld, resident_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = uuid.UUID(pages.register(north.browser(), name_0="سىناقچى", sex_code="2", birth="1963-05-07"))
    with world.inside(north.app, north.card) as session:
        session.execute(sa.delete(models.DueItem))
    monkeypatch.setattr(owing, "_PEOPLE_AT_ONCE", 1)
    assert night(north) >= 2
    assert items(north, resident_id) == items(north, other) == {"bp_screen_35": "due"}


def test_records_of_a_row_merged_into_one_of_another_block_count(
    north: ClinicWorld, resident_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = uuid.UUID(pages.register(north.browser(), name_0="سىناقچى", sex_code="2", birth="1963-05-07"))
    signing.sign(north, other, "bp_reading", signing.BP, str(clock.today()))
    with world.inside(north.app, north.card) as session:
        gone = session.get_one(Resident, other)
        gone.standing, gone.merged_into_id = "merged", resident_id
    monkeypatch.setattr(owing, "_PEOPLE_AT_ONCE", 1)
    night(north)
    assert items(north, resident_id)["bp_screen_35"] == "done"
    assert items(north, other)["bp_screen_35"] == "not_applicable"


def test_the_command_computes_one_clinic_and_knows_when_there_is_none(
    north: ClinicWorld, resident_id: uuid.UUID
) -> None:
    with world.inside(north.app, north.card) as session:
        session.execute(sa.delete(models.DueItem))
    runner = north.app.test_cli_runner()
    done = runner.invoke(args=["due", "recompute", "--clinic", north.code])
    assert done.exit_code == 0, done.output
    assert items(north, resident_id) == {"bp_screen_35": "due"}
    again = runner.invoke(args=["due", "recompute", "--clinic", north.code])
    assert again.output.endswith("0 persons are owed something else than before\n")
    assert runner.invoke(args=["due", "recompute", "--clinic", "650099999"]).exit_code == 1
