"""The short way to a page's main form gives what the whole page's tree gives."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag

from tests.support.main_form import main_form

CONTROLS = "input, textarea, select, option"
PAGE = """<!doctype html><html><body><form action="/language" data-mainly><input name="_language"></form>
<form id="page-form" method="post" action="/x?a=1&amp;b=2" novalidate data-main data-look="/look">
<label>a &gt; b</label><input name="a" value="&lt;b&gt; &quot;c&quot;" pattern="[^>]*" checked disabled>
<p><input type=radio name=r value='say "1"'></p><textarea name="t" rows="3">
one &amp; <b>two</textarea><select name="s"><optgroup label="o"><option value="1">1</option>
<option value="2" selected>2 &lt;</option></optgroup></select><button name="_more" value="1">+</button>
<!-- no control: --><a href="/y">y</a></form><form><input name="after"></form></body></html>"""


def told(form: Tag | None) -> list[object]:
    """Everything about a form that a test may read."""
    assert form is not None
    controls = [(one.name, dict(one.attrs), one.get_text()) for one in form.select(CONTROLS)]
    return [dict(form.attrs), *controls]


@pytest.mark.parametrize("page", [PAGE, PAGE.replace("data-main data-look", "data-look='>' data-main")])
def test_it_holds_every_control_as_the_page_does(page: str) -> None:
    whole = BeautifulSoup(page, "html.parser").select_one("form[data-main]")
    assert len(told(whole)) == 7
    assert told(main_form(page)) == told(whole)


def test_a_page_without_one_has_none() -> None:
    assert main_form(PAGE.replace(" data-main ", " ")) is None
