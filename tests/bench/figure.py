"""What a figure is: a name, its goal, and how it is measured."""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Measured:
    """A figure as measured: the value in words, whether it meets the goal, and what else was seen."""

    value: str
    met: bool | None = None
    notes: str = ""


@dataclasses.dataclass(frozen=True)
class Figure:
    """One line of the table that ``make bench`` prints."""

    name: str
    goal: str
    measure: Callable[[], Measured]
