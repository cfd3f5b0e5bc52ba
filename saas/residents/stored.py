"""Between a resident's rows and the plain texts of the form; numbers are sealed on the way in."""

from __future__ import annotations

import typing
import uuid

from saas.db import new_id
from saas.residents.models import Resident, ResidentKey, ResidentName
from saas.residents.rules import birth as births
from saas.residents.rules import citizen_id, phones
from saas.residents.rules.identity import ADDRESS, FIELDS, NAMES, PHONES, Fields

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from saas.residents.summaries import Sealed, Summary
    from saas.web.keys import ClinicKeys

# Field of the form → kind and position of its row.
_KEY_ROWS = {
    "document_number": ("document", 0),
    "phone_0": ("phone", 0),
    "phone_1": ("phone", 1),
    "phone_2": ("phone", 2),
    "contact_phone": ("contact_phone", 0),
}
_PHONES = ("phone", "contact_phone")
_HASHED_AS = {"contact_phone": "phone"}
_PLAIN = ("sex_code", "placeholder", "contact_name", "print_language", *ADDRESS)


def number_hash(keys: ClinicKeys, field: str, value: str) -> bytes:
    """What a number is found by: equal for the same number, of whatever document or person."""
    if field == "document_number":
        return keys.hash("document", citizen_id.normalised(value))
    return keys.hash("phone", phones.normalised(value))


def tail_hash(keys: ClinicKeys, value: str, length: int) -> bytes | None:
    """What a number is found by when only its end is known; None for a number that is no longer itself.

    ``value`` is normalised. ``length`` is 4 or 6: no other part of a number finds anybody (rights N2).
    """
    return keys.hash(f"tail {length}", value[-length:]) if len(value) > length else None


def opened(key: ResidentKey | Sealed, keys: ClinicKeys) -> str:
    """The number of a row. Raises ``SealBrokenError`` when the row was tampered with."""
    return keys.open(key.value, f"resident_key:{key.id}")


def fields_of(resident: Resident, keys: ClinicKeys) -> Fields:
    """What is stored of a resident, as the texts of her form."""
    numbers = {(key.kind, key.position): key for key in resident.keys}
    texts = {name.position: name.text for name in resident.names}
    document = numbers.get(("document", 0))
    fields = {
        "document_type": document.type_code if document else "",
        "document_number": opened(document, keys) if document else "",
        **{field: texts.get(position, "") for position, field in enumerate(NAMES)},
        "placeholder": resident.placeholder,
        "sex_code": resident.sex_code,
        "birth": birth_text(resident),
    }
    for field in (*PHONES, "contact_phone"):
        row = numbers.get(_KEY_ROWS[field])
        fields[field] = opened(row, keys) if row else ""
    fields["contact_name"] = resident.contact_name
    fields["site_id"] = str(resident.site_id)
    fields |= {field: getattr(resident, field) for field in ADDRESS}
    fields["print_language"] = resident.print_language
    return {field: fields[field] for field in FIELDS}


def birth_text(resident: Resident | Summary) -> str:
    """1963-05-07, 1963-05, 1963 or nothing."""
    if resident.birth_date is None:
        return ""
    return str(births.Birth(resident.birth_date, resident.birth_precision))


def put(resident: Resident, fields: Mapping[str, str], keys: ClinicKeys) -> None:
    """Write tidied fields into a resident's rows; what did not change is left as it is."""
    for field in _PLAIN:
        setattr(resident, field, fields[field])
    resident.site_id = uuid.UUID(fields["site_id"])
    birth = births.parsed(fields["birth"])
    resident.birth_date = birth.on if birth else None
    resident.birth_precision = birth.precision if birth else births.DAY
    for position, field in enumerate(NAMES):
        _put_name(resident, position, fields[field])
    for field, (kind, position) in _KEY_ROWS.items():
        type_code = fields["document_type"] if kind == "document" else ""
        _put_key(resident, (kind, position, type_code), fields[field], keys)


def _put_name(resident: Resident, position: int, text: str) -> None:
    row = next((name for name in resident.names if name.position == position), None)
    if not text:
        if row is not None:
            resident.names.remove(row)
        return
    if row is None:
        row = ResidentName(id=new_id(), position=position)
        resident.names.append(row)
    row.text = text


def _put_key(resident: Resident, place: tuple[str, int, str], value: str, keys: ClinicKeys) -> None:
    kind, position, type_code = place
    row = next((key for key in resident.keys if (key.kind, key.position) == place[:2]), None)
    if not value:
        if row is not None:
            resident.keys.remove(row)
        return
    if row is None:
        row = ResidentKey(id=new_id(), kind=kind, position=position)
        resident.keys.append(row)
    elif opened(row, keys) == value:
        row.type_code = type_code
        return
    row.type_code = type_code
    seal_number(row, value, keys)


def normalised(kind: str, value: str) -> str:
    """A number of this kind of key as it is compared."""
    return phones.normalised(value) if kind in _PHONES else citizen_id.normalised(value)


def seal_number(row: ResidentKey, value: str, keys: ClinicKeys) -> None:
    """Write a number into its row: sealed, with the keyed hashes of itself and of its ends."""
    compared = normalised(row.kind, value)
    row.value = keys.seal(value, f"resident_key:{row.id}")
    row.hash = keys.hash(_HASHED_AS.get(row.kind, row.kind), compared)
    row.tail_four, row.tail_six = tail_hash(keys, compared, 4), tail_hash(keys, compared, 6)
