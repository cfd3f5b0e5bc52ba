"""Between a page's posted texts and raw answers; what cannot be read stays a text and is refused as such."""

from __future__ import annotations

import typing

from saas.formkit.declaring import Field, Form, fields_of
from saas.formkit.kinds import AnyOf, Rows, YesNo
from saas.formkit.reading import MISSING

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Posted = Mapping[str, Sequence[str]]

MISSING_PREFIX = "missing-"
NOTE_PREFIX = "note-"
MORE = "_more"
"""The button that asks for more rows of a field, where no script adds them."""
_YES_NO = {"1": True, "0": False}


def raw_answers(form: type[Form], posted: Posted) -> dict[str, object]:
    """Raw answers by field name, as the evaluation reads them. Who signs and where is never posted."""
    raw: dict[str, object] = {}
    reasons: dict[str, object] = {}
    for name, field in fields_of(form).items():
        if field.kind in {"calculated", "reference"} or field.retired:
            continue
        answer = _answer(field, name, posted)
        if answer not in ("", [], None):
            raw[name] = answer
        reason = _first(posted, MISSING_PREFIX + name)
        if reason and name not in raw:
            reasons[name] = reason
    return raw | ({MISSING: reasons} if reasons else {})


def parts_of(posted: Posted, name: str) -> dict[str, list[str]]:
    """The texts that belong to one field: its own, its rows' and why it is missing; blanks left out."""
    return {
        key: [each for each in texts if each.strip()]
        for key, texts in posted.items()
        if (key in {name, MISSING_PREFIX + name} or key.startswith(f"{name}-")) and any(map(str.strip, texts))
    }


def notes(posted: Posted) -> dict[str, str]:
    """Why a finding was not followed, by the finding's code."""
    return {
        name.removeprefix(NOTE_PREFIX): values[0].strip()
        for name, values in posted.items()
        if name.startswith(NOTE_PREFIX) and values and values[0].strip()
    }


def _first(posted: Posted, name: str) -> str:
    values = posted.get(name) or [""]
    return values[0].strip()


def _answer(field: Field[object], name: str, posted: Posted) -> object:
    if isinstance(field, Rows):
        return list(_rows(field.row, field.most, name, posted).values())
    if isinstance(field, AnyOf):
        return [each for each in posted.get(name, ()) if each]
    text = _first(posted, name)
    return _YES_NO.get(text, text) if isinstance(field, YesNo) else text


def _rows(row: type[Form], most: int, name: str, posted: Posted) -> dict[int, dict[str, object]]:
    """The rows in which anything was typed, by their places on the page."""
    rows: dict[int, dict[str, object]] = {}
    for place in _places(name, most, posted):
        cells = {
            part: _answer(each, f"{name}-{place}-{part}", posted) for part, each in fields_of(row).items()
        }
        filled = {part: cell for part, cell in cells.items() if cell not in ("", [], None)}
        if filled:
            rows[place] = filled
    return rows


def _places(name: str, most: int, posted: Posted) -> list[int]:
    """The rows of which anything was sent; most tables of a page are long and empty."""
    sent = {key.removeprefix(f"{name}-").partition("-")[0] for key in posted if key.startswith(f"{name}-")}
    return [place for place in range(most) if str(place) in sent]


def filled_rows(field: Rows[Form], name: str, posted: Posted) -> list[int]:
    """Where on the page the rows of a table's answer stand: empty rows between them are no answers."""
    return list(_rows(field.row, field.most, name, posted))


def posted_of(form: type[Form], answers: Mapping[str, object]) -> dict[str, list[str]]:
    """Stored answers as the texts that their page would send."""
    posted: dict[str, list[str]] = {}
    for name, field in fields_of(form).items():
        if name in answers:
            posted |= _posted(field, name, answers[name])
    reasons = answers.get(MISSING)
    if isinstance(reasons, dict):
        posted |= {MISSING_PREFIX + name: [str(reason)] for name, reason in reasons.items()}
    return posted


def _posted(field: Field[object], name: str, value: object) -> dict[str, list[str]]:
    if isinstance(field, Rows) and isinstance(value, list):
        cells: dict[str, list[str]] = {}
        for place, row in enumerate(value):
            for part, each in fields_of(field.row).items():
                if isinstance(row, dict) and part in row:
                    cells |= _posted(each, f"{name}-{place}-{part}", row[part])
        return cells
    if isinstance(value, list):
        return {name: [str(each) for each in value]}
    if isinstance(value, bool):
        return {name: ["1" if value else "0"]}
    return {name: [str(value)]}
