"""Whom a form of this room is about, and what follows from a signed one."""

from __future__ import annotations

import dataclasses
import functools
import typing

import sqlalchemy as sa
from flask import url_for

from saas.db import session
from saas.formkit.desk import Shown, Subject
from saas.public_health import calls, declining, onward, owing, registering
from saas.public_health.rules import due_measures as says
from saas.residents import codes, person, reading, showing, stored
from saas.residents.messages import isolated
from saas.residents.models import Resident
from saas.web import clock
from saas.web.request import here

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Callable, Collection, Mapping, Sequence

    from saas.formkit.folder import Folder
    from saas.formkit.models import Record
    from saas.residents.book import Book


_SETTLE_MORE = frozenset({calls.FORM, says.REGISTRATION})
"""Forms from which more may follow of her than duties: she is read anew after them."""
_SPACE = 48_711
"""Keeps this lock apart from other advisory locks; the table's own oid makes it the clinic's."""
ONE_AT_A_TIME = sa.text(f"SELECT pg_advisory_xact_lock({_SPACE} + 'record'::regclass::oid::bigint)")


@dataclasses.dataclass(frozen=True)
class Held(Subject):
    """A resident whose row is held, with all that was read of her then."""

    book: Book | None = None


def subject(resident_id: uuid.UUID | None) -> Subject | None:
    """The resident as forms need her."""
    resident = None if resident_id is None else reading.one(resident_id)
    if resident is None:
        return None
    return Subject(ids=tuple(person.ids_of(resident.id)), **_about(resident, lambda: resident))


def locked_subject(resident_id: uuid.UUID | None) -> Subject | None:
    """The same with her row held until the end of the request: her records are chained."""
    book = None if resident_id is None else owing.held(resident_id)
    if book is None:
        return None
    whole = functools.partial(session.get_one, Resident, book.id)
    return Held(ids=book.ids, filed=book.folder, book=book, **_about(book.rows[book.id], whole))


def clinic(resident_id: uuid.UUID | None) -> Subject | None:
    """The clinic itself, as forms about no person need it; at the first open place of who is here."""
    if resident_id is not None:
        return None
    own = [site for site in reading.own_sites(here.staff) if site.closed_at is None] or reading.sites()
    return Subject(id=None, ids=(), site_id=own[0].id, showing=_clinic_shown)


def _clinic_shown() -> Shown:
    names = (here.clinic.name_ug, here.clinic.name_zh)
    return Shown(tuple(name for name in names if name), "", "", url_for("public_health.clinic_record_list"))


def locked_clinic(resident_id: uuid.UUID | None) -> Subject | None:
    """The same, one at a time: the clinic's own records are one chain."""
    session.execute(ONE_AT_A_TIME)
    return clinic(resident_id)


def _about(row: typing.Any, whole: Callable[[], Resident]) -> dict[str, typing.Any]:  # noqa: ANN401 - a row
    """What is known of her by her row; ``whole`` gives her with names and numbers, when a page asks."""
    return {
        "id": row.id,
        "site_id": row.site_id,
        "showing": lambda: _shown(whole()),
        "judged_by": functools.partial(_facts, row),
        "known": functools.partial(_known, whole),
        "person": lambda on: _person(whole(), on),
    }


def _shown(resident: Resident) -> Shown:
    parts = (
        str(codes.SEX_LABELS[resident.sex_code]),
        showing.age_text(resident, clock.today()),
        stored.birth_text(resident),
    )
    return Shown(
        names=tuple(name.text for name in resident.names) or (showing.placeholder(resident),),
        line=" · ".join(isolated(part) for part in parts if part),
        record_number=_record_number(resident),
        url=url_for("residents.show", resident_id=resident.id),
    )


def _person(resident: Resident, on: datetime.date) -> dict[str, str]:
    """Who she is, as a letter says it of her."""
    texts = stored.fields_of(resident, here.clinic.keys)
    return {
        "sex": str(codes.SEX_LABELS[resident.sex_code]),
        "age": showing.age_text(resident, on),
        "address": _address(texts),
        "phone": texts["phone_0"],
    }


def _address(texts: Mapping[str, str]) -> str:
    """Her address in one line, the largest part first."""
    parts = ("province", "prefecture", "county", "township", "village", "address_detail")
    return " ".join(filter(None, (texts[part] for part in parts)))


