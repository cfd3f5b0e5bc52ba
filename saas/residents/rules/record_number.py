"""The record number of 17 digits: 6 county, 3 township, 3 place, 5 serial (DE01.00.009.00)."""

from __future__ import annotations

import re
import typing

from saas.residents.rules import citizen_id

if typing.TYPE_CHECKING:
    from collections.abc import Collection

LAST = 99_999
"""The last serial of a place; the 12 digits before it have no more room."""
NEIGHBOURHOODS = range(1, 100)
VILLAGES = range(101, 200)
OTHERS = range(901, 1000)
"""The third part as the national specification divides it."""

_TOWNSHIP, _PLACE, _WHOLE = 9, 12, 17
_SITE = re.compile(r"([0-9]{9})([0-9]{3})?(?:-.*)?")
_STATISTICAL_NEIGHBOURHOODS = range(1, 200)
_STATISTICAL_VILLAGES = range(200, 400)
_FULL = re.compile(r"[0-9]{17}")
_SHORT = re.compile(r"([0-9]{3})-([0-9]{5})")


def township_of(site_code: str) -> str | None:
    """County and township, the first 9 digits of a site's code; None for a code that is built otherwise."""
    found = _SITE.fullmatch(site_code)
    return found[1] if found else None


def range_of(site_code: str) -> range:
    """Where the third part of a site's numbers lies, by the statistical code of the site.

    The statistics bureau counts neighbourhoods from 001 to 199 and villages from 200 to 399, the
    specification from 001 to 099 and from 101 to 199. A site without such a part is another place.
    """
    found = _SITE.fullmatch(site_code)
    third = int(found[2] or 0) if found else 0
    if third in _STATISTICAL_NEIGHBOURHOODS:
        return NEIGHBOURHOODS
    return VILLAGES if third in _STATISTICAL_VILLAGES else OTHERS


def place_of(site_code: str, taken: Collection[int]) -> int | None:
    """The third part for a site: the one that its own code suggests, else the first free one.

    A neighbourhood's is its own (002 → 002), a village's its own less 99 (200 → 101, 298 → 199). What
    has no such place, and what another site has taken, gets the first free one of its range, then of
    the other places. None when no place is left.
    """
    found = _SITE.fullmatch(site_code)
    third, own = int(found[2] or 0) if found else 0, range_of(site_code)
    suggested = third - 99 if own is VILLAGES else third
    choices = [suggested] if suggested in own else []
    return next((place for place in (*choices, *own, *OTHERS) if place not in taken), None)


def whole(township: str, place: int, serial: int) -> str:
    """The 17 digits. ``serial`` is 1 to ``LAST``."""
    return f"{township}{place:03d}{serial:05d}"


def in_parts(number: str) -> str:
    """The long form, as it is read: 650099 001 101 00001."""
    return " ".join([number[:6], number[6:_TOWNSHIP], number[_TOWNSHIP:_PLACE], number[_PLACE:]])


def short(number: str) -> str:
    """The form that other sheets print: 101-00001."""
    return f"{number[_TOWNSHIP:_PLACE]}-{number[_PLACE:]}"


def is_one(words: str) -> bool:
    """True when somebody typed a record number, long or short."""
    return bool(_FULL.fullmatch(citizen_id.normalised(words)) or _SHORT.fullmatch(words.strip()))


def read(words: str, township: str) -> str | None:
    """The 17 digits that were typed; the short form is one of the clinic's own township."""
    number = citizen_id.normalised(words)
    if _FULL.fullmatch(number):
        return number
    found = _SHORT.fullmatch(words.strip())
    return f"{township}{found[1]}{found[2]}" if found and len(township) == _TOWNSHIP else None
