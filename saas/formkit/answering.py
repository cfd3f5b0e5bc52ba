"""Answers in words: answered fields of a form in the order of the paper, in the language of the moment."""

from __future__ import annotations

import dataclasses
import typing

from saas.formkit import texts
from saas.formkit.declaring import fields_of, key_of
from saas.formkit.kinds import Rows
from saas.formkit.reading import MISSING

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from saas.formkit.declaring import Computed, Field, Form

NUMERIC = frozenset({"whole", "decimal", "calculated", "date", "month", "datetime", "graded"})
"""Kinds whose answers read from the left in both languages."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """One answered field in words. ``boxes`` are the paper's codes, ``table`` the rows of a table."""

    name: str
    label: str
    text: str
    unit: str = ""
    boxes: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    heads: tuple[str, ...] = ()
    left_to_right: bool = False


def answers_of(
    form: type[Form], answers: Mapping[str, object], hidden: frozenset[str] = frozenset()
) -> list[Answer]:
    """Every answered field that is not hidden."""
    reasons = typing.cast("Mapping[str, str]", answers.get(MISSING) or {})
    return list(_answers(form, answers, reasons, hidden))


def _answers(
    form: type[Form], answers: Mapping[str, object], reasons: Mapping[str, str], hidden: frozenset[str]
) -> Iterator[Answer]:
    for name, field in fields_of(form).items():
        if field.kind == "reference" or name in hidden:
            continue
        if name in answers:
            yield answer_of(field, answers[name])
        elif name in reasons:
            yield Answer(name, str(field.label), reason_said(reasons[name]))


def reason_said(reason: str) -> str:
    """Why a value is missing, in words."""
    return str(texts.REASONS.get(reason, reason))


def answer_of(field: Field[object], value: object) -> Answer:
    """One answer in words."""
    label = str(field.label)
    if isinstance(field, Rows) and isinstance(value, list):
        parts = fields_of(field.row)
        table = tuple(tuple(said(each, row.get(part)) for part, each in parts.items()) for row in value)
        return Answer(
            field.name, label, "", table=table, heads=tuple(str(part.label) for part in parts.values())
        )
    choices = getattr(field, "choices", {})
    codes = [str(each) for each in value] if isinstance(value, list) else [str(value)]
    return Answer(
        field.name,
        label,
        said(field, value),
        texts.unit(field.unit),
        tuple(key_of(choices, code) for code in codes) if choices else (),
        left_to_right=field.kind in NUMERIC,
    )


def said(field: Field[object], value: object) -> str:
    """A stored value in words."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return str(texts.YES if value else texts.NO)
    choices = getattr(field, "choices", {})
    values = value if isinstance(value, list) else [value]
    found = [str(choices[str(each)].label) if str(each) in choices else str(each) for each in values]
    return " · ".join(found)


def computed_said(form: type[Form], computed: Computed, value: object) -> str | None:
    """A computed value in words; None for what is no single word or number."""
    choices = computed.choices or getattr(fields_of(form).get(computed.name), "choices", {})
    if str(value) in choices:
        return str(choices[str(value)].label)
    return None if isinstance(value, bool | list | tuple | set | frozenset) else str(value)


def beside(form: type[Form], computed: Mapping[str, object]) -> list[Answer]:
    """What the rules found beside the answers, for whoever reads the record: level, weight for height."""
    fields = fields_of(form)
    told = (each for each in (*form.about.ahead, *form.about.computed) if each.told and str(each.label))
    return [
        Answer(each.name, str(each.label), said)
        for each in told
        if each.name not in fields
        and computed.get(each.name) is not None
        and (said := computed_said(form, each, computed[each.name]))
    ]


def note_title(form: type[Form], code: str) -> str:
    """What was not followed; a sentence with gaps is named by its code."""
    pattern = str(form.about.sentences.get(code) or texts.SENTENCES.get(code) or code)
    return code if "%(" in pattern else pattern
