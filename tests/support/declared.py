"""Every declared form and field, and the names that its rules may read."""

from __future__ import annotations

import datetime
import typing

import pytest

from saas.app import FORMS
from saas.formkit import facts
from saas.formkit.declaring import Form, fields_of

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TODAY = datetime.date(2026, 3, 5)
PERSON = {"birth_date": "1950-01-01", "sex_code": "2", "height": 160}
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.about.code)
every_field = pytest.mark.parametrize(
    "field",
    [field for form in FORMS for field in fields_of(form).values()],
    ids=[f"{form.about.code}.{name}" for form in FORMS for name in fields_of(form)],
)


def rules_of(form: type[Form]) -> Iterator[Callable[..., object]]:
    about = form.about
    yield from (*about.contradictions, *about.alarms, *about.checks)
    yield from (step for each in (*about.ahead, *about.computed) for step in each.steps)
    if about.next_due:
        yield about.next_due


def known_names(form: type[Form]) -> set[str]:
    computed = {f"computed_{each.name}" for each in (*form.about.ahead, *form.about.computed)}
    return {*fields_of(form), *facts.NAMES, *computed}
