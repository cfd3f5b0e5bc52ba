"""Sums of published figures: of the shown alone, so that no hidden number is found from them (rights I8)."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.public_health.rules.indicators_leaving import Cells, leaving
from tenants.console.region_rules import Cell, Institution, by_place, percent, summed

HIDDEN = Cell(None, None)


def at(number: int, cell: Cell, county: int = 1, prefecture: str = "甲地区") -> Institution:
    code = f"65009{county}{number:03d}"
    return Institution(code, f"院{number}", "", prefecture, f"65009{county}", f"县{county}", cell)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([], (None, None, 0, 0)),
        ([HIDDEN], (None, None, 0, 1)),
        ([Cell(20, 40)], (20, 40, 1, 0)),
        ([Cell(20, 40), HIDDEN], (20, 40, 1, 1)),
        ([Cell(20, 40), Cell(10, 30), HIDDEN, HIDDEN], (30, 70, 2, 2)),
        ([Cell(12, None), Cell(15, None)], (27, None, 2, 0)),
    ],
)
def test_a_sum_is_of_the_shown_and_says_how_many_are_not(
    cells: list[Cell], expected: tuple[int | None, int | None, int, int]
) -> None:
    found = summed(cells)
    assert (*found.cell, found.shown, found.hidden) == expected


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Cell(1, 3), "33.3"),
        (Cell(2, 3), "66.7"),
        (Cell(1, 8), "12.5"),
        (Cell(1, 2000), "0.1"),
        (Cell(10, 10), "100.0"),
        (Cell(10, 0), ""),
        (Cell(10, None), ""),
        (HIDDEN, ""),
    ],
)
def test_a_share_has_one_decimal_rounded_to_the_nearest(cell: Cell, text: str) -> None:
    assert percent(cell) == text


counts = st.integers(0, 40)
clinics = st.lists(st.tuples(counts, counts, st.integers(1, 3)), min_size=1, max_size=8)


def published(numbers: list[tuple[int, int, int]]) -> list[Institution]:
    """What a page gets of institutions with so many reached and not reached, by the clinics' own rule."""
    found = []
    for place, (reached, rest, county) in enumerate(numbers):
        cells = leaving({"x": Cells(reached, reached + rest)}, {})["x"]
        found.append(at(place, HIDDEN if cells is None else Cell(cells.numerator, cells.denominator), county))
    return found


@given(clinics, st.randoms(use_true_random=False))
def test_no_number_that_is_hidden_changes_anything_that_is_shown(
    numbers: list[tuple[int, int, int]], chance: random.Random
) -> None:
    """Whoever sees the whole page cannot tell one hidden number from any other that would be hidden too."""
    before = published(numbers)
    other = [
        one if place.cell.is_shown else (*_another_hidden(chance), one[2])
        for one, place in zip(numbers, before, strict=True)
    ]
    assert by_place("x", published(other)) == by_place("x", before)


def _another_hidden(chance: random.Random) -> tuple[int, int]:
    small, any_ = chance.randrange(10), chance.randrange(1000)
    return (small, any_) if chance.random() < 0.5 else (any_, small)


@given(clinics)
def test_every_level_is_the_sum_of_what_is_shown_below_it_and_no_sum_is_small(
    numbers: list[tuple[int, int, int]],
) -> None:
    for prefecture in by_place("x", published(numbers)):
        parts = [county.total for county in prefecture.counties]
        assert prefecture.total == dataclasses.replace(
            summed(part.cell for part in parts),
            shown=sum(part.shown for part in parts),
            hidden=sum(part.hidden for part in parts),
        )
        for total in (prefecture.total, *parts):
            if total.cell.numerator is not None and total.cell.denominator is not None:
                assert min(total.cell.numerator, total.cell.denominator - total.cell.numerator) >= 10


def test_places_stand_by_code_and_not_by_result() -> None:
    found = [at(2, Cell(10, 100)), at(1, Cell(90, 100), county=2), at(1, Cell(50, 100))]
    (one,) = by_place("x", found)
    assert [county.code for county in one.counties] == ["650091", "650092"]
    assert [place.code for place in one.counties[0].institutions] == ["650091001", "650091002"]


def test_a_figure_of_family_planning_has_no_level_below_the_prefecture() -> None:
    found = [at(1, Cell(30, 60)), at(2, Cell(20, 40))]
    (one,) = by_place("fp_services", found)
    assert (one.total.cell, list(one.counties)) == (Cell(50, 100), [])
    assert by_place("record_rate", found)[0].counties
