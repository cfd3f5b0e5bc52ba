"""The first administrator of a clinic that has none: by command or by a printed invitation (rights N12)."""

from __future__ import annotations

import typing

import sqlalchemy as sa

from saas.accounts import permissions, staff_secrets
from saas.accounts.models import Site, Staff
from saas.db import new_id

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from saas.web.door import ClinicCard


def everybody_held(session: Session, card: ClinicCard) -> Sequence[Staff]:
    """Everybody of the clinic, under a lock to the end, so that two at once do not both find nobody."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(str(card.id)))))
    return session.scalars(sa.select(Staff)).all()


def is_there(people: Sequence[Staff]) -> bool:
    """Whether somebody can sign in as administrator; then nobody comes from outside any more."""
    return any(permissions.is_administrator(who.roles) and not who.disabled_at for who in people)


def add(  # noqa: PLR0913 - one person
    session: Session,
    username: str,
    name: str,
    password_hash: str,
    now: datetime.datetime,
    *,
    temporary_until: datetime.datetime | None = None,
) -> Staff:
    """The person and her password; without a time it is her own and does not run out."""
    # Without a place of work no record would open to her without a reason.
    centre = session.scalars(sa.select(Site.id).where(Site.kind == "centre")).one()
    person = Staff(
        id=new_id(),
        username=username,
        name=name,
        roles=[permissions.CLINIC_ADMIN],
        site_ids=[str(centre)],
        created_at=now,
    )
    session.add(person)
    session.flush()
    staff_secrets.add(
        person.id,
        password_hash,
        now,
        temporary_until=temporary_until,
        temporary=temporary_until is not None,
    )
    return person


def free_username(wanted: str, people: Sequence[Staff]) -> str:
    """The user name of the slip, or with a number behind it where somebody had it before."""
    taken = {who.username for who in people}
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}{number}"
    return name
