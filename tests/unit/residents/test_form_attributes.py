"""The attributes of the form's text lines are those that WTForms would write."""

from __future__ import annotations

import pytest
from markupsafe import Markup
from wtforms.widgets import html_params

from saas.residents.forms import attributes

VALUES = {
    "signs of HTML": {"value": "\"<a href='x'>&amp;", "id": "name_0"},
    "escaped already": {"value": Markup("&lt;b&gt;"), "class": "form-control"},
    "yes and no": {"autofocus": True, "required": False, "placeholder": " "},
    "several, in their order": {"type": "text", "aria-describedby": "a-hint a-error", "name": "ئايگۈل"},
    "none": {},
}  # fmt: skip


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_they_are_written_as_wtforms_writes_them(values: dict[str, object]) -> None:
    assert attributes(**values) == html_params(**values)
