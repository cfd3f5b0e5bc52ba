"""What pages show of a resident: names, age, numbers masked."""

from __future__ import annotations

import dataclasses
import typing

from flask import url_for
from flask_babel import gettext

from saas.formkit.wording import said
from saas.residents import codes, stored
from saas.residents.messages import isolated, placeholder_text
from saas.residents.rules import birth as births
from saas.residents.rules import masks, standing
from saas.web.formats import script_lang

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from saas.residents.models import Resident
    from saas.residents.summaries import Summary
    from saas.web.keys import ClinicKeys

_YEARS_FROM = 3
"""Completed years from which an age is told in years."""


class Written(typing.NamedTuple):
    """One written form of a name, and the language whose letters draw it; found anew each time."""

    text: str
    lang: str


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of a list. Numbers are shown by their last four characters."""

    url: str
    names: list[Written]
    placeholder: str
    sex: str
    birth: str
    age: str
    village: str
    document: str
    phone: str
    standing: str


def lines(residents: Iterable[Summary], keys: ClinicKeys, today: datetime.date) -> list[Line]:
    """Residents as the lines of a list."""
    sexes = said(codes.SEX_LABELS)
    return [_line(resident, keys, today, sexes) for resident in residents]


def _line(resident: Summary, keys: ClinicKeys, today: datetime.date, sexes: Mapping[str, str]) -> Line:
    return Line(
        url=url_for("residents.show", resident_id=resident.id),
        names=[Written(text, script_lang(text)) for text in resident.names],
        placeholder=placeholder(resident),
        sex=sexes[resident.sex_code],
        birth=stored.birth_text(resident),
        age=age_text(resident, today),
        village=resident.village,
        document=masks.tail(stored.opened(resident.document, keys)) if resident.document else "",
        phone=masks.tail(stored.opened(resident.phone, keys)) if resident.phone else "",
        standing=standing_text(resident),
    )


def placeholder(resident: Resident | Summary) -> str:
    """What stands for a name that is not known, with its number; or nothing."""
    if not resident.placeholder:
        return ""
    return placeholder_text(resident.placeholder, resident.placeholder_number)


def standing_text(resident: Resident | Summary) -> str:
    """Moved, died or left; nothing for somebody who is here."""
    return (
        "" if resident.standing == standing.HERE else said(codes.STANDING_LABELS).get(resident.standing, "")
    )


def age_text(resident: Resident | Summary, today: datetime.date) -> str:
    """Completed years; below three years months, in the first month days; 62–63 for a year alone."""
    if resident.birth_date is None:
        return ""
    birth = births.Birth(resident.birth_date, resident.birth_precision)
    oldest = births.age(birth.on, today)
    youngest = births.age(min(birth.latest, today), today)
    if oldest != youngest:
        return isolated(f"{youngest}–{oldest}")
    if oldest >= _YEARS_FROM or birth.precision != births.DAY:
        return isolated(str(oldest))
    months = births.age_months(birth.on, today)
    if months:
        return str(gettext("%(number)s months", number=months))
    return str(gettext("%(number)s days", number=(today - birth.on).days))
