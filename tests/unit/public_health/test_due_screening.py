"""People outside the programmes: yearly pressure, risk, raised readings, glucose, older people, referrals."""

from __future__ import annotations

import pytest

from saas.public_health.rules.due_facts import Enrolment, Person, SignedRecord, State
from tests.support.duties import day, enrolled, exam, followup, items, person, reading, record, the

YOUNG, RISKY = person("1985-06-15"), person("1970-05-07")
PHONE: dict[str, object] = {"visit_mode": "3", "systolic_bp": 120, "diastolic_bp": 70}
HOME: dict[str, object] = {"place": "home"}


@pytest.mark.parametrize(
    ("born", "precision", "today", "window_start"),
    [
        ("1991-06-15", "day", "2026-01-01", "2026-06-15"),
        ("1991-06-15", "day", "2026-06-14", "2026-06-15"),
        ("1992-01-01", "day", "2026-12-31", None),
        ("1991-12-31", "day", "2026-01-01", "2026-12-31"),
        ("1991-01-01", "year", "2026-01-01", "2026-12-31"),
        ("1991-06-01", "month", "2026-01-01", "2026-06-30"),
        ("1988-02-29", "day", "2023-01-01", "2023-03-01"),
        ("1970-05-07", "day", "2026-01-01", "2026-01-01"),
        (None, "day", "2026-01-01", None),
    ],
)
def test_the_yearly_pressure_begins_at_35_completed_years(
    born: str | None, precision: str, today: str, window_start: str | None
) -> None:
    found = items(person(born, precision=precision), [], [], today, "bp_screen_35")
    assert [one.window_start for one in found] == ([day(window_start)] if window_start else [])
    assert all((one.state is State.UPCOMING) == (day(today) < one.window_start) for one in found)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (reading("2026-01-01", 120, 70), State.DONE),
        (reading("2026-12-31", 120, 70), State.DONE),
        (reading("2025-12-31", 120, 70), State.DUE),
        (reading("2026-05-05", 120, 70, **HOME), State.DUE),
        (followup("2026-05-05", form="dm_followup", systolic_bp=120, diastolic_bp="70"), State.DONE),
        (followup("2026-05-05", form="dm_followup", **PHONE), State.DUE),
        (exam("2026-05-05", bp_right_systolic=120, bp_right_diastolic=70), State.DONE),
        (exam("2026-05-05"), State.DUE),
        (record("bp_reading", "2026-05-05"), State.DUE),
    ],
)
def test_a_pressure_read_by_staff_within_the_year_closes_it(given: SignedRecord, state: State) -> None:
    found = {one.cycle: one for one in items(YOUNG, [], [given], "2026-12-31", "bp_screen_35")}
    assert found["2026"].state is state
    assert found["2026"].overdue_on == day("2027-01-01")


def test_a_year_without_the_reading_is_told_the_next_year_only_if_the_clinic_knew_the_person() -> None:
    assert the(YOUNG, [], [], "2027-01-01", "bp_screen_35").reason == "missed_last_year"
    new = person("1985-06-15", known_since="2026-01-02")
    assert the(new, [], [], "2027-01-01", "bp_screen_35").reason == "yearly"
    read = [reading("2026-12-30", 120, 70)]
    assert the(YOUNG, [], read, "2027-01-01", "bp_screen_35").reason == "yearly"


def test_in_the_programme_no_screening_is_owed() -> None:
    raised = [reading("2026-03-01", 150, 95)]
    for event in ("bp_screen_35", "bp_high_risk", "bp_recheck_raised"):
        assert items(RISKY, [enrolled()], raised, "2026-05-01", event) == []
        assert items(RISKY, [enrolled("diabetes")], [], "2026-05-01", event) != [] or event != "bp_screen_35"


