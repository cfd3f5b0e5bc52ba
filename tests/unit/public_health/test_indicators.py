"""Who belongs into each figure, who is missing and why (§16, §7.5, §19)."""

from __future__ import annotations

import dataclasses

import pytest

from saas.public_health.rules import indicators
from saas.public_health.rules.due_facts import Enrolment, Person, SignedRecord
from saas.public_health.rules.indicators_facts import Facts, Period, Seen, year
from tests.support.duties import day, enrolled, exam, facts, followup, person, record

YEAR = year(2026)
QUARTERS = ["2026-02-10", "2026-05-10", "2026-08-10", "2026-11-10"]
GUIDED = exam("2026-06-01", health_guidance=["1"])


def missing(code: str, who: Facts, period: Period = YEAR) -> tuple[str, ...] | None:
    return indicators.RULES[code, 1](Seen(who, period))


def ht(*signed: SignedRecord, programme: Enrolment | None = None, whom: Person | None = None) -> Facts:
    return facts(whom or person(), [programme or enrolled()], list(signed))


@pytest.mark.parametrize(
    ("visits", "exams", "expected"),
    [
        (QUARTERS, [GUIDED], ()),
        (["2026-01-01", "2026-06-30", "2026-07-01", "2026-12-31"], [GUIDED], ()),
        (["2026-02-10", "2026-03-31", "2026-08-10", "2026-11-10"], [GUIDED], ("no_visit_q2",)),
        (QUARTERS[:3], [GUIDED], ("no_visit_q4",)),
        (QUARTERS, [], ("no_exam",)),
        (QUARTERS, [exam("2026-06-01", exam_complete=False)], ("exam_incomplete",)),
        (QUARTERS, [exam("2025-12-31")], ("no_exam",)),
        ([], [GUIDED], ("no_visit_q1", "no_visit_q2", "no_visit_q3", "no_visit_q4")),
    ],
)
def test_standard_management_is_a_visit_in_each_quarter_and_the_examination(
    visits: list[str], exams: list[SignedRecord], expected: tuple[str, ...]
) -> None:
    assert missing("ht_standard_rate", ht(*map(followup, visits), *exams)) == expected
    diabetic = [followup(on, form="dm_followup") for on in visits]
    assert (
        missing("dm_standard_rate", facts(person(), [enrolled("diabetes")], [*diabetic, *exams])) == expected
    )


def test_a_call_is_no_face_to_face_visit() -> None:
    visits = [followup(on) for on in QUARTERS[:3]] + [followup(QUARTERS[3], visit_mode="3")]
    assert missing("ht_standard_rate", ht(*visits, GUIDED)) == ("no_visit_q4",)
    at_home = [*visits[:3], followup(QUARTERS[3], visit_mode="2")]
    assert missing("ht_standard_rate", ht(*at_home, GUIDED)) == ()


@pytest.mark.parametrize(
    ("begun", "ended", "visits", "expected"),
    [
        ("2026-01-01", "", QUARTERS, ()),
        ("2026-01-02", "", QUARTERS[1:], ()),
        ("2026-04-01", "", QUARTERS[1:], ()),
        ("2026-04-02", "", QUARTERS[2:], ()),
        ("2026-04-01", "", QUARTERS[2:], ("no_visit_q2",)),
        ("2026-11-20", "", [], ()),
        ("2024-01-10", "2026-07-01", QUARTERS[:2], ()),
        ("2024-01-10", "2026-06-30", QUARTERS[:1], ()),
        ("2024-01-10", "2026-07-01", QUARTERS[:1], ("no_visit_q2",)),
    ],
)
def test_who_joins_or_leaves_within_the_year_is_owed_the_full_quarters(
    begun: str, ended: str, visits: list[str], expected: tuple[str, ...]
) -> None:
    who = ht(
        *map(followup, visits),
        GUIDED,
        programme=enrolled(on=begun, ended=ended, reason="moved" if ended else ""),
    )
    assert missing("ht_standard_rate", who) == expected


def test_to_date_only_full_quarters_count_and_the_examination_not_yet() -> None:
    to_may = year(2026, day("2026-05-31"))
    assert missing("ht_standard_rate", ht(followup("2026-02-10")), to_may) == ()
    to_june = year(2026, day("2026-06-30"))
    assert missing("ht_standard_rate", ht(followup("2026-02-10")), to_june) == ("no_visit_q2",)
    last_quarter = Period(day("2026-10-01"), day("2026-12-31"))
    assert missing("ht_standard_rate", ht(followup("2026-11-10"), GUIDED), last_quarter) == ()


@pytest.mark.parametrize(
    ("programme", "belongs"),
    [
        (enrolled(on="2026-12-31"), True),
        (enrolled(on="2027-01-01"), False),
        (enrolled(ended="2026-01-01", reason="moved"), False),
        (enrolled(ended="2026-01-02", reason="died"), True),
        (enrolled(ended="2026-06-01", reason="not_confirmed"), False),
        (enrolled("diabetes"), False),
    ],
)
def test_who_was_managed_on_any_day_belongs_into_the_denominator(programme: Enrolment, belongs: bool) -> None:  # noqa: FBT001
    for code in ("ht_standard_rate", "ht_control_rate"):
        assert (missing(code, ht(programme=programme)) is not None) == belongs


