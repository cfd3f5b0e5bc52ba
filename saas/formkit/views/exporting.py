"""Records as files for the person herself: one as FHIR, all of one form as a table."""

from __future__ import annotations

import json
import typing

from flask import Response

from saas.formkit import records, responses, tabling
from saas.formkit.responses import Signed
from saas.web import log

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.formkit.desk import Desk
    from saas.formkit.models import Record

_BOM = "\ufeff"
"""Without it spreadsheets take the file for one of another alphabet."""


class Exporter:
    """The files of the desk's records; what the signed-in person is not shown is not in them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def fhir(self, record_id: uuid.UUID, resident_id: uuid.UUID | None = None) -> ResponseReturnValue:
        """One record: QuestionnaireResponse and Observations in a Bundle."""
        subject = self.desk.person(resident_id)
        record = self.desk.record(subject, record_id)
        form = self.desk.form(record.form_code)
        log.note(
            "records.fhir",
            residents=subject.logged,
            purpose="export-for-the-person",
            detail={"record": record.id},
        )
        found = responses.bundle(form, _signed(record), self.desk.hidden(form))
        text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
        return _file(text, "application/fhir+json", f"{form.about.code}-{record.service_date}.json")

    def csv(self, record_id: uuid.UUID, resident_id: uuid.UUID | None = None) -> ResponseReturnValue:
        """All records of this record's form that hold, the oldest first."""
        subject = self.desk.person(resident_id)
        form = self.desk.form(self.desk.record(subject, record_id).form_code)
        held = list(records.latest(subject.ids, form.about.code, limit=records.MOST))[::-1]
        ids = [each.id for each in held]
        log.note(
            "records.csv", residents=subject.logged, purpose="export-for-the-person", detail={"records": ids}
        )
        days = [str(each.service_date) for each in held]
        text = tabling.table(form, days, [each.answers for each in held], self.desk.hidden(form))
        return _file(_BOM + text, "text/csv", f"{form.about.code}.csv")


def _signed(record: Record) -> Signed:
    return Signed(
        id=record.id,
        resident_id=record.resident_id,
        signed_by=record.signed_by,
        signed_at=record.signed_at,
        service_date=record.service_date,
        answers=record.answers,
        computed=record.computed,
        amended=record.amends is not None,
        void=record.void,
    )


def _file(text: str, kind: str, name: str) -> Response:
    """A download; its name says the form and no person."""
    answer = Response(text, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
