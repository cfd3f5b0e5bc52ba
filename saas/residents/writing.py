"""Registering and changing a resident. Nothing here commits and nothing is ever deleted."""

from __future__ import annotations

import typing

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from saas.db import Fixed, new_id, session, value_of
from saas.residents import numbering, stored
from saas.residents.models import Counter, Resident
from saas.web import changes

if typing.TYPE_CHECKING:
    import datetime
    import uuid

    from saas.residents.rules.identity import Fields
    from saas.residents.rules.standing import Standing
    from saas.web.keys import ClinicKeys


def register(
    fields: Fields,
    keys: ClinicKeys,
    *,
    form_id: uuid.UUID,
    at: datetime.datetime,
    by: uuid.UUID,
) -> Resident | None:
    """Store a resident from tidied fields without blocking findings; None if the form is already in."""
    try:
        with session.begin_nested():
            resident = made(fields, keys, form_id=form_id, at=at, by=by)
            numbering.give([resident], keys)
            session.add(resident)
    except IntegrityError as error:
        if "uq_resident_form_id" not in str(error.orig):
            raise
        return None
    changes.tell(resident.id)
    return resident


def made(
    fields: Fields,
    keys: ClinicKeys,
    *,
    form_id: uuid.UUID,
    at: datetime.datetime,
    by: uuid.UUID,
) -> Resident:
    """A new resident, not yet stored; only a placeholder's number is already taken."""
    resident = Resident(id=new_id(), form_id=form_id, created_at=at, created_by=by)
    resident.updated_at, resident.updated_by = at, by
    stored.put(resident, fields, keys)
    _number_placeholder(resident, before="")
    return resident


def change(
    resident: Resident,
    fields: Fields,
    keys: ClinicKeys,
    *,
    at: datetime.datetime,
    by: uuid.UUID,
) -> list[str]:
    """Write tidied fields over a locked resident; the names of the fields that changed."""
    before = stored.fields_of(resident, keys)
    changed = [field for field, text in before.items() if fields[field] != text]
    if changed:
        # A flush in between would store a placeholder that has no number yet.
        with session.no_autoflush:
            stored.put(resident, fields, keys)
            _number_placeholder(resident, before=before["placeholder"])
            resident.updated_at, resident.updated_by = at, by
        session.flush()
        changes.tell(resident.id)
    return changed


def stand(resident: Resident, new: Standing, *, at: datetime.datetime, by: uuid.UUID) -> None:
    """Write where a locked resident stands; names, numbers and all that was done stay as they are."""
    resident.standing, resident.ended_on, resident.ended_note = new
    resident.updated_at, resident.updated_by = at, by
    session.flush()
    changes.tell(resident.id)


_MADE_BY = Fixed(
    sa.select(Resident.id).where(Resident.form_id == sa.bindparam("form", type_=sa.Uuid, required=True))
)


def by_form(form_id: uuid.UUID) -> Resident | None:
    """The resident that this form has already made."""
    made_before = value_of(_MADE_BY.of(form=form_id))
    return None if made_before is None else session.get_one(Resident, made_before)


# Names and numbers are read when somebody asks for them: who signs a form does not.
_LOCKED = (
    sa.select(Resident)
    .where(Resident.id == sa.bindparam("id"))
    .with_for_update(of=Resident)
    .options(orm.lazyload(Resident.names), orm.lazyload(Resident.keys))
    .execution_options(populate_existing=True)
)


def locked(resident_id: uuid.UUID) -> Resident | None:
    """The resident, held until the end of this request so that two changes come one after the other."""
    return session.scalars(_LOCKED, {"id": resident_id}).one_or_none()


def next_number(prefix: str) -> int:
    """The next number of a series; two doctors at once get two numbers, and none comes back."""
    statement = (
        insert(Counter)
        .values(prefix=prefix, last=1)
        .on_conflict_do_update(index_elements=["prefix"], set_={"last": Counter.last + 1})
        .returning(Counter.last)
    )
    return session.execute(statement).scalar_one()


def _number_placeholder(resident: Resident, before: str) -> None:
    """A number for "unnamed newborn" or "unknown person"; none for a person with a name alone."""
    if resident.placeholder == before:
        return
    kind = resident.placeholder
    resident.placeholder_number = next_number(kind) if kind else None
