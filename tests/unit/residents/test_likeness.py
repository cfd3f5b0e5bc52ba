"""When two records are likely one person: every row of the truth table."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.residents.rules.likeness import Signs, is_likely

YEARS = (None, -2, -1, 0, 1, 2)
TABLE = [
    Signs(number, sound, years, sex, site, phone)
    for number, sound, sex, site, phone in itertools.product((False, True), repeat=5)
    for years in YEARS
]
# Sound, years, sex, and what ties the two to one place: the rows of the table without the same number.
LIKELY = {
    (True, years, True, site, phone)
    for years in (-1, 0, 1)
    for site, phone in ((True, False), (False, True), (True, True))
}
SIGNS = st.sampled_from(TABLE)
_GROWING = ("same_number", "same_sound", "same_sex", "same_site", "same_phone")


@pytest.mark.parametrize("signs", TABLE, ids=str)
def test_the_truth_table(signs: Signs) -> None:
    rest = (signs.same_sound, signs.years_apart, signs.same_sex, signs.same_site, signs.same_phone)
    assert is_likely(signs) == (signs.same_number or rest in LIKELY)


def test_the_table_has_every_row() -> None:
    assert len(TABLE) == 2**5 * len(YEARS)
    assert sum(map(is_likely, TABLE)) == len(TABLE) // 2 + len(LIKELY)


@given(SIGNS, st.sampled_from(_GROWING))
def test_one_sign_more_never_makes_two_people_less_alike(signs: Signs, more: str) -> None:
    if is_likely(signs):
        assert is_likely(dataclasses.replace(signs, **{more: True}))


@given(SIGNS)
def test_it_does_not_matter_who_is_the_older_one(signs: Signs) -> None:
    years = None if signs.years_apart is None else -signs.years_apart
    assert is_likely(dataclasses.replace(signs, years_apart=years)) == is_likely(signs)
