"""Small cells hidden before a table of counts leaves the clinics (rights I8).

A table has sites as rows and cells as columns, with the total of each row, of each column, and of all. Cells
under 10 are hidden, totals too, and as many further ones that no hidden cell can be worked out from what
is shown. The hidden cells form a flow: what one gains, others of its row and column must give. A cell under
10 is safe when the shown numbers allow it to be 10 or more; another hidden one when they allow it two
values. That holds when a path of hidden cells leads from its column back to its row; where none does, the
cheapest cells of such a path are hidden too. Nobody is told which hidden cells are small.

Not covered: two tables that share people, unless the cells hidden in one are handed to the other; and the
same table of two days, whose difference may be small.
"""

from __future__ import annotations

import heapq
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Cell = tuple[str, str]
    Table = Mapping[str, Mapping[str, int]]

SMALLEST_SHOWN = 10
TOTAL = ""
"""The name of the row and of the column that hold the totals."""
_MARGIN_COST = 1_000_000
"""Totals are hidden last: they are worth more than any cell."""


class Arc(typing.NamedTuple):
    """One cell as a way between its row and its column; backwards for as much as it has to give."""

    cell: Cell
    tail: Node
    head: Node
    value: int


class Node(typing.NamedTuple):
    """A row or a column."""

    kind: str
    name: str


def with_totals(table: Table) -> dict[Cell, int]:
    """Every cell by row and column, with the totals of rows, columns and all. ValueError for odd tables."""
    columns = sorted({column for row in table.values() for column in row})
    if TOTAL in table or TOTAL in columns or any(set(row) != set(columns) for row in table.values()):
        raise ValueError("every row has the same named columns, and none has the name of the total")
    cells = {(row, column): table[row][column] for row in table for column in columns}
    if any(value < 0 for value in cells.values()):
        raise ValueError("a count is never negative")
    for row in table:
        cells[row, TOTAL] = sum(table[row].values())
    for column in columns:
        cells[TOTAL, column] = sum(row[column] for row in table.values())
    cells[TOTAL, TOTAL] = sum(sum(row.values()) for row in table.values())
    return cells


def hidden(table: Table, also: Iterable[Cell] = (), smallest: int = SMALLEST_SHOWN) -> frozenset[Cell]:
    """The cells that must not be shown; totals have the row or column ``TOTAL``.

    ``also`` are cells that another table already hides.
    """
    cells = with_totals(table)
    arcs = {cell: _arc(cell, value) for cell, value in cells.items()}
    out = {cell for cell, value in cells.items() if value < smallest} | (set(also) & set(cells))
    network = _Network(arcs)
    waiting = sorted(out, key=lambda cell: (cells[cell], cell))
    for cell in waiting:
        added = network.needed(arcs[cell], out, smallest) - out
        out |= added
        waiting += sorted(added)
    return frozenset(out)


def shown(table: Table, also: Iterable[Cell] = (), smallest: int = SMALLEST_SHOWN) -> dict[Cell, int | None]:
    """Every cell and total; None where it is hidden."""
    out = hidden(table, also, smallest)
    return {cell: None if cell in out else value for cell, value in with_totals(table).items()}


def _arc(cell: Cell, value: int) -> Arc:
    """Total of all → total of a column → cell → total of a row → total of all: what flows stays the same."""
    row, column = Node("row", cell[0]), Node("column", cell[1])
    forwards = (cell[0] == TOTAL) == (cell[1] == TOTAL)
    return Arc(cell, column, row, value) if forwards else Arc(cell, row, column, value)


class _Network:
    """The table as rows and columns joined by cells."""

    def __init__(self, arcs: Mapping[Cell, Arc]) -> None:
        self._at: dict[Node, list[Arc]] = {}
        for arc in arcs.values():
            self._at.setdefault(arc.tail, []).append(arc)
            self._at.setdefault(arc.head, []).append(arc)

    def needed(self, arc: Arc, out: set[Cell], smallest: int) -> set[Cell]:
        """The cheapest cells to hide so that the hidden ones let a small cell grow to what may be shown.

        One that is not small must be able to grow or to shrink by one.
        """
        if arc.value < smallest:
            return self._way(arc, arc.head, arc.tail, out, smallest - arc.value)[1]
        ways = (self._way(arc, *ends, out, 1) for ends in ((arc.head, arc.tail), (arc.tail, arc.head)))
        return min(ways, key=lambda way: way[0])[1]

    def _way(
        self, around: Arc, start: Node, goal: Node, out: set[Cell], amount: int
    ) -> tuple[int, set[Cell]]:
        """Dijkstra's shortest way past a cell; hidden cells cost nothing."""
        best: dict[Node, int] = {}
        queue: list[tuple[int, Node, tuple[Cell, ...]]] = [(0, start, ())]
        while queue:
            cost, node, passed = heapq.heappop(queue)
            if node == goal:
                return cost, set(passed)
            if best.get(node, cost + 1) <= cost:
                continue
            best[node] = cost
            for step, ahead in self._steps(node, around, amount):
                price = 0 if step.cell in out else _price(step)
                heapq.heappush(queue, (cost + price, ahead, (*passed, step.cell)))
        return _MARGIN_COST**2, set()

    def _steps(self, node: Node, around: Arc, amount: int) -> Iterator[tuple[Arc, Node]]:
        """A cell may always grow, and give up as much as it has."""
        for arc in self._at[node]:
            if arc.cell == around.cell:
                continue
            if arc.tail == node:
                yield arc, arc.head
            elif arc.value >= amount:
                yield arc, arc.tail


def _price(arc: Arc) -> int:
    """What is lost by hiding a cell: its people; a total costs more than every cell."""
    margin = _MARGIN_COST if TOTAL in arc.cell else 0
    return margin + arc.value + 1


def rate_table(counts: Mapping[str, tuple[int, int]]) -> dict[str, dict[str, int]]:
    """Numerators and the rest of their denominators by site, ready to be hidden together.

    A rate near 100 % hides its rest; the denominator is the row's total, so that no percentage that is shown
    tells a hidden count.
    """
    return {site: {"reached": reached, "rest": all_ - reached} for site, (reached, all_) in counts.items()}
