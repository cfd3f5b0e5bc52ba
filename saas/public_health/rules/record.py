"""The health record: identity, allergies, diseases that lead to an offer, days in order (§1.1, §1.2, §2)."""

from __future__ import annotations

import datetime
import decimal
import re
import typing

from saas.formkit.findings import Finding, advising, asking, blocking
from saas.formkit.rules import days
from saas.residents.rules import citizen_id

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

SOURCE = "profile"
RECORD_NUMBER = re.compile("[0-9]{17}")
CITIZEN = "01"
OLDEST, ASK_ABOVE = 120, 110
"""Completed years above which a birth date is refused, and asked."""
NO_DISEASE = "1"
OFFERS = {"2": "offer-hypertension", "3": "offer-diabetes", "5": "offer-lung", "9": "offer-tuberculosis"}
"""Past diseases with a service of their own; it is offered, never begun by itself."""
BOARD = "board"
BOARD_AREA = decimal.Decimal(2)
"""Square metres that a notice board has at least."""


def birth_date_is_possible(*, age: int | None) -> Finding | None:
    """Nobody is older than 120 completed years; above 110 the year is asked."""
    if age is None or age <= ASK_ABOVE:
        return None
    if age > OLDEST:
        return blocking("too-old-to-be", "birth_date", source=SOURCE, age=age)
    return asking("very-old", "birth_date", source=SOURCE, age=age)


def id_number_fits(*, id_document_type: str | None, id_number: str | None) -> Finding | None:
    """A citizen's number has 18 characters, a day that exists and the right check character (GB 11643)."""
    if id_document_type != CITIZEN or not id_number:
        return None
    if citizen_id.is_valid(citizen_id.normalised(id_number)):
        return None
    return asking("id-number-doubtful", "id_number", source="identity")


def id_number_agrees(
    *,
    id_document_type: str | None,
    id_number: str | None,
    birth_date: datetime.date | None,
    sex_code: str | None,
) -> Finding | None:
    """Sex or birth date that differ from a valid number are told; both may be kept."""
    if id_document_type != CITIZEN or not id_number:
        return None
    number = citizen_id.normalised(id_number)
    if not citizen_id.is_valid(number):
        return None
    fields = []
    if birth_date is not None and citizen_id.birth_date_of(number) != birth_date:
        fields.append("birth_date")
    if sex_code in {citizen_id.MALE, citizen_id.FEMALE} and citizen_id.sex_of(number) != sex_code:
        fields.append("sex_code")
    return asking("id-number-differs", "id_number", *fields, source="identity") if fields else None


def allergy(*, drug_allergies: tuple[str, ...]) -> Finding | None:
    """An allergy is shown in red on every page, and every prescription is checked against it."""
    if not set(drug_allergies) - {"1"}:
        return None
    return advising("allergy", "drug_allergies", source=SOURCE)


class Disease(typing.Protocol):
    """One row of past diseases."""

    @property
    def disease(self) -> str | None:
        """Its code on the form."""


def no_disease_stands_alone(*, past_diseases: Sequence[Disease]) -> Finding | None:
    """The choice "1 none" excludes every other disease."""
    codes = [row.disease for row in past_diseases]
    if NO_DISEASE in codes and len(codes) > 1:
        return blocking("none-and-more", "past_diseases", source=SOURCE)
    return None


def offered_service(*, past_diseases: Sequence[Disease]) -> Finding | None:
    """Hypertension, diabetes, chronic lung disease or tuberculosis: offer the matching service."""
    found = sorted({row.disease for row in past_diseases if row.disease in OFFERS} - {None}, key=str)
    if not found:
        return None
    return advising(
        OFFERS[str(found[0])] if len(found) == 1 else "offer-several", "past_diseases", source=SOURCE
    )


def elderly_due(*, year_age: int | None) -> Finding | None:
    """From the calendar year of the 65th birthday on the yearly service for older people is due."""
    if year_age is None or year_age < 65:  # noqa: PLR2004 - the norm's age
        return None
    return advising("elderly-due", "birth_date", source="elderly-project")


def record_consent(*, consent_given: bool | None) -> Finding | None:
    """A record is voluntary: without consent none is made, and nothing follows from a refusal."""
    return blocking("no-record-consent", "consent_given", source="record") if consent_given is False else None


def board_is_large_enough(*, form: str | None, area_m2: decimal.Decimal | None) -> Finding | None:
    """A notice board has 2 m² or more."""
    if form != BOARD or area_m2 is None or area_m2 >= BOARD_AREA:
        return None
    return asking("board-small", "area_m2", source="education", least=BOARD_AREA)


def board_days_in_order(
    *, posted_on: datetime.date | None, removed_on: datetime.date | None
) -> Finding | None:
    """A board is taken down after it was put up."""
    if posted_on is None or removed_on is None or removed_on >= posted_on:
        return None
    return blocking("removed-before-posted", "removed_on", source="education", day=posted_on)


def referral_followup(*, visit_on: datetime.date | None) -> datetime.date | None:
    """Every referral is followed up within 14 days."""
    return days.days_later(visit_on, 14) if visit_on else None


def record_number_has_17_digits(*, record_no: str | None) -> Finding | None:
    """The record number has 17 digits: county 6, township 3, village 3, serial 5 (not all zeros)."""
    if record_no is None or (RECORD_NUMBER.fullmatch(record_no) and record_no[-5:] != "00000"):
        return None
    return blocking("record-number", "record_no", source="record")
