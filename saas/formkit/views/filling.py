"""Filling in a form: for the first time, or in place of an earlier record."""

from __future__ import annotations

import dataclasses
import functools
import typing
import uuid

from flask import abort, current_app, flash, redirect, render_template, request
from flask_babel import gettext
from jinja2 import TemplateNotFound

from saas.formkit import desk as desks
from saas.formkit import filling, posting, reasoning, records, texts
from saas.formkit.desk import REFUSED, Desk, Subject
from saas.formkit.records import Replacing, TakenError
from saas.formkit.views import conflict, leaving, telling
from saas.web import clock, log
from saas.web.forms import Form as Page
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from saas.formkit.declaring import Form
    from saas.formkit.models import Record
    from saas.formkit.posting import Posted

AMENDS, REASON = "amends", "amend_reason"


@dataclasses.dataclass(frozen=True)
class Sheet:
    """One form being filled in: whom it is about, the page's own fields, what was sent, what it replaces."""

    form: type[Form]
    subject: Subject
    page: Page
    sent: Posted
    amends: Record | None = None

    @property
    def reason(self) -> str:
        """Why the record is corrected."""
        return (self.sent.get(REASON) or [""])[0].strip()

    @property
    def reason_trouble(self) -> str:
        """What keeps the reason for a correction from being stored, in words."""
        return "" if self.amends is None else reasoning.reason_trouble(self.reason)


