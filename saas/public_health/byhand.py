"""The day's list on paper, to be filled in by hand without power: fields and order are those of the file."""

from __future__ import annotations

import dataclasses
import typing

from openpyxl.utils import get_column_letter

from saas.formkit.declaring import Choices, fields_of, key_of
from saas.formkit.kinds import AnyOf
from saas.public_health import daysheet, due_texts, joint, today_lines
from saas.public_health.rules import worklist as rule

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from saas.formkit.declaring import Field, Form
    from saas.public_health.daysheet import Group, Listed


@dataclasses.dataclass(frozen=True)
class Blank:
    """One field to write in: its column in the file, label and unit; choices with the codes of the paper."""

    column: str
    label: str
    unit: str
    choices: Sequence[tuple[str, str]]
    several: bool
    printed: str


@dataclasses.dataclass(frozen=True)
class OnPaper:
    """One person: her line in the file, who she is, what is owed to her."""

    line: int
    listed: Listed
    what: str
    day: str


@dataclasses.dataclass(frozen=True)
class Sheet:
    """Everybody to whom the same visit is owed. Without blanks its form is filled in on its page only."""

    title: str
    blanks: Sequence[Blank]
    entries: Sequence[OnPaper]


def sheets(groups: Sequence[Group], day: datetime.date) -> list[Sheet]:
    """The paper of a day's list; the lines are numbered as in the file of the same list."""
    found, line = [], daysheet.FIRST_LINE
    for group in groups:
        entries = [
            OnPaper(
                line + place,
                one,
                due_texts.names(one.line.items),
                today_lines.day_text(one.line.items[0], day),
            )
            for place, one in enumerate(group.listed)
        ]
        line += len(entries)
        found.append(Sheet(group.title, list(_blanks(group.form, day)), entries))
    return found


def _blanks(form: str, day: datetime.date) -> Iterator[Blank]:
    """The columns of the file that a visit of this form fills."""
    for place, name in enumerate(daysheet.FIELDS, start=len(daysheet.HEAD) + 1):
        owner = _owner(form, name)
        if owner is None:
            continue
        field = fields_of(owner)[daysheet.name_in(owner, name)]
        yield Blank(
            get_column_letter(place),
            str(daysheet.FIELDS[name]),
            field.unit,
            _choices(field),
            isinstance(field, AnyOf),
            str(day) if name == daysheet.DAY else "",
        )


def _owner(form: str, name: str) -> type[Form] | None:
    """The form that has this column, of a joint visit either; None for one that is filled in on its page."""
    if form not in daysheet.FILLED_IN:
        return None
    among = joint.FORMS if form == rule.JOINT else (daysheet.BY_CODE[form],)
    return next((one for one in among if daysheet.name_in(one, name)), None)


def _choices(field: Field[typing.Any]) -> list[tuple[str, str]]:
    choices: Choices = getattr(field, "choices", None) or {}
    return [(key_of(choices, code), str(each.label)) for code, each in choices.items() if not each.retired]
