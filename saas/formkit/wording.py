"""Tables of words that pages ask for line by line: looked up once for each language, and kept."""

from __future__ import annotations

import typing

from flask_babel import get_locale

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

Code = typing.TypeVar("Code")

_SAID: dict[tuple[int, object], tuple[object, dict[typing.Any, str]]] = {}


def said(words: Mapping[Code, object]) -> Mapping[Code, str]:
    """A module's table of words in the language of the moment.

    A word by itself finds the language and its catalogue anew each time, which on a long list is most of
    what the list costs. The table is one that lives as long as the program: it is known by its place.
    """
    key = id(words), get_locale()
    if key not in _SAID:
        _SAID[key] = words, {code: str(word) for code, word in words.items()}
    return _SAID[key][1]
