"""Follow-ups of hypertension and diabetes: what each visit closes and opens (§7.3, §8.2)."""

from __future__ import annotations

import pytest

from saas.public_health.rules.due import closed_by_visit
from saas.public_health.rules.due_facts import State
from tests.support.duties import day, enrolled, exam, followup, items, person, record, the

WHO, HT, DM = person(), enrolled(), enrolled("diabetes")


@pytest.mark.parametrize(
    ("class_code", "answers", "due_on", "window_start", "reason"),
    [
        ("1", {}, "2026-06-05", "2026-05-22", "quarterly"),
        ("2", {}, "2026-03-19", "2026-03-12", "recheck_not_controlled"),
        ("3", {}, "2026-03-19", "2026-03-12", "recheck_adverse_reaction"),
        ("4", {}, "2026-03-19", "2026-03-12", "after_complication"),
        ("1", {"emergency": True}, "2026-03-19", "2026-03-12", "after_emergency"),
        ("1", {"systolic_bp": 182, "diastolic_bp": 95}, "2026-03-19", "2026-03-12", "after_emergency"),
        ("1", {"systolic_bp": 179, "diastolic_bp": 109}, "2026-06-05", "2026-05-22", "quarterly"),
        ("1", {"lost_reason": "works elsewhere"}, "2026-06-05", "2026-05-22", "contact_lost"),
        ("", {"visit_mode": "3"}, "2026-06-05", "2026-05-22", "quarterly"),
    ],
)
def test_the_next_visit_follows_class_and_emergency(
    class_code: str, answers: dict[str, object], due_on: str, window_start: str, reason: str
) -> None:
    one = the(WHO, [HT], [followup("2026-03-05", class_code, **answers)], "2026-03-05", "ht_followup")
    assert (one.due_on, one.window_start, one.reason) == (day(due_on), day(window_start), reason)
    assert (one.cycle, one.opened_by, one.closed_by) == (
        "2026-03-05",
        "ht_followup-2026-03-05",
        ("ht_followup",),
    )


def test_months_clamp_at_the_end_of_february() -> None:
    one = the(WHO, [HT], [followup("2026-11-30")], "2026-12-01", "ht_followup")
    assert one.due_on == day("2027-02-28")


@pytest.mark.parametrize(
    ("recorded", "due_on"),
    [("2026-06-20", "2026-06-20"), ("2026-03-06", "2026-03-06"), ("2026-03-05", "2026-06-05")],
)
def test_the_recorded_date_holds_when_it_lies_after_the_visit(recorded: str, due_on: str) -> None:
    one = the(WHO, [HT], [followup("2026-03-05", due=recorded)], "2026-03-05", "ht_followup")
    assert one.due_on == day(due_on)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("2026-05-21", State.UPCOMING),
        ("2026-05-22", State.DUE),
        ("2026-06-05", State.DUE),
        ("2026-06-06", State.OVERDUE),
    ],
)
def test_states_change_at_the_window_and_after_the_day(today: str, state: State) -> None:
    one = the(WHO, [HT], [followup("2026-03-05")], today, "ht_followup")
    assert one.state is state
    assert one.overdue_on == day("2026-06-06")


def test_a_visit_closes_the_duty_before_it() -> None:
    visits = [followup("2026-03-05", "2"), followup("2026-03-18")]
    done = [one for one in items(WHO, [HT], visits, "2026-03-18", "ht_followup") if one.done_on]
    assert {one.cycle: (one.state, one.done_by) for one in done} == {
        "e2024-01-10": (State.DONE, "ht_followup-2026-03-05"),
        "2026-03-05": (State.DONE, "ht_followup-2026-03-18"),
    }
    assert the(WHO, [HT], visits, "2026-03-18", "ht_followup").due_on == day("2026-06-18")


def test_a_call_that_sets_no_class_leaves_the_recheck_owed() -> None:
    visits = [followup("2026-03-05", "2"), followup("2026-03-15", "", visit_mode="3")]
    one = the(WHO, [HT], visits, "2026-03-15", "ht_followup")
    assert (one.cycle, one.due_on, one.reason) == ("2026-03-15", day("2026-03-29"), "recheck_unclassified")


@pytest.mark.parametrize(("before", "reason"), [("12", "recheck_unclassified"), ("21", "quarterly")])
def test_the_newest_class_before_a_call_without_one_decides(before: str, reason: str) -> None:
    visits = [followup(f"2026-03-0{number}", class_code) for number, class_code in enumerate(before, 1)]
    call = followup("2026-03-15", "", visit_mode="3")
    assert the(WHO, [HT], [*visits, call], "2026-03-15", "ht_followup").reason == reason


