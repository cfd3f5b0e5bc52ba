"""The dry run: every line read and judged, nothing stored, nobody looked up (rights N5)."""

from __future__ import annotations

import collections
import dataclasses
import typing

from saas.residents.bringing import batches
from saas.residents.bringing.lines import Problem, numbered, read
from saas.residents.bringing.tasks import taken
from saas.web.sheets import lines as sheet
from saas.web.sheets.refused import FileRefusedError

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from saas.residents.bringing.tasks import Task
    from saas.residents.rules.identity import Fields
    from saas.web.jobs import Errand

MOST_SHOWN = 300
"""Faults and remarks that the report names one by one; the totals count all."""
LINES_A_LOOK = 500


@dataclasses.dataclass
class Report:
    """What the file is like. No figure of it depends on who is in the clinic (rights N5)."""

    lines: int = 0
    faulty: int = 0
    faults: int = 0
    remarks: int = 0
    shown: list[dict[str, object]] = dataclasses.field(default_factory=list)
    by_code: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)

    def add(self, number: int, problems: list[Problem]) -> None:
        """Count one line and what is to say about it."""
        self.lines += 1
        faults = sum(problem.is_fault for problem in problems)
        self.faulty += bool(faults)
        self.faults += faults
        self.remarks += len(problems) - faults
        for problem in problems:
            self.by_code[problem.code] += 1
            if len(self.shown) < MOST_SHOWN:
                self.shown.append(
                    {
                        "line": number,
                        "column": problem.column,
                        "code": problem.code,
                        "fault": problem.is_fault,
                    }
                )

    @property
    def figures(self) -> dict[str, int]:
        """The totals as the batch keeps them."""
        return {"faulty": self.faulty, "faults": self.faults, "remarks": self.remarks}


def read_lines(task: Task) -> Iterator[tuple[int, Fields, list[Problem]]]:
    """Every line after the headings: its number, its fields, what is to say about it."""
    for number, row in numbered(sheet.rows(task.body), task.heading_line):
        fields, problems = read(row, task.plan)
        yield number, fields, problems


def check(errand: Errand) -> None:
    """Read the whole file and write the report; a file that cannot be used ends the batch."""
    task = taken(errand, batches.CHECKING)
    if task is None:
        return
    try:
        report = _read(task)
    except FileRefusedError as refusal:
        fail(errand, refusal.code)
        return
    _write(task, report)


def _read(task: Task) -> Report:
    report = Report()
    for number, _, problems in read_lines(task):
        report.add(number, problems)
        if report.lines % LINES_A_LOOK == 0:
            task.errand.look_up()
            task.tell(report.lines)
    if not report.lines:
        raise FileRefusedError("no-lines")
    return report


def _write(task: Task, report: Report) -> None:
    with task.errand.inside() as session:
        batch = batches.held(task.errand.id)
        if batch is None or batch.state != batches.CHECKING:
            return
        batch.state, batch.lines_read = batches.CHECKED, report.lines
        batch.faults, batch.progress = list(report.shown), report.lines
        batch.mapping = batch.mapping | {"found": report.figures, "codes": dict(report.by_code)}
        task.log(session, "residents.list_checked", (), {"lines": report.lines, **report.figures})


def fail(errand: Errand, code: str) -> None:
    """The batch has ended without anything stored; ``code`` chooses the sentence."""
    with errand.inside():
        batch = batches.held(errand.id)
        if batch is not None and batch.state in batches.WAITING:
            batches.end(batch, batches.FAILED)
            batch.message = code


def give_up(errand: Errand) -> None:
    """It was tried often enough: nothing was stored, and the head is told."""
    fail(errand, "broken-off")
