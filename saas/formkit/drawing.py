"""The fields of a form as its page shows them; one that nobody has answered looks the same for everybody."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from markupsafe import Markup

    from saas.formkit.boxes import Box

    Macro = Callable[[Box, list[tuple[str, str]]], Markup]

_MOST = 5000
"""All fields of all forms in both languages, in the states that they begin with; some megabytes."""

_kept: dict[Hashable, Markup] = {}


def drawn(macro: Macro, box: Box, reasons: list[tuple[str, str]]) -> Markup:
    """The field by its macro, which is another one in each language; the reasons are its language's.

    A form has some fifty fields, and to draw them is a third of its page; so an empty one is drawn once and
    kept. Whatever holds an answer, or what was wrong with one, is a person's and is never kept.
    """
    looks = box.untouched
    if not looks:
        return macro(box, reasons)
    key = macro, looks
    found = _kept.get(key)
    if found is None:
        found = macro(box, reasons)
        if len(_kept) >= _MOST:
            _kept.clear()
        _kept[key] = found
    return found
