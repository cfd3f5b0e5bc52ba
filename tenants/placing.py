"""Which cell a clinic lives in: the cells of a house, and the rule by which a new clinic gets its place."""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAIN = "main"
"""The cell beside the registry, and the only one unless more are configured."""


@dataclasses.dataclass(frozen=True)
class Cell:
    """One PostgreSQL database in which clinics live.

    ``places`` are the county codes, counties and prefectures whose clinics belong here; ``room`` is how many
    clinics it may hold when new ones are placed, without end when ``None``.
    """

    name: str
    places: frozenset[str] = frozenset()
    room: int | None = None


class Place(typing.Protocol):
    """Where an institution is, as its line of the roster says."""

    @property
    def county_code(self) -> str:
        """Six digits, or empty."""

    @property
    def county_zh(self) -> str:
        """The county's name, or empty."""

    @property
    def prefecture_zh(self) -> str:
        """The prefecture's name, or empty."""


def cell_for(place: Place, cells: Sequence[Cell], counts: Mapping[str, int]) -> str | None:
    """The cell of a new clinic; ``None`` when none has room.

    The cell that names its county, else its prefecture; among several, and where none names it, the one
    with the fewest clinics. A cell that names places is for those, as long as another one has room.
    """
    open_cells = [cell for cell in cells if cell.room is None or counts.get(cell.name, 0) < cell.room]
    county = {place.county_code, place.county_zh} - {""}
    prefecture = {place.prefecture_zh, f"{place.county_code[:4]}00" if place.county_code else ""} - {""}
    for choice in (
        [cell for cell in open_cells if cell.places & county],
        [cell for cell in open_cells if cell.places & prefecture],
        [cell for cell in open_cells if not cell.places],
        open_cells,
    ):
        if choice:
            return min(choice, key=lambda cell: counts.get(cell.name, 0)).name
    return None
