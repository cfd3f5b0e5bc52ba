"""A field that is drawn once and kept looks as its macro draws it; what is a person's is never kept."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import typing

import pytest
from flask import Flask
from flask_babel import force_locale

from saas.formkit import drawing, filling, posting
from saas.formkit.boxes import Box
from saas.formkit.evaluating import evaluate
from saas.public_health.forms import FORMS
from saas.web.i18n import TONGUES
from tests.support import complete

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markupsafe import Markup

    from saas.formkit.declaring import Form
    from saas.formkit.filling import Sheet
    from saas.formkit.posting import Posted

    Macro = Callable[[Box, list[tuple[str, str]]], Markup]

DAY = datetime.date(2026, 5, 7)
TYPED = "CANARY"


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[object, Markup]:
    """What is kept from here on."""
    kept: dict[object, Markup] = {}
    monkeypatch.setattr(drawing, "_kept", kept)
    return kept


@pytest.fixture(params=TONGUES)
def macro(house: Flask, request: pytest.FixtureRequest) -> Iterator[Macro]:
    """The macro of a field, on a page of each language."""
    with house.app_context(), force_locale(TONGUES[request.param].locale):
        yield house.jinja_env.get_template("formkit/_boxes.html").module.framed  # type: ignore[attr-defined]


def sheet_of(form: type[Form], posted: Posted, **how: typing.Any) -> Sheet:  # noqa: ANN401 - as ``How``
    """A form as its page shows it with these texts."""
    found = evaluate(form, posting.raw_answers(form, posted), today=DAY, resident=complete.PERSON)
    return filling.sheet(form, posted, found, filling.How(**how))


def boxes_of(sheet: Sheet) -> list[Box]:
    """All its fields."""
    return [box for _, boxes in sheet.groups for box in boxes]


def wrong(macro: Macro, sheet: Sheet) -> list[str]:
    """The fields that are not drawn as their macro draws them."""
    return [box.name for box in boxes_of(sheet) if sheet.drawn(macro, box) != macro(box, sheet.reasons)]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.about.code)
def test_every_field_of_every_form_is_drawn_as_its_macro_draws_it(macro: Macro, form: type[Form]) -> None:
    """Empty, sent empty, carried, filled in, and empty again."""
    names = frozenset(box.name for box in boxes_of(sheet_of(form, {})))
    sheets = [
        sheet_of(form, {}),
        sheet_of(form, {}, told=True),
        sheet_of(form, {}, carried=names),
        sheet_of(form, {}, hidden=frozenset(itertools.islice(names, 1))),
        sheet_of(form, complete.page(form, DAY)),
        sheet_of(form, {}),
    ]
    assert [wrong(macro, sheet) for sheet in sheets] == [[]] * len(sheets)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.about.code)
def test_nothing_that_was_typed_is_kept(macro: Macro, form: type[Form], kept: dict[object, Markup]) -> None:
    empty = sheet_of(form, {})
    for box in boxes_of(empty):
        for changes in ({"values": [TYPED]}, {"missing": TYPED}, {"errors": [TYPED]}):
            touched = dataclasses.replace(box, **changes)
            empty.drawn(macro, touched)
    assert kept == {}
    wrong(macro, empty)
    assert kept
    assert not any(TYPED in drawn for drawn in kept.values())


OTHER: dict[str, typing.Any] = {
    "name": "other",
    "kind": "date",
    "label": "other",
    "unit": "other",
    "choices": (("9", "9", "other", False),),
    "required": True,
    "carried": True,
    "shown": False,
    "when": "other",
    "width": "half",
    "most": "9",
    "lines": True,
    "may_miss": True,
    "parts": ("other",),
    "first": True,
}


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Box)])
def test_a_field_that_differs_in_anything_is_drawn_anew(macro: Macro, name: str) -> None:
    """Two forms on one page have fields of one name that differ."""
    sheet = sheet_of(FORMS[0], {})
    for box in boxes_of(sheet):
        if box.untouched and name in OTHER:
            other = dataclasses.replace(box, **{name: OTHER[name]})
            drawn = sheet.drawn(macro, box), sheet.drawn(macro, other)
            assert drawn == (macro(box, sheet.reasons), macro(other, sheet.reasons))
        answered: dict[str, typing.Any] = {name: ["9"]}
        assert name in OTHER or not dataclasses.replace(box, **answered).untouched


def test_a_field_is_drawn_once(macro: Macro) -> None:
    asked: list[str] = []

    def counted(box: Box, reasons: list[tuple[str, str]]) -> Markup:
        asked.append(box.name)
        return macro(box, reasons)

    form = FORMS[0]
    for _ in range(3):
        sheet = sheet_of(form, {})
        for box in boxes_of(sheet):
            sheet.drawn(counted, box)
    once = [name for name in asked if asked.count(name) == 1]
    assert once
    assert once == [box.name for box in boxes_of(sheet_of(form, {})) if box.untouched]


def test_no_more_is_kept_than_fits(
    macro: Macro, monkeypatch: pytest.MonkeyPatch, kept: dict[object, Markup]
) -> None:
    monkeypatch.setattr(drawing, "_MOST", 5)
    assert wrong(macro, sheet_of(FORMS[0], {})) == []
    assert 0 < len(kept) <= 5
