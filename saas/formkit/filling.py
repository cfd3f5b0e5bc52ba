"""A form as its page shows it: every field with its texts, what is typed, what is to be said about it."""

from __future__ import annotations

import dataclasses
import json
import typing

from saas.formkit import posting, texts
from saas.formkit.declaring import Field, Form, enter_order, fields_of
from saas.formkit.findings import Finding, Kind
from saas.formkit.kinds import Calculated, Measured, Rows, Text
from saas.formkit.reading import REASONS

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from saas.formkit.evaluating import Evaluation
    from saas.formkit.posting import Posted

_WIDE = 100
"""A text of more characters than this gets a whole line."""
_EMPTY_ROWS = 1
_MEASURED = {"whole", "decimal", "graded"}
"""Kinds beside which the page asks why there is no value; other required fields have it too."""


@dataclasses.dataclass
class Box:
    """One field of the page. ``values`` are its texts; ``when`` the condition that scripts look at."""

    name: str
    kind: str
    label: str
    unit: str
    values: list[str]
    choices: list[tuple[str, str, bool]]
    required: bool
    carried: bool
    shown: bool
    when: str
    width: str
    most: str
    lines: bool
    may_miss: bool
    missing: str
    errors: list[str]
    rows: list[list[Box]]
    parts: list[str]
    first: bool = False

    @property
    def value(self) -> str:
        """The one text of a field that has one."""
        return self.values[0] if self.values else ""


@dataclasses.dataclass(frozen=True)
class Remark:
    """A finding in words; ``seen`` is its mark in the page once it has been shown."""

    code: str
    kind: str
    fields: tuple[str, ...]
    text: str
    source: str
    mark: str
    note: str


@dataclasses.dataclass(frozen=True)
class Sheet:
    """All that the page of a form shows beside its frame."""

    form: type[Form]
    groups: list[tuple[str, list[Box]]]
    remarks: list[Remark]
    results: list[tuple[str, str]]
    errors: list[tuple[str, str]]
    next_due: str
    enter_order: str
    reasons: list[tuple[str, str]]
    computed: str

    @property
    def title(self) -> str:
        """The form's title in the page's language."""
        return str(self.form.about.title)


def sheet(  # noqa: PLR0913 - a page's parts
    form: type[Form],
    posted: Posted,
    found: Evaluation,
    *,
    carried: frozenset[str] = frozenset(),
    told: bool = False,
    marks: Mapping[Finding, str] | None = None,
) -> Sheet:
    """The page's content. ``told``: refusals are shown too, because the form was sent."""
    errors = _errors(form, found) if told else {}
    groups: list[tuple[str, list[Box]]] = []
    owner = None
    for name, field in fields_of(form).items():
        if field.retired or field.kind == "reference":
            continue
        section = owner_of(form, name)
        if section is not owner or not groups:
            groups.append((str(getattr(section, "section", "")), []))
            owner = section
        box = _box(field, name, posted, found, errors=errors)
        box.carried = name in carried and bool(box.values or box.rows)
        box.first = name == enter_order(form)[0]
        groups[-1][1].append(box)
    return Sheet(
        form,
        groups,
        list(_remarks(form, found, posted, marks or {})),
        list(_results(form, found)),
        [(field, text) for field, all_ in errors.items() for text in all_],
        str(found.next_due_on or ""),
        ",".join(enter_order(form)),
        [(code, str(texts.REASONS[code])) for code in REASONS],
        json.dumps({name: str(value) for name, value in found.computed.items() if name in fields_of(form)}),
    )


def owner_of(form: type[Form], name: str) -> type:
    """The class that declares a field: the fields of one class stand in one group."""
    return next(each for each in form.__mro__ if name in vars(each))


def _errors(form: type[Form], found: Evaluation) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for refusal in found.refusals:
        place = refusal.field.replace("].", "-").replace("[", "-").replace("]", "")
        errors.setdefault(place, []).append(texts.about_refusal(form, refusal))
    return errors


def _box(
    field: Field[object],
    name: str,
    posted: Posted,
    found: Evaluation,
    *,
    errors: Mapping[str, Sequence[str]],
) -> Box:
    when = json.dumps(field.shown_when.described()) if field.shown_when else ""
    return Box(
        name=name,
        kind=field.kind,
        label=str(field.label),
        unit=field.unit,
        values=_values(field, name, posted, found),
        choices=_choices(field),
        required=name in found.needed
        or (name not in fields_of(type(found.answers)) and field.required is True),
        carried=False,
        shown=name in found.shown or name not in fields_of(type(found.answers)),
        when=when,
        width="wide" if isinstance(field, Text) and field.longest >= _WIDE else "short",
        most=str(field.bounds.high) if isinstance(field, Measured) and not field.places else "",
        lines=isinstance(field, Text) and field.lines,
        may_miss=field.may_miss and (field.kind in _MEASURED or (field.required is True and bool(_choices(field)))),
        missing=(posted.get(posting.MISSING_PREFIX + name) or [""])[0],
        errors=list(errors.get(name, ())),
        rows=_rows(field, name, posted, found, errors=errors) if isinstance(field, Rows) else [],
        parts=[str(each.label) for each in fields_of(field.row).values()] if isinstance(field, Rows) else [],
    )


def _values(field: Field[object], name: str, posted: Posted, found: Evaluation) -> list[str]:
    if isinstance(field, Calculated):
        value = found.computed.get(name)
        return [] if value is None else [str(value)]
    return [each for each in posted.get(name, ()) if each]


def _choices(field: Field[object]) -> list[tuple[str, str, bool]]:
    choices = getattr(field, "choices", None) or {}
    return [(code, str(each.label), each.alone) for code, each in choices.items() if not each.retired]


def _rows(
    field: Rows[Form], name: str, posted: Posted, found: Evaluation, *, errors: Mapping[str, Sequence[str]]
) -> list[list[Box]]:
    """The filled rows and one empty one."""
    parts = fields_of(field.row)
    filled = [
        place
        for place in range(field.most)
        if any((posted.get(f"{name}-{place}-{part}") or [""])[0] for part in parts)
    ]
    wanted = min(field.most, (filled[-1] + 1 if filled else 0) + _EMPTY_ROWS)
    return [
        [_box(each, f"{name}-{place}-{part}", posted, found, errors=errors) for part, each in parts.items()]
        for place in range(wanted)
    ]


def _remarks(
    form: type[Form], found: Evaluation, posted: Posted, marks: Mapping[Finding, str]
) -> Iterator[Remark]:
    kept = posting.notes(posted)
    for each in found.findings:
        if each.kind is Kind.BLOCKING:
            continue
        yield Remark(
            each.code,
            each.kind.value,
            each.fields,
            texts.about_finding(form, each),
            texts.source(form, each.source),
            marks.get(each, ""),
            kept.get(each.code, ""),
        )


def _results(form: type[Form], found: Evaluation) -> Iterator[tuple[str, str]]:
    """Computed values in words; those that are fields stand there already."""
    for each in (*form.about.ahead, *form.about.computed):
        value = found.computed.get(each.name)
        if not each.told or value is None or str(each.label) == "":
            continue
        field = fields_of(form).get(each.name)
        choice = getattr(field, "choices", {}).get(str(value)) if field else None
        if choice is not None:
            yield str(each.label), str(choice.label)
        elif not isinstance(value, bool):
            yield str(each.label), str(value)
