"""Records on paper: the national layout on A4, in one language or in both."""

from __future__ import annotations

import dataclasses
import typing

from flask import render_template, request

from saas.formkit import desk as desks
from saas.formkit import paper, records, texts
from saas.formkit.declaring import fields_of
from saas.formkit.kinds import Reference
from saas.web import i18n, log

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from saas.formkit.declaring import Form
    from saas.formkit.desk import Desk, Subject
    from saas.formkit.models import Record
    from saas.formkit.paper import Group


@dataclasses.dataclass(frozen=True)
class Paper:
    """One sheet in one language. ``words`` are those of its frame."""

    tongue: i18n.Tongue
    title: str
    groups: list[Group]
    words: dict[str, str]


class Printer:
    """The page that a record is printed from."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def printed(self, record_id: uuid.UUID, resident_id: uuid.UUID | None = None) -> ResponseReturnValue:
        """The record; of a form with columns the visits before it beside it, as on the paper.

        What only treating doctors see is printed when one of them asks for it in so many words.
        """
        subject = self.desk.person(resident_id)
        record = self.desk.record(subject, record_id)
        form = self.desk.form(record.form_code)
        secret = desks.sensitive_fields(form)
        whole = request.args.get("sensitive") == "1" and not self.desk.hidden(form)
        visits = _visits(form, subject, record)
        log.note("records.print", residents=subject.logged, detail={"record": record.id, "whole": whole})
        people, sites = records.names_of(visits)
        return render_template(
            "formkit/print.html",
            subject=subject,
            record=record,
            visits=visits,
            columns=form.about.columns,
            chosen=i18n.known(request.args.get("in")),
            sheets=list(_papers(form, visits, frozenset() if whole else secret)),
            people=people,
            site=sites[record.site_id],
            # Said of every such form: whether anything was answered there is left out too.
            left_out=not whole and bool(secret),
            may_print_whole=bool(secret) and not self.desk.hidden(form),
            whole=whole,
            link=self._link(subject, record),
        )

    def _link(self, subject: Subject, record: Record) -> typing.Callable[..., str]:
        def link(page: str, **values: object) -> str:
            return self.desk.url(page, subject, record_id=record.id, **values)

        return link


def _visits(form: type[Form], subject: Subject, record: Record) -> Sequence[Record]:
    """The record and, where the paper has columns, those that hold before it; the oldest first."""
    columns = form.about.columns
    if columns == 1 or record.void:
        return [record]
    held = [
        each
        for each in records.latest(subject.ids, form.about.code, limit=records.LISTED)
        if each.id != record.id
        and (each.service_date, each.signed_at) < (record.service_date, record.signed_at)
    ]
    return [*reversed(held[: columns - 1]), record]


def _answers(record: Record, form: type[Form]) -> Mapping[str, object]:
    """What the record holds; where the doctor left the next day to the rules, their day is the next one."""
    whole = records.whole(record, form)
    if "next_due_date" not in fields_of(form) or record.next_due_on is None:
        return whole
    return {"next_due_date": str(record.next_due_on)} | dict(whole)


def _signature(form: type[Form]) -> str:
    """What the paper calls the line of the signature: the doctor's, who filled it in, who is responsible."""
    for field in fields_of(form).values():
        if isinstance(field, Reference) and field.to == "staff" and field.required and not field.demanded:
            return str(field.label)
    return ""


def _papers(form: type[Form], visits: Sequence[Record], hidden: frozenset[str]) -> typing.Iterator[Paper]:
    asked = i18n.known(request.args.get("in"))
    for language in i18n.TONGUES:
        if asked not in {None, language}:
            continue
        with texts.speaking(language):
            groups = paper.groups(form, [_answers(each, form) for each in visits], hidden, form.about.columns)
            words = {key: str(text) for key, text in texts.FRAME.items() if key != "target"}
            words["signed"] = _signature(form) or words["signed"]
            yield Paper(i18n.TONGUES[language], str(form.about.title), groups, words)
