"""The waits after wrong passwords, row by row."""

from __future__ import annotations

import datetime
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.accounts import slow_down
from saas.accounts.slow_down import Failures

NOW = datetime.datetime(2026, 11, 23, 4, 0, tzinfo=datetime.UTC)
NONE = Failures(0, None)


@pytest.mark.parametrize(
    ("times", "seconds"),
    [(0, 0), (1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (7, 16), (8, 32), (9, 60), (10, 60)],
)
def test_an_account_waits_1_to_60_seconds_from_the_third_failure(times: int, seconds: int) -> None:
    assert slow_down.account_delay(times) == seconds
    assert slow_down.wait(Failures(times, NOW), NONE, NOW) == seconds


@given(st.integers(0, 10**9))
def test_no_number_of_failures_waits_longer_than_a_minute(times: int) -> None:
    assert 0 <= slow_down.account_delay(times) <= slow_down.account_delay(times + 1) <= 60
    assert slow_down.wait(Failures(times, NOW), Failures(times, NOW), NOW) <= 60


@pytest.mark.parametrize(
    ("after", "left"), [(0, 60), (0.2, 60), (1, 59), (59, 1), (59.9, 1), (60, 0), (3600, 0)]
)
def test_the_wait_runs_out(after: float, left: int) -> None:
    later = NOW + datetime.timedelta(seconds=after)
    assert slow_down.wait(Failures(50, NOW), NONE, later) == left


@pytest.mark.parametrize(("back", "left"), [(1, 60), (60, 60), (61, 0), (18_000, 0)])
def test_a_clock_set_back_does_not_lengthen_the_wait(back: int, left: int) -> None:
    earlier = NOW - datetime.timedelta(seconds=back)
    assert slow_down.wait(Failures(50, NOW), NONE, earlier) == left, "60 again and again would be a lock"


@pytest.mark.parametrize(("times", "seconds"), [(0, 0), (99, 0), (100, 36), (100_000, 36)])
def test_an_address_is_slowed_to_100_an_hour_and_never_shut(times: int, seconds: int) -> None:
    assert slow_down.wait(NONE, Failures(times, NOW), NOW) == seconds
    assert 3600 / slow_down.ADDRESS_SPACING == slow_down.ADDRESS_TRIES


def test_the_longer_wait_counts() -> None:
    assert slow_down.wait(Failures(4, NOW), Failures(100, NOW), NOW) == 36
    assert slow_down.wait(Failures(9, NOW), Failures(100, NOW), NOW) == 60


def test_keys_differ_by_account_clinic_kind_and_secret_and_show_nothing() -> None:
    here, there = uuid.UUID(int=1), uuid.UUID(int=2)
    keys = {
        slow_down.account_key(b"a", here, "aygul"),
        slow_down.account_key(b"a", here, "gulnar"),
        slow_down.account_key(b"a", there, "aygul"),
        slow_down.account_key(b"b", here, "aygul"),
        slow_down.address_key(b"a", "aygul"),
    }
    assert len(keys) == 5
    assert not any(b"aygul" in key for key in keys)
    assert {len(key) for key in keys} == {32}
    assert slow_down.account_key(b"a", here, "AYGUL") == slow_down.account_key(b"a", here, "aygul")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("", "unknown", False),
    ],
)
def test_an_ipv6_customer_is_one_address(one: str, other: str, *, same: bool) -> None:
    assert (slow_down.address_key(b"a", one) == slow_down.address_key(b"a", other)) is same
