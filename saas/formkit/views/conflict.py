"""Two people corrected one record: both versions side by side, field by field; choose."""

from __future__ import annotations

import dataclasses
import typing

from flask import render_template

from saas.formkit import answering, comparing, posting, reading, records
from saas.formkit.declaring import fields_of
from saas.formkit.desk import LOST_RACE, Desk
from saas.formkit.views import telling
from saas.web import log

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from saas.formkit.answering import Answer
    from saas.formkit.comparing import Difference
    from saas.formkit.declaring import Form
    from saas.formkit.models import Record
    from saas.formkit.posting import Posted
    from saas.formkit.views.filling import Sheet

COMPARED = "compared"
_OF_THE_PAGE = frozenset({"csrf_token", "form_id", "told", COMPARED, "amends", "_language"})


@dataclasses.dataclass(frozen=True)
class Row:
    """One field that differs, in words. ``chosen`` is the side that is marked."""

    name: str
    label: str
    before: Answer | None
    theirs: Answer | None
    mine: Answer | None
    chosen: str
    undecided: bool


def is_answer(sent: Posted) -> bool:
    """True when the request answers the page of two versions."""
    return COMPARED in sent


def stored(form: type[Form], record: Record) -> dict[str, list[str]]:
    """A record as its page would send it."""
    return posting.posted_of(form, record.answers)


def notes_posted(record: Record) -> dict[str, list[str]]:
    """The notes of a record as its page would send them."""
    return {posting.NOTE_PREFIX + code: [text] for code, text in record.notes.items()}


def with_what_is_hidden(
    form: type[Form], record: Record, sent: Posted, hidden: frozenset[str]
) -> dict[str, list[str]]:
    """What was sent, with the stored answers that the page did not show: they stay as they are."""
    texts, own = without_what_is_hidden(sent, hidden), stored(form, record)
    for name in hidden:
        texts |= posting.parts_of(own, name)
    return texts


def without_what_is_hidden(sent: Posted, hidden: frozenset[str]) -> dict[str, list[str]]:
    """What was sent, without the fields that the person is not shown."""
    secret = {key for name in hidden for key in posting.parts_of(sent, name)}
    return {key: list(each) for key, each in sent.items() if key not in secret}


def _differences(desk: Desk, sheet: Sheet, before: Record | None) -> list[Difference]:
    assert sheet.amends is not None  # noqa: S101 - the page of two versions amends one
    was = None if before is None else stored(sheet.form, before)
    theirs = stored(sheet.form, sheet.amends)
    return comparing.differences(sheet.form, was, theirs, sheet.sent, desk.hidden(sheet.form))


def undecided(desk: Desk, sheet: Sheet) -> bool:
    """True while a field that differs has no choice."""
    made = comparing.choices(sheet.sent)
    return any(each.name not in made for each in _differences(desk, sheet, None))


def decided(sheet: Sheet) -> Sheet:
    """The sheet that follows from the choices; it goes on as any other correction."""
    assert sheet.amends is not None  # noqa: S101 - the page of two versions amends one
    theirs = stored(sheet.form, sheet.amends)
    sent = comparing.merged(sheet.form, theirs, sheet.sent, comparing.choices(sheet.sent))
    sent.pop(COMPARED, None)
    return dataclasses.replace(sheet, sent=notes_posted(sheet.amends) | sent)


def page(
    desk: Desk, sheet: Sheet, *, before: Record | None = None, status: int = LOST_RACE
) -> ResponseReturnValue:
    """Both versions, field by field. Nothing is saved and nothing typed is lost."""
    log.note("records.conflict", residents=sheet.subject.logged)
    newest = typing.cast("Record", sheet.amends)
    people, _ = records.names_of([newest])
    base = before or _base(desk, sheet)
    content = render_template(
        "formkit/conflict.html",
        form=sheet.page,
        sheet_title=str(sheet.form.about.title),
        subject=sheet.subject,
        newest=newest,
        other=people[newest.signed_by],
        rows=_rows(desk, sheet, base),
        base=base,
        action=desk.url("amend", sheet.subject, record_id=newest.id),
        back_url=telling.back(desk, sheet.subject, newest),
        sent=_hidden_inputs(without_what_is_hidden(sheet.sent, desk.hidden(sheet.form))),
    )
    return content, status


def _base(desk: Desk, sheet: Sheet) -> Record | None:
    """The record that both began from: the one before the newest."""
    newest = typing.cast("Record", sheet.amends)
    return desk.record(sheet.subject, newest.amends) if newest.amends else None


def _hidden_inputs(sent: Posted) -> list[tuple[str, str]]:
    """Mine, as the page carries it along."""
    return [
        (key, text)
        for key, texts in sent.items()
        if key not in _OF_THE_PAGE and not key.startswith(comparing.CHOICE_PREFIX)
        for text in texts
        if text
    ]


def _rows(desk: Desk, sheet: Sheet, base: Record | None) -> list[Row]:
    form, newest = sheet.form, typing.cast("Record", sheet.amends)
    typed = reading.read(form, posting.raw_answers(form, sheet.sent)).answers.written()
    was = _worded(form, base.answers if base else {})
    theirs, mine = _worded(form, newest.answers), _worded(form, typed)
    made, again = comparing.choices(sheet.sent), is_answer(sheet.sent) and sheet.page.arrived()
    rows = []
    for each in _differences(desk, sheet, base):
        name, chosen = each.name, made.get(each.name, each.proposed)
        label = str(fields_of(form)[name].label)
        versions = (was.get(name), theirs.get(name), mine.get(name))
        rows.append(Row(name, label, *versions, chosen, again and not chosen))
    return rows


def _worded(form: type[Form], answers: typing.Mapping[str, object]) -> dict[str, Answer]:
    return {each.name: each for each in answering.answers_of(form, answers)}
