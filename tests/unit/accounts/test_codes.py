"""Printed codes: digits, long enough, and told apart."""

from __future__ import annotations

import pytest

from saas.accounts import codes
from saas.accounts.passwords import canonical


def test_codes_are_digits_of_their_length_and_differ() -> None:
    for make, length in ((codes.temporary_password, 12), (codes.sheet_code, 20)):
        made = {make() for _ in range(50)}
        assert len(made) == 50
        assert all(len(code) == length and code.isdecimal() for code in made)


def test_ten_recovery_codes_each_begin_with_their_place() -> None:
    made = codes.recovery_codes()
    assert [codes.recovery_place(code) for code in made] == list(range(10))
    assert {len(code) for code in made} == {12}
    assert len({code[1:] for code in made}) == 10


@pytest.mark.parametrize("typed", ["", "1", "12345678901", "1234567890123", "12345678901x", "١" * 12])
def test_what_is_no_recovery_code_has_no_place(typed: str) -> None:
    assert codes.recovery_place(typed) is None


def test_a_code_is_printed_in_groups_and_read_back() -> None:
    assert codes.in_groups("123456789012") == "1234 5678 9012"
    code = codes.sheet_code()
    assert canonical(codes.in_groups(code)) == code
