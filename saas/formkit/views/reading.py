"""Signed records as they are read: the list of a resident's or the clinic's, one with its history."""

from __future__ import annotations

import typing

from flask import render_template, request

from saas.formkit import answering, records, texts
from saas.formkit.evaluating import evaluate
from saas.web import clock, log

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.formkit.declaring import Form
    from saas.formkit.desk import Desk, Subject
    from saas.formkit.models import Record


class Shower:
    """The pages on which signed records are read."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def listed(self, resident_id: uuid.UUID | None = None) -> ResponseReturnValue:
        """The records that hold, newest first, and the forms that can be begun."""
        subject = self.desk.person(resident_id)
        page = max(1, request.args.get("page", 1, int))
        found = records.listed(subject.ids, self.desk.codes(), page)
        shown = found[: records.LISTED]
        log.note("records.list", residents=subject.logged)
        people, sites = records.names_of(shown)
        forms = [self.desk.forms[code] for code in self.desk.codes()]
        return render_template(
            "formkit/list.html",
            subject=subject,
            records=[(each, self._title(each)) for each in shown],
            people=people,
            sites=sites,
            forms=[(form.about.code, str(form.about.title)) for form in forms if self.desk.may_sign(form)],
            link=self._link(subject),
            page_number=page,
            more=len(found) > records.LISTED,
        )

    def shown(self, record_id: uuid.UUID, resident_id: uuid.UUID | None = None) -> ResponseReturnValue:
        """One record with everything that took its place or that it took the place of."""
        subject = self.desk.person(resident_id)
        record = self.desk.record(subject, record_id)
        form, line = self.desk.form(record.form_code), records.history(record)
        hidden = self.desk.hidden(form)
        log.note("records.show", residents=subject.logged, detail={"record": record.id})
        people, sites = records.names_of(line)
        return render_template(
            "formkit/show.html",
            subject=subject,
            record=record,
            holds=line[-1].id == record.id and not record.void,
            may_change=self.desk.may_change(form, line),
            newest=line[-1],
            sheet_title=self._title(record),
            answers=[
                *answering.answers_of(form, records.whole(record, form), hidden),
                *answering.beside(form, record.computed),
            ],
            # Said of every such form: whether anything was answered there is hidden too.
            left_out=bool(hidden),
            suggested=record.next_due_on if "next_due_date" not in record.answers else None,
            notes=_notes(form, subject, record, hidden),
            line=line,
            reason_said=texts.reason_said,
            people=people,
            site=sites[record.site_id],
            link=self._link(subject),
        )

    def _link(self, subject: Subject) -> typing.Callable[..., str]:
        def link(page: str, **values: object) -> str:
            return self.desk.url(page, subject, **values)

        return link

    def _title(self, record: Record) -> str:
        return str(self.desk.form(record.form_code).about.title)


def _notes(
    form: type[Form], subject: Subject, record: Record, hidden: frozenset[str]
) -> list[tuple[str, str]]:
    """Why findings were not followed; not of those that would tell an answer which is not shown."""
    shown = set(record.notes)
    if hidden and shown:
        found = evaluate(form, record.answers, today=clock.today(), resident=dict(subject.facts))
        shown = {each.code for each in found.findings if not hidden & set(each.fields)}
    return [(answering.note_title(form, code), text) for code, text in record.notes.items() if code in shown]
