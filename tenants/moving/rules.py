"""What a move has to do next, from what the registry and the old cell say; pure functions."""

from __future__ import annotations

import dataclasses
import enum


class MoveRefused(Exception):  # noqa: N818 - reads as what happened
    """The clinic is not moved; the text says why, and everything is as it was."""


class Step(enum.Enum):
    """The steps of a move, each of which can be the first one after a kill."""

    BEGIN = "pause the clinic"
    COPY = "copy and compare"
    SWITCH = "name the new cell in the registry"
    CLEAN = "remove the old copy"
    UNDO = "give the move up"


@dataclasses.dataclass(frozen=True)
class Homes:
    """Where a clinic is. ``fenced``: nobody may write in its schema in ``cell`` any more."""

    cell: str
    moving_to: str | None = None
    left_cell: str | None = None
    fenced: bool = False


def next_step(there: Homes, wanted: str) -> Step:
    """What is to be done for a clinic that is to live in ``wanted``.

    At each moment one copy at most can be written: the old one until it is fenced, the new one from when
    the registry names it. Raises ``MoveRefused``.
    """
    if there.left_cell is not None:
        return Step.CLEAN
    if there.moving_to is None:
        if wanted == there.cell:
            message = f"it lives in cell {wanted} already"
            raise MoveRefused(message)
        return Step.BEGIN
    if wanted == there.cell:
        return Step.UNDO
    if wanted != there.moving_to:
        message = (
            f"a move to cell {there.moving_to} is unfinished: finish it with --to {there.moving_to}, "
            f"or give it up with --to {there.cell}"
        )
        raise MoveRefused(message)
    return Step.SWITCH if there.fenced else Step.COPY


def has_room(size: int, free: int) -> bool:
    """Whether a clinic of so many bytes fits: twice over, for indexes that are built anew and for the log."""
    return free >= 2 * size + 64 * 1024 * 1024
