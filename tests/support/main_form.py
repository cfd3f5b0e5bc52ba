"""The form that a page is about, parsed alone: the rest of the page is not built to be thrown away."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer

_MAIN = SoupStrainer("form", attrs={"data-main": True})


def main_form(page: str) -> Tag | None:
    """The page's main form, or None where there is none."""
    return BeautifulSoup(page, "html.parser", parse_only=_MAIN).select_one("form")
