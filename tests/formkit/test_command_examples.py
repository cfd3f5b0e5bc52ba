"""The acceptance examples of §19 by ``shipa forms evaluate``, as another program would call it."""

from __future__ import annotations

import json
import typing

import pytest

from tests.support.filled import AGED_58, AGED_68, DIABETES, HYPERTENSION, before

if typing.TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

Answers = typing.Mapping[str, object]
Said = tuple[str | None, str, str | None]
"""Class, referral, next day."""
SOON, LATER = "2026-03-19", "2026-06-05"
PREVIOUS_2 = [before("ht_followup", "2026-02-19", systolic_bp=150)]
PREVIOUS_1 = [before("ht_followup", "2026-01-05")]
HT: list[tuple[Answers, Answers, typing.Sequence[Answers], Said]] = [
    ({"systolic_bp": "150", "diastolic_bp": "88"}, AGED_58, PREVIOUS_1, ("2", "1", SOON)),
    ({"systolic_bp": "146", "diastolic_bp": "92"}, AGED_58, PREVIOUS_2, ("2", "2", SOON)),
    ({"systolic_bp": "148", "diastolic_bp": "84"}, AGED_68, [], ("1", "1", LATER)),
    ({"systolic_bp": "148", "diastolic_bp": "90"}, AGED_68, [], ("2", "1", SOON)),
    ({"systolic_bp": "182", "diastolic_bp": "95"}, AGED_68, [], ("2", "2", SOON)),
    ({"adverse_reaction": "2", "complication": "2"}, AGED_58, [], ("4", "2", SOON)),
    ({"systolic_bp": "１３９", "diastolic_bp": "٨٩"}, AGED_58, [], ("1", "1", LATER)),
    ({"systolic_bp": 185}, {}, [], (None, "2", SOON)),
    ({"systolic_bp": 150}, AGED_58, [*PREVIOUS_1, *PREVIOUS_2], ("2", "2", SOON)),
    ({"visit_mode": "3", "systolic_bp": 150}, AGED_58, [], (None, "1", None)),
]
DM: list[tuple[str, Said]] = [
    ("6.9", ("1", "1", LATER)), ("7.0", ("2", "1", SOON)), ("16.6", ("2", "1", SOON)),
    ("16.7", ("2", "2", SOON)), ("3.9", ("1", "2", SOON)), ("4.0", ("1", "1", LATER)),
]  # fmt: skip
Evaluate = typing.Callable[..., dict[str, typing.Any]]


@pytest.fixture
def evaluate(house: Flask, tmp_path: Path) -> Evaluate:
    """Call the command with files; what it printed."""

    def call(code: str, **files: object) -> dict[str, typing.Any]:
        arguments = ["forms", "evaluate", code, "--on", "2026-03-05"]
        for name, content in files.items():
            path = tmp_path / f"{name}.json"
            path.write_text(json.dumps(content), encoding="utf-8")
            arguments += [f"--{name}", str(path)]
        result = house.test_cli_runner().invoke(args=arguments)
        assert result.exit_code == 0, result.output
        printed: dict[str, typing.Any] = json.loads(result.stdout)
        return printed

    return call


def said(printed: dict[str, typing.Any]) -> Said:
    """Class, referral, next day; nothing may be refused."""
    assert printed["errors"] == []
    computed = printed["computed"]
    return computed.get("followup_class"), computed["referral_advised"], printed["next_due_on"]


@pytest.mark.parametrize(("changes", "resident", "earlier", "expected"), HT)
def test_hypertension(
    evaluate: Evaluate, changes: Answers, resident: Answers, earlier: typing.Sequence[Answers], expected: Said
) -> None:
    answers = HYPERTENSION | dict(changes)
    assert said(evaluate("ht_followup", answers=answers, resident=resident, earlier=earlier)) == expected


@pytest.mark.parametrize(("glucose", "expected"), DM)
def test_diabetes(evaluate: Evaluate, glucose: str, expected: Said) -> None:
    answers = DIABETES | {"fasting_glucose": glucose}
    assert said(evaluate("dm_followup", answers=answers, resident=AGED_58)) == expected


def test_an_emergency_stands_before_everything_else(evaluate: Evaluate) -> None:
    answers = HYPERTENSION | {"systolic_bp": 182, "symptoms": ["2"], "diastolic_bp": "abc"}
    printed = evaluate("ht_followup", answers=answers, resident=AGED_58)
    assert [one["kind"] for one in printed["findings"]][:2] == ["emergency", "emergency"]
    assert {one["field"] for one in printed["errors"]} == {"diastolic_bp"}
    assert "referral_advised" in printed["findings"][0]["fields"]


def test_self_care_and_its_level(evaluate: Evaluate) -> None:
    items = {"meal": "3", "grooming": "2", "dressing": "1", "toileting": "2", "mobility": "3"}
    computed = evaluate("elderly_self_care", answers=items, resident=AGED_68)["computed"]
    assert (computed["self_care_score"], computed["self_care_level"]) == (10, "3")
    items.pop("meal")
    assert evaluate("elderly_self_care", answers=items, resident=AGED_68)["computed"] == {}
