"""A form as a FHIR R4 Questionnaire: questions, codes, conditions; a pure function of the declaration."""

from __future__ import annotations

import typing

from saas.formkit import conditions
from saas.formkit.declaring import Field, Form, fields_of
from saas.formkit.kinds import Measured, Rows, Text
from saas.formkit.showing import spoken

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

TYPES = {
    "text": "string",
    "graded": "string",
    "whole": "integer",
    "decimal": "decimal",
    "calculated": "decimal",
    "date": "date",
    "month": "string",
    "datetime": "dateTime",
    "boolean": "boolean",
    "reference": "reference",
    "choice": "choice",
    "choices": "choice",
    "rows": "group",
}
SYSTEMS = {"LOINC": "http://loinc.org", "WS 365": "urn:shipa:ws-365"}
URL = "http://hl7.org/fhir/StructureDefinition/"
_LANGUAGES = {"zh": "zh-Hans-CN", "ug": "ug-Arab-CN"}


def questionnaire(form: type[Form]) -> dict[str, object]:
    """The form as a Questionnaire; its linkIds are the names of the fields."""
    about = form.about
    return {
        "resourceType": "Questionnaire",
        "url": f"urn:shipa:form:{about.code}",
        "version": about.edition,
        "name": about.code,
        **_said("title", about.title),
        "status": "active",
        "subjectType": ["Patient" if about.subject == "resident" else "Organization"],
        "item": [_item(field) for field in fields_of(form).values() if field.retired is None],
    }


def _said(key: str, text: object) -> dict[str, object]:
    """A text in English with FHIR's translation extension for the other languages."""
    said = spoken(text)
    parts = [
        {
            "url": f"{URL}translation",
            "extension": [
                {"url": "lang", "valueCode": code},
                {"url": "content", "valueString": said[language]},
            ],
        }
        for language, code in _LANGUAGES.items()
    ]
    return {key: said["en"], f"_{key}": {"extension": parts}}


def _item(field: Field[object], prefix: str = "") -> dict[str, object]:
    link = prefix + field.name
    item: dict[str, object] = {"linkId": link, **_said("text", field.label), "type": TYPES[field.kind]}
    if isinstance(field, Text) and field.lines:
        item["type"] = "text"
    codes = [{"system": SYSTEMS[each.system], "code": each.code} for each in field.codes]
    if codes:
        item["code"] = codes
    if field.required is True and field.demanded:
        item["required"] = True
    if field.kind == "calculated":
        item["readOnly"] = True
    if field.kind in {"choices", "rows"}:
        item["repeats"] = True
    if isinstance(field, Text):
        item["maxLength"] = field.longest
    choices = getattr(field, "choices", {})
    if choices:
        item["answerOption"] = [_option(link, code, choice.label) for code, choice in choices.items()]
    item |= _enabled(field.shown_when)
    extensions = list(_extensions(field))
    if extensions:
        item["extension"] = extensions
    if isinstance(field, Rows):
        item["item"] = [_item(each, f"{link}.") for each in fields_of(field.row).values()]
    return item


def _option(link: str, code: str, label: object) -> dict[str, object]:
    return {"valueCoding": {"system": f"urn:shipa:codes:{link}", "code": code, **_said("display", label)}}


def _extensions(field: Field[object]) -> Iterator[dict[str, object]]:
    """The unit and the possible limits."""
    if field.unit:
        yield {"url": f"{URL}questionnaire-unit", "valueCoding": {"display": field.unit}}
    if isinstance(field, Measured):
        key = "valueDecimal" if field.places else "valueInteger"
        low, high = field.bounds.low, field.bounds.high
        for name, bound in (("minValue", low), ("maxValue", high)):
            yield {"url": f"{URL}{name}", key: float(bound) if field.places else int(bound)}


def _enabled(condition: conditions.Condition | None) -> dict[str, object]:
    """FHIR knows answers of other questions only; ages and due services stay with the server."""
    parts: tuple[conditions.Condition, ...] = (condition,) if condition else ()
    if isinstance(condition, conditions.Either):
        parts = condition.parts
    if not parts or not all(isinstance(part, conditions.Chosen | conditions.Given) for part in parts):
        return {}
    when = [each for part in parts for each in _when(part)]
    return {"enableWhen": when} | ({"enableBehavior": "any"} if len(when) > 1 else {})


def _when(part: conditions.Condition) -> Iterator[dict[str, object]]:
    if isinstance(part, conditions.Chosen):
        for code in part.codes:
            coding = {"system": f"urn:shipa:codes:{part.field}", "code": code}
            yield {"question": part.field, "operator": "=", "answerCoding": coding}
    elif isinstance(part, conditions.Given):
        yield {"question": part.field, "operator": "exists", "answerBoolean": True}
