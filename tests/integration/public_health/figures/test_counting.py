"""The figures of a small clinic, against what was counted by hand; kept once, however often counted."""

from __future__ import annotations

import contextlib
import datetime
import typing

import pytest
import sqlalchemy as sa

from saas.public_health.figures import counting, jobs, snapshots
from saas.public_health.models import IndicatorSnapshot
from saas.public_health.rules import indicators_periods as periods
from saas.web import clock
from tenants.working import Worker
from tests.support import figured, world
from tests.support.apart import apart, keep_only

if typing.TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.figured import Figured

Cells = tuple[int, int | None]

BY_HAND: dict[str, tuple[Cells, Cells, Cells]] = {
    # the first village, the second, all together
    "record_rate": ((2, 100), (1, 50), (3, 150)),
    "electronic_record_rate": ((2, 100), (1, 50), (3, 150)),
    "record_use_rate": ((2, 2), (1, 1), (3, 3)),
    "elderly_rate": ((1, 1), (0, 2), (1, 3)),
    "ht_standard_rate": ((1, 2), (1, 2), (2, 4)),
    "ht_control_rate": ((1, 2), (1, 2), (2, 4)),
    "dm_standard_rate": ((0, 1), (0, 0), (0, 1)),
    "dm_control_rate": ((1, 1), (0, 0), (1, 1)),
}
EDUCATION = {
    "edu_print_kinds.kinds": 2,
    "edu_print_kinds.copies": 120,
    "edu_av_count.kinds": 1,
    "edu_av_count.times": 1,
    "edu_av_count.minutes": 90,
    "edu_board_updates.boards": 0,
    "edu_board_updates.updates": 0,
    "edu_events.events": 2,
    "edu_events.participants": 55,
}


@pytest.fixture(scope="module")
def clinic(app: Flask) -> Figured:
    """The clinic with its figures counted on the day that it was made for."""
    made = figured.build(app)
    compute(made)
    return made


def compute(clinic: Figured, *names: str, at: datetime.datetime = figured.NOW) -> int:
    def inside() -> contextlib.AbstractContextManager[Session]:
        return world.inside(clinic.app, clinic.card)

    return counting.compute(inside, figured.TODAY, at, names or periods.every(figured.TODAY))


def cells(clinic: Figured, name: str) -> dict[str, tuple[Cells | None, ...]]:
    """Every figure of a period: first village, second village, all."""
    with world.inside(clinic.app, clinic.card) as session:
        kept = snapshots.shown(session, name)
    table = {(one.code, one.site_id): (one.numerator, one.denominator) for one in kept}
    places = (*clinic.sites[1:], None)
    return {one.code: tuple(table.get((one.code, place)) for place in places) for one in kept}


def test_the_year_is_as_counted_by_hand(clinic: Figured) -> None:
    found = cells(clinic, "2026")
    assert {code: found[code] for code in BY_HAND} == BY_HAND
    assert {code: found[code][2] for code in EDUCATION} == {code: (n, None) for code, n in EDUCATION.items()}
    assert found.keys() == BY_HAND.keys() | EDUCATION.keys()


def test_to_date_the_last_quarter_is_not_yet_full_and_the_examination_not_yet_owed(clinic: Figured) -> None:
    found = cells(clinic, "2026-to-date")
    # B was seen in the second quarter and not in the third: the same; C was never seen.
    assert found["ht_standard_rate"][2] == (2, 4)
    assert found["elderly_rate"][2] == (1, 3)


def test_quarters_and_months_hold_what_makes_sense_for_them(clinic: Figured) -> None:
    second = cells(clinic, "2026-Q2")
    # A, B and C were managed; F left on 1 May, so the quarter is not full, and nothing was owed.
    assert second["ht_standard_rate"][2] == (3, 4)
    assert second["ht_control_rate"][2] == (1, 4)
    assert second["edu_print_kinds.copies"][2] == (120, None)
    month = cells(clinic, "2026-11")
    assert {code for code in month if "." not in code} == periods.BY_MONTH
    assert month["record_use_rate"][2] == (3, 3)