class Filler:
    """The pages on which a desk's forms are filled in."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def fill(self, code: str, resident_id: uuid.UUID | None = None) -> ResponseReturnValue:
        """A new form: empty but for what is carried forward, the draft that waits, or a new record."""
        form = self.desk.form(code)
        self.desk.demand(allowed=self.desk.may_sign(form))
        subject = self.desk.person(resident_id, hold=request.method == "POST")
        if request.method == "GET":
            return self._opened(form, subject)
        return self._arrived(Sheet(form, subject, Page(), desks.posted()))

    def look(self, code: str, resident_id: uuid.UUID | None = None) -> ResponseReturnValue:
        """What is to be said about a form while it is being filled in; keeps the draft. No page."""
        form, subject = self.desk.form(code), self.desk.person(resident_id)
        self.desk.demand(allowed=self.desk.may_sign(form))
        sent, page = desks.posted(), Page()
        amends = self._amended(subject, sent)
        if amends is not None:
            sent = conflict.with_what_is_hidden(form, amends, sent, self.desk.hidden(form))
        sheet = Sheet(form, subject, page, sent, amends)
        if not subject.folder.has(page.form_uuid, code):
            here.drafts.keep(self._draft(sheet), desks.posted())
        log.note("records.look", residents=subject.logged)
        return render_template("formkit/_look.html", sheet=self._shown(sheet))

    def afresh(self, code: str, resident_id: uuid.UUID | None = None) -> ResponseReturnValue:
        """Let the draft go and open the form as it was."""
        form, subject = self.desk.form(code), self.desk.person(resident_id)
        sent = desks.posted()
        sheet = Sheet(form, subject, Page(), sent, self._amended(subject, sent))
        self._let_go(sheet)
        log.note("records.afresh", residents=subject.logged)
        return redirect(self._own_address(sheet), code=303)

    def amend(self, record_id: uuid.UUID, resident_id: uuid.UUID | None = None) -> ResponseReturnValue:
        """The form of a signed record; what is changed becomes a new row with its reason."""
        subject = self.desk.person(resident_id, hold=request.method == "POST")
        record = self.desk.record(subject, record_id)
        form = self.desk.form(record.form_code)
        self.desk.demand(allowed=self.desk.may_change(form, records.history(record)))
        if request.method == "GET":
            return self._reopened(form, subject, record)
        sent = conflict.with_what_is_hidden(form, record, desks.posted(), self.desk.hidden(form))
        return self._arrived(Sheet(form, subject, Page(), sent, record))

    def _amended(self, subject: Subject, sent: Posted) -> Record | None:
        """The record that a page says it amends."""
        told = (sent.get(AMENDS) or [""])[0]
        try:
            return self.desk.record(subject, uuid.UUID(told)) if told else None
        except ValueError:
            return None

    def _own_address(self, sheet: Sheet) -> str:
        if sheet.amends is None:
            return self.desk.url("fill", sheet.subject, code=sheet.form.about.code, **self.desk.place())
        return self.desk.url("amend", sheet.subject, record_id=sheet.amends.id)

    def _opened(self, form: type[Form], subject: Subject) -> ResponseReturnValue:
        hidden = self.desk.hidden(form)
        sent, old = desks.opening_answers(form, subject, clock.today(), hidden)
        carried = desks.still_carried(form, old, sent)
        return self._begun(Sheet(form, subject, Page(), sent), carried)

    def _reopened(self, form: type[Form], subject: Subject, record: Record) -> ResponseReturnValue:
        if record.void or records.newest(record).id != record.id:
            flash(gettext("Somebody else has corrected this record meanwhile. Look at it first."), "warn")
            log.note("records.taken", residents=subject.logged)
            newest = records.newest(record)
            return redirect(self.desk.url("record", subject, record_id=newest.id), code=303)
        sent = posting.posted_of(form, record.answers) | conflict.notes_posted(record)
        return self._begun(Sheet(form, subject, Page(), sent, record), frozenset())

    def _begun(self, sheet: Sheet, carried: frozenset[str]) -> ResponseReturnValue:
        """The draft that waits, if its form was not sent meanwhile; else the sheet."""
        name = next((each for each in self._drafts(sheet) if here.drafts.fetch(each) is not None), None)
        draft = None if name is None else here.drafts.fetch(name)
        if name is None or draft is None:
            return self._page(sheet, carried=carried)
        kept_id = (draft.get("form_id") or [str(sheet.page.form_id.data)])[0]
        sheet.page.form_id.data = kept_id
        if sheet.subject.folder.has(sheet.page.form_uuid, sheet.form.about.code):
            here.drafts.drop(name)
            sheet.page.form_id.data = str(uuid.uuid4())
            return self._page(sheet, carried=carried)
        waiting = dataclasses.replace(sheet, sent=draft)
        if name != self._draft(sheet):
            return conflict.page(self.desk, waiting, status=200)
        return self._page(waiting, carried=self._carried(waiting), kept_at=here.drafts.kept_at(name))

    def _arrived(self, sheet: Sheet) -> ResponseReturnValue:
        if leaving.BACK in sheet.sent and sheet.amends is None:
            return self._left(sheet)
        if posting.MORE in sheet.sent:
            return self._page(sheet, carried=self._carried(sheet))
        if conflict.is_answer(sheet.sent) and sheet.amends is not None:
            if not sheet.page.arrived() or conflict.undecided(self.desk, sheet):
                return conflict.page(self.desk, sheet, status=REFUSED if sheet.page.arrived() else 200)
            return self._sent(conflict.decided(sheet))
        return self._sent(sheet) if sheet.page.arrived() else self._page(sheet, carried=self._carried(sheet))

    def _left(self, sheet: Sheet) -> ResponseReturnValue:
        """Back to the list; what was typed waits."""
        form, whom = sheet.form, sheet.subject
        begun, _ = desks.opening_answers(form, whom, clock.today(), self.desk.hidden(form))
        proposed = desks.judged(form, whom, sheet.sent).next_due_on
        signed = whom.folder.has(sheet.page.form_uuid, form.about.code)
        waits = not signed and leaving.differs(sheet.sent, begun, proposed)
        return leaving.left(self.desk, whom, self._draft(sheet), sheet.sent if waits else None)

    def _sent(self, sheet: Sheet) -> ResponseReturnValue:
        if sheet.subject.folder.has(sheet.page.form_uuid, sheet.form.about.code):
            return self._signed_before(sheet)
        found = desks.judged(sheet.form, sheet.subject, sheet.sent, apart_from=sheet.amends)
        if not reasoning.holds(sheet.page, sheet.sent) or found.refusals or sheet.reason_trouble:
            return self._page(sheet, told=True, status=REFUSED)
        if sheet.amends is not None and records.newest(sheet.amends).id != sheet.amends.id:
            return self._raced(sheet)
        if desks.unseen(found, sheet.page.form_uuid, sheet.sent, self.desk.hidden(sheet.form)):
            return self._page(sheet, asked=True)
        try:
            record = records.sign(
                found,
                telling.signature(sheet.subject, sheet.page),
                here.clinic.keys,
                resident_id=sheet.subject.id,
                notes=posting.notes(sheet.sent),
                replacing=Replacing(sheet.amends, sheet.reason) if sheet.amends else None,
                folder=sheet.subject.folder,
                along=[here.drafts.dropping(name) for name in self._drafts(sheet)],
            )
        except TakenError:
            return self._raced(sheet)
        return self._signed(sheet, record)

    def _raced(self, sheet: Sheet) -> ResponseReturnValue:
        """Somebody else was faster: both versions side by side. The draft stays until one is signed."""
        assert sheet.amends is not None  # noqa: S101 - only what is amended can be taken
        newest = records.newest(sheet.amends)
        mine = conflict.without_what_is_hidden(sheet.sent, self.desk.hidden(sheet.form))
        now = dataclasses.replace(sheet, sent=mine, amends=None if newest.void else newest)
        if newest.void:
            return self._page(now, voided=newest, reason_said=texts.reason_said, status=desks.LOST_RACE)
        return conflict.page(self.desk, now, before=sheet.amends)

    def _signed(self, sheet: Sheet, record: Record | None) -> ResponseReturnValue:
        if record is None:
            return self._signed_before(sheet)
        settled = self.desk.signed(sheet.subject, record)
        detail = {"record": record.id, "form": record.form_code, "hash": record.hash.hex()}
        if record.amends is None:
            log.note("records.sign", residents=sheet.subject.logged, detail=detail)
        else:
            log.note("records.amend", residents=sheet.subject.logged, detail=detail)
        telling.tell_signed(self.desk, sheet.subject, record, settled)
        return redirect(self.desk.after(sheet.subject, record), code=303)

    def _signed_before(self, sheet: Sheet) -> ResponseReturnValue:
        """The form came a second time: nothing is saved twice, and the way goes on as the first time."""
        record = records.by_form(sheet.page.form_uuid, sheet.form.about.code, sheet.subject.ids)
        if record is None:  # the other of two sendings at once was of somebody else's page
            abort(403)
        self._let_go(sheet)
        detail = {"record": record.id, "again": True}
        log.note("records.sign", residents=sheet.subject.logged, detail=detail)
        return redirect(self.desk.after(sheet.subject, record), code=303)

    def _draft(self, sheet: Sheet) -> str:
        return self._drafts(sheet)[0]

    def _drafts(self, sheet: Sheet) -> list[str]:
        """The name of the form's draft; of a correction also of one that somebody else was faster than."""
        if sheet.amends is None:
            return [self.desk.draft(sheet.subject, sheet.form.about.code)]
        ids = (sheet.amends.id, sheet.amends.amends)
        return [f"{self.desk.room}.{self.desk.prefix}amend:{each}" for each in ids if each is not None]

    def _let_go(self, sheet: Sheet) -> None:
        """What was typed is signed, or not wanted any more."""
        for name in self._drafts(sheet):
            here.drafts.drop(name)

    def _carried(self, sheet: Sheet) -> frozenset[str]:
        if sheet.amends is not None:
            return frozenset()
        hidden = self.desk.hidden(sheet.form)
        _, old = desks.opening_answers(sheet.form, sheet.subject, clock.today(), hidden)
        return desks.still_carried(sheet.form, old, sheet.sent)

    def _shown(
        self, sheet: Sheet, *, carried: frozenset[str] = frozenset(), told: bool = False
    ) -> filling.Sheet:
        found = desks.judged(sheet.form, sheet.subject, sheet.sent, apart_from=sheet.amends)
        marks = {each: desks.mark_of(sheet.page.form_uuid, each) for each in found.findings}
        hidden = self.desk.hidden(sheet.form) if sheet.amends else frozenset()
        how = filling.How(carried, hidden, marks, told=told)
        return filling.sheet(sheet.form, sheet.sent, found, how)

    def _page(
        self,
        sheet: Sheet,
        *,
        carried: frozenset[str] | None = None,
        told: bool = False,
        status: int = 200,
        **said: object,
    ) -> ResponseReturnValue:
        """The page of a form; ``said`` is what it has to say beside the form itself."""
        code = sheet.form.about.code
        log.note("records.form", residents=sheet.subject.logged, detail={"form": code})
        return render_template(
            "formkit/fill.html",
            form=sheet.page,
            sheet=self._shown(sheet, carried=self._carried(sheet) if carried is None else carried, told=told),
            subject=sheet.subject,
            above=_above(code),
            action=self._own_address(sheet) if said.get("voided") else "",
            look_url=self.desk.url("look", sheet.subject, code=code),
            afresh_url=self.desk.url("afresh", sheet.subject, code=code, **self.desk.place()),
            back_url=telling.back(self.desk, sheet.subject, sheet.amends),
            may_leave=sheet.amends is None and self.desk.came_from(sheet.subject),
            draft=self._draft(sheet),
            amends=sheet.amends,
            amend_reason=sheet.reason,
            reason_trouble=sheet.reason_trouble if told else "",
            told=told,
            **said,
        ), status


@functools.cache
def _above(code: str) -> str | None:
    """What a room shows above this form, if it shows anything; the templates of a process do not change."""
    name = f"formkit/above/{code}.html"
    try:
        current_app.jinja_env.get_template(name)
    except TemplateNotFound:
        return None
    return name
