"""Numbers of people who do not exist: the unassigned area 650099, phones that begin with 000."""

from __future__ import annotations

import random

from saas.demo.residents import citizen_number
from saas.residents.sounding import query
from saas.residents.sounding.ranking import Ranker

__all__ = ["citizen_number", "lone_name", "phone"]

_CONSONANTS = "بتجدرسغقلمنشز"
_VOWELS = "اۇېە"
_UNLIKE = 0.5
"""Less than what the search takes for likeness."""

_given: list[str] = []


def phone() -> str:
    """A phone that nobody has."""
    return f"000{random.randrange(10**8):08d}"


def lone_name(length: int = 12) -> str:
    """An invented name in Uyghur letters that no search takes for another one of this run."""
    while True:
        name = "".join(random.choice(_CONSONANTS if at % 2 else _VOWELS) for at in range(length))
        if max(Ranker(query.meanings(name)).scores(_given), default=0.0) < _UNLIKE:
            _given.append(name)
            return name
