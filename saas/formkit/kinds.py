"""The kinds of fields; a new kind is one class here and one strategy in the tests."""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing

from saas.formkit import values
from saas.formkit.declaring import Choice, Choices, Field, Form, Read, fields_of
from saas.formkit.measures import Calculated, Measured, Number, Whole
from saas.formkit.values import Fault, fault

if typing.TYPE_CHECKING:
    pass

__all__ = [
    "AnyOf",
    "Calculated",
    "Day",
    "Graded",
    "Measured",
    "Moment",
    "Month",
    "Number",
    "OneOf",
    "Reference",
    "Rows",
    "Text",
    "Whole",
    "YesNo",
    "table",
]

LONGEST_ID = 100
_GRADE = re.compile(r"-|±|\+{1,4}|[0-9]{1,6}(\.[0-9]{1,3})? ?[^\s\d+-]{0,12}")
_SIGNS = {"+-": "±", "+/-": "±", "−": "-", "–": "-", "阴性": "-"}

R_co = typing.TypeVar("R_co", bound=Form, covariant=True)


def _read(value: object) -> Read:
    return Read(None, (value,)) if isinstance(value, Fault) else Read(value)


@dataclasses.dataclass(eq=False, kw_only=True)
class Text(Field[str | None]):
    """Free text in either language, stored as typed."""

    kind: typing.ClassVar[str] = "text"
    longest: int = 200
    lines: bool = False

    def read(self, raw: object) -> Read:
        return _read(values.text(raw, self.longest))

    def described(self) -> dict[str, object]:
        return {"longest": self.longest, "lines": self.lines}


@dataclasses.dataclass(eq=False, kw_only=True)
class Graded(Field[str | None]):
    """A strip's result: -, ±, + to ++++, or a number with its unit."""

    kind: typing.ClassVar[str] = "graded"

    def read(self, raw: object) -> Read:
        if not isinstance(raw, str):
            return Read(None, (fault("not-graded", value=raw),))
        text = _SIGNS.get(values.tidied(raw), values.tidied(raw))
        return Read(text) if _GRADE.fullmatch(text) else Read(None, (fault("not-graded", value=raw),))

    def described(self) -> dict[str, object]:
        return {"grades": ["-", "±", "+", "++", "+++", "++++"], "or": "number with unit"}


@dataclasses.dataclass(eq=False, kw_only=True)
class Day(Field[datetime.date | None]):
    """A civil day; ``past``: not after today and not before the person's birth."""

    kind: typing.ClassVar[str] = "date"
    past: bool = False
    may_miss: bool = False

    def read(self, raw: object) -> Read:
        return _read(values.day(raw))

    def written(self, value: object) -> object:
        return str(value)

    def described(self) -> dict[str, object]:
        return {"past": self.past}


@dataclasses.dataclass(eq=False, kw_only=True)
class Month(Field[str | None]):
    """A month, as 2026-03."""

    kind: typing.ClassVar[str] = "month"
    may_miss: bool = False

    def read(self, raw: object) -> Read:
        return _read(values.month(raw))


@dataclasses.dataclass(eq=False, kw_only=True)
class Moment(Field[datetime.datetime | None]):
    """A day with its time of day; ``now``: a page proposes the moment at which it is opened."""

    kind: typing.ClassVar[str] = "datetime"
    may_miss: bool = False
    now: bool = False

    def read(self, raw: object) -> Read:
        return _read(values.moment(raw))

    def written(self, value: object) -> object:
        return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime.datetime) else value


@dataclasses.dataclass(eq=False, kw_only=True)
class YesNo(Field[bool | None]):
    """Yes or no, where the paper has no codes."""

    kind: typing.ClassVar[str] = "boolean"

    def read(self, raw: object) -> Read:
        return Read(raw) if isinstance(raw, bool) else Read(None, (fault("not-yes-no", value=raw),))


