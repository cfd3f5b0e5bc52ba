"""The form that a page is about, with its controls alone: nothing is built to be thrown away."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag

# Tags as our pages write them: every value quoted, and no quote within a value of its own kind.
_INSIDE = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
_MAIN = re.compile(rf"<form\b(?={_INSIDE}\sdata-main[\s=>]){_INSIDE}>")
_CONTROL = re.compile(rf"<input\b{_INSIDE}>|<(select|textarea)\b{_INSIDE}>.*?</\1>", re.DOTALL)


def main_form(page: str) -> Tag | None:
    """The page's main form with what it would send, or None where there is none.

    Of the tags of a long form a fifth are of controls, and the library takes its time for each.
    """
    begin = _MAIN.search(page)
    if begin is None:
        return None
    end = page.index("</form>", begin.end())
    controls = [found[0] for found in _CONTROL.finditer(page, begin.end(), end)]
    return BeautifulSoup(begin[0] + "".join(controls) + "</form>", "html.parser").select_one("form")
