"""Words that pages ask for line by line: looked up once for each language, and kept."""

from __future__ import annotations

import functools
import typing

from flask_babel import get_locale

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Code = typing.TypeVar("Code")
Thing = typing.TypeVar("Thing")
Words = typing.TypeVar("Words")


def by_language(worded: Callable[[Thing], Words]) -> Callable[[Thing], Words]:
    """A function of something that lives as long as the program, called once for it in each language.

    A word by itself finds the language and its catalogue anew each time, which on a long list is most of
    what the list costs. The thing is known by its place; whoever asks changes nothing of the answer.
    """
    kept: dict[tuple[int, object], tuple[Thing, Words]] = {}

    @functools.wraps(worded)
    def known(thing: Thing) -> Words:
        locale = get_locale()
        # Not the locale itself, which compares all that it could differ by, in Python, with each word.
        key = id(thing), locale and locale.language
        if key not in kept:
            kept[key] = thing, worded(thing)
        return kept[key][1]

    return known


@by_language
def said(words: Mapping[Code, object]) -> Mapping[Code, str]:
    """A module's table of words in the language of the moment."""
    return {code: str(word) for code, word in words.items()}
