"""What must be done between the password and the work: the whole truth table."""

from __future__ import annotations

import itertools

import pytest

from saas.accounts.stages import STAGES, Standing, next_stage

# second factor, temporary password, administrator, sheet, notices → stages from the password on
WALKS = [
    ("-----", ["full"]),
    ("-t---", ["new_password"]),
    ("f----", ["second_factor", "full"]),
    ("ft---", ["second_factor", "new_password"]),
    ("--a--", ["enrol"]),
    ("-ta--", ["new_password"]),
    ("f-a--", ["second_factor", "sheet"]),
    ("f-as-", ["second_factor", "full"]),
    ("f-asn", ["second_factor", "notice"]),
    ("----n", ["notice"]),
    ("-t--n", ["new_password"]),
    ("--a-n", ["enrol"]),
]


def standing(marks: str) -> Standing:
    return Standing(*(mark != "-" for mark in marks))


@pytest.mark.parametrize(("marks", "walk"), WALKS)
def test_the_first_stages_after_the_password(marks: str, walk: list[str]) -> None:
    found, after = [], None
    for _ in walk:
        after = next_stage(standing(marks), after)
        found.append(after)
    assert found == walk


def test_a_new_administrator_walks_through_every_stage() -> None:
    walk = [next_stage(standing("-ta-n"), None)]
    for marks in ("--a-n", "f-a-n", "f-asn", "f-as-"):
        walk.append(next_stage(standing(marks), walk[-1]))
    assert walk == ["new_password", "enrol", "sheet", "notice", "full"]


def test_nobody_with_a_second_factor_gets_past_it_and_no_stage_is_unknown() -> None:
    for marks in itertools.product((True, False), repeat=5):
        person = Standing(*marks)
        first = next_stage(person, None)
        assert (first == "second_factor") is person.has_second_factor
        assert {first, next_stage(person, "second_factor")} <= set(STAGES)


def test_full_means_that_nothing_is_owed() -> None:
    for marks in itertools.product((True, False), repeat=5):
        person = Standing(*marks)
        if next_stage(person, "second_factor") == "full":
            assert not person.password_is_temporary
            assert not person.has_notices
            assert not person.is_administrator or (person.has_second_factor and person.has_sheet)