def test_the_first_visit_is_owed_within_14_days_after_enrolment() -> None:
    one = the(WHO, [enrolled(on="2026-08-20")], [], "2026-08-20", "ht_followup")
    assert (one.cycle, one.window_start, one.due_on, one.reason) == (
        "e2026-08-20",
        day("2026-08-20"),
        day("2026-09-03"),
        "first_visit",
    )


def test_visits_before_the_enrolment_belong_to_another_episode() -> None:
    one = the(WHO, [enrolled(on="2026-03-01")], [followup("2026-02-20")], "2026-03-02", "ht_followup")
    assert one.cycle == "e2026-03-01"


def test_without_enrolment_no_follow_up_is_owed() -> None:
    assert items(WHO, [], [followup("2026-03-05", "2")], "2026-04-30", "ht_followup") == []
    assert items(WHO, [enrolled(on="2026-05-01")], [], "2026-04-30", "ht_followup") == []


def test_with_both_diseases_both_take_the_earlier_day_and_stay_overdue_by_their_own() -> None:
    visits = [followup("2026-03-05"), followup("2026-03-20", "2", form="dm_followup")]
    pressure = the(WHO, [HT, DM], visits, "2026-03-20", "ht_followup")
    glucose = the(WHO, [HT, DM], visits, "2026-03-20", "dm_followup")
    assert (pressure.due_on, glucose.due_on) == (day("2026-04-03"), day("2026-04-03"))
    assert (pressure.window_start, pressure.overdue_on) == (day("2026-03-27"), day("2026-06-06"))
    later = the(WHO, [HT, DM], visits, "2026-04-20", "ht_followup")
    assert (later.state, the(WHO, [HT, DM], visits, "2026-04-20", "dm_followup").state) == (
        State.DUE,
        State.OVERDUE,
    )


def test_a_joint_day_never_lies_before_the_visit_that_opened_the_duty() -> None:
    one = the(
        WHO, [HT, enrolled("diabetes", "2026-01-10")], [followup("2026-03-18")], "2026-03-20", "ht_followup"
    )
    assert (one.window_start, one.due_on, one.state) == (day("2026-03-19"), day("2026-03-19"), State.DUE)


def test_one_joint_visit_says_everything_that_it_closes() -> None:
    before = [followup("2026-03-05", "2", referral_advised="2"), followup("2026-03-05", form="dm_followup")]
    visit = [
        followup("2026-06-05"),
        followup("2026-06-05", form="dm_followup", fasting_glucose="6.8"),
        exam("2026-06-05"),
    ]
    older = person("1958-05-07")
    closed = closed_by_visit(older, [HT, DM], before, visit, day("2026-06-05"))
    assert {one.event_code for one in closed} == {
        "ht_followup",
        "dm_followup",
        "referral_followup",
        "dm_glucose_quarter",
        "ht_annual_exam",
        "dm_annual_exam",
        "elderly_annual",
    }
    assert all(one.done_on == day("2026-06-05") for one in closed)
    assert closed_by_visit(older, [HT, DM], [*before, *visit], visit, day("2026-06-05")) == []


@pytest.mark.parametrize(
    ("on", "answers", "form", "done"),
    [
        ("2026-04-01", {"fasting_glucose": "6.8"}, "dm_followup", True),
        ("2026-06-30", {"fasting_glucose": 6.8}, "dm_followup", True),
        ("2026-03-31", {"fasting_glucose": "6.8"}, "dm_followup", False),
        ("2026-05-01", {"fasting_glucose": "6.8", "visit_mode": "3"}, "dm_followup", False),
        ("2026-05-01", {}, "dm_followup", False),
        ("2026-05-01", {"fasting_glucose": "6.8"}, "health_exam", True),
    ],
)
def test_a_fasting_glucose_is_owed_each_quarter(
    on: str,
    answers: dict[str, object],
    form: str,
    done: bool,  # noqa: FBT001 - a row of the table
) -> None:
    visit = record(form, on, **{"visit_mode": "1", **answers})
    found = {one.cycle: one for one in items(WHO, [DM], [visit], "2026-06-30", "dm_glucose_quarter")}
    assert found["2026-Q2"].overdue_on == day("2026-07-01")
    assert (found["2026-Q2"].state is State.DONE) == done


def test_a_quarter_without_glucose_is_told_in_the_next_one() -> None:
    assert the(WHO, [DM], [], "2026-07-01", "dm_glucose_quarter").reason == "missed_last_quarter"
    new = the(WHO, [enrolled("diabetes", "2026-05-20")], [], "2026-06-01", "dm_glucose_quarter")
    assert (new.window_start, new.due_on, new.reason) == (day("2026-05-20"), day("2026-06-30"), "quarterly")
    late = the(WHO, [enrolled("diabetes", "2026-05-20")], [], "2026-07-01", "dm_glucose_quarter")
    assert late.reason == "quarterly"
