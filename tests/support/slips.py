"""Reading the codes and keys that a page shows once."""

from __future__ import annotations

import re
import typing

if typing.TYPE_CHECKING:
    from werkzeug.test import TestResponse


def code_on(answer: TestResponse, groups: int) -> str:
    """The printed code of so many groups of four digits."""
    html = answer.get_data(as_text=True)
    found = re.search(rf">((?:\d{{4}} ){{{groups - 1}}}\d{{4}})<", html)
    assert found, "no code on the page"
    return found.group(1)


def shown_key(answer: TestResponse) -> str:
    """The key as text on a page that sets up a second factor."""
    found = re.search(r'class="code">([A-Z2-7 ]{39})<', answer.get_data(as_text=True))
    assert found, "no key on the page"
    return found.group(1).replace(" ", "")
