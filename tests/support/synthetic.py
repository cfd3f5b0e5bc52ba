"""Synthetic residents for tests: forms as a browser would send them."""

from __future__ import annotations

import random

from saas.demo.residents import citizen_number, given_names

__all__ = ["citizen_number", "given_names", "phone", "typed_name"]


def typed_name(chance: random.Random | None = None) -> tuple[str, str]:
    """A name as on the document and in Uyghur, unlikely to be met twice."""
    chance = chance or random.Random()
    parts = chance.choices(given_names(), k=3)
    return "·".join(chance.choice(part.zh) for part in parts), " ".join(part.ug for part in parts)


def phone(chance: random.Random | None = None) -> str:
    """A phone that nobody has."""
    return f"000{(chance or random.Random()).randrange(10**8):08d}"
