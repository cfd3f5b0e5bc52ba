"""The way of a clinic to its work: twelve items, one step forward at a time, back with a reason."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from tenants import registry
from tenants.console import checklist
from tenants.console.checklist import ITEMS, ORDER, TICKED, Facts

NOW = datetime.datetime(2026, 11, 30, 8, tzinfo=datetime.UTC)
BARE = Facts(
    is_newest=False,
    has_keys=False,
    sites=0,
    people=0,
    administrators=0,
    administrators_in=0,
    settings_seen=False,
    has_uyghur_name=False,
    state="provisioned",
    state_since=NOW,
)
FULL = Facts(True, True, 2, 5, 1, 1, True, True, "pilot", NOW - datetime.timedelta(days=14))  # noqa: FBT003


def test_there_are_twelve_items_eight_found_by_the_system_and_four_ticked() -> None:
    assert len(ITEMS) == len({item.name for item in ITEMS}) == 12
    assert {"licence", "printer", "training", "fallback"} == TICKED


def test_the_words_for_standings_are_those_of_the_registry_and_applied() -> None:
    assert list(checklist.STATES) == ["applied", *registry.STATES]
    assert ORDER == registry.WORKING


def test_a_bare_clinic_lacks_everything_and_a_full_one_nothing() -> None:
    nothing = checklist.holds(BARE, (), NOW)
    assert not any(nothing.values())
    assert len(checklist.missing("live", nothing)) == 12
    assert checklist.missing("live", checklist.holds(FULL, TICKED, NOW)) == []


@pytest.mark.parametrize(
    ("field", "value", "item"),
    [
        ("is_newest", False, "schema"),
        ("has_keys", False, "keys"),
        ("sites", 0, "sites"),
        ("administrators_in", 0, "administrator"),
        ("settings_seen", False, "settings"),
        ("has_uyghur_name", False, "names"),
        ("people", 1, "people"),
        ("state_since", NOW - datetime.timedelta(days=13, hours=23), "pilot"),
        ("state", "trained", "pilot"),
    ],
)
def test_each_fact_decides_about_its_item_alone(field: str, value: object, item: str) -> None:
    facts = dataclasses.replace(FULL, **{field: value})  # type: ignore[arg-type]
    held = checklist.holds(facts, TICKED, NOW)
    assert [name for name, holds in held.items() if not holds] == [item]
    assert [lacking.name for lacking in checklist.missing("live", held)] == [item]


@pytest.mark.parametrize("item", sorted(TICKED))
def test_what_is_ticked_holds_by_the_tick_alone(item: str) -> None:
    held = checklist.holds(FULL, TICKED - {item}, NOW)
    assert [name for name, holds in held.items() if not holds] == [item]


def test_a_step_needs_its_own_items_and_all_earlier_ones() -> None:
    nothing = checklist.holds(BARE, (), NOW)
    counts = [len(checklist.missing(state, nothing)) for state in ORDER]
    assert counts == [0, 5, 9, 11, 12]
    assert checklist.missing("suspended", nothing) == []


@pytest.mark.parametrize(
    ("state", "ways"),
    [
        ("provisioned", ["configured", "suspended"]),
        ("trained", ["pilot", "configured", "provisioned", "suspended"]),
        ("live", ["pilot", "trained", "configured", "provisioned", "suspended"]),
    ],
)
def test_one_step_forward_any_step_back_or_out_of_work(state: str, ways: list[str]) -> None:
    assert checklist.next_states(state, "") == ways
    assert [way for way in ways if not checklist.needs_reason(state, way)] == [
        way for way in ways if way in ORDER and ORDER.index(way) > ORDER.index(state)
    ]


def test_a_suspended_clinic_comes_back_where_it_was_and_closing_has_its_own_way() -> None:
    assert checklist.next_states("suspended", "pilot") == ["pilot"]
    assert checklist.next_states("suspended", "") == ["live"]
    assert checklist.next_states("closed", "pilot") == []
    assert checklist.needs_reason("suspended", "pilot")
