"""Who of the clinic is likely the person of a form: found by number and by sound, judged by one rule."""

from __future__ import annotations

import dataclasses
import datetime
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from saas.db import Fixed, fetched, session
from saas.residents import linking, person, stored
from saas.residents.models import Resident, ResidentKey, ResidentName
from saas.residents.rules import birth as births
from saas.residents.rules import document
from saas.residents.rules.identity import NAMES, PHONES
from saas.residents.rules.likeness import YEARS_APART, Signs, is_likely
from saas.residents.sounding import sound_keys
from saas.residents.sounding.query import meanings
from saas.residents.sounding.ranking import Ranker

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from saas.residents.rules.identity import Fields
    from saas.web.keys import ClinicKeys

MOST = 6
"""People shown beside one form; those with the same number come first."""
_LOOKED_AT = 50
_TEXTS = ARRAY(sa.Text)
_SAME = 0.85
"""Likeness (0 to 1, ``sounding.ranking``) from which a form of the same coarse sound is the same name."""


class Alike(typing.NamedTuple):
    """One person who is likely the one of the form, and what makes her so."""

    id: uuid.UUID
    signs: Signs


class _Sounding(typing.NamedTuple):
    id: uuid.UUID
    birth_date: datetime.date | None
    sex_code: str
    site_id: uuid.UUID
    same_phone: bool


def same_sound(texts: Iterable[str]) -> sa.Select[uuid.UUID]:
    """The residents of whom a written name has one of these names' coarse sounds, in whatever script."""
    return _heard(sa.literal(_sounds(texts), _TEXTS))


def _sounds(texts: Iterable[str]) -> list[str]:
    return sorted({key for text in texts for key in sound_keys(text)})


def _heard(sounds: sa.ColumnElement[typing.Any]) -> sa.Select[uuid.UUID]:
    return sa.select(ResidentName.resident_id).where(ResidentName.sounds.overlap(sounds))


def _alike(texts: Iterable[str], ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of them with a written form that is really like one of these: one coarse sound has many names."""
    chosen = sa.select(ResidentName.resident_id, ResidentName.text)
    rows = session.execute(chosen.where(ResidentName.resident_id.in_(list(ids)))).all()
    fits = {text: same_name(text, [row[1] for row in rows]) for text in texts}
    return {row[0] for told in fits.values() for row, same in zip(rows, told, strict=True) if same}


def same_name(text: str, others: Iterable[str]) -> list[bool]:
    """Which of these written forms are likely the same name as this one, whatever the scripts."""
    return [score >= _SAME for score in Ranker(meanings(text)[:1]).scores(others)]


def found(fields: Fields, keys: ClinicKeys, apart_from: uuid.UUID | None = None) -> list[Alike]:
    """Who is likely the person of this form, the last registered first, the same number before all.

    Merged records answer for the one who stayed. Nobody is found who was already said to be different
    from ``apart_from``, the resident whose form it is.
    """
    signs = _by_sound(fields, keys, apart_from)
    for one in _by_number(fields, keys):
        signs[one] = dataclasses.replace(signs.get(one, Signs()), same_number=True)
    signs = {one: told for one, told in signs.items() if is_likely(told)}
    now = person.stayers(signs) if signs else {}
    passed_over = linking.different_from(apart_from) | {apart_from} if apart_from else set()
    people: dict[uuid.UUID, Signs] = {}
    for one, told in sorted(signs.items(), key=lambda each: (each[1].same_number, each[0]), reverse=True):
        if one in now and now[one] not in passed_over:
            people.setdefault(now[one], told)
    return [Alike(one, told) for one, told in people.items()][:MOST]


def _by_number(fields: Fields, keys: ClinicKeys) -> list[uuid.UUID]:
    number = fields["document_number"]
    if not number:
        return []
    number = document.in_full(fields["document_type"], number)
    query = (
        sa.select(Resident.id)
        .where(Resident.id.in_(_holders("document", [stored.number_hash(keys, "document_number", number)])))
        .where(Resident.standing != "undone")
        .order_by(Resident.id.desc())
        .limit(_LOOKED_AT)
    )
    return list(session.scalars(query))


def _by_sound(fields: Fields, keys: ClinicKeys, apart_from: uuid.UUID | None) -> dict[uuid.UUID, Signs]:
    texts = [fields[name] for name in NAMES if fields[name]]
    born = births.parsed(fields["birth"])
    if not texts or born is None:
        return {}
    rows = _sounding(texts, born.on.year, fields, keys)
    if not rows:
        return {}
    fitting = _alike(texts, [row.id for row in rows])
    return {
        row.id: Signs(
            same_sound=True,
            years_apart=row.birth_date.year - born.on.year,
            same_sex=row.sex_code == fields["sex_code"],
            same_site=str(row.site_id) == fields["site_id"],
            same_phone=row.same_phone,
        )
        for row in rows
        if row.birth_date is not None and row.id != apart_from and row.id in fitting
    }


def _sounding(
    texts: Iterable[str], year: int, fields: Mapping[str, str], keys: ClinicKeys
) -> list[_Sounding]:
    """Whose name sounds so and who was born about then; what the rule looks at besides."""
    message = _SOUNDING.of(
        sounds=_sounds(texts),
        phones=[stored.number_hash(keys, name, fields[name]) for name in PHONES if fields[name]],
        first=datetime.date(max(year - YEARS_APART, 1), 1, 1),
        last=datetime.date(min(year + YEARS_APART, 9999), 12, 31),
        sex=fields["sex_code"],
        site=uuid.UUID(fields["site_id"]),
    )
    return [_Sounding._make(row) for row in fetched(message)[0]]


def _holders(kind: str, hashes: list[bytes]) -> sa.Select[uuid.UUID]:
    return sa.select(ResidentKey.resident_id).where(ResidentKey.kind == kind, ResidentKey.hash.in_(hashes))


def _statement() -> sa.Executable:
    """Who has a name of these sounds, was born between these days, and is of the place or has a phone."""

    def value(name: str, kind: typing.Any) -> sa.BindParameter[typing.Any]:  # noqa: ANN401 - any type
        return sa.bindparam(name, type_=kind, required=True)

    phone = ResidentKey.hash == sa.any_(value("phones", ARRAY(sa.LargeBinary)))
    holders = sa.select(ResidentKey.resident_id).where(ResidentKey.kind == "phone", phone)
    same_phone = Resident.id.in_(holders)
    about = (Resident.id, Resident.birth_date, Resident.sex_code, Resident.site_id)
    return (
        sa.select(*about, same_phone.label("same_phone"))
        .where(Resident.id.in_(_heard(value("sounds", _TEXTS))))
        .where(Resident.birth_date.between(value("first", sa.Date), value("last", sa.Date)))
        .where(Resident.sex_code == value("sex", sa.Text))
        .where(sa.or_(Resident.site_id == value("site", sa.Uuid), same_phone))
        .where(Resident.standing != "undone")
        .order_by(Resident.id.desc())
        .limit(_LOOKED_AT)
    )


_SOUNDING = Fixed(_statement())
