"""Papers that are no plain rows: a letter with the stub that stays here, a table of graded items."""

from __future__ import annotations

import dataclasses
import typing

from saas.formkit import answering, texts
from saas.formkit.declaring import fields_of
from saas.formkit.reading import MISSING

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from saas.formkit.declaring import Field, Form, Grid

    Answers = Mapping[str, object]
    Said = tuple[str, str, bool]
    """A label, what was answered, and whether that reads from the left in both languages."""

PERSON = ("sex", "age", "address", "phone")
"""What a letter says of the person beside her name and record number."""


@dataclasses.dataclass(frozen=True)
class Letter:
    """What a letter and its stub say: of whom, to whom, which day, and what stands below."""

    person: tuple[tuple[str, str], ...]
    to: tuple[Said, ...]
    day: Said
    request: str
    close: tuple[Said, ...]


@dataclasses.dataclass(frozen=True)
class Grade:
    """One grade of one item: what it means, its points, and whether it was found."""

    words: str
    points: str
    chosen: bool


@dataclasses.dataclass(frozen=True)
class Item:
    """One item of a table, and its score."""

    label: str
    scope: str
    grades: tuple[Grade, ...]
    score: str


@dataclasses.dataclass(frozen=True)
class Items:
    """A table of items with its total, and the level in words."""

    grades: tuple[str, ...]
    items: tuple[Item, ...]
    total: str
    level: str
    words: tuple[str, str]
    """What the total and the level are called."""


def letter(form: type[Form], answers: Answers, person: Mapping[str, str]) -> Letter | None:
    """The letter of a form that is one; None for any other."""
    about, fields = form.about, fields_of(form)
    if about.letter is None:
        return None
    told = tuple((str(texts.FRAME[name]), person.get(name, "")) for name in PERSON)
    return Letter(
        told,
        tuple(_said(fields[name], answers) for name in about.letter.to),
        _said(fields[about.visit_day], answers),
        str(about.letter.request),
        tuple(_said(fields[name], answers) for name in about.letter.close),
    )


def _said(field: Field[object], answers: Answers) -> Said:
    text = answering.said(field, answers.get(field.name))
    return str(field.label), text or _reason(field.name, answers), field.kind in answering.NUMERIC


def _reason(name: str, answers: Answers) -> str:
    """Why there is no answer; nothing where that was not said."""
    reasons = answers.get(MISSING)
    return answering.reason_said(str(reasons[name])) if isinstance(reasons, dict) and name in reasons else ""


def items(form: type[Form], answers: Answers, computed: Mapping[str, object]) -> Items | None:
    """The table of a form that has one, with the points of each grade; None for any other."""
    grid = form.about.grid
    if grid is None:
        return None
    names = {each.name: each for each in form.about.computed}
    level, total = computed.get(grid.level), computed.get(grid.total)
    return Items(
        tuple(str(each.label) for each in grid.grades.values()),
        tuple(_items(form, grid, answers)),
        "" if total is None else str(total),
        "" if level is None else answering.computed_said(form, names[grid.level], level) or "",
        (str(names[grid.total].label), str(names[grid.level].label)),
    )


def _items(form: type[Form], grid: Grid, answers: Answers) -> Iterator[Item]:
    for name, scope in grid.scopes.items():
        given, points = answers.get(name), grid.points[name]
        grades = (
            Grade(str(grid.words[name].get(code, "")), str(points.get(code, "")), chosen=code == given)
            for code in grid.grades
        )
        score = str(points[str(given)]) if given in points else _reason(name, answers)
        yield Item(str(fields_of(form)[name].label), str(scope), tuple(grades), score)
