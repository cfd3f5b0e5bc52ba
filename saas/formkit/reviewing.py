"""Signed records as they are read: the list of a resident's, one with its history, the print."""

from __future__ import annotations

import dataclasses
import typing

from flask import abort, render_template, request

from saas.formkit import records, texts
from saas.formkit.declaring import Form, fields_of
from saas.formkit.kinds import Rows
from saas.formkit.reading import MISSING
from saas.web import i18n, log

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Mapping

    from flask.typing import ResponseReturnValue

    from saas.formkit.declaring import Field
    from saas.formkit.desk import Desk
    from saas.formkit.models import Record


@dataclasses.dataclass(frozen=True)
class Answer:
    """One answered field in words. ``boxes`` are the paper's codes, ``table`` the rows of a table."""

    label: str
    text: str
    unit: str
    boxes: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    heads: tuple[str, ...]
    left_to_right: bool


class Shower:
    """The pages on which signed records are read."""

    def __init__(self, room: str, desk: Desk) -> None:
        self.room = room
        self.desk = desk

    def listed(self, resident_id: uuid.UUID) -> ResponseReturnValue:
        """The records of a resident that hold, newest first, and the forms that can be begun."""
        subject = self.desk.person(resident_id)
        found = records.listed(subject.ids)
        log.note("records.list", residents=[subject.id])
        people, sites = records.names_of(found)
        forms = [form for form in self.desk.forms.values() if form.about.subject == "resident"]
        return render_template(
            "formkit/list.html",
            subject=subject,
            records=[(each, self._title(each)) for each in found],
            people=people,
            sites=sites,
            forms=[(form.about.code, str(form.about.title)) for form in forms],
            room=self.room,
        )

    def shown(self, resident_id: uuid.UUID, record_id: uuid.UUID) -> ResponseReturnValue:
        """One record with everything that took its place or that it took the place of."""
        subject = self.desk.person(resident_id)
        record = records.one(record_id, subject.ids) or abort(404)
        line = records.history(record)
        log.note("records.show", residents=[subject.id], detail={"record": record.id})
        people, sites = records.names_of(line)
        return render_template(
            "formkit/show.html",
            subject=subject,
            record=record,
            holds=line[-1].id == record.id and not record.void,
            newest=line[-1],
            title_of_form=self._title(record),
            answers=answers_of(self.desk.form(record.form_code), record),
            notes=self._notes(record),
            line=line,
            people=people,
            sites=sites,
            room=self.room,
        )

    def printed(self, resident_id: uuid.UUID, record_id: uuid.UUID) -> ResponseReturnValue:
        """The record on paper, in one language or in both."""
        subject = self.desk.person(resident_id)
        record = records.one(record_id, subject.ids) or abort(404)
        form = self.desk.form(record.form_code)
        asked = request.args.get("print")
        chosen: list[i18n.Language] = [each for each in i18n.TONGUES if asked in {each, None}]
        log.note("records.print", residents=[subject.id], purpose="print", detail={"record": record.id})
        people, sites = records.names_of([record])
        sheets = []
        for language in chosen:
            with texts.speaking(language):
                tongue = i18n.TONGUES[language]
                words = printed_words()
                sheets.append((tongue, str(form.about.title), answers_of(form, record), words))
        return render_template(
            "formkit/print.html",
            subject=subject,
            record=record,
            sheets=sheets,
            people=people,
            sites=sites,
            room=self.room,
        )

    def _title(self, record: Record) -> str:
        form = self.desk.forms.get(record.form_code)
        return str(form.about.title) if form else record.form_code

    def _notes(self, record: Record) -> list[tuple[str, str]]:
        form = self.desk.form(record.form_code)
        return [(note_title(form, code), text) for code, text in record.notes.items()]


def note_title(form: type[Form], code: str) -> str:
    """What was not followed; a sentence with gaps is named by its code."""
    pattern = str(form.about.sentences.get(code) or texts.SENTENCES.get(code) or code)
    return code if "%(" in pattern else pattern


def printed_words() -> dict[str, str]:
    """The words of the paper's frame, in the language of the moment."""
    return {
        "name": str(texts.FRAME["name"]),
        "number": str(texts.FRAME["number"]),
        "signed": str(texts.FRAME["signed"]),
        "next": str(texts.FRAME["next"]),
    }


def answers_of(form: type[Form], record: Record) -> list[Answer]:
    """Every answered field in the order of the paper, in the language of the moment."""
    reasons = typing.cast("Mapping[str, str]", record.answers.get(MISSING) or {})
    return list(_answers(form, record.answers, reasons))


def _answers(form: type[Form], answers: Mapping[str, object], reasons: Mapping[str, str]) -> Iterator[Answer]:
    for name, field in fields_of(form).items():
        if field.kind == "reference":
            continue
        if name in answers:
            yield _answer(field, answers[name])
        elif name in reasons:
            reason = str(texts.REASONS.get(reasons[name], reasons[name]))
            yield Answer(str(field.label), reason, "", (), (), (), left_to_right=False)


def _answer(field: Field[object], value: object) -> Answer:
    label = str(field.label)
    if isinstance(field, Rows) and isinstance(value, list):
        parts = fields_of(field.row)
        table = tuple(tuple(_said(each, row.get(part)) for part, each in parts.items()) for row in value)
        heads = tuple(str(each.label) for each in parts.values())
        return Answer(label, "", "", (), table, heads, left_to_right=False)
    codes = tuple(str(each) for each in value) if isinstance(value, list) else (str(value),)
    boxes = codes if hasattr(field, "choices") else ()
    numeric = field.kind in {"whole", "decimal", "calculated", "date", "month", "datetime", "graded"}
    return Answer(label, _said(field, value), field.unit, boxes, (), (), left_to_right=numeric)


def _said(field: Field[object], value: object) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return str(texts.YES if value else texts.NO)
    choices = getattr(field, "choices", {})
    values = value if isinstance(value, list) else [value]
    found = [str(choices[str(each)].label) if str(each) in choices else str(each) for each in values]
    return " · ".join(found)
