"""Canonical JSON: one text before a value is stored as JSONB and after it is read back."""

import datetime
import json
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.audit.canonical import canonical, instant, parsed, plain, storable

_scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False, places=6)
    | st.text()
)
_nested = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_details = st.dictionaries(st.text(), _nested, max_size=4)


@given(_details)
def test_what_is_written_reads_back_to_the_same_text(detail: dict[str, object]) -> None:
    text = canonical(plain(detail))
    assert canonical(parsed(text)) == text


@given(_details)
def test_the_text_is_json_of_the_same_keys(detail: dict[str, object]) -> None:
    read = json.loads(canonical(plain(detail)))
    assert set(read) == {storable(key) for key in detail}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e16, "10000000000000000"),
        (1e-7, "0.0000001"),
        (2.5e300, "25" + "0" * 299),
        (Decimal("1.50"), "1.5"),
        (Decimal("1E+2"), "100"),
        (True, "true"),
        (10**40, "1" + "0" * 40),
        ({"b": 1, "a": {"z": 0.5, "y": None}}, '{"a":{"y":null,"z":0.5},"b":1}'),
        (["ئالمىخان", "阿力米罕", "\u2028"], '["ئالمىخان","阿力米罕","\u2028"]'),
        ({"quote": 'a "b" \\ \n', "n": 0.5}, '{"n":0.5,"quote":"a \\"b\\" \\\\ \\n"}'),
        (datetime.date(2026, 3, 5), '"2026-03-05"'),
        (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        ((), "[]"),
    ],
)
def test_one_text_for_one_value(value: object, text: str) -> None:
    assert canonical(plain(value)) == text


def test_a_decimal_changed_in_its_twentieth_digit_has_another_text() -> None:
    written = canonical(parsed("0.1"))
    assert canonical(parsed("0.10000000000000000001")) != written


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")])
def test_a_number_that_json_does_not_know_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="finite"):
        plain({"n": value})


@pytest.mark.parametrize("value", [{1: "a"}, {"a": object()}, {"a": b"bytes"}, {"a": {1, 2}}])
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        plain(value)


def test_nul_and_lone_surrogates_are_replaced_because_postgresql_cannot_hold_them() -> None:
    assert plain({"a\x00": "\ud800b"}) == {"a\ufffd": "\ufffdb"}


@pytest.mark.parametrize("text", ["9" * 5000, "[" * 100_000 + "]" * 100_000])
def test_text_that_python_will_not_read_comes_back_as_itself(text: str) -> None:
    assert parsed(text) == text


def test_a_time_is_written_in_utc_to_the_microsecond() -> None:
    beijing = datetime.timezone(datetime.timedelta(hours=8))
    at = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=beijing)
    assert instant(at) == "2026-01-01T19:04:05.000000+00:00"


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        instant(datetime.datetime(2026, 1, 2))  # noqa: DTZ001 - the refused thing itself
