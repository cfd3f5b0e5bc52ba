"""What a site owes the public in its windows (§2)."""

from __future__ import annotations

import pytest

from saas.public_health.rules.due_education import CENTRE, VILLAGE, SiteDuty, education_duties, is_owed
from saas.public_health.rules.due_facts import SignedRecord, State
from tests.support.duties import day, followup, record


def held(on: str, form: str, **answers: object) -> SignedRecord:
    one = record("health_education_activity", on, form=form, **answers)
    return SignedRecord(one.form_code, one.service_date, one.answers, key=f"{on}-{form}-{answers}")


def duties(kind: str, own: list[SignedRecord], today: str) -> dict[str, SiteDuty]:
    return {one.item.event_code: one for one in education_duties(kind, own, own, day(today))}


def test_each_kind_of_site_owes_its_own() -> None:
    assert set(duties(CENTRE, [], "2026-06-30")) == {
        "lecture_center", "consultation", "board", "print", "audio_visual",
    }  # fmt: skip
    assert set(duties(VILLAGE, [], "2026-06-30")) == {"lecture_village", "board"}


@pytest.mark.parametrize(
    ("kind", "event", "on", "state", "overdue_on"),
    [
        (CENTRE, "lecture_center", "2026-06-01", State.DONE, "2026-07-01"),
        (CENTRE, "lecture_center", "2026-05-31", State.DUE, "2026-07-01"),
        (VILLAGE, "lecture_village", "2026-05-01", State.DONE, "2026-07-01"),
        (VILLAGE, "lecture_village", "2026-04-30", State.DUE, "2026-07-01"),
    ],
)
def test_lectures_count_within_their_window(
    kind: str, event: str, on: str, state: State, overdue_on: str
) -> None:
    one = duties(kind, [held(on, "lecture")], "2026-06-30")[event].item
    assert (one.state, one.overdue_on) == (state, day(overdue_on))


def test_a_centre_renews_two_boards_and_a_village_clinic_one() -> None:
    same = [held("2026-05-02", "board", board_no="1"), held("2026-06-02", "board", board_no="1")]
    both = [*same, held("2026-06-03", "board", board_no="2")]
    assert is_owed(duties(CENTRE, same, "2026-06-30")["board"])
    assert not is_owed(duties(CENTRE, both, "2026-06-30")["board"])
    assert not is_owed(duties(VILLAGE, same, "2026-06-30")["board"])


def test_consultations_and_kinds_are_counted_over_the_year() -> None:
    eight = [held(f"2026-0{month}-10", "consultation") for month in range(1, 9)]
    one = duties(CENTRE, eight, "2026-10-01")["consultation"]
    assert (one.given, one.needed, one.item.state) == (8, 9, State.DUE)
    nine = [*eight, held("2026-09-10", "consultation")]
    done = duties(CENTRE, nine, "2026-10-01")["consultation"].item
    assert (done.state, done.done_on) == (State.DONE, day("2026-09-10"))
    prints = [held("2026-02-10", "print", topic=topic) for topic in ("salt", "salt ", "tobacco")]
    assert duties(CENTRE, prints, "2026-10-01")["print"].given == 2


def test_what_lies_ahead_of_today_and_other_forms_do_not_count() -> None:
    ahead = [held("2026-06-20", "lecture"), followup("2026-06-01")]
    assert duties(CENTRE, ahead, "2026-06-10")["lecture_center"].given == 0
