"""The truth table of a move: from each state that a kill can leave, the one right step."""

from __future__ import annotations

import pytest

from tenants.moving.rules import Homes, MoveRefused, Step, has_room, next_step

MB = 1024 * 1024

TABLE = [
    # cell, moving_to, left_cell, fenced -> wanted: the step
    (Homes("main"), "east", Step.BEGIN),
    (Homes("main", "east"), "east", Step.COPY),
    (Homes("main", "east", fenced=True), "east", Step.SWITCH),
    (Homes("east", None, "main"), "east", Step.CLEAN),
    (Homes("east", None, "main"), "main", Step.CLEAN),
    (Homes("east", None, "main"), "west", Step.CLEAN),
    (Homes("main", "east"), "main", Step.UNDO),
    (Homes("main", "east", fenced=True), "main", Step.UNDO),
]


@pytest.mark.parametrize(("there", "wanted", "step"), TABLE)
def test_the_next_step(there: Homes, wanted: str, step: Step) -> None:
    assert next_step(there, wanted) is step


@pytest.mark.parametrize(
    ("there", "wanted", "words"),
    [
        (Homes("main"), "main", "lives in cell main already"),
        (
            Homes("main", "east"),
            "west",
            "unfinished: finish it with --to east, or give it up with --to main",
        ),
        (Homes("main", "east", fenced=True), "west", "unfinished"),
    ],
)
def test_what_cannot_be_is_refused(there: Homes, wanted: str, words: str) -> None:
    with pytest.raises(MoveRefused, match=words):
        next_step(there, wanted)


def test_a_clinic_needs_twice_its_size_and_something_more() -> None:
    assert has_room(10 * MB, 84 * MB)
    assert not has_room(10 * MB, 84 * MB - 1)
