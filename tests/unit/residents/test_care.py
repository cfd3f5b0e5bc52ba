"""The rule of care as a truth table, with the edges of the clock (rights I6, I7)."""

from __future__ import annotations

import datetime
import itertools
import uuid

import pytest

from saas.residents.rules import care

HERE, THERE = "site-here", "site-there"
ME, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
NOW = datetime.datetime(2026, 11, 23, 10, 30, tzinfo=care.BEIJING)
LONG_AGO = NOW - datetime.timedelta(days=400)


def doctor(*sites: str) -> care.Carer:
    return care.Carer(ME, frozenset(sites))


def living(
    site: str, *, by: uuid.UUID = OTHER, at: datetime.datetime = LONG_AGO, imported: bool = False
) -> care.Registration:
    return care.Registration(site, at, by, imported=imported)


def visit(
    site: str, *, by: uuid.UUID = OTHER, at: datetime.datetime = NOW, taken_back: bool = False
) -> care.Contact:
    return care.Contact(site, at, by, taken_back=taken_back)


def opened(minutes_ago: float, lasts: float = 60) -> care.Open:
    at = NOW - datetime.timedelta(minutes=minutes_ago)
    return care.Open(at, at + datetime.timedelta(minutes=lasts))


# Her places · the resident's place · a visit today · an opening of hers → may she open the record?
TABLE = [
    ((HERE,), HERE, None, None, True),
    ((HERE, THERE), THERE, None, None, True),
    ((HERE,), THERE, None, None, False),
    ((HERE,), THERE, visit(HERE), None, True),
    ((HERE,), THERE, visit(THERE), None, False),
    ((HERE,), THERE, visit(THERE, by=ME), None, True),
    ((HERE,), THERE, visit(HERE, taken_back=True), None, False),
    ((HERE,), THERE, None, opened(0), True),
    ((HERE,), THERE, None, opened(61), False),
    ((), HERE, None, None, False),
    ((), HERE, visit(HERE), None, False),
    ((), HERE, visit(HERE, by=ME), None, True),
    ((), HERE, None, opened(30), True),
]


@pytest.mark.parametrize(("own", "site", "contact", "opening", "expected"), TABLE)
def test_who_may_open_a_record_without_a_reason(
    own: tuple[str, ...],
    site: str,
    contact: care.Contact | None,
    opening: care.Open | None,
    *,
    expected: bool,
) -> None:
    contacts = [] if contact is None else [contact]
    openings = [] if opening is None else [opening]
    assert care.in_care(doctor(*own), living(site), contacts, openings, NOW) is expected


def test_whoever_has_no_places_has_no_residents() -> None:
    for site, imported in itertools.product((HERE, THERE, ""), (True, False)):
        assert not care.belongs(doctor(), living(site, imported=imported), NOW)


@pytest.mark.parametrize(
    ("by", "at", "imported", "expected"),
    [
        (ME, NOW, False, True),
        (ME, NOW, True, False),
        (OTHER, NOW, False, False),
        (ME, LONG_AGO, False, False),
    ],
)
def test_whom_she_registered_today_is_hers_today(
    by: uuid.UUID, at: datetime.datetime, *, imported: bool, expected: bool
) -> None:
    assert care.belongs(doctor(), living(HERE, by=by, at=at, imported=imported), NOW) is expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, False), (0, True), (59 * 60 + 59, True), (60 * 60, False), (60 * 60 + 1, False)],
)
def test_an_opening_holds_for_sixty_minutes_and_not_a_moment_longer(seconds: int, *, expected: bool) -> None:
    opening = opened(0)
    now = opening.at + datetime.timedelta(seconds=seconds)
    assert care.is_open(opening, now) is expected
    assert not care.in_care(doctor(), living(HERE), [], [opening], opening.until)


def test_an_end_that_lies_too_far_ahead_is_not_believed() -> None:
    assert not care.is_open(opened(60, lasts=600), NOW)
    assert care.is_open(opened(59.9, lasts=600), NOW)


def test_an_opening_that_was_closed_early_is_over() -> None:
    assert not care.is_open(opened(10, lasts=10), NOW)
    assert not care.is_open(opened(0, lasts=0), NOW)


@pytest.mark.parametrize(
    ("began", "now", "expected"),
    [
        ("2026-11-22T23:59:59", "2026-11-22T23:59:59", True),
        ("2026-11-22T23:59:59", "2026-11-23T00:00:00", False),
        ("2026-11-23T00:00:00", "2026-11-23T23:59:59", True),
        ("2026-11-23T00:00:00", "2026-11-24T00:00:00", False),
        ("2026-11-24T00:00:00", "2026-11-23T23:59:59", False),
    ],
)
def test_the_day_of_a_visit_ends_at_midnight_in_beijing(began: str, now: str, *, expected: bool) -> None:
    contact = visit(HERE, at=_beijing(began).astimezone(datetime.UTC))
    moment = _beijing(now).astimezone(datetime.UTC)
    assert care.came_today(doctor(HERE), [contact], moment) is expected


def _beijing(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=care.BEIJING)


def test_a_day_began_at_midnight_in_beijing_wherever_the_clock_is() -> None:
    began = care.day_began(datetime.datetime(2026, 11, 22, 16, 0, tzinfo=datetime.UTC))
    assert began == datetime.datetime(2026, 11, 23, tzinfo=care.BEIJING)
    assert care.day_began(began - datetime.timedelta(microseconds=1)) == began - datetime.timedelta(days=1)
