"""A document's number beside the typed sex and birth date: differences are told, both stay."""

from __future__ import annotations

import typing

from saas.residents.rules import citizen_id
from saas.residents.rules.birth import Birth
from saas.residents.rules.finding import Finding, asking, blocking

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

CITIZEN = "01"
"""CV02.01.101: the citizen's identity card."""
PERMIT = "P1"
"""Residence permit for people of Hong Kong, Macau and Taiwan: 81, 82 or 83 in front; a project code."""
FOREIGN = "P2"
"""Foreign permanent resident's card since December 2023: 9 in front; a project code."""
_BEGINS = {PERMIT: ("81", "82", "83"), FOREIGN: ("9",)}
LONGEST = 30
KNOWN_SEXES = {citizen_id.MALE, citizen_id.FEMALE}


def carries_citizen_number(type_code: str) -> bool:
    """True for documents whose number is built as GB 11643 says."""
    return type_code in {CITIZEN, PERMIT, FOREIGN}


def kind_of(number: str) -> str:
    """The document that a number of 18 characters belongs to, by how it begins."""
    return next((code for code, begins in _BEGINS.items() if number.startswith(begins)), CITIZEN)


def kind_read(type_code: str, number: str) -> str:
    """The chosen document; where it was left at the identity card, what a right number belongs to.

    So a reader's permit or foreign card needs no key more than a citizen's.
    """
    return kind_of(number) if type_code == CITIZEN and citizen_id.is_valid(number) else type_code


def filled(type_code: str, number: str, sex_code: str, birth: str) -> tuple[str, str]:
    """Sex and birth date, each from the citizen's number when it was left empty."""
    if not carries_citizen_number(type_code):
        return sex_code, birth
    number = in_full(type_code, number)
    day = citizen_id.birth_date_of(number)
    return (
        sex_code or citizen_id.sex_of(number) or "",
        birth or (day.isoformat() if day else ""),
    )


def in_full(type_code: str, number: str) -> str:
    """A citizen's old number as its 18 characters; any other number as it is."""
    return (citizen_id.converted(number) if type_code == CITIZEN else None) or number


def findings(
    type_code: str, number: str, sex_code: str, birth: Birth | None, today: datetime.date
) -> list[Finding]:
    """Everything to say about a normalised number. What a document may really say is never refused."""
    if not number:
        return []
    if len(number) > LONGEST:
        return [blocking("too-long", "document_number", longest=str(LONGEST), length=str(len(number)))]
    if not any(sign.isalnum() for sign in number):
        return [blocking("no-number", "document_number")]
    if not carries_citizen_number(type_code):
        return []
    day = citizen_id.birth_date_of(number)
    if day is not None and day > today:
        return [blocking("number-future", "document_number", day=day.isoformat())]
    return [*_about_number(type_code, number), *_differing(type_code, number, sex_code, birth)]


def _about_number(type_code: str, number: str) -> Iterator[Finding]:
    """Old form, wrong length, a day that does not exist, a wrong check character (PAT-001), another card."""
    field = "document_number"
    longer = in_full(type_code, number)
    if longer != number:
        yield asking("old-number", field, number, number=longer)
    elif not citizen_id.has_shape(number):
        yield asking("number-shape", field, number, length=str(len(number)))
    elif citizen_id.birth_date_of(number) is None:
        yield asking("number-no-day", field, number)
    elif citizen_id.check_character(number) != number[17]:
        yield asking("PAT-001", field, number, x=citizen_id.check_character(number))
    elif kind_of(number) != type_code:
        yield asking("number-kind", field, number + type_code, kind=kind_of(number))


def _differing(type_code: str, number: str, sex_code: str, birth: Birth | None) -> Iterator[Finding]:
    """Sex or birth date that differ from the number. Both are kept: documents do hold errors."""
    number = in_full(type_code, number)
    day, sex = citizen_id.birth_date_of(number), citizen_id.sex_of(number)
    if sex is not None and sex_code in KNOWN_SEXES and sex_code != sex:
        yield asking("sex-differs", "sex_code", number + sex_code, sex=sex)
    if day is not None and birth is not None and str(Birth(day, birth.precision)) != str(birth):
        yield asking("birth-differs", "birth", f"{number} {birth}", day=day.isoformat())