@pytest.mark.parametrize(
    ("born", "systolic", "diastolic", "controlled"),
    [
        ("1968-05-07", 139, 89, True),
        ("1968-05-07", 140, 89, False),
        ("1968-05-07", 139, 90, False),
        ("1968-05-07", 148, 84, False),
        ("1958-05-07", 148, 84, True),
        ("1958-05-07", 148, 90, False),
        ("1958-05-07", 149, 89, True),
        ("1958-05-07", 150, 89, False),
        ("1961-06-01", 148, 84, True),
        ("1961-06-02", 148, 84, False),
        (None, 139, 89, True),
        (None, 148, 84, False),
    ],
)
def test_the_limit_follows_the_age_on_the_day_of_the_visit(
    born: str | None,
    systolic: int,
    diastolic: int,
    controlled: bool,  # noqa: FBT001 - a row of the table
) -> None:
    visit = followup("2026-06-01", "", systolic_bp=systolic, diastolic_bp=diastolic)
    found = missing("ht_control_rate", ht(visit, whom=person(born)))
    assert found == (() if controlled else ("not_controlled",))


BAD = {"systolic_bp": 160, "diastolic_bp": 95}
GOOD = {"systolic_bp": 130, "diastolic_bp": 80}


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ([], ("no_followup",)),
        ([followup("2025-12-31", **GOOD)], ("no_followup",)),
        ([followup("2026-02-01", **GOOD), followup("2026-06-01", "", **BAD)], ("not_controlled",)),
        ([followup("2026-02-01", "2", **BAD), followup("2026-06-01", **GOOD)], ()),
        ([followup("2026-02-01", **GOOD), followup("2026-06-01", "", visit_mode="3", **BAD)], ()),
        ([followup("2026-02-01", "", visit_mode="3", **GOOD)], ("no_followup",)),
        ([followup("2026-02-01", **GOOD), followup("2026-06-01", "")], ("not_measured",)),
        ([followup("2026-02-01", lost_reason="away", **GOOD)], ("contact_lost",)),
        ([followup("2026-02-01", "1", **BAD)], ()),
        ([followup("2026-02-01", "2", **GOOD)], ("not_controlled",)),
        ([followup("2026-02-01", "3", **GOOD)], ()),
        ([followup("2026-02-01", "4", **BAD)], ("not_controlled",)),
    ],
)
def test_the_last_follow_up_of_the_period_decides(
    visits: list[SignedRecord], expected: tuple[str, ...]
) -> None:
    assert missing("ht_control_rate", ht(*visits)) == expected


@pytest.mark.parametrize(
    ("value", "class_code", "mode", "expected"),
    [
        ("6.9", "", "1", ()),
        (6.99, "", "1", ()),
        ("7.0", "", "1", ("not_controlled",)),
        ("6.9", "2", "1", ("not_controlled",)),
        ("6.9", "", "3", ()),
        (None, "", "3", ("no_followup",)),
        (None, "", "1", ("not_measured",)),
    ],
)
def test_glucose_is_controlled_below_seven(
    value: object, class_code: str, mode: str, expected: tuple[str, ...]
) -> None:
    visit = followup("2026-06-01", class_code, form="dm_followup", fasting_glucose=value, visit_mode=mode)
    assert missing("dm_control_rate", facts(person(), [enrolled("diabetes")], [visit])) == expected


@pytest.mark.parametrize(
    ("whom", "signed", "made", "expected"),
    [
        (person("1961-12-31"), [GUIDED], "2020-01-01", ()),
        (person("1962-01-01"), [GUIDED], "2020-01-01", None),
        (person(None), [GUIDED], "2020-01-01", None),
        (person("1950-01-01", "died", "2026-12-31"), [GUIDED], "2020-01-01", None),
        (person("1950-01-01", "moved", "2027-01-01"), [GUIDED], "2020-01-01", ()),
        (person("1950-01-01"), [], "2020-01-01", ("no_exam",)),
        (person("1950-01-01"), [exam("2026-06-01")], "2020-01-01", ("no_guidance",)),
        (person("1950-01-01"), [exam("2026-06-01", risk_control=["4"])], "2020-01-01", ()),
        (
            person("1950-01-01"),
            [exam("2026-06-01", exam_complete=False, health_guidance=["1"])],
            "2020-01-01",
            ("exam_incomplete",),
        ),
        (person("1950-01-01"), [GUIDED], "2027-01-01", ("no_record",)),
    ],
)
def test_older_people_need_a_record_a_whole_examination_and_guidance(
    whom: Person, signed: list[SignedRecord], made: str, expected: tuple[str, ...] | None
) -> None:
    assert missing("elderly_rate", facts(whom, [], signed, made=made)) == expected


@pytest.mark.parametrize(
    ("signed", "contacts", "expected"),
    [
        ([followup("2025-12-31")], [], ()),
        ([followup("2025-12-30")], [], ("not_in_use",)),
        ([record("resident_profile", "2026-06-01")], [], ("not_in_use",)),
        ([], ["2026-12-31"], ()),
        ([], ["2027-01-01"], ("not_in_use",)),
        ([], [], ("not_in_use",)),
    ],
)
def test_a_record_is_in_use_with_a_service_within_365_days(
    signed: list[SignedRecord], contacts: list[str], expected: tuple[str, ...]
) -> None:
    who = dataclasses.replace(
        facts(person(), [], signed, made="2020-01-01"), contacts=tuple(map(day, contacts))
    )
    assert missing("record_use_rate", who) == expected
    assert missing("record_use_rate", dataclasses.replace(who, record_ended_on=day("2026-12-31"))) is None
    assert missing("record_use_rate", dataclasses.replace(who, record_made_on=None)) is None
