"""Saying that a record was entered in error; it stays readable."""

from __future__ import annotations

import typing

from flask import flash, redirect, render_template, request
from flask_babel import gettext

from saas.formkit import reasoning, records
from saas.formkit.desk import REFUSED
from saas.formkit.records import TakenError
from saas.formkit.views import telling
from saas.web import log
from saas.web.forms import Form as Page
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.formkit.desk import Desk, Subject
    from saas.formkit.models import Record


class Voider:
    """The page on which a record of the desk is voided."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def void(self, record_id: uuid.UUID, resident_id: uuid.UUID | None = None) -> ResponseReturnValue:
        """Ask for the reason; with one, the record counts no more."""
        subject = self.desk.person(resident_id, hold=request.method == "POST")
        record = self.desk.record(subject, record_id)
        form = self.desk.form(record.form_code)
        self.desk.demand(allowed=self.desk.may_change(form, records.history(record)))
        page, reason = Page(), request.form.get("reason", "").strip()
        if records.by_form(page.form_uuid, record.form_code, subject.ids) is not None:
            log.note("records.void", residents=subject.logged, detail={"record": record.id, "again": True})
            return self._done(subject)
        if record.void or records.newest(record).id != record.id:
            return self._taken(subject, record)
        if not page.arrived():
            return self._asked(subject, record, page, reason)
        if not page.validate() or reasoning.reason_trouble(reason):
            return self._asked(subject, record, page, reason, status=REFUSED)
        return self._voided(subject, record, page, reason)

    def _asked(
        self, subject: Subject, record: Record, page: Page, reason: str, status: int = 200
    ) -> ResponseReturnValue:
        log.note("records.void_form", residents=subject.logged)
        content = render_template(
            "formkit/void.html",
            form=page,
            subject=subject,
            title_of_form=str(self.desk.form(record.form_code).about.title),
            record=record,
            reason=reason,
            reason_trouble=reasoning.reason_trouble(reason) if status == REFUSED else "",
            back_url=telling.back(self.desk, subject, record),
        )
        return content, status

    def _voided(self, subject: Subject, record: Record, page: Page, reason: str) -> ResponseReturnValue:
        try:
            made = records.void(record, reason, telling.signature(subject, page), here.clinic.keys)
        except TakenError:
            return self._taken(subject, record)
        if made is not None:
            self.desk.signed(subject, made)
        log.note("records.void", residents=subject.logged, detail={"record": record.id})
        flash(gettext("Marked as entered in error."), "done")
        return self._done(subject)

    def _done(self, subject: Subject) -> ResponseReturnValue:
        return redirect(self.desk.url("record_list", subject), code=303)

    def _taken(self, subject: Subject, record: Record) -> ResponseReturnValue:
        flash(gettext("Somebody else has corrected this record meanwhile. Look at it first."), "warn")
        log.note("records.taken", residents=subject.logged)
        address = self.desk.url("record", subject, record_id=records.newest(record).id)
        return redirect(address, code=303)
