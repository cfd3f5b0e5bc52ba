"""No hidden cell can be worked out from what is shown (rights I8): by hand, and by trying every table."""

from __future__ import annotations

import itertools
import typing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saas.public_health.rules import indicators_hiding as hiding
from saas.public_health.rules.indicators_hiding import TOTAL, hidden, rate_table, shown, with_totals

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from saas.public_health.rules.indicators_hiding import Cell

Table = dict[str, dict[str, int]]
SMALL = 3
"""For trying every table, cells under 3 are small: the same rule with fewer tables."""


def table(*rows: tuple[int, ...]) -> Table:
    return {
        f"r{number}": {f"c{place}": value for place, value in enumerate(row)}
        for number, row in enumerate(rows)
    }


def possible(counts: Table, out: frozenset[Cell]) -> Iterator[dict[Cell, int]]:
    """Every table near the true one that agrees with everything that is shown."""
    truth = with_totals(counts)
    told = {cell: value for cell, value in truth.items() if cell not in out}
    rows = [
        [
            dict(zip(row, values, strict=True))
            for values in itertools.product(
                *(
                    [value] if (name, column) in told else range(max(0, value - SMALL), value + SMALL + 1)
                    for column, value in row.items()
                )
            )
            if told.get((name, TOTAL), sum(values)) == sum(values)
        ]
        for name, row in counts.items()
    ]
    for chosen in itertools.product(*rows):
        other = with_totals(dict(zip(counts, chosen, strict=True)))
        if all(other[cell] == value for cell, value in told.items()):
            yield other


def guessed(counts: Table, out: frozenset[Cell]) -> set[Cell]:
    """The hidden cells that somebody could work out: a small one known to be small, or one known exactly."""
    truth = with_totals(counts)
    unsafe = set(out)
    for other in possible(counts, out):
        unsafe -= {
            cell
            for cell in unsafe
            if (other[cell] >= SMALL if truth[cell] < SMALL else other[cell] != truth[cell])
        }
        if not unsafe:
            break
    return unsafe


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (((50, 60), (70, 80)), 0),
        (((10, 60), (70, 80)), 0),
        (((9, 60), (70, 80)), 4),
        (((0, 60), (70, 80)), 4),
    ],
)
def test_a_small_cell_takes_one_of_its_row_and_one_of_its_column_with_it(
    rows: tuple[tuple[int, ...], ...], expected: int
) -> None:
    out = hidden(table(*rows))
    assert len(out) == expected
    assert (TOTAL, TOTAL) not in out


def test_the_cheapest_cells_are_hidden_and_the_rest_is_shown() -> None:
    counts = table((5, 100, 20), (200, 300, 30), (40, 500, 600))
    assert hidden(counts) == {("r0", "c0"), ("r0", "c2"), ("r2", "c0"), ("r2", "c2")} or hidden(counts) == {
        ("r0", "c0"), ("r0", "c2"), ("r1", "c0"), ("r1", "c2"),
    }  # fmt: skip
    said = shown(counts)
    assert said["r0", "c0"] is None
    assert said["r0", TOTAL] == 125
    assert said["r1", "c1"] == 300


def test_hidden_cells_of_a_row_never_add_up_to_a_small_number() -> None:
    counts = table((3, 4, 100), (50, 60, 70))
    said = shown(counts)
    hidden_values = [counts["r0"][column] for column in counts["r0"] if said["r0", column] is None]
    assert sum(hidden_values) >= 10


def test_a_small_total_is_hidden_too() -> None:
    said = shown(table((2, 3), (70, 80)))
    assert said["r0", TOTAL] is None
    alone = shown(table((2, 3)))
    assert set(alone.values()) == {None}


def test_a_rate_near_hundred_percent_hides_its_rest() -> None:
    said = shown(rate_table({"north": (98, 100), "south": (60, 120), "east": (70, 150)}))
    assert said["north", "rest"] is None
    assert said["north", "reached"] is None or said["north", TOTAL] is None
    open_rate = shown(rate_table({"north": (80, 100), "south": (60, 120)}))
    assert None not in open_rate.values()


def test_what_another_table_hides_stays_hidden_and_is_protected() -> None:
    counts = table((50, 60), (70, 80))
    out = hidden(counts, also=[("r0", "c0"), ("elsewhere", "c0")])
    assert ("r0", "c0") in out
    assert len(out) >= 4
    assert ("elsewhere", "c0") not in out


@pytest.mark.parametrize(
    "odd",
    [
        {"": {"a": 20}},
        {"x": {"": 20}},
        {"x": {"a": 20}, "y": {"b": 20}},
        {"x": {"a": -1}},
    ],
)
def test_odd_tables_are_refused(odd: Table) -> None:
    with pytest.raises(ValueError, match=r"named columns|never negative"):
        hidden(odd)


def test_an_empty_table_hides_its_zero() -> None:
    assert shown({}) == {(TOTAL, TOTAL): None}


def test_of_every_table_of_two_by_two_nothing_hidden_can_be_worked_out() -> None:
    for values in itertools.product((0, 1, 2, 3, 5), repeat=4):
        counts = table(values[:2], values[2:])
        assert guessed(counts, hidden(counts, smallest=SMALL)) == set(), values


SHAPES = st.sampled_from([(1, 2), (2, 2), (2, 3), (3, 2)])


@settings(max_examples=80, deadline=None)
@given(
    SHAPES.flatmap(
        lambda shape: st.lists(
            st.tuples(*[st.integers(0, 8)] * shape[1]), min_size=shape[0], max_size=shape[0]
        )
    )
)
def test_trying_every_table_no_hidden_cell_can_be_worked_out(rows: list[tuple[int, ...]]) -> None:
    counts = table(*rows)
    out = hidden(counts, smallest=SMALL)
    assert {cell for cell, value in with_totals(counts).items() if value < SMALL} <= out
    assert guessed(counts, out) == set()


def test_trying_every_table_finds_what_hiding_small_cells_alone_would_tell() -> None:
    counts = table((1, 6), (7, 8))
    assert guessed(counts, frozenset({("r0", "c0")})) == {("r0", "c0")}
    assert guessed(counts, frozenset({("r0", "c0"), ("r0", "c1")})) != set()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 200)] * 4), min_size=1, max_size=12))
def test_no_line_of_a_large_table_hides_a_single_cell(rows: list[tuple[int, ...]]) -> None:
    counts = table(*rows)
    said = shown(counts)
    lines = [
        [cell for cell in said if cell[place] == name]
        for place in (0, 1)
        for name in {cell[place] for cell in said}
    ]
    assert all(sum(said[cell] is None for cell in line) != 1 for line in lines)
    assert all(value is None or value >= 10 for value in said.values())


def test_hiding_is_the_same_whatever_the_order_of_rows() -> None:
    rows = {f"site {number}": {"reached": number * 3 % 40, "rest": number * 7 % 50} for number in range(30)}
    assert hidden(rows) == hidden(dict(reversed(rows.items())))
    assert hiding.SMALLEST_SHOWN == 10
