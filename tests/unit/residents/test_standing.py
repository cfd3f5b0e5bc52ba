"""Moved, died, left, back: which days are accepted, and what is stored."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.residents.models import STANDINGS
from saas.residents.rules import standing as rule
from saas.residents.rules.birth import parsed

TODAY = datetime.date(2026, 11, 25)

CASES = [
    (("here", "", ""), "1963-05-07", []),
    (("here", "never", "x" * 500), "1963-05-07", []),
    (("moved", "2026-11-25", ""), "1963-05-07", []),
    (("died", "2026年11月1日", ""), "1963-05-07", []),
    (("left", "20261101", "x" * 200), "1963-05-07", []),
    (("moved", "", ""), "1963-05-07", ["day-missing"]),
    (("moved", "2026-02-30", ""), "1963-05-07", ["day-unreadable"]),
    (("moved", "2026-02", ""), "1963-05-07", ["day-unreadable"]),
    (("died", "2026-11-26", ""), "1963-05-07", ["day-ahead"]),
    (("died", "1963-05-07", ""), "1963-05-07", []),
    (("died", "1963-05-06", ""), "1963-05-07", ["day-before-birth"]),
    (("died", "1963-01-01", ""), "1963", []),
    (("died", "1962-12-31", ""), "1963", ["day-before-birth"]),
    (("died", "1963-05-06", ""), "", []),
    (("left", "2026-11-01", "x" * 201), "1963", ["too-long"]),
    (("merged", "2026-11-01", ""), "1963", ["not-offered"]),
    (("", "", ""), "1963", ["not-offered"]),
]


@pytest.mark.parametrize(("typed", "born", "codes"), CASES)
def test_what_is_accepted(typed: tuple[str, str, str], born: str, codes: list[str]) -> None:
    assert [one.code for one in rule.findings(*typed, parsed(born), TODAY)] == codes


def test_somebody_who_is_here_has_no_last_day() -> None:
    assert rule.read("here", "2026-01-01", "gone") == ("here", None, "")
    assert rule.read("moved", "2026-1-2", "ئۈرۈمچى") == ("moved", datetime.date(2026, 1, 2), "ئۈرۈمچى")


def test_the_choices_are_standings_that_the_table_knows() -> None:
    assert set(rule.CHOICES) == set(STANDINGS) - {"merged", "undone"}


@given(st.sampled_from(rule.CHOICES), st.text(max_size=20), st.text(max_size=250))
def test_what_is_accepted_can_be_stored(choice: str, day: str, note: str) -> None:
    found = rule.findings(choice, day, note, None, TODAY)
    if not found:
        kept = rule.read(choice, day, note)
        assert (kept.ended_on is None) is (choice == rule.HERE)
        assert kept.ended_on is None or kept.ended_on <= TODAY
