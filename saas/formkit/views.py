"""The routes that every room's forms have; ``register`` puts them on the room's blueprint."""

from __future__ import annotations

import functools
import typing

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from saas.formkit import desk as desks
from saas.formkit import filling, posting, records, reviewing
from saas.formkit.desk import LOST_RACE, REFUSED, Desk, Subject
from saas.formkit.records import Replacing, Signature, TakenError
from saas.web import clock, log
from saas.web.forms import Form as Page
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from flask import Blueprint
    from flask.typing import ResponseReturnValue

    from saas.formkit.declaring import Form
    from saas.formkit.models import Record
    from saas.formkit.posting import Posted

SHORTEST_REASON = 5


def register(blueprint: Blueprint, desk: Desk, *, read: str, write: str) -> None:
    """Add the pages of the desk's forms to a blueprint whose addresses begin with /residents."""
    filler = Filler(blueprint.name, desk)
    rule = blueprint.add_url_rule

    def guarded(permission: str, view: Callable[..., object]) -> Callable[..., ResponseReturnValue]:
        # A bound method cannot carry its condition; this carries it.
        return typing.cast("Callable[..., ResponseReturnValue]", needs(permission)(_function(view)))

    resident = "/<uuid:resident_id>"
    record = f"{resident}/records/<uuid:record_id>"
    both = ["GET", "POST"]
    rule(f"{resident}/forms/<code>", "fill", guarded(write, filler.fill), methods=both)
    rule(f"{resident}/forms/<code>/look", "look", guarded(write, filler.look), methods=["POST"])
    rule(f"{resident}/forms/<code>/afresh", "afresh", guarded(write, filler.afresh), methods=["POST"])
    rule(f"{record}/amend", "amend", guarded(write, filler.amend), methods=both)
    rule(f"{record}/void", "void", guarded(write, filler.void), methods=both)
    shower = reviewing.Shower(blueprint.name, desk)
    rule(f"{resident}/records", "record_list", guarded(read, shower.listed))
    rule(record, "record", guarded(read, shower.shown))
    rule(f"{record}/print", "record_print", guarded(read, shower.printed))


def _function(view: Callable[..., object]) -> Callable[..., object]:
    """A method as a function, which can carry a condition."""

    @functools.wraps(view)
    def function(**values: object) -> object:
        return view(**values)

    return function


