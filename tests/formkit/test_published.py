"""A published form only grows: no field goes or changes its kind, no code goes or changes its meaning.

Each form's shape is kept in ``published/<code>.json``. A new form or field is added to it by
``python -m pytest tests/formkit/test_published.py --publish``, and the change is part of the same commit.
"""

from __future__ import annotations

import json
import typing
from pathlib import Path

import pytest

from saas.app import FORMS
from saas.formkit.declaring import Field, Form, fields_of
from saas.formkit.kinds import Measured, Rows

FOLDER = Path(__file__).parent / "published"

Shape = dict[str, typing.Any]


def shape(form: type[Form]) -> Shape:
    """What may not change: per field its kind, decimals, codes in English, and the rows' fields."""
    return {name: _field(field) for name, field in fields_of(form).items()}


def _field(field: Field[object]) -> Shape:
    found: Shape = {"kind": field.kind}
    choices = getattr(field, "choices", None)
    if choices is not None:
        found["choices"] = {code: choice.label._args[0] for code, choice in choices.items()}
    if isinstance(field, Measured):
        found["places"] = field.places
        found["unit"] = field.unit
    if isinstance(field, Rows):
        found["row"] = shape(field.row)
    return found


def shrunk(published: Shape, now: Shape, path: str = "") -> list[str]:
    """Where a form lost or changed something that was published."""
    found = []
    for name, value in published.items():
        where = f"{path}/{name}"
        if name not in now:
            found.append(f"{where} is gone; retire it instead")
        elif isinstance(value, dict):
            found += shrunk(value, now[name], where)
        elif value != now[name]:
            found.append(f"{where} was {value!r} and is {now[name]!r}")
    return found


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.about.code)
def test_a_published_form_only_grows(form: type[Form], *, publish: bool) -> None:
    path = FOLDER / f"{form.about.code}.json"
    if publish:
        path.write_text(json.dumps(shape(form), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    published = json.loads(path.read_text(encoding="utf-8"))
    assert shrunk(published, shape(form)) == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.about.code)
def test_what_was_added_is_published_too(form: type[Form]) -> None:
    published = json.loads((FOLDER / f"{form.about.code}.json").read_text(encoding="utf-8"))
    assert shrunk(shape(form), published) == []


def test_no_published_form_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {form.about.code for form in FORMS}


def test_what_shrinks_is_seen() -> None:
    before = {"salt": {"kind": "choice", "choices": {"1": "Light", "2": "Medium"}}}
    assert shrunk(before, {}) == ["/salt is gone; retire it instead"]
    assert shrunk(before, {"salt": {"kind": "text", "choices": before["salt"]["choices"]}}) != []
    recoded = {"salt": {"kind": "choice", "choices": {"1": "Heavy", "2": "Medium"}}}
    assert shrunk(before, recoded) == ["/salt/choices/1 was 'Light' and is 'Heavy'"]
    grown = {"salt": {"kind": "choice", "choices": {"1": "Light", "2": "Medium", "3": "Heavy"}}, "new": {}}
    assert shrunk(before, grown) == []
