"""Taking back what one page just signed: voided with a fixed reason, and typed again for a new try."""

from __future__ import annotations

import typing
import uuid

import sqlalchemy as sa

from saas.db import session
from saas.formkit import posting, records
from saas.formkit.models import Record
from saas.formkit.records import Signature
from saas.formkit.texts import TAKEN_BACK
from saas.public_health import calls, joint, owing
from saas.public_health.rules import taking_back as rule
from saas.web import clock
from saas.web.request import here

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from saas.formkit.desk import Desk, Subject

_NAMESPACE = "taken back"


def is_done(made: Sequence[Record]) -> bool:
    """True when this page was taken back already: a second press of the button changes nothing."""
    return all(records.newest(each).form_id == _form_id(each) for each in made)


def _form_id(record: Record) -> uuid.UUID:
    """The same each time for one page, so that the database itself lets it be voided once."""
    return uuid.uuid5(record.form_id, _NAMESPACE)


def refusal(subject: Subject, made: Sequence[Record]) -> rule.Refusal | None:
    """Why it cannot be taken back; None when it can."""
    return rule.refusal(
        min(each.signed_at for each in made),
        clock.now(),
        hers=all(each.signed_by == here.staff.id for each in made),
        built_on=any(_is_built_on(subject, each) for each in made),
    )


def _is_built_on(subject: Subject, record: Record) -> bool:
    """Corrected or voided, followed by a newer record of its form, or where she stands is another by now."""
    if records.newest(record).id != record.id or not calls.still_stands(record):
        return True
    later = sa.exists().where(
        Record.resident_id.in_(subject.ids),
        Record.form_code == record.form_code,
        Record.signed_at > record.signed_at,
        Record.amends.is_(None),
        records.holds(),
    )
    return bool(session.scalar(sa.select(later)))


def take_back(subject: Subject, made: Sequence[Record]) -> None:
    """Void every record of the page and bring back what they had settled. Raises ``TakenError``."""
    for each in made:
        signature = Signature(here.staff.id, subject.site_id, clock.now(), _form_id(each))
        voided = records.void(each, TAKEN_BACK, signature, here.clinic.keys)
        if voided is not None and subject.id is not None:
            calls.settle(subject.id, voided)
            owing.signed(subject.ids, voided)


def reopen(desk: Desk, subject: Subject, made: Sequence[Record]) -> None:
    """Let what was typed wait as a draft; one that was begun since then is newer and stays.

    A draft of the page that is taken back itself is not newer: it was on its way when the page was signed.
    """
    name = draft_of(desk, subject, made)
    waiting = here.drafts.fetch(name)
    if waiting is None or waiting.get("form_id") == [str(made[0].form_id)]:
        here.drafts.keep(name, _typed(desk, made) | {"form_id": [str(uuid.uuid4())]})


def draft_of(desk: Desk, subject: Subject, made: Sequence[Record]) -> str:
    """The name of the draft of the page that made them."""
    return joint.draft(subject) if is_joint(made) else desk.draft(subject, made[0].form_code)


def is_joint(made: Sequence[Record]) -> bool:
    """True for the records of a joint visit."""
    return len(made) > 1


def _typed(desk: Desk, made: Sequence[Record]) -> dict[str, list[str]]:
    texts = {each.form_code: _texts(desk, each) for each in made}
    return joint.on_one_page(texts) if is_joint(made) else texts[made[0].form_code]


def _texts(desk: Desk, record: Record) -> dict[str, list[str]]:
    notes = {posting.NOTE_PREFIX + code: [text] for code, text in record.notes.items()}
    return posting.posted_of(desk.form(record.form_code), record.answers) | notes
