"""Clinics in further cells: what their cell says of them, and what it is told to do.

The operator's session and the acts are in the main cell, the clinic's rows in its own, and two databases have
no common transaction. So a word and an order go from one to the other sealed (``0012_cells_told``), and an
act is committed before the change that it tells of: nothing is changed without its act.
"""

from __future__ import annotations

import typing

from flask_babel import gettext

from tenants.cell_desk import CellSilent, CellStrange
from tenants.console.blueprint import console

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from tenants.console.desk import Row

SILENT, STRANGE = "silent", "strange"
"""Why a cell cannot be asked: it does not answer now, or nobody gave its address or brought it up to date."""


def why(error: CellSilent) -> str:
    """Which of the two it is."""
    return STRANGE if isinstance(error, CellStrange) else SILENT


def words_for(cell: str, reason: str) -> str:
    """For the operator: which database cannot be asked, and who can do something about it."""
    text = gettext("The database “%(cell)s” does not answer. Try again in a moment.", cell=cell)
    if reason == STRANGE:
        text = gettext(
            "The database “%(cell)s” cannot be asked from here. Those who run the server must give its "
            "address and bring it up to date.",
            cell=cell,
        )
    return str(text)


def words_of(cell: str, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Row]:
    """The cell's word on each of these clinics that lives there now. Raises ``CellSilent``."""
    query = "SELECT * FROM platform.cell_word(%(ids)s)"
    return {row["clinic_id"]: row for row in console().cells.rows(cell, query, ids=list(ids))}


def word_of(clinic: Row) -> tuple[Row | None, str]:
    """The word on one clinic, or why there is none (empty: between two cells it is in neither)."""
    try:
        return words_of(clinic["cell"], [clinic["id"]]).get(clinic["id"]), ""
    except CellSilent as error:
        return None, why(error)


def invite(clinic: Row, values: Row) -> bool:
    """Keep an invitation; the word of the clinic's cell says that nobody is there (rights N12)."""
    word = {name: clinic["word"][name] for name in ("administrators", "at", "seal")}
    return bool(
        console().desk.value(
            "SELECT platform.operator_invite_told(%(token)s, %(id)s, %(hash)s, %(username)s, "
            "%(administrators)s, %(at)s, %(seal)s)",
            **values,
            **word,
        )
    )


def switch_room(cell: str, values: Row) -> None:
    """Give the order in the main cell and carry it out in the clinic's. Raises ``CellSilent``."""
    # Left in the order from the last to the first: the act is committed, and then the change.
    with console().cells.inside(cell) as ask, console().desk.transaction():
        order = console().desk.one(
            "SELECT * FROM platform.operator_room_order(%(token)s, %(id)s, %(rooms)s, %(room)s, %(on)s)",
            **values,
        )
        ask(
            "SELECT platform.cell_room(%(id)s, %(rooms)s, %(at)s, %(seal)s)",
            id=values["id"],
            rooms=values["rooms"],
            **(order or {}),
        )
