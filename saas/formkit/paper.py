"""A form as its paper has it: groups of rows, codes in boxes, visits side by side where there are columns."""

from __future__ import annotations

import dataclasses
import decimal
import itertools
import typing
import unicodedata

from saas.formkit import answering, texts
from saas.formkit.declaring import Choices, Field, Form, fields_of, key_of
from saas.formkit.filling import section_of
from saas.formkit.kinds import AnyOf, Measured, Reference, Rows, Text
from saas.formkit.reading import MISSING
from saas.formkit.values import plain

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Answers = Mapping[str, object]

_TARGET, _TEXT = "_target", "_text"
_SEVERAL = 4
"""Boxes that the paper has where several codes can be given."""


@dataclasses.dataclass(frozen=True)
class Cell:
    """What one visit answered. ``lines`` are the rows of a table, ``boxes`` codes or empty boxes.

    Of a row each part has its head, its text, and whether that reads from the left in both languages.
    """

    text: str = ""
    boxes: tuple[str, ...] = ()
    lines: tuple[tuple[tuple[str, str, bool], ...], ...] = ()
    left_to_right: bool = False

    @property
    def is_empty(self) -> bool:
        """True where nothing was answered."""
        return not (self.text or self.lines or any(box for box in self.boxes if box != "/"))


@dataclasses.dataclass(frozen=True)
class Line:
    """One row of the paper: its label, what its codes mean, a cell per visit; ``tall`` for a long text.

    ``parts`` are further fields that the paper has in the same cell, each with a label of its own, which
    is empty for the text beside a choice.
    """

    label: str
    unit: str
    key: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...]
    tall: bool = False
    parts: tuple[Line, ...] = ()

    @property
    def unit_reads_left(self) -> bool:
        """True for a unit that belongs to its number, as mmol/L; Uyghur words stand after it on their own."""
        return not any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in self.unit)

    @property
    def is_empty(self) -> bool:
        """True where no visit answered any of it."""
        return all(cell.is_empty for cell in self.cells) and all(part.is_empty for part in self.parts)


@dataclasses.dataclass(frozen=True)
class Group:
    """Rows that stand together under one word, which may be empty."""

    title: str
    lines: tuple[Line, ...]


def groups(form: type[Form], visits: Sequence[Answers], hidden: frozenset[str], columns: int) -> list[Group]:
    """All rows of the paper, also those that nobody answered; ``columns`` are filled up with empty cells."""
    filled = [*(_seen(each, hidden) for each in visits), *({} for _ in range(columns - len(visits)))]
    names = [name for name in fields_of(form) if _is_row(form, name, filled)]
    return [
        Group("" if isinstance(section, type) else section, tuple(_line(form, name, filled) for name in part))
        for section, part in itertools.groupby(names, key=lambda name: _heading(form, name))
    ]


def _heading(form: type[Form], name: str) -> str | type:
    """The word beside the rows: the page's own over the fields, unless the paper has one over several."""
    owner = next(each for each in form.__mro__ if name in vars(each))
    return str(vars(owner).get("paper_section", "")) or section_of(form, name)


def _seen(answers: Answers, hidden: frozenset[str]) -> dict[str, object]:
    """The answers without those that this print leaves out, and without why one of them is missing."""
    seen = {name: value for name, value in answers.items() if name not in hidden}
    reasons = seen.get(MISSING)
    if isinstance(reasons, dict):
        seen[MISSING] = {name: reason for name, reason in reasons.items() if name not in hidden}
    return seen


def _is_row(form: type[Form], name: str, visits: Sequence[Answers]) -> bool:
    """The signature stands below; what belongs into another cell, a table or a letter's frame, there."""
    field = fields_of(form)[name]
    if isinstance(field, Reference) and (name == form.about.signature or field.to == "consent"):
        return False
    return not _host(form, name) and name not in form.about.placed and _is_printed(field, visits)


def _is_printed(field: Field[object], visits: Sequence[Answers]) -> bool:
    """What is retired, and what the national paper has no place for, is printed where it was answered."""
    if not field.printed or (field.retired is None and not field.added):
        return field.printed
    return any(field.name in each or field.name in _reasons(each) for each in visits)


def _reasons(answers: Answers) -> Mapping[str, object]:
    reasons = answers.get(MISSING)
    return reasons if isinstance(reasons, dict) else {}


