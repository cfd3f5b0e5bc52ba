"""From a field to the raw answers that it takes; one line per kind."""

from __future__ import annotations

import datetime
import functools
import typing

from hypothesis import strategies as st

from saas.formkit.declaring import Field, Form, fields_of
from saas.formkit.kinds import (
    AnyOf,
    Calculated,
    Day,
    Graded,
    Measured,
    Moment,
    Month,
    OneOf,
    Reference,
    Rows,
    Text,
    YesNo,
)

if typing.TYPE_CHECKING:
    from saas.formkit.declaring import Choices

PAST = st.dates(datetime.date(1990, 1, 1), datetime.date(2026, 3, 5))
LETTERS = st.characters(whitelist_categories=("Lu", "Ll", "Lo", "Nd"), whitelist_characters=" -")


@functools.singledispatch
def raw(field: object) -> st.SearchStrategy[object]:
    """Raw answers of a field that it takes without a fault."""
    raise NotImplementedError(type(field))


@raw.register
def _text(field: Text) -> st.SearchStrategy[object]:
    return st.text(LETTERS, min_size=1, max_size=min(field.longest, 40)).filter(lambda text: text.strip())


@raw.register
def _measured(field: Measured) -> st.SearchStrategy[object]:
    bounds = field.bounds
    numbers = st.decimals(bounds.low, bounds.high, places=bounds.places)
    return numbers.map(str) | numbers


@raw.register
def _day(field: Day) -> st.SearchStrategy[object]:
    return PAST.map(str) | PAST.map(lambda day: f"{day.year}.{day.month}.{day.day}")


@raw.register
def _month(field: Month) -> st.SearchStrategy[object]:
    return PAST.map(lambda day: f"{day:%Y-%m}")


@raw.register
def _moment(field: Moment) -> st.SearchStrategy[object]:
    return PAST.map(lambda day: f"{day} 09:10")


@raw.register
def _yes_no(field: YesNo) -> st.SearchStrategy[object]:
    return st.booleans()


@raw.register
def _reference(field: Reference) -> st.SearchStrategy[object]:
    return st.uuids().map(str)


@raw.register
def _graded(field: Graded) -> st.SearchStrategy[object]:
    return st.sampled_from(["-", "±", "+", "++++", "0.3 g/L", "15 mg/dL"])


@raw.register
def _one(field: OneOf) -> st.SearchStrategy[object]:
    return st.sampled_from([code for code, choice in field.choices.items() if not choice.retired])


@raw.register
def _any(field: AnyOf) -> st.SearchStrategy[object]:
    return some(field.choices)


def some(choices: Choices) -> st.SearchStrategy[object]:
    """One choice that stands alone, or several of the others."""
    alone = [[code] for code, choice in choices.items() if choice.alone]
    others = [code for code, choice in choices.items() if not choice.alone]
    several = st.lists(st.sampled_from(others), min_size=1, max_size=4, unique=True)
    return several | st.sampled_from(alone) if alone else several


@raw.register(Rows)
def _rows(field: Rows[Form]) -> st.SearchStrategy[object]:
    return st.lists(row(field.row), min_size=1, max_size=min(field.most, 3))


def row(form: type[Form]) -> st.SearchStrategy[dict[str, object]]:
    """One row with its required fields and any of the others."""
    fields = fields_of(form)
    needed = {name: raw(field) for name, field in fields.items() if field.required is True}
    others = {name: raw(field) for name, field in fields.items() if name not in needed}
    return st.fixed_dictionaries(needed, optional=others)


def answers(form: type[Form]) -> st.SearchStrategy[dict[str, object]]:
    """Any answers of a form, each legal by itself."""
    fields = fields_of(form)
    return st.fixed_dictionaries({}, optional={name: raw(field) for name, field in fields.items()})


def readable(form: type[Form]) -> dict[str, Field[object]]:
    """The fields that people answer."""
    return {name: field for name, field in fields_of(form).items() if not isinstance(field, Calculated)}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
"""Anything that a file of JSON can hold, NaN and half characters too."""
