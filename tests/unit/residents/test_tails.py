"""The ends of a number lead to it, and nothing else of it does."""

from __future__ import annotations

import secrets

from saas.residents import stored
from saas.residents.models import ResidentKey
from saas.web.keys import ClinicKeys

KEYS = ClinicKeys(secrets.token_bytes(32), secrets.token_bytes(32))
NUMBER = "65009919630507001X"


def key_of(kind: str, value: str) -> ResidentKey:
    row = ResidentKey(kind=kind)
    stored.seal_number(row, value, KEYS)
    return row


def test_a_number_is_found_by_its_last_four_and_six_characters() -> None:
    row = key_of("document", NUMBER)
    assert row.tail_four == KEYS.hash("tail 4", "001X")
    assert row.tail_six == KEYS.hash("tail 6", "07001X")


def test_the_end_of_a_phone_is_that_of_its_digits() -> None:
    assert key_of("phone", "000-1234 5678").tail_four == KEYS.hash("tail 4", "5678")
    assert key_of("contact_phone", "00012345678").tail_six == KEYS.hash("tail 6", "345678")


def test_a_number_no_longer_than_its_end_has_none() -> None:
    row = key_of("document", "A123")
    assert (row.tail_four, row.tail_six) == (None, None)


def test_a_whole_phone_is_found_whosever_it_is() -> None:
    assert key_of("phone", "0001234567").hash == key_of("contact_phone", "000 1234567").hash
    assert key_of("phone", "0001234567").hash == stored.number_hash(KEYS, "phone_0", "0001234567")
    assert key_of("document", NUMBER).hash == stored.number_hash(KEYS, "document_number", NUMBER)