@dataclasses.dataclass(eq=False, kw_only=True)
class Reference(Field[str | None]):
    """A member of staff or an institution, by id; filled by the signature or the system."""

    kind: typing.ClassVar[str] = "reference"
    to: str = "staff"
    may_miss: bool = False

    def read(self, raw: object) -> Read:
        return _read(values.text(raw, LONGEST_ID))

    def described(self) -> dict[str, object]:
        return {"to": self.to}


@dataclasses.dataclass(eq=False, kw_only=True)
class OneOf(Field[str | None]):
    """One code of a table."""

    kind: typing.ClassVar[str] = "choice"
    choices: Choices

    def read(self, raw: object) -> Read:
        found = refused(self.choices, raw)
        return Read(None, (found,)) if found else Read(raw)


@dataclasses.dataclass(eq=False, kw_only=True)
class AnyOf(Field[tuple[str, ...]]):
    """Several codes of a table; a choice that stands alone excludes every other one."""

    kind: typing.ClassVar[str] = "choices"
    blank: typing.ClassVar[object] = ()
    choices: Choices

    def read(self, raw: object) -> Read:
        if not isinstance(raw, list | tuple):
            return Read((), (fault("not-a-list", value=raw),))
        faults = [found for each in raw if (found := refused(self.choices, each))]
        good = [each for each in raw if isinstance(each, str) and each in self.choices]
        chosen = tuple(dict.fromkeys(good))
        if len(good) > len(chosen):
            faults.append(fault("chosen-twice"))
        alone = [code for code in chosen if self.choices[code].alone]
        if alone and len(chosen) > 1:
            faults.append(fault("excludes-others", choice=f"choice:{self.name}:{alone[0]}"))
        return Read(chosen, tuple(dict.fromkeys(faults)))

    def written(self, value: object) -> object:
        return list(value) if isinstance(value, tuple) else value


def refused(choices: Choices, raw: object) -> Fault | None:
    """Why a raw answer is no code of the table. A code is a text, also when it looks like a number.

    A retired code is read, because old records hold it; pages do not offer it.
    """
    if not isinstance(raw, str):
        return fault("not-a-code", value=raw)
    return None if raw in choices else fault("unknown-code", value=raw)


@dataclasses.dataclass(eq=False, kw_only=True)
class Rows(Field[tuple[R_co, ...]]):
    """A table of rows, each with its own fields."""

    kind: typing.ClassVar[str] = "rows"
    blank: typing.ClassVar[object] = ()
    row: type[R_co]
    most: int = 20

    def read(self, raw: object) -> Read:
        if not isinstance(raw, list | tuple):
            return Read((), (fault("not-rows", value=raw),))
        if len(raw) > self.most:
            return Read((), (fault("too-many-rows", most=self.most),))
        rows, faults = [], []
        for place, each in enumerate(raw):
            made, found = _row(self.row, each)
            rows.append(made)
            faults += [found_._replace(path=f"[{place}]{found_.path}") for found_ in found]
        return Read(tuple(rows), tuple(faults))

    def written(self, value: object) -> object:
        return (
            [row.written() for row in value if isinstance(row, Form)] if isinstance(value, tuple) else value
        )


def _row(row: type[R_co], raw: object) -> tuple[R_co, list[Fault]]:
    """One row read by its own fields; blank required fields of a row are refused at once."""
    if not isinstance(raw, dict):
        return row(), [fault("not-an-object", value=raw)]
    fields, read, faults = fields_of(row), {}, []
    faults += [
        fault("unknown-field", value=name)._replace(path=f".{values.shown(name)}")
        for name in raw
        if name not in fields
    ]
    for name, field in fields.items():
        if values.is_blank(raw.get(name)):
            if field.required is True:
                faults.append(Fault("required", path=f".{name}"))
            continue
        value, found = field.read(raw[name])
        faults += [each._replace(path=f".{name}{each.path}") for each in found]
        if not found:
            read[name] = value
    return row(read), faults


def table(*labels: object, first: int = 1, alone: str = "") -> Choices:
    """Choices with the codes 1, 2, 3 …, as the paper numbers them; ``alone`` excludes the others."""
    return {
        str(number): Choice(label, alone=str(number) == alone) for number, label in enumerate(labels, first)
    }
