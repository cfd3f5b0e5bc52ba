"""One signed record as FHIR R4: the QuestionnaireResponse, and Observations where a code is sure."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import typing
import uuid

from saas.formkit.declaring import Field, Form, fields_of
from saas.formkit.fhir import SYSTEMS, TYPES, URL
from saas.formkit.kinds import Measured, Rows
from saas.formkit.reading import MISSING

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Item = dict[str, object]

UCUM = {
    "mmHg": "mm[Hg]",
    "kg": "kg",
    "kg/m²": "kg/m2",
    "cm": "cm",
    "/min": "/min",
    "℃": "Cel",
    "mmol/L": "mmol/L",
    "%": "%",
}
ABSENT = {
    "not_done": "not-performed",
    "refused": "asked-declined",
    "not_applicable": "not-applicable",
    "unknown": "unknown",
}
_BEIJING = datetime.timezone(datetime.timedelta(hours=8))


@dataclasses.dataclass(frozen=True)
class Signed:
    """A signed record, as far as FHIR asks."""

    id: uuid.UUID
    resident_id: uuid.UUID | None
    signed_by: uuid.UUID
    signed_at: datetime.datetime
    service_date: datetime.date
    answers: Mapping[str, typing.Any]
    computed: Mapping[str, typing.Any]
    amended: bool = False
    void: bool = False


def bundle(form: type[Form], record: Signed, hidden: frozenset[str] = frozenset()) -> dict[str, object]:
    """The response and its observations in one collection."""
    resources = [questionnaire_response(form, record, hidden), *observations(form, record, hidden)]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources],
    }


def questionnaire_response(
    form: type[Form], record: Signed, hidden: frozenset[str] = frozenset()
) -> dict[str, object]:
    """Exactly the answered fields that are not hidden, in the order of the form."""
    status = "entered-in-error" if record.void else "amended" if record.amended else "completed"
    return {
        "resourceType": "QuestionnaireResponse",
        "id": str(record.id),
        "questionnaire": f"urn:shipa:form:{form.about.code}|{form.about.edition}",
        "status": status,
        **_subject(record),
        "authored": record.signed_at.astimezone(_BEIJING).isoformat(timespec="seconds"),
        "author": {"reference": f"urn:uuid:{record.signed_by}", "type": "Practitioner"},
        "item": list(_items(form, _answers(form, record, hidden))),
    }


def observations(
    form: type[Form], record: Signed, hidden: frozenset[str] = frozenset()
) -> list[dict[str, object]]:
    """One per measured value whose code is sure and whose unit UCUM knows; nothing is guessed."""
    answers = _answers(form, record, hidden)
    status = "entered-in-error" if record.void else "amended" if record.amended else "final"
    found = []
    for name, field in fields_of(form).items():
        codes = [code for code in field.codes if code.certainty == "sure" and code.system == "LOINC"]
        if not codes or name not in answers or not isinstance(field, Measured) or field.unit not in UCUM:
            continue
        unit = {"unit": field.unit, "system": "http://unitsofmeasure.org", "code": UCUM[field.unit]}
        found.append(
            {
                "resourceType": "Observation",
                "id": str(uuid.uuid5(record.id, name)),
                "status": status,
                "code": {"coding": [{"system": SYSTEMS[code.system], "code": code.code} for code in codes]},
                **_subject(record),
                "effectiveDateTime": str(record.service_date),
                "valueQuantity": {"value": _number(answers[name]), **unit},
                "derivedFrom": [{"reference": f"urn:uuid:{record.id}", "type": "QuestionnaireResponse"}],
            }
        )
    return found


def _subject(record: Signed) -> dict[str, object]:
    if record.resident_id is None:
        return {}
    return {"subject": {"reference": f"urn:uuid:{record.resident_id}", "type": "Patient"}}


def _answers(form: type[Form], record: Signed, hidden: frozenset[str]) -> dict[str, typing.Any]:
    """The answers that are shown, with what the form computed of its own fields."""
    computed = {
        name: record.computed[name]
        for name, field in fields_of(form).items()
        if field.kind == "calculated" and record.computed.get(name) is not None
    }
    shown = {name: answer for name, answer in (computed | dict(record.answers)).items() if name not in hidden}
    reasons = shown.get(MISSING) or {}
    return shown | {MISSING: {name: reason for name, reason in reasons.items() if name not in hidden}}


def _items(form: type[Form], answers: Mapping[str, typing.Any], prefix: str = "") -> Iterator[Item]:
    reasons = answers.get(MISSING) or {}
    for name, field in fields_of(form).items():
        link = prefix + name
        if field.kind == "reference":
            continue
        if isinstance(field, Rows):
            for row in answers.get(name) or ():
                yield {"linkId": link, "item": list(_items(field.row, row, f"{link}."))}
        elif name in answers:
            value = answers[name]
            given = value if isinstance(value, list) else [value]
            yield {"linkId": link, "answer": [_value(field, each, link) for each in given]}
        elif name in reasons:
            absent = {"url": f"{URL}data-absent-reason", "valueCode": ABSENT[reasons[name]]}
            yield {"linkId": link, "extension": [absent]}


def _value(field: Field[object], value: typing.Any, link: str) -> Item:  # noqa: ANN401 - JSON
    """An answer in the type that the Questionnaire gives its question."""
    kind = TYPES[field.kind]
    if kind == "choice":
        return {"valueCoding": {"system": f"urn:shipa:codes:{link}", "code": str(value)}}
    if kind == "dateTime":
        at = datetime.datetime.strptime(str(value), "%Y-%m-%d %H:%M").replace(tzinfo=_BEIJING)
        return {"valueDateTime": at.isoformat(timespec="seconds")}
    if kind in {"integer", "decimal"}:
        return {f"value{kind.title()}": _number(value)}
    return {{"boolean": "valueBoolean", "date": "valueDate"}.get(kind, "valueString"): value}


def _number(value: object) -> int | float:
    """A number as JSON has it; whole ones without a point."""
    number = decimal.Decimal(str(value))
    return int(number) if number == number.to_integral_value() else float(number)