@pytest.mark.parametrize(
    ("records", "owed"),
    [
        ([reading("2026-03-01", 129, 84)], None),
        ([reading("2026-03-01", 130, 84)], "2026-09-01"),
        ([reading("2026-03-01", 129, 85)], "2026-09-01"),
        ([reading("2026-03-01", 120, 70, risk_factors=["3"])], "2026-09-01"),
        ([reading("2026-08-31", 130, 70)], "2027-02-28"),
        ([exam("2026-03-01", bmi="23.99"), reading("2026-03-01", 120, 70)], None),
        ([exam("2026-03-01", bmi="24.00"), reading("2026-03-01", 120, 70)], "2026-09-01"),
        ([exam("2026-03-01", waist_circumference=84.9), reading("2026-03-01", 120, 70)], None),
        ([exam("2026-03-01", waist_circumference=85), reading("2026-03-01", 120, 70)], "2026-09-01"),
        ([exam("2026-03-01", diet_habits=["1", "4"]), reading("2026-03-01", 120, 70)], "2026-09-01"),
        (
            [
                exam("2026-03-01", drinking_frequency="3", alcohol_liang_per_day="2"),
                reading("2026-03-01", 120, 70),
            ],
            "2026-09-01",
        ),
        (
            [
                exam("2026-03-01", drinking_frequency="2", alcohol_liang_per_day="3"),
                reading("2026-03-01", 120, 70),
            ],
            None,
        ),
        (
            [
                record("resident_profile", "2026-03-01", family_history=[{"diseases": ["2"]}]),
                reading("2026-03-01", 120, 70),
            ],
            "2026-09-01",
        ),
        ([exam("2026-03-01", bmi="24.00")], None),
    ],
)
def test_any_of_six_risk_factors_asks_for_a_reading_every_six_months(
    records: list[SignedRecord], owed: str | None
) -> None:
    whom = person("1985-06-15", sex_code="2")
    found = [one for one in items(whom, [], records, "2026-09-01", "bp_high_risk") if not one.done_on]
    assert [one.due_on for one in found] == ([day(owed)] if owed else [])


def test_55_years_are_a_risk_by_themselves_and_34_are_too_young() -> None:
    read = [reading("2026-01-10", 120, 70)]
    assert the(person("1971-07-10"), [], read, "2026-07-10", "bp_high_risk").due_on == day("2026-07-10")
    assert items(person("1971-07-10"), [], read, "2026-07-09", "bp_high_risk") == []
    high = [reading("2026-01-10", 135, 70)]
    assert items(person("1991-07-10"), [], high, "2026-07-09", "bp_high_risk") == []


def test_a_risk_known_later_is_owed_from_that_day_on() -> None:
    records = [reading("2024-01-10", 120, 70), exam("2026-05-01", bmi="27")]
    assert the(YOUNG, [], records, "2026-05-01", "bp_high_risk").due_on == day("2026-05-01")


@pytest.mark.parametrize(
    ("readings", "cycle", "due_on"),
    [
        ([(139, 89)], None, None),
        ([(140, 70)], "2026-03-01", "2026-03-29"),
        ([(120, 90)], "2026-03-01", "2026-03-29"),
        ([(150, 95), (140, 90)], "2026-03-02", "2026-03-30"),
        ([(150, 95), (139, 89)], None, None),
        ([(150, 95), (139, 89), (141, 80)], "2026-03-03", "2026-03-31"),
        ([(150, 95), (140, 90), (145, 80)], None, None),
    ],
)
def test_a_raised_reading_is_repeated_on_another_day(
    readings: list[tuple[int, int]], cycle: str | None, due_on: str | None
) -> None:
    records = [reading(f"2026-03-0{number}", *pair) for number, pair in enumerate(readings, 1)]
    found = [one for one in items(YOUNG, [], records, "2026-03-09", "bp_recheck_raised") if not one.done_on]
    assert [(one.cycle, one.due_on) for one in found] == ([(cycle, day(due_on or ""))] if cycle else [])


def test_a_second_reading_of_the_same_day_is_no_other_day() -> None:
    first = reading("2026-03-01", 150, 95)
    again = SignedRecord("bp_reading", first.service_date, {"systolic": 120, "diastolic": 70}, key="again")
    assert the(YOUNG, [], [first, again], "2026-03-02", "bp_recheck_raised").cycle == "2026-03-01"


def test_the_recheck_keeps_to_an_earlier_recorded_day() -> None:
    first = reading("2026-03-01", 150, 95)
    sooner = SignedRecord(first.form_code, first.service_date, first.answers, "", day("2026-03-08"), "x")
    later = SignedRecord(first.form_code, first.service_date, first.answers, "", day("2026-06-01"), "x")
    assert the(YOUNG, [], [sooner], "2026-03-02", "bp_recheck_raised").due_on == day("2026-03-08")
    assert the(YOUNG, [], [later], "2026-03-02", "bp_recheck_raised").due_on == day("2026-03-29")


def test_three_raised_days_and_an_emergency_reading_are_followed_within_14_days() -> None:
    raised = [reading(f"2026-03-0{number}", 150, 95) for number in (1, 2, 3)]
    probable = the(YOUNG, [], raised, "2026-03-03", "referral_followup")
    assert (probable.cycle, probable.due_on, probable.reason) == (
        "2026-03-03", day("2026-03-17"), "probable_hypertension",
    )  # fmt: skip
    urgent = the(YOUNG, [], [reading("2026-03-01", 180, 95)], "2026-03-03", "referral_followup")
    assert (urgent.due_on, urgent.reason) == (day("2026-03-15"), "referral_emergency")
    assert items(YOUNG, [], [reading("2026-03-01", 179, 109)], "2026-03-03", "referral_followup") == []


