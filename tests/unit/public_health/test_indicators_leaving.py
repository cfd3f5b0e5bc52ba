"""What leaves an institution: no cell under 10, and none that can be worked out from what is published."""

from __future__ import annotations

import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.public_health.rules.indicators_hiding import SMALLEST_SHOWN
from saas.public_health.rules.indicators_leaving import WITHIN, Cells, Shown, is_safe, leaving

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

RECORD, ELECTRONIC = "record_rate", "electronic_record_rate"
STANDARD, CONTROL = "ht_standard_rate", "ht_control_rate"


@pytest.mark.parametrize(
    ("cells", "safe"),
    [
        (Cells(10, 20), True),
        (Cells(9, 20), False),
        (Cells(10, 19), False),
        (Cells(0, 50), False),
        (Cells(50, 50), False),
        (Cells(60, 50), False),
        (Cells(0, 0), False),
        (Cells(10, None), True),
        (Cells(9, None), False),
    ],
)
def test_every_cell_of_a_figure_is_ten_or_more(cells: Cells, *, safe: bool) -> None:
    assert is_safe(cells) is safe


@pytest.mark.parametrize(
    ("whole", "part", "shown"),
    [(500, 500, True), (500, 499, False), (500, 491, False), (500, 490, True), (500, 5, False)],
)
def test_a_part_is_shown_when_what_it_leaves_out_is_nobody_or_ten(
    whole: int, part: int, *, shown: bool
) -> None:
    now = {RECORD: Cells(whole, 1000), ELECTRONIC: Cells(part, 1000)}
    found = leaving(now, {})
    assert found[RECORD] == Cells(whole, 1000)
    assert (found[ELECTRONIC] is not None) is shown


@pytest.mark.parametrize(
    ("before", "now", "published"),
    [
        (None, (50, 100), (50, 100)),
        ((50, 100), (51, 100), (50, 100)),
        ((50, 100), (51, 101), (50, 100)),
        ((50, 100), (50, 109), (50, 100)),
        ((50, 100), (50, 110), (50, 110)),
        ((50, 100), (60, 110), (60, 110)),
        ((50, 100), (60, 115), (50, 100)),
        ((50, 100), (40, 100), (40, 100)),
        ((50, 100), (9, 100), None),
        ((50, None), (59, None), (50, None)),
        ((50, None), (60, None), (60, None)),
    ],
)
def test_two_days_side_by_side_show_no_small_change(
    before: tuple[int, int | None] | None,
    now: tuple[int, int | None],
    published: tuple[int, int | None] | None,
) -> None:
    found = leaving({CONTROL: Cells(*now)}, {CONTROL: Cells(*before) if before else None})
    assert found[CONTROL] == (Cells(*published) if published else None)


_COUNTS = st.integers(0, 60)


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Cells]:
    """True counts: a population with records of which some are on paper; patients in two rates."""
    electronic, paper, without = draw(_COUNTS), draw(st.integers(0, 12)), draw(_COUNTS)
    patients = draw(_COUNTS)
    standard, control = draw(st.integers(0, patients)), draw(st.integers(0, patients))
    population = electronic + paper + without
    return {
        RECORD: Cells(electronic + paper, population),
        ELECTRONIC: Cells(electronic, population),
        STANDARD: Cells(standard, patients),
        CONTROL: Cells(control, patients),
    }


@given(worlds(), worlds())
def test_nothing_published_is_small_and_no_two_days_or_parts_differ_by_little(
    first: dict[str, Cells], second: dict[str, Cells]
) -> None:
    yesterday = leaving(first, {})
    today = leaving(second, yesterday)
    for found in (yesterday, today):
        assert all(cells is None or is_safe(cells) for cells in found.values())
        for part, whole in WITHIN.items():
            _is_no_small_gap(found[part], found[whole])
    for code in first:
        _is_no_small_gap(yesterday[code], today[code])


def _is_no_small_gap(one: Shown, other: Shown) -> None:
    if one is None or other is None or one.denominator is None or other.denominator is None:
        return
    reached = other.numerator - one.numerator
    rest = (other.denominator - other.numerator) - (one.denominator - one.numerator)
    for gap in (reached, rest, reached + rest):
        assert gap == 0 or abs(gap) >= SMALLEST_SHOWN


@given(worlds())
def test_a_hidden_small_cell_could_be_ten_or_more_by_everything_that_is_published(
    true: dict[str, Cells],
) -> None:
    """The attacker's view: all true worlds that fit what is published, on one day, are tried."""
    published = leaving(true, {})
    patients = _possible_patients(published)
    for code in (STANDARD, CONTROL):
        if published[code] is None:
            assert any(reached >= SMALLEST_SHOWN for reached, _ in patients[code])
            assert any(all_ - reached >= SMALLEST_SHOWN for reached, all_ in patients[code])
    whole = published[RECORD]
    if whole is not None and published[ELECTRONIC] is None:
        # How many of the records are on paper only is open over their whole number.
        assert whole.numerator >= SMALLEST_SHOWN


def _possible_patients(published: Mapping[str, Shown]) -> dict[str, set[tuple[int, int]]]:
    """Numerators and denominators of the two rates of the same patients that fit what is shown."""
    shown = {code: published[code] for code in (STANDARD, CONTROL)}
    found: dict[str, set[tuple[int, int]]] = {STANDARD: set(), CONTROL: set()}
    for all_ in range(0, 61, 1):
        if any(cells is not None and cells.denominator != all_ for cells in shown.values()):
            continue
        options = {
            code: [cells.numerator] if cells is not None else range(all_ + 1) for code, cells in shown.items()
        }
        for code, reached in options.items():
            found[code] |= {(one, all_) for one in reached}
    return found
