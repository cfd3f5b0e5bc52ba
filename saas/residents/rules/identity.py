"""The identity form as plain texts: its fields, what they are made of, what is to say about them."""

from __future__ import annotations

import re
import typing

from saas.residents.rules import birth as births
from saas.residents.rules import card, citizen_id, document, names, phones, record_number
from saas.residents.rules.finding import Finding, blocking

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping

Fields = dict[str, str]

NAMES = ("name_0", "name_1", "name_2")
PHONES = ("phone_0", "phone_1", "phone_2")
ADDRESS = {
    "village": 70,
    "address_detail": 200,
    "township": 70,
    "county": 70,
    "prefecture": 70,
    "province": 70,
}
"""Parts of the address with the longest text of each (national form 1.1)."""
FIELDS = (
    "document_type",
    "document_number",
    *NAMES,
    "placeholder",
    "sex_code",
    "birth",
    *PHONES,
    "contact_name",
    "contact_phone",
    "site_id",
    *ADDRESS,
    "print_language",
)
"""The order of the form, and of the fields on the page where two versions are compared."""

NEWBORN, UNKNOWN = "newborn", "unknown"
PLACEHOLDERS = ("", NEWBORN, UNKNOWN)
SEXES = ("1", "2", "0", "9")
DOCUMENT_TYPES = ("01", "02", "03", "04", "06", "07", "P1", "P2", "99")
PRINT_LANGUAGES = ("ug", "zh")
PASSPORT = "03"
_PASSPORT = re.compile(r"[A-Z]{1,2}[0-9]{7,8}")
_PHONE_DIGITS = range(7, 13)
_OFFERED = {
    "placeholder": PLACEHOLDERS,
    "sex_code": SEXES,
    "document_type": DOCUMENT_TYPES,
    "print_language": PRINT_LANGUAGES,
}


def tidied(typed: Mapping[str, str]) -> Fields:
    """The fields as they are stored and compared; names, address and phones stay as typed.

    The number is normalised, a readable birth date is written 1963-05-07, 1963-05 or 1963, and what
    the citizen's number says of sex and birth date fills these when they were left empty.
    """
    fields = {name: typed.get(name, "") for name in FIELDS}
    fields["document_number"] = citizen_id.normalised(fields["document_number"])
    if not fields["document_number"]:
        fields["document_type"] = ""
    fields["document_type"] = document.kind_read(fields["document_type"], fields["document_number"])
    fields["sex_code"], fields["birth"] = document.filled(
        fields["document_type"],
        fields["document_number"],
        fields["sex_code"],
        fields["birth"],
    )
    understood = births.parsed(fields["birth"])
    if understood is not None:
        fields["birth"] = str(understood)
    return fields


def begun(words: str) -> Fields:
    """What words that were searched for in vain put into a new form: a number, a phone or a name.

    A health card's or a record's number is no field of the form; nothing else that may be a name is
    kept out of it.
    """
    number = citizen_id.normalised(words)
    if citizen_id.has_shape(number) or citizen_id.converted(number):
        kind = document.kind_read(document.CITIZEN, number)
        return {"document_number": number, "document_type": kind}
    if _PASSPORT.fullmatch(number):
        return {"document_number": number, "document_type": PASSPORT}
    if card.read(words) or record_number.is_one(words):
        return {}
    digits = phones.normalised(words)
    if digits.isdecimal() and len(digits) in _PHONE_DIGITS:
        return {"phone_0": words}
    return {} if digits.isdecimal() else {"name_0": words}


def findings(fields: Mapping[str, str], today: datetime.date) -> list[Finding]:
    """Everything to say about tidied fields, in the order of the form; a site is checked elsewhere."""
    birth = births.parsed(fields["birth"])
    number = fields["document_number"]
    found = [
        *_choices(fields),
        *document.findings(fields["document_type"], number, fields["sex_code"], birth, today),
        *_names(fields),
        *_birth(fields, birth, today),
        *_contacts(fields),
    ]
    return sorted(found, key=lambda finding: FIELDS.index(finding.field))


def _choices(fields: Mapping[str, str]) -> Iterator[Finding]:
    if not fields["sex_code"]:
        yield blocking("sex-missing", "sex_code")
    for name, offered in _OFFERED.items():
        if fields[name] and fields[name] not in offered:
            yield blocking("not-offered", name)
    if not fields["print_language"]:
        yield blocking("not-offered", "print_language")


def _names(fields: Mapping[str, str]) -> Iterator[Finding]:
    """At least one written form, or a placeholder that is completed later; care is never held up."""
    given = [name for name in NAMES if fields[name]]
    if not given and not fields["placeholder"]:
        yield blocking("name-missing", NAMES[0])
    for name in given:
        yield from names.findings(fields[name], name)


def _birth(fields: Mapping[str, str], birth: births.Birth | None, today: datetime.date) -> Iterator[Finding]:
    if birth is not None:
        yield from births.findings(birth, today)
    elif fields["birth"]:
        yield blocking("birth-unreadable", "birth")
    elif fields["placeholder"] != UNKNOWN:
        yield blocking("birth-missing", "birth")


def _contacts(fields: Mapping[str, str]) -> Iterator[Finding]:
    for name in (*PHONES, "contact_phone"):
        if fields[name]:
            yield from phones.findings(fields[name], name)
    if fields["contact_name"]:
        yield from names.findings(fields["contact_name"], "contact_name")
    for name, longest in ADDRESS.items():
        if len(fields[name]) > longest:
            length = str(len(fields[name]))
            yield blocking("too-long", name, longest=str(longest), length=length)
