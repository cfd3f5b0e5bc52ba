"""The record number: which place a site's numbers name, how it is written and read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.residents.rules import record_number as rule

ROSTER = Path(__file__).resolve().parents[3] / "tenants" / "data" / "village-clinics.csv"


def test_the_example_of_the_specification() -> None:
    place = rule.place_of("650099001200", ())
    assert place == 101
    number = rule.whole(rule.township_of("650099001200") or "", place, 1)
    assert (number, rule.short(number)) == ("65009900110100001", "101-00001")
    assert rule.in_parts(number) == "650099 001 101 00001"


PLACES = [
    # statistical code → third part, range
    ("650099001001", 1, rule.NEIGHBOURHOODS),
    ("650099001099", 99, rule.NEIGHBOURHOODS),
    ("650099001100", 1, rule.NEIGHBOURHOODS),  # has no place of its own: the first free one
    ("650099001199", 1, rule.NEIGHBOURHOODS),
    ("650099001200", 101, rule.VILLAGES),
    ("650099001298", 199, rule.VILLAGES),
    ("650099001299", 101, rule.VILLAGES),
    ("650099001399", 101, rule.VILLAGES),
    ("650099001400", 901, rule.OTHERS),
    ("650099001500", 901, rule.OTHERS),
    ("650099001000", 901, rule.OTHERS),
    ("650099001", 901, rule.OTHERS),  # the centre of a township
    ("650099001-0190", 901, rule.OTHERS),  # a site that the clinic added without a code
    ("650099001007-0190", 7, rule.NEIGHBOURHOODS),  # the same at a station
]


@pytest.mark.parametrize(("code", "place", "own"), PLACES)
def test_the_place_of_a_site(code: str, place: int, own: range) -> None:
    assert rule.range_of(code) == own
    assert rule.place_of(code, ()) == place


@pytest.mark.parametrize(
    ("code", "taken", "place"),
    [
        ("650099001201", {102}, 101),
        ("650099001201", set(range(101, 200)), 901),
        ("650099001002", set(range(1, 100)) | {901}, 902),
        ("650099001", {901, 902}, 903),
        ("650099001", set(range(1, 1000)), None),
    ],
)
def test_a_place_that_is_taken_is_not_given_twice(code: str, taken: set[int], place: int | None) -> None:
    assert rule.place_of(code, taken) == place


@pytest.mark.parametrize("code", ["", "65009900", "6500990011", "abc", "٦50099001"])
def test_a_code_that_tells_no_township(code: str) -> None:
    assert rule.township_of(code) is None


def test_every_village_of_the_roster_has_a_place_of_its_own() -> None:
    with ROSTER.open(encoding="utf-8") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    taken: dict[str, set[int]] = {}
    for code in codes:
        township = rule.township_of(code)
        assert township is not None, code
        place = rule.place_of(code, taken.setdefault(township, set()))
        assert place is not None, code
        assert place in rule.range_of(code)
        assert place not in taken[township]
        taken[township].add(place)
    assert sum(map(len, taken.values())) == len(codes) > 7000


@given(st.lists(st.integers(0, 999), unique=True, max_size=200))
def test_two_sites_never_have_one_place(thirds: list[int]) -> None:
    taken: set[int] = set()
    for third in thirds:
        place = rule.place_of(f"650099001{third:03d}", taken)
        if place is None:
            continue
        assert place not in taken
        assert any(place in one for one in (rule.NEIGHBOURHOODS, rule.VILLAGES, rule.OTHERS))
        taken.add(place)


@given(st.integers(1, 999), st.integers(1, rule.LAST))
def test_a_number_is_read_as_it_was_written(place: int, serial: int) -> None:
    number = rule.whole("650099001", place, serial)
    assert len(number) == 17
    for written in (number, rule.in_parts(number), rule.short(number), f" {rule.short(number)} "):
        assert rule.is_one(written)
        assert rule.read(written, "650099001") == number
    assert rule.read(rule.short(number), "") is None


@pytest.mark.parametrize(
    "words", ["", "101", "10100001", "1010-0001", "6500990011010000", "650099001101000011", "1０1-0000x"]
)
def test_what_is_no_record_number(words: str) -> None:
    assert not rule.is_one(words)
    assert rule.read(words, "650099001") is None