class Filler:
    """Filling in a form, for the first time or in place of an earlier record."""

    def __init__(self, room: str, desk: Desk) -> None:
        self.room = room
        self.desk = desk

    def fill(self, resident_id: uuid.UUID, code: str) -> ResponseReturnValue:
        """A new form: empty but for what is carried forward, the draft that waits, or a new record."""
        form = self.desk.form(code)
        subject = self.desk.person(resident_id, hold=request.method == "POST")
        if request.method == "GET":
            return self._opened(form, subject)
        page = Page()
        if not page.arrived():
            return self._page(form, subject, page, desks.posted())
        return self._sent(form, subject, page, None)

    def look(self, resident_id: uuid.UUID, code: str) -> ResponseReturnValue:
        """What is to be said about a form while it is being filled in; keeps the draft. No page."""
        form, subject = self.desk.form(code), self.desk.person(resident_id)
        sent = desks.posted()
        here.drafts.keep(self._draft(subject, form), sent)
        page = Page()
        log.note("records.look", residents=[subject.id])
        return render_template("formkit/_look.html", sheet=self._sheet(form, subject, page, sent), form=page)

    def afresh(self, resident_id: uuid.UUID, code: str) -> ResponseReturnValue:
        """Let the draft go and open an empty form."""
        form, subject = self.desk.form(code), self.desk.person(resident_id)
        here.drafts.drop(self._draft(subject, form))
        return redirect(url_for(f"{self.room}.fill", resident_id=subject.id, code=code), code=303)

    def amend(self, resident_id: uuid.UUID, record_id: uuid.UUID) -> ResponseReturnValue:
        """The form of a signed record; what is changed becomes a new row with its reason."""
        subject = self.desk.person(resident_id, hold=request.method == "POST")
        record = records.one(record_id, subject.ids) or abort(404)
        form = self.desk.form(record.form_code)
        page = Page()
        if request.method == "GET":
            sent = posting.posted_of(form, record.answers) | _noted(record)
            return self._page(form, subject, page, sent, amends=record)
        if not page.arrived():
            return self._page(form, subject, page, desks.posted(), amends=record)
        return self._sent(form, subject, page, record)

    def void(self, resident_id: uuid.UUID, record_id: uuid.UUID) -> ResponseReturnValue:
        """Say that a record was entered in error; it stays readable."""
        subject = self.desk.person(resident_id, hold=request.method == "POST")
        record = records.one(record_id, subject.ids) or abort(404)
        page, reason = Page(), request.form.get("reason", "").strip()
        if request.method == "GET" or not page.arrived() or len(reason) < SHORTEST_REASON:
            log.note("records.void_form", residents=[subject.id])
            missing = request.method == "POST" and page.arrived()
            return render_template(
                "formkit/void.html",
                form=page,
                subject=subject,
                title_of_form=str(self.desk.form(record.form_code).about.title),
                record=record,
                room=self.room,
                reason=reason,
                missing=missing,
            ), (REFUSED if missing else 200)
        try:
            records.void(record, reason, self._signature(subject, page), here.clinic.keys)
        except TakenError:
            return self._taken(subject, record)
        self.desk.signed(subject, record)
        log.note("records.void", residents=[subject.id], detail={"record": record.id})
        flash(gettext("Marked as entered in error."), "done")
        return redirect(url_for(f"{self.room}.record_list", resident_id=subject.id), code=303)

    def _opened(self, form: type[Form], subject: Subject) -> ResponseReturnValue:
        page = Page()
        draft = here.drafts.fetch(self._draft(subject, form))
        sent, carried = desks.opening_answers(form, subject, clock.today())
        if draft is not None:
            page.form_id.data = (draft.get("form_id") or [page.form_id.data])[0]
            return self._page(
                form, subject, page, draft, kept_at=here.drafts.kept_at(self._draft(subject, form))
            )
        return self._page(form, subject, page, sent, carried=carried)

    def _sent(
        self, form: type[Form], subject: Subject, page: Page, amends: Record | None
    ) -> ResponseReturnValue:
        sent = desks.posted()
        found = desks.judged(form, subject, sent, apart_from=amends)
        reason = (sent.get("amend_reason") or [""])[0].strip()
        if not page.validate() or found.refusals or (amends and len(reason) < SHORTEST_REASON):
            return self._page(form, subject, page, sent, amends=amends, told=True, status=REFUSED)
        if desks.unseen(found, page.form_uuid, sent):
            return self._page(form, subject, page, sent, amends=amends, asked=True)
        replacing = Replacing(amends, reason) if amends else None
        try:
            record = records.sign(
                found,
                self._signature(subject, page),
                here.clinic.keys,
                resident_id=subject.id,
                notes=posting.notes(sent),
                replacing=replacing,
            )
        except TakenError:
            return self._page(form, subject, page, sent, amends=amends, taken=True, status=LOST_RACE)
        return self._signed(form, subject, page, record)

    def _signed(
        self, form: type[Form], subject: Subject, page: Page, record: Record | None
    ) -> ResponseReturnValue:
        here.drafts.drop(self._draft(subject, form))
        if record is None:
            record = records.by_form(page.form_uuid, form.about.code) or abort(404)
            log.note("records.sign", residents=[subject.id], detail={"record": record.id, "again": True})
            return redirect(self.desk.after(subject, record), code=303)
        settled = self.desk.signed(subject, record)
        log.note(
            "records.sign",
            residents=[subject.id],
            detail={"record": record.id, "form": record.form_code, "hash": record.hash.hex()},
        )
        undo = url_for(f"{self.room}.void", resident_id=subject.id, record_id=record.id)
        message = {"text": " ".join([gettext("Signed."), *settled]), "undo_page": undo}
        flash(typing.cast("str", message), "done")
        return redirect(self.desk.after(subject, record), code=303)

    def _taken(self, subject: Subject, record: Record) -> ResponseReturnValue:
        flash(gettext("Somebody else has corrected this record meanwhile. Look at it first."), "warn")
        log.note("records.taken", residents=[subject.id])
        address = url_for(f"{self.room}.record", resident_id=subject.id, record_id=record.id)
        return redirect(address, code=303)

    def _signature(self, subject: Subject, page: Page) -> Signature:
        return Signature(here.staff.id, subject.site_id, clock.now(), page.form_uuid)

    def _draft(self, subject: Subject, form: type[Form]) -> str:
        return f"{self.room}.fill:{subject.id}:{form.about.code}"

    def _sheet(  # noqa: PLR0913 - a page's parts
        self,
        form: type[Form],
        subject: Subject,
        page: Page,
        sent: Posted,
        *,
        carried: frozenset[str] = frozenset(),
        told: bool = False,
        amends: Record | None = None,
    ) -> filling.Sheet:
        found = desks.judged(form, subject, sent, apart_from=amends)
        marks = {each: desks.mark_of(page.form_uuid, each) for each in found.findings}
        return filling.sheet(form, sent, found, marks=marks, carried=carried, told=told)

    def _page(  # noqa: PLR0913 - a page's parts
        self,
        form: type[Form],
        subject: Subject,
        page: Page,
        sent: Posted,
        *,
        carried: frozenset[str] = frozenset(),
        amends: Record | None = None,
        told: bool = False,
        asked: bool = False,
        taken: bool = False,
        kept_at: object = None,
        status: int = 200,
    ) -> ResponseReturnValue:
        log.note("records.form", residents=[subject.id], detail={"form": form.about.code})
        content = render_template(
            "formkit/fill.html",
            form=page,
            sheet=self._sheet(form, subject, page, sent, carried=carried, told=told, amends=amends),
            subject=subject,
            room=self.room,
            draft=None if amends else self._draft(subject, form),
            amends=amends,
            amend_reason=(sent.get("amend_reason") or [""])[0],
            asked=asked,
            told=told,
            taken=taken,
            newest=records.history(amends)[-1] if taken and amends else None,
            kept_at=kept_at,
        )
        return content, status


def _noted(record: Record) -> dict[str, list[str]]:
    return {posting.NOTE_PREFIX + code: [text] for code, text in record.notes.items()}
