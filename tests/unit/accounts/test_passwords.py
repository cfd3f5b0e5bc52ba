"""Hashing and judging passwords."""

from __future__ import annotations

import threading

import argon2
import pytest

from saas.accounts import passwords
from saas.accounts.passwords import Cost, Hasher, Weakness

CHEAP = Cost(memory=64, rounds=1)


@pytest.fixture(scope="module")
def hasher() -> Hasher:
    return Hasher(CHEAP)


def test_the_cost_is_owasps_minimum_of_argon2id() -> None:
    stored = Hasher().hash("tomurqara gulluk 8")
    parameters = argon2.extract_parameters(stored)
    assert stored.startswith("$argon2id$")
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19456, 2, 1)
    assert passwords.COSTS["owasp"] == Cost()


def test_only_the_right_password_verifies(hasher: Hasher) -> None:
    stored = hasher.hash("tomurqara gulluk 8")
    assert hasher.verify(stored, "tomurqara gulluk 8") == passwords.Verdict(right=True)
    assert not hasher.verify(stored, "tomurqara gulluk 9").right
    assert not hasher.verify(stored, "").right
    assert not hasher.verify("no hash at all", "tomurqara gulluk 8").right
    assert stored != hasher.hash("tomurqara gulluk 8")


def test_a_hash_of_another_cost_is_outdated(hasher: Hasher) -> None:
    stored = Hasher(Cost(memory=128, rounds=1)).hash("tomurqara gulluk 8")
    assert hasher.verify(stored, "tomurqara gulluk 8") == passwords.Verdict(right=True, outdated=True)
    assert not hasher.verify(stored, "wrong").outdated


def test_for_nobody_a_hash_is_computed_all_the_same(hasher: Hasher, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    verify = argon2.PasswordHasher.verify

    def spy(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
        seen.append(stored)
        return verify(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", spy)
    assert not hasher.verify(None, "tomurqara gulluk 8").right
    assert not hasher.verify(None, "nobody has this password").right
    assert len(seen) == 2
    assert argon2.extract_parameters(seen[0]) == argon2.extract_parameters(hasher.hash("x"))


def test_no_more_than_two_hashes_run_at_once(hasher: Hasher, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0
    count = threading.Lock()
    # Each waits for another one, however slowly the machine begins its threads.
    together = threading.Barrier(2, timeout=10)

    def slow(_self: argon2.PasswordHasher, _password: str) -> str:
        nonlocal running, most
        with count:
            running += 1
            most = max(most, running)
        together.wait()
        with count:
            running -= 1
        return "hash"

    monkeypatch.setattr(argon2.PasswordHasher, "hash", slow)
    threads = [threading.Thread(target=hasher.hash, args=("x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1234 5678 9012", "123456789012"),
        ("1234-5678-9012", "123456789012"),
        ("١٢٣٤ ٥٦٧٨", "12345678"),
        ("1234 5678", "12345678"),
        ("gul 1234", "gul 1234"),
        ("a-b", "a-b"),
        ("e\u0301", "\u00e9"),
        ("- -", "- -"),
    ],
)
def test_one_spelling_per_password(typed: str, meant: str) -> None:
    assert passwords.canonical(typed) == meant


@pytest.mark.parametrize(
    ("password", "words", "why"),
    [
        ("kichik", [], Weakness.TOO_SHORT),
        ("123456789", [], Weakness.TOO_SHORT),
        ("x" * 129, [], Weakness.TOO_LONG),
        ("password12", [], Weakness.EASY_TO_GUESS),
        ("1234567890", [], Weakness.EASY_TO_GUESS),
        ("qwertyuiop", [], Weakness.EASY_TO_GUESS),
        ("woaini1314", [], Weakness.EASY_TO_GUESS),
        ("1122334455", [], Weakness.EASY_TO_GUESS),
        ("patigul-qadir", ["Patigul", "Qadir"], Weakness.EASY_TO_GUESS),
        ("patigul-qadir", ["Patigul Qadir"], Weakness.EASY_TO_GUESS),
        ("patigul-qadir", [], None),
        ("tomurqara gulluk", [], None),
        ("تۆمۈر قارا گۈللۈك", [], None),
        ("wo zui xihuan nanshan", [], None),
        ("tomurqara gulluk patigul", ["Patigul"], None),
        ("安宁渠卫生院安宁渠卫生院", ["安宁渠卫生院"], Weakness.EASY_TO_GUESS),
        ("y" + "tomurqara gulluk " * 7, [], None),
    ],
)
def test_length_and_guessing_decide_and_no_composition(
    password: str, words: list[str], why: Weakness | None
) -> None:
    assert passwords.weakness(password, words) is why


def test_the_settings_name_a_cost_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords._Current, "hasher", None)
    passwords.use_cost("test")
    assert argon2.extract_parameters(passwords.hasher().hash("x")).memory_cost == 64
    with pytest.raises(KeyError):
        passwords.use_cost("none")
