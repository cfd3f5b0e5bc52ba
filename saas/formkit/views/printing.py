"""Records on paper: the national layout on A4, in one language or in both."""

from __future__ import annotations

import dataclasses
import typing
import uuid

from flask import render_template, request

from saas.formkit import desk as desks
from saas.formkit import layouts, paper, records, texts
from saas.formkit.declaring import fields_of
from saas.formkit.kinds import Reference
from saas.web import i18n, log
from saas.web.request import here

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from saas.accounts.models import Site
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
    letter: layouts.Letter | None
    items: layouts.Items | None


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
        may_print_whole = bool(secret) and not self.desk.hidden(form)
        whole = request.args.get("sensitive") == "1" and not self.desk.hidden(form)
        visits, chosen = _visits(form, subject, record), i18n.known(request.args.get("in"))
        log.note("records.print", residents=subject.logged, detail={"record": record.id, "whole": whole})
        people, sites = records.names_of(visits, _named(form, visits))
        drawing = Drawing(form, subject, visits, _known(people, sites), frozenset() if whole else secret)
        return render_template(
            "formkit/print.html",
            subject=subject,
            record=record,
            visits=visits,
            chosen=chosen,
            columns=form.about.columns,
            sheets=list(drawing.papers(chosen)),
            people=people,
            site=sites[record.site_id],
            left_out=not whole and bool(secret),
            may_print_whole=may_print_whole,
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


def _signature(form: type[Form]) -> str:
    """What the paper calls the line of the signature: the doctor's, who filled it in, who is responsible."""
    for field in fields_of(form).values():
        if isinstance(field, Reference) and field.to == "staff" and field.required and not field.demanded:
            return str(field.label)
    return ""


def _named(form: type[Form], visits: Sequence[Record]) -> frozenset[uuid.UUID]:
    """The people and places that answers name by their ids."""
    names = [name for name, field in fields_of(form).items() if field.kind == "reference"]
    ids = (each.answers[name] for each in visits for name in names if name in each.answers)
    return frozenset(uuid.UUID(str(each)) for each in ids)


def _known(people: Mapping[uuid.UUID, str], sites: Mapping[uuid.UUID, Site]) -> dict[str, dict[str, str]]:
    """What papers call people, places and the clinic itself, by id and language."""
    names = {str(key): (text, text) for key, text in people.items()}
    names |= {str(key): (site.name_zh, site.name_ug) for key, site in sites.items()}
    names[str(here.clinic.card.id)] = (here.clinic.name_zh, here.clinic.name_ug)
    return {key: {"zh": zh, "ug": ug or zh} for key, (zh, ug) in names.items()}


@dataclasses.dataclass(frozen=True)
class Drawing:
    """What is drawn: the visits of one person, with the names behind ids, without what is hidden."""

    form: type[Form]
    subject: Subject
    visits: Sequence[Record]
    names: Mapping[str, Mapping[str, str]]
    hidden: frozenset[str]

    def papers(self, asked: i18n.Language | None) -> typing.Iterator[Paper]:
        """The sheet in one language, or in each."""
        form, last = self.form, self.visits[-1]
        for language, tongue in i18n.TONGUES.items():
            if asked not in {None, language}:
                continue
            with texts.speaking(language):
                answers = [self._answers(each, language) for each in self.visits]
                groups = paper.groups(form, answers, self.hidden, form.about.columns)
                words = {key: str(text) for key, text in texts.FRAME.items() if key != "target"}
                words["signed"] = _signature(form) or words["signed"]
                person = self.subject.person(last.service_date) if form.about.letter else {}
                letter = layouts.letter(form, answers[-1], person)
                items = layouts.items(form, answers[-1], last.computed)
                yield Paper(tongue, str(form.about.title), groups, words, letter, items)

    def _answers(self, record: Record, language: i18n.Language) -> dict[str, object]:
        """What the record holds, its day too where that was left blank.

        Where the doctor left the next day to the rules, their day is the next one.
        """
        fields = fields_of(self.form)
        found = {self.form.about.visit_day: str(record.service_date)} | records.whole(record, self.form)
        if "next_due_date" in fields and record.next_due_on is not None:
            found.setdefault("next_due_date", str(record.next_due_on))
        for name, field in fields.items():
            if field.kind == "reference" and name in found:
                found[name] = self.names.get(str(found[name]), {}).get(language, "")
        return found
