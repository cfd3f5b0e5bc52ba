"""A form as its paper has it: groups of rows, codes in boxes, visits side by side where there are columns."""

from __future__ import annotations

import dataclasses
import itertools
import typing

from saas.formkit import answering, texts
from saas.formkit.declaring import Choices, Field, Form, fields_of, key_of
from saas.formkit.filling import section_of
from saas.formkit.kinds import AnyOf, Rows, Text
from saas.formkit.reading import MISSING

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Answers = Mapping[str, object]

_TARGET = "_target"
_SEVERAL = 4
"""Boxes that the paper has where several codes can be given."""


@dataclasses.dataclass(frozen=True)
class Cell:
    """What one visit answered. ``lines`` are the rows of a table, ``boxes`` codes or empty boxes."""

    text: str = ""
    boxes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    left_to_right: bool = False


@dataclasses.dataclass(frozen=True)
class Line:
    """One row of the paper: its label, what its codes mean, a cell per visit; ``tall`` for a long text."""

    label: str
    unit: str
    key: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...]
    tall: bool = False


@dataclasses.dataclass(frozen=True)
class Group:
    """Rows that stand together under one word, which may be empty."""

    title: str
    lines: tuple[Line, ...]


def groups(form: type[Form], visits: Sequence[Answers], hidden: frozenset[str], columns: int) -> list[Group]:
    """All rows of the paper, also those that nobody answered; ``columns`` are filled up with empty cells."""
    filled: list[Answers] = [*visits, *({} for _ in range(columns - len(visits)))]
    names = [name for name, field in fields_of(form).items() if _is_printed(form, name, field, visits)]
    return [
        Group(
            "" if isinstance(section, type) else section,
            tuple(_line(form, name, filled, hidden) for name in part),
        )
        for section, part in itertools.groupby(names, key=lambda name: section_of(form, name))
    ]


def _is_printed(form: type[Form], name: str, field: Field[object], visits: Sequence[Answers]) -> bool:
    """Signatures stand below, targets and partners beside their value, what is retired where it was used."""
    if (
        field.kind == "reference"
        or not field.printed
        or field.printed_with
        or (name.endswith(_TARGET) and name.removesuffix(_TARGET) in fields_of(form))
    ):
        return False
    return field.retired is None or any(name in each for each in visits)


def _line(form: type[Form], name: str, visits: Sequence[Answers], hidden: frozenset[str]) -> Line:
    field, target = fields_of(form)[name], fields_of(form).get(name + _TARGET)
    label = str(field.label)
    choices = getattr(field, "choices", {})
    key = tuple(
        (key_of(choices, code), str(each.label)) for code, each in choices.items() if not each.retired
    )
    shown = [{} if name in hidden else each for each in visits]
    if (partner := _partner(form, name)) is not None:
        shown = [{} if partner.name in hidden else each for each in shown]
        cells = tuple(_pair(field, partner, each) for each in shown)
        return Line(f"{label}/{partner.label}", texts.unit(field.unit), key, cells)
    if target is None:
        tall = isinstance(field, Text) and field.lines
        return Line(label, texts.unit(field.unit), key, tuple(_cell(field, each) for each in shown), tall)
    label = str(texts.FRAME["target"]) % {"label": label}
    return Line(
        label,
        texts.unit(field.unit),
        key,
        tuple(_beside(_cell(field, each), _cell(target, each)) for each in shown),
    )


def _partner(form: type[Form], name: str) -> Field[object] | None:
    """The field that the paper has in the row of this one."""
    return next((each for each in fields_of(form).values() if each.printed_with == name), None)


def _cell(field: Field[object], answers: Answers) -> Cell:
    reasons = answers.get(MISSING)
    if isinstance(reasons, dict) and field.name in reasons:
        return Cell(answering.reason_said(reasons[field.name]))
    value = answers.get(field.name)
    if hasattr(field, "choices"):
        return Cell(boxes=tuple(_boxes(field, value)))
    if value is None:
        return Cell()
    if isinstance(field, Rows):
        return Cell(lines=tuple(_rows(answering.answer_of(field, value))))
    return Cell(answering.said(field, value), left_to_right=field.kind in answering.NUMERIC)


def _pair(field: Field[object], partner: Field[object], answers: Answers) -> Cell:
    """Two values that the paper has in one row, as 120/80; one reason why both are missing stands once."""
    one, other = _cell(field, answers), _cell(partner, answers)
    if one == other and not one.left_to_right:
        return one
    numeric = one.left_to_right or other.left_to_right
    return Cell(f"{one.text or '–'}/{other.text or '–'}", left_to_right=numeric)


def _boxes(field: Field[object], value: object) -> Iterator[str]:
    """The codes that were given, and the paper's empty boxes after them."""
    choices: Choices = getattr(field, "choices", {})
    given = [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []
    room = min(_SEVERAL, len(choices)) if isinstance(field, AnyOf) else 1
    yield from (key_of(choices, code) for code in given)
    yield from itertools.repeat("", max(0, room - len(given)))


def _rows(answer: answering.Answer) -> Iterator[str]:
    """The rows of a table, each on a line: what is named first, then the other parts with their heads."""
    for row in answer.table:
        first, *others = [(head, part) for head, part in zip(answer.heads, row, strict=True) if part]
        yield " · ".join([first[1], *(f"{head} {part}" for head, part in others)])


def _beside(cell: Cell, target: Cell) -> Cell:
    """A value and what was agreed, as the paper has them in one cell."""
    if cell.boxes or target.boxes:
        return Cell(boxes=(*cell.boxes, "/", *target.boxes))
    if not cell.text and not target.text:
        return Cell()
    return Cell(f"{cell.text or '–'} / {target.text or '–'}", left_to_right=cell.left_to_right)