@dataclasses.dataclass(frozen=True)
class _Her:
    row: Resident

    @functools.cached_property
    def texts(self) -> Mapping[str, str]:
        return stored.fields_of(self.row, here.clinic.keys)


_PERSONAL: Mapping[str, Callable[[_Her], str]] = {
    "full_name": lambda her: next((name.text for name in her.row.names), ""),
    "sex_code": lambda her: her.row.sex_code,
    "birth_date": lambda her: str(her.row.birth_date or "") if her.row.birth_precision == "day" else "",
    "record_no": lambda her: _record_number(her.row),
    "current_address": lambda her: _address(her.texts),
    "township_name": lambda her: her.texts["township"],
    "village_name": lambda her: her.texts["village"],
    "own_phone": lambda her: her.texts["phone_0"],
    "home_phone": lambda her: her.texts["phone_0"],
    "contact_name": lambda her: her.texts["contact_name"],
    "contact_phone": lambda her: her.texts["contact_phone"],
}
"""What stands in her personal data, by the names that the national forms give it."""
_BY_HER_OWN_YES = frozenset({"enrolled_on", "consent"})


def _known(whole: Callable[[], Resident], asked: Collection[str]) -> dict[str, str]:
    """What a form asks for and the clinic knows already; most forms ask for nothing, and nothing is read."""
    known = {"event_code": declining.chosen()} if "event_code" in asked else {}
    if wanted := _PERSONAL.keys() & asked:
        her = _Her(whole())
        known |= {name: _PERSONAL[name](her) for name in wanted}
    if not _BY_HER_OWN_YES.isdisjoint(asked):
        known |= _enrolled(whole().id)
    return known


def _enrolled(resident_id: uuid.UUID) -> dict[str, str]:
    """Her own yes to the management of hypertension, as its registration asks for it."""
    since = registering.enrolled_on(resident_id)
    return {} if since is None else {"enrolled_on": str(since), "consent": "1"}


def _record_number(resident: Resident) -> str:
    number = next((key for key in resident.keys if key.kind == "record"), None)
    return stored.opened(number, here.clinic.keys) if number else ""


def _facts(row: typing.Any, folder: Folder) -> dict[str, object]:  # noqa: ANN401
    """What rules may know: birth date, sex, the last height, when she was last weighed."""
    facts: dict[str, object] = {"sex_code": row.sex_code}
    if row.birth_date is not None:
        facts["birth_date"] = str(row.birth_date)
    last = folder.last_answers(("height", "weight"))
    if "height" in last:
        facts["height"] = last["height"].value
    if "weight" in last:
        facts["last_weighed_on"] = str(last["weight"].service_date)
    return facts


def signed(whom: Subject, record: Record) -> Sequence[str]:
    """What a new record settled, in words."""
    if whom.id is None:
        return ()
    calls.settle(whom.id, record)
    registering.settle(whom.id, record)
    return [*settled(whom, record), *declining.said(record)]


def settled(whom: Subject, *made: Record) -> list[str]:
    """Which duties the records of one page closed, in words."""
    more = any(one.form_code in _SETTLE_MORE for one in made)
    return owing.signed(whom.ids, *made, book=whom.book if isinstance(whom, Held) and not more else None)


def after(whom: Subject, record: Record) -> str:
    """Where one goes after signing: on to the next person of the list, where one came from it."""
    asked = onward.walked()
    if asked is not None and whom.id is not None:
        return onward.next_url(asked, whom.id)
    sheet = registering.after(whom.id, record) if whom.id is not None else None
    return sheet or url_for("public_health.record", resident_id=whom.id, record_id=record.id)


def place() -> dict[str, str]:
    """The list from which a form was opened, for the addresses of its page."""
    asked = onward.walked()
    return {} if asked is None else {"list": asked.text}


def came_from(whom: Subject) -> str:
    """Her line of that list; nothing where the form was opened from no list."""
    asked = onward.walked()
    return "" if asked is None or whom.id is None else onward.line_url(asked, whom.id)


def after_clinic(whom: Subject, record: Record) -> str:
    """Where one goes after signing a form about the clinic: the record itself."""
    del whom
    return url_for("public_health.clinic_record", record_id=record.id)
