"""From which state a device comes to which: the whole table, for the clinic and for operators."""

from __future__ import annotations

import itertools

import pytest

from tenants.devices import moves
from tenants.devices.moves import BY_OPERATOR, RETIRED, STATES, may_clinic, may_operator, offered_to_clinic

#            stock shipped received enrolled in_use repair lost retired
OPERATOR = {
    "stock": ".x.....x",
    "shipped": "x.x...x.",
    "received": "x......x",
    "enrolled": ".......x",
    "in_use": ".......x",
    "repair": "x......x",
    "lost": "x......x",
    "retired": "........",
}
CLINIC = {
    "stock": "........",
    "shipped": "..x.....",
    "received": "......x.",
    "enrolled": "....x.x.",
    "in_use": ".....xx.",
    "repair": "....x.x.",
    "lost": "..x.....",
    "retired": "........",
}


@pytest.mark.parametrize(("old", "new"), list(itertools.product(STATES, STATES)))
def test_each_move_is_as_the_table_says(old: str, new: str) -> None:
    assert may_operator(old, new) == (OPERATOR[old][STATES.index(new)] == "x")
    assert may_clinic(old, new) == (CLINIC[old][STATES.index(new)] == "x")
    assert (new in offered_to_clinic(old)) == may_clinic(old, new)


def test_nothing_is_enrolled_but_by_a_code_and_nothing_leaves_retirement() -> None:
    every = moves.BY_CLINIC | BY_OPERATOR
    assert not [move for move in every if move[1] == moves.ENROLLED]
    assert not [move for move in every if move[0] == RETIRED]
    assert moves.BY_TOKEN not in every
