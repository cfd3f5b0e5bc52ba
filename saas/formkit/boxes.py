"""The fields of a form as its page shows them: what is the same for everybody, and what was typed."""

from __future__ import annotations

import dataclasses
import json
import typing

from saas.formkit import posting, texts
from saas.formkit.declaring import Choices, Field, Form, fields_of, key_of
from saas.formkit.kinds import Calculated, Measured, Rows, Text
from saas.formkit.wording import by_language

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from saas.formkit.evaluating import Evaluation
    from saas.formkit.posting import Posted

    Errors = Mapping[str, Sequence[str]]

_LONG = 100
"""A text of so many characters or more gets half a line."""
_EMPTY_ROWS, _MORE_ROWS = 1, 4
_MEASURED = {"whole", "decimal", "graded"}
"""Kinds beside which the page asks why there is no value; other required fields have it too."""
_ANSWERED = {"values", "missing", "errors", "rows"}


@dataclasses.dataclass
class Box:
    """One field of the page. ``values`` are its texts; ``when`` the condition that scripts look at.

    ``choices`` are code, key that is pressed, label, and whether it excludes the others.
    """

    name: str
    kind: str
    label: str
    unit: str
    values: list[str]
    choices: tuple[tuple[str, str, str, bool], ...]
    required: bool
    carried: bool
    shown: bool
    when: str
    width: str
    most: str
    lines: bool
    may_miss: bool
    missing: str
    errors: list[str]
    rows: list[list[Box]]
    parts: tuple[str, ...]
    first: bool = False

    @property
    def value(self) -> str:
        """The one text of a field that has one."""
        return self.values[0] if self.values else ""

    @property
    def untouched(self) -> tuple[object, ...]:
        """All that its drawing depends on, as long as nothing of an answer stands in it; then nothing."""
        if self.values or self.missing or self.errors or self.rows:
            return ()
        return tuple(value for name, value in vars(self).items() if name not in _ANSWERED)


def box_of(  # noqa: PLR0913 - which field, where, and what is known of it
    form: type[Form], part: str, name: str, posted: Posted, found: Evaluation, *, errors: Errors
) -> Box:
    """A form's field with what was typed; ``name`` is its place on the page, in a table not its own name."""
    field, asked = fields_of(form)[part], name in fields_of(type(found.answers))
    blank = _blanks(form)[part]
    return dataclasses.replace(
        blank,
        name=name,
        values=_values(field, name, posted, found),
        required=name in found.needed if asked else blank.required,
        shown=not asked or name in found.shown,
        missing=(posted.get(posting.MISSING_PREFIX + name) or [""])[0],
        errors=list(errors.get(name, ())),
        rows=_rows(field, name, posted, found, errors) if isinstance(field, Rows) else [],
    )


@by_language
def _blanks(form: type[Form]) -> dict[str, Box]:
    """The fields of a form as they are before anybody is asked."""
    return {name: _blank(name, field) for name, field in fields_of(form).items()}


def _blank(name: str, field: Field[object]) -> Box:
    return Box(
        name=name,
        kind=field.kind,
        label=str(field.label),
        unit=texts.unit(field.unit),
        values=[],
        choices=_choices(field),
        required=field.required is True,
        carried=False,
        shown=True,
        when=json.dumps(field.shown_when.described()) if field.shown_when else "",
        width=_width(field),
        most=_most(field),
        lines=isinstance(field, Text) and field.lines,
        may_miss=may_miss(field),
        missing="",
        errors=[],
        rows=[],
        parts=_parts(field) if isinstance(field, Rows) else (),
    )


def _parts(field: Rows[Form]) -> tuple[str, ...]:
    return tuple(str(each.label) for each in fields_of(field.row).values())


def _width(field: Field[object]) -> str:
    """Texts of several lines take a whole one, other long ones half of it."""
    if isinstance(field, Text) and (field.lines or field.longest >= _LONG):
        return "wide" if field.lines else "half"
    return "short"


def _most(field: Field[object]) -> str:
    """The highest whole number, which tells scripts when it is typed in full; of a table its most rows."""
    if isinstance(field, Rows):
        return str(field.most)
    return str(field.bounds.high) if isinstance(field, Measured) and not field.places else ""


def may_miss(field: Field[object]) -> bool:
    """Measured values and required choices have the question beside them why there is none."""
    asked = field.kind in _MEASURED or (field.required is True and bool(_choices(field)))
    return field.may_miss and asked and not (field.carried and field.required is False)


def _values(field: Field[object], name: str, posted: Posted, found: Evaluation) -> list[str]:
    if isinstance(field, Calculated):
        value = found.computed.get(name)
        return [] if value is None else [str(value)]
    return [each for each in posted.get(name, ()) if each]


def _choices(field: Field[object]) -> tuple[tuple[str, str, str, bool], ...]:
    choices: Choices = getattr(field, "choices", None) or {}
    return tuple(
        (code, key_of(choices, code), str(each.label), each.alone)
        for code, each in choices.items()
        if not each.retired
    )


def _rows(field: Rows[Form], name: str, posted: Posted, found: Evaluation, errors: Errors) -> list[list[Box]]:
    """The filled rows and one empty one."""
    row = field.row
    filled = posting.filled_rows(field, name, posted)
    more = _MORE_ROWS if name in posted.get(posting.MORE, ()) else _EMPTY_ROWS
    wanted = min(field.most, (filled[-1] + 1 if filled else 0) + more)
    return [
        [box_of(row, part, f"{name}-{place}-{part}", posted, found, errors=errors) for part in fields_of(row)]
        for place in range(wanted)
    ]