@pytest.mark.parametrize(
    ("later", "state"),
    [
        ([], State.OVERDUE),
        ([followup("2026-03-05")], State.OVERDUE),
        ([followup("2026-03-06")], State.DONE),
        ([followup("2026-03-10", form="dm_followup", visit_mode="3")], State.DONE),
        ([record("referral_back", "2026-03-10")], State.DONE),
        ([reading("2026-03-10", 120, 70)], State.OVERDUE),
    ],
)
def test_any_later_contact_closes_a_referral(later: list[SignedRecord], state: State) -> None:
    sent = followup("2026-03-05", "4", referral_advised="2")
    found = items(RISKY, [enrolled()], [sent, *later], "2026-03-20", "referral_followup")
    assert [(one.cycle, one.state) for one in found] == [("2026-03-05", state)]
    assert found[0].due_on == day("2026-03-19")


def test_the_day_noted_in_the_referral_block_closes_it_and_the_urgent_one_of_a_day_is_told() -> None:
    noted = followup("2026-03-05", referral_advised="2", referral_followed_up_on="2026-03-12")
    (one,) = items(RISKY, [enrolled()], [noted], "2026-03-20", "referral_followup")
    assert (one.state, one.done_on) == (State.DONE, day("2026-03-12"))
    both = [
        followup("2026-03-05", referral_advised="2"),
        followup("2026-03-05", form="dm_followup", referral_advised="2", referral_urgency="emergency"),
    ]
    assert the(RISKY, [enrolled()], both, "2026-03-06", "referral_followup").reason == "referral_emergency"


@pytest.mark.parametrize(
    ("born", "precision", "today", "owed"),
    [
        ("1961-12-31", "day", "2026-01-01", True),
        ("1962-01-01", "day", "2026-12-31", False),
        ("1961-01-01", "year", "2026-01-01", True),
        (None, "day", "2026-01-01", False),
    ],
)
def test_65_on_any_day_of_the_year_counts_for_that_year(
    born: str | None,
    precision: str,
    today: str,
    owed: bool,  # noqa: FBT001 - a row of the table
) -> None:
    found = items(person(born, precision=precision), [], [], today, "elderly_annual")
    assert [(one.cycle, one.window_start, one.due_on) for one in found] == (
        [("2026", day("2026-01-01"), day("2026-12-31"))] if owed else []
    )


def test_a_whole_examination_of_the_calendar_year_serves_every_group() -> None:
    older, both = person("1958-05-07"), [enrolled(), enrolled("diabetes")]
    exams = ("elderly_annual", "ht_annual_exam", "dm_annual_exam")
    done = [items(older, both, [exam("2026-02-01")], "2026-12-31", event)[-1] for event in exams]
    assert [(one.state, one.done_by) for one in done] == [(State.DONE, "exam-2026-02-01")] * 3
    part = [exam("2026-02-01", exam_complete=False)]
    owed = [the(older, both, part, "2026-12-31", event) for event in exams]
    assert [(one.state, one.reason) for one in owed] == [(State.DUE, "exam_incomplete")] * 3
    old = [the(older, both, [exam("2025-12-31")], "2026-12-31", event) for event in exams]
    assert [(one.state, one.reason) for one in old] == [(State.DUE, "yearly")] * 3


@pytest.mark.parametrize(
    ("records", "enrolments", "since"),
    [
        ([], [], None),
        ([], [enrolled(on="2026-04-01")], "2026-04-01"),
        ([exam("2025-04-01", fasting_glucose="6.0")], [], None),
        ([exam("2025-04-01", fasting_glucose="6.1")], [], "2026-01-01"),
        ([exam("2025-04-01", bmi=24)], [], "2026-01-01"),
        (
            [record("resident_profile", "2026-04-01", family_history=[{"diseases": ["1", "3"]}])],
            [],
            "2026-04-01",
        ),
        ([exam("2025-04-01", bmi=24)], [enrolled("diabetes")], None),
    ],
)
def test_people_at_risk_of_diabetes_are_owed_a_yearly_glucose(
    records: list[SignedRecord],
    enrolments: list[Enrolment],
    since: str | None,
) -> None:
    found = [
        one
        for one in items(YOUNG, enrolments, records, "2026-06-01", "dm_high_risk_screen")
        if not one.done_on
    ]
    assert [one.window_start for one in found] == ([day(since)] if since else [])


def test_without_a_birth_date_only_enrolled_services_and_referrals_are_owed() -> None:
    nobody = Person()
    assert items(nobody, [enrolled()], [], "2026-06-01", "ht_followup") != []
    assert items(nobody, [], [], "2026-06-01", "dm_high_risk_screen") == []
