"""Numbers of people who do not exist: the unassigned area 650099, phones that begin with 000."""

from __future__ import annotations

import random

from saas.demo.residents import citizen_number

__all__ = ["citizen_number", "phone"]


def phone() -> str:
    """A phone that nobody has."""
    return f"000{random.randrange(10**8):08d}"
