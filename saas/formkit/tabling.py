"""Records of one form as a table for spreadsheets (CSV): a line per record, a column per field."""

from __future__ import annotations

import csv
import io
import typing

from saas.formkit.declaring import Field, Form, fields_of
from saas.formkit.kinds import Rows, Text
from saas.formkit.reading import MISSING

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Answers = Mapping[str, typing.Any]

DAY = "record_date"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take a text for that begins so."""


def table(form: type[Form], days: Sequence[str], answers: Sequence[Answers], hidden: frozenset[str]) -> str:
    """The whole file. Rows of a field stand in numbered columns, as many as the longest record has."""
    shown = {name: field for name, field in fields_of(form).items() if name not in hidden}
    out = io.StringIO()
    columns = [column for name, field in shown.items() for column in _columns(name, field, answers)]
    writer = csv.DictWriter(out, [DAY, *columns, MISSING], restval="", lineterminator="\r\n")
    writer.writeheader()
    for day, each in zip(days, answers, strict=True):
        cells = {key: cell for name, field in shown.items() for key, cell in _cells(name, field, each)}
        reasons = each.get(MISSING) or {}
        told = ";".join(f"{name}={reason}" for name, reason in reasons.items() if name in shown)
        writer.writerow({DAY: day, **cells, MISSING: told})
    return out.getvalue()


def _columns(name: str, field: Field[object], answers: Sequence[Answers]) -> Iterator[str]:
    if not isinstance(field, Rows):
        yield name
        return
    longest = max((len(each.get(name) or ()) for each in answers), default=0)
    for place in range(1, max(1, longest) + 1):
        yield from (f"{name}_{place}_{part}" for part in fields_of(field.row))


def _cells(name: str, field: Field[object], answers: Answers) -> Iterator[tuple[str, str]]:
    value = answers.get(name)
    if value is None:
        return
    if not isinstance(field, Rows):
        yield name, _cell(field, value)
        return
    for place, row in enumerate(value, start=1):
        for part, each in fields_of(field.row).items():
            if part in row:
                yield f"{name}_{place}_{part}", _cell(each, row[part])


def _cell(field: Field[object], value: object) -> str:
    """One answer; several codes with semicolons, and no text that would be taken for a formula."""
    if isinstance(value, list):
        return ";".join(str(each) for each in value)
    if isinstance(value, bool):
        return "1" if value else "0"
    text = str(value)
    return f"'{text}" if isinstance(field, Text) and text.startswith(_FORMULA) else text
