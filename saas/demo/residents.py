"""Synthetic residents: the unassigned area 650099, phones that begin with 000, invented names."""

from __future__ import annotations

import csv
import datetime
import functools
import importlib.resources
import itertools
import random
import typing

from saas.accounts.models import Site, Staff
from saas.db import new_id, session
from saas.residents import numbering, writing
from saas.residents.rules import address, citizen_id, identity

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from saas.residents.rules.identity import Fields
    from saas.web.clinic import Clinic

AREA = "650099"
"""Not assigned to any county: no number made from it can be a living person's."""

_CHUNK = 500
_HAN_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_HAN_GIVEN = {
    "1": ("伟", "强", "磊", "军", "勇", "建国", "志强", "海涛", "文斌", "小龙"),
    "2": ("芳", "娜", "敏", "静", "丽", "秀英", "桂兰", "玉梅", "晓燕", "雪"),
}
_STREETS = ("1组", "2组", "3组", "团结路", "和平巷", "河边")


class Given(typing.NamedTuple):
    """One given name in the scripts in which people write it."""

    ug: str
    latin: str
    sex_code: str
    zh: list[str]


@functools.cache
def given_names() -> tuple[Given, ...]:
    """The common names of ``data/names.csv``, with their source there."""
    text = importlib.resources.files("saas.demo").joinpath("data/names.csv").read_text("utf-8")
    return tuple(
        Given(row["ug"], row["latin"], row["sex_code"], row["zh"].split(";"))
        for row in csv.DictReader(text.splitlines())
    )


def add_residents(clinic: Clinic, count: int, now: datetime.datetime) -> None:
    """Add residents to the clinic of the current session, spread over its places; the same each time."""
    sites = session.query(Site).order_by(Site.code).all()
    staff = session.query(Staff).order_by(Staff.username).first()
    if staff is None:
        message = "residents need somebody who registered them"
        raise LookupError(message)
    chance = random.Random(clinic.code)  # noqa: S311 - the same invented people each time
    forms = synthetic(chance, count, sites, now.date())
    while chunk := list(itertools.islice(forms, _CHUNK)):
        made = [
            writing.made(
                identity.tidied(fields | _place(clinic)),
                clinic.keys,
                form_id=new_id(),
                at=now,
                by=staff.id,
            )
            for fields in chunk
        ]
        numbering.give(made, clinic.keys)
        session.add_all(made)
        session.flush()
        session.expire_all()


def synthetic(
    chance: random.Random, count: int, sites: Sequence[Site], today: datetime.date
) -> Iterator[Fields]:
    """Forms of invented people of all ages; some without document, day of birth, or name."""
    for number in range(count):
        site = sites[number % len(sites)]
        yield dict.fromkeys(identity.FIELDS, "") | {
            **_person(chance, number, today),
            **_contact(chance, number),
            "site_id": str(site.id),
            "village": address.village_of(site.name_zh),
            "address_detail": chance.choice(_STREETS),
            "print_language": chance.choice(identity.PRINT_LANGUAGES),
        }


def citizen_number(day: datetime.date, serial: int) -> str:
    """A right number of the unassigned area; an odd serial is a man's."""
    first = f"{AREA}{day:%Y%m%d}{serial % 1000:03d}"
    return first + citizen_id.check_character(first)


def _place(clinic: Clinic) -> Fields:
    return {
        "township": address.township_of(clinic.name_zh),
        "county": clinic.county_zh,
        "prefecture": clinic.prefecture_zh,
        "province": address.PROVINCE,
    }


def _person(chance: random.Random, number: int, today: datetime.date) -> Fields:
    sex_code = chance.choice("12")
    if number % 60 == 59:  # noqa: PLR2004 - about two in a hundred
        return _without_name(number, sex_code, today)
    born = today - datetime.timedelta(days=int(chance.triangular(1, 95 * 365, 30 * 365)))
    person = _names(chance, sex_code) | {"sex_code": sex_code}
    if number % 12 == 11:  # noqa: PLR2004 - some know no more than the year and have no document
        return person | {"birth": str(born.year)}
    serial = 2 * (number % 500) + (sex_code == "1")
    return person | {"document_type": "01", "document_number": citizen_number(born, serial)}


def _without_name(number: int, sex_code: str, today: datetime.date) -> Fields:
    if number % 120 == 59:  # noqa: PLR2004 - every other one
        born = today - datetime.timedelta(days=2)
        return {"placeholder": identity.NEWBORN, "sex_code": sex_code, "birth": str(born)}
    return {"placeholder": identity.UNKNOWN, "sex_code": sex_code}


def _names(chance: random.Random, sex_code: str) -> Fields:
    """Given and father's name in both scripts, some in a third form; or a Han name in one."""
    if chance.random() < 0.25:  # noqa: PLR2004 - a share of the demo, no statement about a place
        return {"name_0": chance.choice(_HAN_SURNAMES) + chance.choice(_HAN_GIVEN[sex_code])}
    own = chance.choice([name for name in given_names() if name.sex_code == sex_code])
    father = chance.choice([name for name in given_names() if name.sex_code == "1"])
    written = {
        "name_0": f"{chance.choice(own.zh)}·{chance.choice(father.zh)}",
        "name_1": f"{own.ug} {father.ug}",
    }
    if chance.random() < 0.3:  # noqa: PLR2004 - the third form is rarer
        written["name_2"] = f"{own.latin} {father.latin}"
    return written


def _contact(chance: random.Random, number: int) -> Fields:
    """A household of three shares one phone."""
    if number % 10 == 7:  # noqa: PLR2004 - some have none
        return {}
    contact = chance.choice(given_names())
    return {
        "phone_0": f"000{number // 3:08d}",
        "contact_name": contact.ug,
        "contact_phone": f"0009{number // 3:07d}",
    }
