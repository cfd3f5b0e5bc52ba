"""What stands in place of a cell that is no text: no real text can begin so, NUL is refused."""

from __future__ import annotations

Row = list[str]

FORMULA = "\0formula"
DAMAGED = "\0damaged-number"
BROKEN = "\0cell-error"
UNREADABLE = "\0line-unreadable"


def mark_of(cell: str) -> str:
    """The code of such a mark; empty for a text."""
    return cell[1:] if cell.startswith("\0") else ""
