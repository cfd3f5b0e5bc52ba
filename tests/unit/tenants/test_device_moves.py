"""From which state a device comes to which: the whole table, for the clinic and for operators."""

from __future__ import annotations

import itertools

import pytest

from tenants.devices import moves
from tenants.devices.moves import (
    BY_OPERATOR,
    RETIRED,
    SHIPPED,
    STATES,
    STOCK,
    may_be_sent,
    may_clinic,
    may_operator,
    offered_to_clinic,
    offered_to_operator,
)

#            stock shipped received enrolled in_use repair lost retired
OPERATOR = {
    "stock": ".x.....x",
    "shipped": "x.x...x.",
    "received": "x......x",
    "enrolled": "x......x",
    "in_use": "x......x",
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


@pytest.mark.parametrize("state", STATES)
def test_an_operator_is_offered_what_he_may_and_sends_what_is_or_comes_into_the_stock(state: str) -> None:
    offered = {new for new in STATES if may_operator(state, new)} - {SHIPPED}
    assert set(offered_to_operator(state)) == offered
    assert may_be_sent(state) == (state == STOCK or STOCK in offered)
    assert may_be_sent(state) == (state != RETIRED)


def test_nothing_is_enrolled_but_by_a_code_and_nothing_leaves_retirement() -> None:
    every = moves.BY_CLINIC | BY_OPERATOR
    assert not [move for move in every if move[1] == moves.ENROLLED]
    assert not [move for move in every if move[0] == RETIRED]
    assert moves.BY_TOKEN not in every
