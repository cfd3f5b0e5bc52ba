"""Hashing and judging passwords: argon2id, at most two at a time, no rules of composition."""

from __future__ import annotations

import dataclasses
import enum
import threading
import typing
import unicodedata

import argon2
from zxcvbn import zxcvbn

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST = 10
LONGEST = 128
WEAKEST_SCORE = 3
"""zxcvbn's 3 of 4: more than 10^8 guesses, which argon2id and the slow-down make many years."""

_JUDGED_LETTERS = 72  # zxcvbn looks at no more
_SHORTEST_WORD = 3
_AT_ONCE = threading.BoundedSemaphore(2)  # 19 MiB each; more would only queue on two cores


class Weakness(enum.Enum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    EASY_TO_GUESS = "easy_to_guess"


@dataclasses.dataclass(frozen=True)
class Cost:
    """What one hash costs: memory in KiB, rounds, lanes. The default is OWASP's minimum."""

    memory: int = 19456
    rounds: int = 2
    lanes: int = 1


@dataclasses.dataclass(frozen=True)
class Verdict:
    """Whether the password was right, and whether its hash should be made anew."""

    right: bool
    outdated: bool = False


COSTS = {"owasp": Cost(), "test": Cost(memory=64, rounds=1)}
"""The costs that the settings may name; ``test`` is for the roster of tests alone."""


class Hasher:
    """Hashes and verifies with one cost; nobody's password costs as much as somebody's."""

    def __init__(self, cost: Cost | None = None) -> None:
        cost = cost or Cost()
        self._argon = argon2.PasswordHasher(
            time_cost=cost.rounds, memory_cost=cost.memory, parallelism=cost.lanes
        )
        self._nobody = self.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The hash to store, with its own salt and cost inside."""
        with _AT_ONCE:
            return self._argon.hash(canonical(password))

    def verify(self, stored: str | None, password: str) -> Verdict:
        """Compare; for ``None`` a hash is computed all the same, so that the time tells nothing."""
        right = self._matches(stored or self._nobody, password)
        if stored is None or not right:
            return Verdict(right=False)
        return Verdict(right=True, outdated=self._argon.check_needs_rehash(stored))

    def _matches(self, stored: str, password: str) -> bool:
        with _AT_ONCE:
            try:
                return self._argon.verify(stored, canonical(password))
            except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
                return False


class _Current:
    """The process's hasher, made at first use."""

    hasher: Hasher | None = None


def hasher() -> Hasher:
    """The hasher of this process."""
    if _Current.hasher is None:
        _Current.hasher = Hasher()
    return _Current.hasher


def use_cost(name: str) -> None:
    """Take a cost by its name in the settings. Raises ``KeyError`` for an unknown name."""
    _Current.hasher = Hasher(COSTS[name])


def canonical(password: str) -> str:
    """One spelling per password: NFKC, trimmed; a code of digits without its spaces and hyphens.

    Printed codes are read in groups and may be typed with Uyghur, Chinese or wide digits.
    """
    text = unicodedata.normalize("NFKC", password).strip()
    compact = "".join(letter for letter in text if letter not in " -\u00a0\u2010\u2011\u2013")
    if compact and all(letter.isdecimal() for letter in compact):
        return "".join(str(unicodedata.decimal(letter)) for letter in compact)
    return text


def weakness(password: str, own_words: Iterable[str]) -> Weakness | None:
    """Why this password will not do, or ``None``.

    ``own_words``, the person's and the clinic's names, count for nothing: the rest alone is judged.
    """
    text = canonical(password)
    if len(text) < SHORTEST:
        return Weakness.TOO_SHORT
    if len(text) > LONGEST:
        return Weakness.TOO_LONG
    rest = _without(text.casefold(), own_words)[:_JUDGED_LETTERS]
    if not rest or zxcvbn(rest)["score"] < WEAKEST_SCORE:
        return Weakness.EASY_TO_GUESS
    return None


def _without(text: str, own_words: Iterable[str]) -> str:
    """The text without the words of ``own_words``, those of three letters or more."""
    words = {word.casefold() for own in own_words for word in (own, *own.split())}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _SHORTEST_WORD:
            text = text.replace(word, "")
    return text
