"""What ``kill -9`` leaves of a move: one copy at most that can be written, and a way on or back."""

from __future__ import annotations

import signal
import typing

import pytest

from tests.integration.moving.test_moving import whole
from tests.support.movers import begun, until_gone

if typing.TYPE_CHECKING:
    from tests.integration.moving.conftest import Moving

COPIED, COMMITTED, FENCED, SWITCHED = 0, 2, 3, 4


def killed(moving: Moving, to: str, point: int) -> None:
    """Begin a move in another process, which dies when so many steps after the last table are done."""
    child = begun(moving.tenants, moving.card.code, to, len(moving.tenants.metadata.tables) + point)
    said, _ = child.communicate()
    assert child.returncode == -signal.SIGKILL, said
    until_gone(moving.tenants)


@pytest.mark.parametrize(
    ("point", "writable"),
    [(COPIED, ["here"]), (COMMITTED, ["here", "there"]), (FENCED, ["there"]), (SWITCHED, ["there"])],
    ids=["copied", "committed", "fenced", "switched"],
)
def test_a_killed_move_is_finished_by_the_same_again(moving: Moving, point: int, writable: list[str]) -> None:
    before, names = moving.sums(), {"here": moving.here, "there": moving.there}
    here, there = moving.here, moving.there
    killed(moving, there, point)
    # The web goes by the registry: of two copies it can reach the one that is named there, and no other.
    assert set(moving.writable()) == {names[name] for name in writable}
    assert moving.here == (there if point == SWITCHED else here)
    assert moving.sums() == before
    assert moving.move(there).done == ("finished" if point == SWITCHED else "moved")
    assert moving.here == there
    assert moving.sums() == before
    whole(moving)


@pytest.mark.parametrize("point", [COPIED, FENCED], ids=["copied", "fenced"])
def test_a_killed_move_is_given_up_by_naming_where_the_clinic_is(moving: Moving, point: int) -> None:
    before, here = moving.sums(), moving.here
    killed(moving, moving.there, point)
    assert moving.move(here).done == "given up"
    assert moving.here == here
    assert moving.sums() == before
    assert moving.acts(1) == [("clinic.move_undone", here)]
    whole(moving)
