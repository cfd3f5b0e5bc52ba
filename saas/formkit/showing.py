"""A form's declaration for other programs and for review: JSON with labels in three languages, and CSV."""

from __future__ import annotations

import typing

from saas.formkit import texts
from saas.formkit.declaring import Choices, Computed, Field, Form, enter_order, fields_of, is_presumed
from saas.formkit.kinds import Rows

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from saas.formkit.conditions import Condition


def described(form: type[Form]) -> dict[str, object]:
    """All of a form that another program needs to ask it, keep it and read it."""
    about = form.about
    return {
        "code": about.code,
        "title": spoken(about.title),
        "edition": about.edition,
        "source": about.source,
        "subject": about.subject,
        "visit_day": about.visit_day,
        "fields": [_field(field) | _presumed(form, name) for name, field in fields_of(form).items()],
        "computed": [_computed(each) for each in (*about.ahead, *about.computed) if each.told],
        "enter_order": list(enter_order(form)),
        "missing_reasons": {code: spoken(label) for code, label in texts.REASONS.items()},
    }


def spoken(text: object) -> dict[str, str]:
    """A text in English, Chinese and Uyghur."""
    said: dict[str, str] = {}
    for language in texts.LOCALES:
        with texts.speaking(language):
            said[language] = str(text)
    return said


def _presumed(form: type[Form], name: str) -> dict[str, object]:
    """What a blank answer of a required field means, so that it is no error."""
    return {"blank_is": "today"} if is_presumed(form, name) else {}


def _field(field: Field[object]) -> dict[str, object]:
    found: dict[str, object] = {
        "name": field.name,
        "kind": field.kind,
        "label": spoken(field.label),
        "unit": field.unit or None,
        "required": "C" if not isinstance(field.required, bool) else "R" if field.required else "O",
        "required_when": _condition(field.required),
        "demanded": field.demanded,
        "shown_when": _condition(field.shown_when),
        "carry_forward": field.carried,
        "accepts_missing_reason": field.may_miss and field.kind != "calculated",
        "sensitive": field.sensitive,
        "retired": str(field.retired) if field.retired else None,
        "codes": [code._asdict() for code in field.codes],
    }
    choices = getattr(field, "choices", None)
    if choices is not None:
        found["choices"] = list(_choices(choices))
    if isinstance(field, Rows):
        found["most"] = field.most
        found["fields"] = [_field(each) for each in fields_of(field.row).values()]
    return found | field.described()


def _choices(choices: Choices) -> Iterator[dict[str, object]]:
    for code, choice in choices.items():
        yield {
            "code": code,
            "label": spoken(choice.label),
            "excludes_others": choice.alone,
            "retired": choice.retired,
        }


def _condition(condition: bool | Condition | None) -> dict[str, object] | None:  # noqa: FBT001 - R, O or C
    return condition.described() if condition is not None and not isinstance(condition, bool) else None


def _computed(computed: Computed) -> dict[str, object]:
    named: dict[str, object] = {"name": computed.name, "label": spoken(computed.label)}
    return named | ({"choices": list(_choices(computed.choices))} if computed.choices else {})


def columns(form: type[Form]) -> list[str]:
    """The head of the form's CSV: one column per field, rows in numbered columns of their first three."""
    found = []
    for name, field in fields_of(form).items():
        if isinstance(field, Rows):
            shown = range(1, min(field.most, 3) + 1)
            found += [f"{name}_{place}_{part}" for place in shown for part in fields_of(field.row)]
        else:
            found += [name]
    return found
