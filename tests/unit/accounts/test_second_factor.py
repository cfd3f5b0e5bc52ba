"""Codes of the telephone's app: right, once, and a step to either side."""

from __future__ import annotations

import base64
import datetime
import urllib.parse

import pytest

from saas.accounts import second_factor

# RFC 6238, appendix B: key "12345678901234567890", SHA-1; the last six of its eight digits.
RFC_KEY = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime.datetime.fromtimestamp(1111111109, tz=datetime.UTC)
STEP = 1111111109 // 30


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    then = datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)
    assert second_factor.accepted_step(RFC_KEY, code, then, None) == seconds // 30
    assert second_factor.current_code(RFC_KEY, then) == code


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_of_difference_is_accepted(steps: int, *, accepted: bool) -> None:
    then = NOW + datetime.timedelta(seconds=30 * steps)
    found = second_factor.accepted_step(RFC_KEY, "081804", then, None)
    assert found == (STEP if accepted else None)


@pytest.mark.parametrize(("last", "accepted"), [(STEP - 1, True), (STEP, False), (STEP + 1, False)])
def test_a_step_is_accepted_once_and_none_before_it(last: int, *, accepted: bool) -> None:
    found = second_factor.accepted_step(RFC_KEY, "081804", NOW, last)
    assert found == (STEP if accepted else None)


@pytest.mark.parametrize(
    ("steps", "last", "late"),
    [
        (1, None, False),
        (2, None, True),
        (20, None, True),
        (21, None, False),
        (2, STEP, False),
        (2, STEP - 1, True),
        (-2, None, False),
        (-20, None, False),
    ],
)
def test_a_code_of_some_minutes_ago_is_known_again_and_one_to_come_never(
    steps: int, last: int | None, *, late: bool
) -> None:
    then = NOW + datetime.timedelta(seconds=30 * steps)
    assert second_factor.comes_late(RFC_KEY, "081804", then, last) is late
    assert not second_factor.comes_late(RFC_KEY, "000000", then, last)
    assert not (late and second_factor.accepted_step(RFC_KEY, "081804", then, last))


@pytest.mark.parametrize("code", ["", "81804", "0818040", "08180a", "081804\n", "٠٨١٨٠٤", " 081804"])
def test_anything_but_six_plain_digits_is_wrong(code: str) -> None:
    assert second_factor.accepted_step(RFC_KEY, code, NOW, None) is None


@pytest.mark.parametrize("typed", ["081804", "081 804", "٠٨١٨٠٤", "０８１８０４", "081-804", " 081804\n"])
def test_digits_of_any_keyboard_are_read(typed: str) -> None:
    assert second_factor.typed_code(typed) == "081804"


def test_keys_differ_and_are_read_by_apps() -> None:
    keys = {second_factor.new_key() for _ in range(20)}
    assert len(keys) == 20
    assert {len(base64.b32decode(key)) for key in keys} == {20}


def test_the_picture_is_data_and_holds_the_address() -> None:
    address = second_factor.address_of(RFC_KEY, "aygul", "安宁渠镇卫生院")
    assert address.startswith("otpauth://totp/")
    assert urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["secret"] == [RFC_KEY]
    assert second_factor.picture(address).startswith("data:image/svg+xml")
    assert second_factor.key_in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"