def test_a_population_of_one_place_alone_gives_no_rate_of_all(clinic: Figured) -> None:
    assert cells(clinic, "2025")["record_rate"] == ((2, None), (1, None), (3, None))


def test_a_number_that_no_activity_tells_is_a_dash_and_not_none(app: Flask) -> None:
    clinic = figured.build(app, "clinic_admin")
    with world.inside(app, clinic.card) as session:
        put = figured.writer(session, clinic.card)
        put.sign(None, "health_education_activity", "2025-05-01", {"form": "print", "topic": "tea"})
    compute(clinic, "2025")
    found = cells(clinic, "2025")
    assert found["edu_print_kinds.kinds"][2] == (1, None)
    assert found["edu_print_kinds.copies"][2] == (0, 0)


def test_counting_again_changes_nothing_but_the_time(clinic: Figured) -> None:
    def rows() -> set[tuple[object, ...]]:
        columns = [column for column in IndicatorSnapshot.__table__.c if column.name != "computed_at"]
        with world.inside(clinic.app, clinic.card) as session:
            return {tuple(map(str, row)) for row in session.execute(sa.select(*columns))}

    before = rows()
    later = figured.NOW + datetime.timedelta(minutes=1)
    assert compute(clinic, at=later) == len(before)
    assert rows() == before
    with world.inside(clinic.app, clinic.card) as session:
        assert snapshots.last_computed(session) == later


def test_who_was_counted_has_one_mark_and_nobody_else_has_it(clinic: Figured) -> None:
    query = sa.select(IndicatorSnapshot.numerator_ids_hash).where(
        IndicatorSnapshot.period == "2026", IndicatorSnapshot.site_id.is_(None)
    )
    with world.inside(clinic.app, clinic.card) as session:
        marks = {
            code: session.scalars(query.where(IndicatorSnapshot.indicator_code == code)).one()
            for code in ("ht_standard_rate", "ht_control_rate", "dm_control_rate")
        }
    # A and F in both; H alone in the third.
    assert marks["ht_standard_rate"] == marks["ht_control_rate"] != marks["dm_control_rate"]


def test_a_change_makes_the_figures_due_and_the_worker_counts_them(app: Flask) -> None:
    clinic = figured.build(app, "clinic_admin")
    worker = Worker(world.caretaker(app))
    apart(lambda: worker.sweep_clinic(clinic.card))
    keep_only(app, clinic.card, "figures.%")
    apart(worker.work_off)
    with world.inside(app, clinic.card) as session:
        last = snapshots.last_computed(session)
        assert last is not None
        soon, later = last + datetime.timedelta(minutes=5), last + datetime.timedelta(minutes=16)
        assert not jobs.is_due(session, later)
        figured.writer(session, clinic.card).pressure(clinic.people["b"], "2026-11-20", (128, 80), "1")
        assert not jobs.is_due(session, soon)
        assert jobs.is_due(session, later)
        assert jobs.is_due(session, last + datetime.timedelta(days=1))


def test_a_clinic_without_anybody_is_left_alone(app: Flask) -> None:
    card = world.provision(app, world.free_code(), "空卫生院")
    with world.inside(app, card) as session:
        assert list(jobs.unfinished(session)) == []


def test_the_command_counts_one_clinic(app: Flask) -> None:
    clinic = figured.build(app, "clinic_admin")
    done = app.test_cli_runner().invoke(args=["figures", "compute", "--clinic", clinic.card.code])
    assert done.exit_code == 0, done.output
    assert "of 1 institutions" in done.output
    assert cells(clinic, str(clock.today().year))["record_rate"][2] is not None
    for wrong in ([], ["--all", "--clinic", "1"], ["--clinic", "no such code"]):
        assert app.test_cli_runner().invoke(args=["figures", "compute", *wrong]).exit_code != 0
