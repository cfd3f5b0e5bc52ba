"""The joint visit of somebody with both diseases: one page, one save, two records in one transaction."""

from __future__ import annotations

import typing

from flask import abort, redirect, render_template, request, url_for

from saas.formkit import desk as desks
from saas.formkit import posting, reasoning, records
from saas.formkit.views import leaving, telling
from saas.public_health import joint, people
from saas.web import clock, log
from saas.web.forms import Form as Page
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask import Blueprint
    from flask.typing import ResponseReturnValue

    from saas.formkit.desk import Desk, Subject
    from saas.formkit.models import Record
    from saas.formkit.posting import Posted

_ADDRESS = "/residents/<uuid:resident_id>/joint-visit"


def register(blueprint: Blueprint, desk: Desk) -> None:
    """The page, what a script asks while one types, and starting afresh."""
    visit = Visit(desk)

    @needs("public_health.write")
    def joint_visit(resident_id: uuid.UUID) -> ResponseReturnValue:
        return visit.page(resident_id)

    @needs("public_health.write", held=False)
    def joint_look(resident_id: uuid.UUID) -> ResponseReturnValue:
        return visit.look(resident_id)

    @needs("public_health.write")
    def joint_afresh(resident_id: uuid.UUID) -> ResponseReturnValue:
        return visit.afresh(resident_id)

    blueprint.add_url_rule(_ADDRESS, "joint_visit", joint_visit, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{_ADDRESS}/look", "joint_look", joint_look, methods=["POST"])
    blueprint.add_url_rule(f"{_ADDRESS}/afresh", "joint_afresh", joint_afresh, methods=["POST"])


class Visit:
    """The page of the joint visit on a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def page(self, resident_id: uuid.UUID) -> ResponseReturnValue:
        """A new page, the draft that waits, or two new records."""
        subject = self._subject(resident_id, hold=request.method == "POST")
        page, sent = Page(), desks.posted()
        if request.method == "GET":
            return self._opened(subject, page)
        return self._arrived(subject, page, sent)

    def _arrived(self, subject: Subject, page: Page, sent: Posted) -> ResponseReturnValue:
        if leaving.BACK in sent:
            return self._left(subject, page, sent)
        if posting.MORE in sent or not page.arrived():
            return self._shown(subject, page, sent)
        if self._has_made(subject, page):
            return self._on(subject, self._made(subject, page), again=True)
        found = joint.judged(subject, sent)
        if not reasoning.holds(page, sent) or any(one.refusals for one in found.found):
            return self._shown(subject, page, sent, told=True, status=desks.REFUSED)
        if joint.unseen(found, page, sent):
            return self._shown(subject, page, sent, asked=True)
        return self._signed(subject, page, sent, found)

    def look(self, resident_id: uuid.UUID) -> ResponseReturnValue:
        """What both forms' rules say while one types; keeps the draft. No page."""
        subject, page, sent = self._subject(resident_id), Page(), desks.posted()
        if not self._has_made(subject, page):
            here.drafts.keep(joint.draft(subject), sent)
        log.note("records.look", residents=subject.logged)
        return render_template("formkit/_look.html", sheet=self._sheet(subject, page, sent))

    def afresh(self, resident_id: uuid.UUID) -> ResponseReturnValue:
        """Let the draft go and open the page as it was."""
        subject = self._subject(resident_id)
        here.drafts.drop(joint.draft(subject))
        return redirect(self._address("joint_visit", subject), code=303)

    def _address(self, page: str, subject: Subject) -> str:
        """One of the visit's pages, which keeps the place in the list."""
        return self.desk.url(page, subject, **self.desk.place())

    def _subject(self, resident_id: uuid.UUID, *, hold: bool = False) -> Subject:
        self.desk.demand(allowed=joint.may_sign(self.desk))
        return self.desk.person(resident_id, hold=hold)

    def _left(self, subject: Subject, page: Page, sent: Posted) -> ResponseReturnValue:
        """Back to the list; what was typed waits."""
        begun, _ = joint.opening(subject, clock.today())
        proposed = joint.judged(subject, sent).next_due_on
        waits = not self._has_made(subject, page) and leaving.differs(sent, begun, proposed)
        return leaving.left(self.desk, subject, joint.draft(subject), sent if waits else None)

    def _has_made(self, subject: Subject, page: Page) -> bool:
        return subject.folder.has(page.form_uuid, joint.FORMS[0].about.code)

    def _made(self, subject: Subject, page: Page) -> Record:
        """The record that this page has made; another's page made none of hers."""
        return records.by_form(page.form_uuid, joint.FORMS[0].about.code, subject.ids) or abort(409)

    def _opened(self, subject: Subject, page: Page) -> ResponseReturnValue:
        name = joint.draft(subject)
        draft = here.drafts.fetch(name)
        if draft is not None:
            own, page.form_id.data = page.form_id.data, (draft.get("form_id") or [""])[0]
            if not self._has_made(subject, page):
                return self._shown(subject, page, draft, kept_at=here.drafts.kept_at(name))
            here.drafts.drop(name)
            page.form_id.data = own
        begun, _ = joint.opening(subject, clock.today())
        return self._shown(subject, page, begun)

    def _sheet(self, subject: Subject, page: Page, sent: Posted, *, told: bool = False) -> joint.JointSheet:
        found = joint.judged(subject, sent)
        begun, carried = joint.opening(subject, clock.today())
        still = frozenset(
            name for name in carried if posting.parts_of(begun, name) == posting.parts_of(sent, name)
        )
        return joint.sheet(found, joint.marks_of(found, page), still, told=told)

    def _shown(
        self,
        subject: Subject,
        page: Page,
        sent: Posted,
        *,
        status: int = 200,
        told: bool = False,
        **said: object,
    ) -> ResponseReturnValue:
        log.note("records.form", residents=subject.logged, detail={"form": "joint"})
        content = render_template(
            "formkit/fill.html",
            form=page,
            sheet=self._sheet(subject, page, sent, told=told),
            subject=subject,
            look_url=url_for("public_health.joint_look", resident_id=subject.id),
            afresh_url=self._address("joint_afresh", subject),
            back_url=telling.back(self.desk, subject, None),
            may_leave=self.desk.came_from(subject),
            draft=joint.draft(subject),
            told=told,
            **said,
        )
        return content, status

    def _signed(self, subject: Subject, page: Page, sent: Posted, found: joint.Joint) -> ResponseReturnValue:
        signature, notes = telling.signature(subject, page), posting.notes(sent)
        made = [
            records.sign(
                one, signature, here.clinic.keys, resident_id=subject.id, notes=notes, folder=subject.folder
            )
            for one in found.found
        ]
        here.drafts.drop(joint.draft(subject))
        whole = [one for one in made if one is not None]
        if len(whole) < len(made) or subject.id is None:
            return self._on(subject, self._made(subject, page), again=True)
        for one in whole:
            detail = {"record": one.id, "form": one.form_code, "hash": one.hash.hex()}
            log.note("records.sign", residents=subject.logged, detail=detail)
        settled = people.settled(subject, *whole)
        telling.tell_signed(self.desk, subject, whole[0], settled)
        return self._on(subject, whole[0])

    def _on(self, subject: Subject, record: Record, *, again: bool = False) -> ResponseReturnValue:
        if again:
            here.drafts.drop(joint.draft(subject))
            log.note("records.sign", residents=subject.logged, detail={"record": record.id, "again": True})
        return redirect(self.desk.after(subject, record), code=303)
