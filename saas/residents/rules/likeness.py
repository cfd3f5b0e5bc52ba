"""When two records are likely one person. It is only asked, never decided by a rule."""

from __future__ import annotations

import dataclasses

YEARS_APART = 1
"""Birth years are told wrongly by one, of the lunar year or of the first days of January."""


@dataclasses.dataclass(frozen=True)
class Signs:
    """What two records have in common. ``years_apart`` is None when a birth year is not known."""

    same_number: bool = False
    same_sound: bool = False
    years_apart: int | None = None
    same_sex: bool = False
    same_site: bool = False
    same_phone: bool = False


def is_likely(signs: Signs) -> bool:
    """The same document number; or much else in common.

    That is a name that sounds the same, birth years at most one apart and the same sex, together with
    the same place of care or the same phone.
    """
    if signs.same_number:
        return True
    near = signs.years_apart is not None and abs(signs.years_apart) <= YEARS_APART
    return signs.same_sound and near and signs.same_sex and (signs.same_site or signs.same_phone)
