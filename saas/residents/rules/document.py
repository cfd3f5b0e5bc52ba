"""A document's number beside the typed sex and birth date: differences are told, both stay."""

from __future__ import annotations

import typing

from saas.residents.rules import citizen_id
from saas.residents.rules.birth import Birth
from saas.residents.rules.finding import Finding, asking, blocking

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

CITIZEN = "01"
"""CV02.01.101: the citizen's identity card."""
LONGEST = 30
KNOWN_SEXES = {citizen_id.MALE, citizen_id.FEMALE}


def carries_citizen_number(type_code: str) -> bool:
    """True for documents whose number follows GB 11643."""
    return type_code == CITIZEN


def filled(type_code: str, number: str, sex_code: str, birth: str) -> tuple[str, str]:
    """Sex and birth date, each from the citizen's number when it was left empty."""
    if not carries_citizen_number(type_code):
        return sex_code, birth
    number = citizen_id.converted(number) or number
    day = citizen_id.birth_date_of(number)
    return (
        sex_code or citizen_id.sex_of(number) or "",
        birth or (day.isoformat() if day else ""),
    )


def findings(type_code: str, number: str, sex_code: str, birth: Birth | None) -> list[Finding]:
    """Everything to say about a normalised number; nothing here refuses a number as it stands."""
    if not number:
        return []
    if len(number) > LONGEST:
        return [blocking("too-long", "document_number", longest=str(LONGEST), length=str(len(number)))]
    if not any(sign.isalnum() for sign in number):
        return [blocking("no-number", "document_number")]
    if not carries_citizen_number(type_code):
        return []
    return [*_about_number(number), *_differing(number, sex_code, birth)]


def _about_number(number: str) -> Iterator[Finding]:
    """Old form, wrong length, a day that does not exist, a wrong check character (PAT-001)."""
    field = "document_number"
    longer = citizen_id.converted(number)
    if longer is not None:
        yield asking("old-number", field, number, number=longer)
    elif not citizen_id.has_shape(number):
        yield asking("number-shape", field, number, length=str(len(number)))
    elif citizen_id.birth_date_of(number) is None:
        yield asking("number-no-day", field, number)
    elif citizen_id.check_character(number) != number[17]:
        yield asking("PAT-001", field, number, x=citizen_id.check_character(number))


def _differing(number: str, sex_code: str, birth: Birth | None) -> Iterator[Finding]:
    """Sex or birth date that differ from the number. Both are kept: documents do hold errors."""
    number = citizen_id.converted(number) or number
    day, sex = citizen_id.birth_date_of(number), citizen_id.sex_of(number)
    if sex is not None and sex_code in KNOWN_SEXES and sex_code != sex:
        yield asking("sex-differs", "sex_code", number + sex_code, sex=sex)
    if day is not None and birth is not None and str(Birth(day, birth.precision)) != str(birth):
        yield asking("birth-differs", "birth", f"{number} {birth}", day=day.isoformat())