def _host(form: type[Form], name: str) -> str:
    """The field in whose cell the paper has this one: the value of a target, the choice of a text."""
    fields = fields_of(form)
    if fields[name].printed_with:
        return fields[name].printed_with
    if name.endswith(_TARGET) and name.removesuffix(_TARGET) in fields:
        return name.removesuffix(_TARGET)
    stem = name.removesuffix(_TEXT)
    return stem if stem != name and hasattr(fields.get(stem), "choices") else ""


def _line(form: type[Form], name: str, visits: Sequence[Answers]) -> Line:
    """A field with all that the paper has in its cell."""
    fields = fields_of(form)
    field = fields[name]
    guests = [each for each in fields if _host(form, each) == name and _is_printed(fields[each], visits)]
    tall = isinstance(field, Text) and field.lines
    own = Line(
        str(field.label),
        texts.unit(field.unit),
        _key(field),
        tuple(_cell(field, each) for each in visits),
        tall,
    )
    if len(guests) == 1 and (joined := _joined(field, fields[guests[0]], own, visits)) is not None:
        return joined
    parts = tuple(_part(form, name, each, visits) for each in guests)
    if not str(field.printed_as):
        return dataclasses.replace(own, parts=parts)
    return Line(str(field.printed_as), "", (), tuple(Cell() for _ in visits), parts=(own, *parts))


def _key(field: Field[object]) -> tuple[tuple[str, str], ...]:
    choices: Choices = getattr(field, "choices", {})
    return tuple(
        (key_of(choices, code), str(each.label)) for code, each in choices.items() if not each.retired
    )


def _part(form: type[Form], host: str, name: str, visits: Sequence[Answers]) -> Line:
    """A field within another one's cell; the text of a choice needs no word of its own."""
    part = _line(form, name, visits)
    return dataclasses.replace(part, label="") if name == host + _TEXT else part


def _joined(field: Field[object], guest: Field[object], own: Line, visits: Sequence[Answers]) -> Line | None:
    """Two values in one cell, as a value / its target or 120/80; None for what stands side by side."""
    both = [(one, _cell(guest, each)) for one, each in zip(own.cells, visits, strict=True)]
    if guest.name == field.name + _TARGET:
        label = str(texts.FRAME["target"]) % {"label": own.label}
        return dataclasses.replace(own, label=label, cells=tuple(itertools.starmap(_beside, both)))
    if isinstance(field, Measured) and isinstance(guest, Measured) and field.unit == guest.unit:
        label = str(field.printed_as) or f"{own.label}/{guest.label}"
        return dataclasses.replace(own, label=label, cells=tuple(itertools.starmap(_pair, both)))
    return None


def _cell(field: Field[object], answers: Answers) -> Cell:
    reasons = _reasons(answers)
    if field.name in reasons:
        return Cell(answering.reason_said(str(reasons[field.name])))
    value = answers.get(field.name)
    if hasattr(field, "choices"):
        return Cell(boxes=tuple(_boxes(field, value)))
    if value is None:
        return Cell()
    if isinstance(field, Rows):
        return Cell(lines=tuple(_rows(field, value)))
    return Cell(answering.said(field, value), left_to_right=field.kind in answering.NUMERIC)


def _pair(one: Cell, other: Cell) -> Cell:
    """Two values that the paper has in one row, as 120/80; one reason why both are missing stands once."""
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


def _rows(field: Rows[Form], rows: object) -> Iterator[tuple[tuple[str, str, bool], ...]]:
    """The rows of a table with the parts that were answered, each with its head."""
    for row in rows if isinstance(rows, list) else ():
        parts = fields_of(field.row)
        told = ((each, _part_said(parts, each, row)) for each in parts.values() if not each.printed_with)
        yield tuple((str(each.label), text, each.kind in answering.NUMERIC) for each, text in told if text)


def _part_said(parts: Mapping[str, Field[object]], part: Field[object], row: Answers) -> str:
    """A part of a row with what the paper has beside it, as 0.5 g.

    A dose of 1.00 can be read as 100: no zeros stand after the point.
    """
    text = answering.said(part, row.get(part.name))
    if part.kind == "decimal" and text:
        text = plain(decimal.Decimal(text))
    guests = (each for each in parts.values() if each.printed_with == part.name)
    return " ".join(filter(None, (text, *(answering.said(each, row.get(each.name)) for each in guests))))


def _beside(cell: Cell, target: Cell) -> Cell:
    """A value and what was agreed, as the paper has them in one cell."""
    if cell.boxes or target.boxes:
        return Cell(boxes=(*cell.boxes, "/", *target.boxes))
    if not cell.text and not target.text:
        return Cell()
    return Cell(f"{cell.text or '–'} / {target.text or '–'}", left_to_right=cell.left_to_right)
