"""The people whom the browser tests invent are nobody's likely double, by the product's own rule."""

from __future__ import annotations

import collections
import itertools
import typing

import pytest

from saas.demo.residents import given_names
from saas.residents.likeness import same_name
from saas.residents.sounding import sound_keys
from tests.e2e.people import invented
from tests.e2e.test_search_box import PEOPLE

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

MANY = 1000
"""More than a run of all browser tests invents in one worker."""
SEEDED = [text for ug, zh, _ in PEOPLE for text in (ug, zh)] + [
    text for one in given_names() for text in (one.ug, one.latin, *one.zh)
]


def doubles(names: Iterable[str]) -> list[tuple[str, str]]:
    """Every two of these names that the rule takes for one: of one coarse sound, and really alike."""
    sounding: dict[str, list[str]] = collections.defaultdict(list)
    for name in names:
        for key in sound_keys(name):
            sounding[key].append(name)
    met = {pair for each in sounding.values() for pair in itertools.combinations(each, 2)}
    return [(one, other) for one, other in met if any(same_name(one, [other]))]


@pytest.mark.parametrize("language", ["ug", "zh"])
def test_no_two_of_them_are_likely_one(language: str) -> None:
    people = [invented(language, place) for place in range(1, MANY + 1)]
    assert doubles(one.name for one in people) == []
    for field in ("number", "name", "part", "phone"):
        assert len({getattr(one, field) for one in people}) == MANY, field


@pytest.mark.parametrize("language", ["ug", "zh"])
def test_none_of_them_is_likely_somebody_who_is_there_already(language: str) -> None:
    there = {text for text in SEEDED if text}
    names = {invented(language, place).name for place in range(1, MANY + 1)}
    met = [pair for pair in doubles([*there, *names]) if names & set(pair)]
    assert met == []


def test_a_likely_double_is_seen() -> None:
    assert doubles(["ئايگۈل", "阿依古丽", "پاتىمە"]) == [("ئايگۈل", "阿依古丽")]
