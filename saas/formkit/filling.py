"""A form as its page shows it: every field with its texts, what is typed, what is to be said about it."""

from __future__ import annotations

import dataclasses
import itertools
import json
import typing

from saas.formkit import answering, drawing, posting, texts
from saas.formkit.boxes import Box, box_of, may_miss
from saas.formkit.conditions import Due
from saas.formkit.declaring import Form, enter_order, fields_of
from saas.formkit.findings import Finding, Kind
from saas.formkit.kinds import Rows
from saas.formkit.reading import REASONS
from saas.formkit.wording import by_language, said

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markupsafe import Markup

    from saas.formkit.drawing import Macro
    from saas.formkit.evaluating import Evaluation
    from saas.formkit.posting import Posted


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
    is_first: bool
    """False for a second finding of one code: a note stands once for all of them."""


@dataclasses.dataclass(frozen=True)
class Sheet:
    """All that the page of a form shows beside its frame."""

    form: type[Form]
    groups: list[tuple[str, list[Box]]]
    remarks: list[Remark]
    results: list[tuple[str, str, list[str]]]
    errors: list[tuple[str, str, str]]
    """Where, the field's label, and what is wrong."""
    next_due: str
    enter_order: str
    reasons: list[tuple[str, str]]
    computed: str

    @property
    def title(self) -> str:
        """The form's title in the page's language."""
        return str(self.form.about.title)

    @property
    def codes(self) -> list[str]:
        """The forms of which the page makes records."""
        return [self.form.about.code]

    def drawn(self, macro: Macro, box: Box) -> Markup:
        """One of its fields by a macro of the page."""
        return drawing.drawn(macro, box, self.reasons)


@dataclasses.dataclass(frozen=True)
class How:
    """How a sheet is shown: what is carried forward, what this person is not shown, the findings' marks.

    ``told``: refusals are shown too, because the form was sent.
    """

    carried: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    marks: Mapping[Finding, str] = dataclasses.field(default_factory=dict)
    told: bool = False


def sheet(form: type[Form], posted: Posted, found: Evaluation, how: How) -> Sheet:
    """The page's content."""
    errors = _errors(form, posted, found) if how.told else {}
    order = [name for name in enter_order(form) if name not in how.hidden and _is_asked(form, name, found)]
    return Sheet(
        form,
        list(_groups(form, posted, found, how, errors)),
        list(_remarks(form, found, posted, how)),
        list(_results(form, found)),
        [(place, texts.place_label(form, place), text) for place, all_ in errors.items() for text in all_],
        str(found.next_due_on or ""),
        ",".join(order),
        [(code, said(texts.REASONS)[code]) for code in REASONS],
        json.dumps({name: str(value) for name, value in found.computed.items() if name in fields_of(form)}),
    )


def _groups(
    form: type[Form], posted: Posted, found: Evaluation, how: How, errors: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, list[Box]]]:
    """The fields in groups: those of one class stand together."""
    names = [
        name
        for name, field in fields_of(form).items()
        if not field.retired and field.kind != "reference" and name not in how.hidden
    ]
    first = next((name for name in enter_order(form) if name in names), "")
    for section, part in itertools.groupby(names, key=_sections(form).__getitem__):
        boxes = []
        for name in part:
            box = box_of(form, name, name, posted, found, errors=errors)
            box.carried = name in how.carried
            box.first = name == first
            boxes.append(box)
        yield "" if isinstance(section, type) else section, boxes


def _is_asked(form: type[Form], name: str, found: Evaluation) -> bool:
    """Enter passes over what is demanded only when it is due, while it is not; one can still go there."""
    return not isinstance(fields_of(form)[name].required, Due) or name in found.needed


@by_language
def _sections(form: type[Form]) -> dict[str, str | type]:
    return {name: section_of(form, name) for name in fields_of(form)}


def section_of(form: type[Form], name: str) -> str | type:
    """What the fields that stand together have in common: the words over them, or the class without words."""
    owner = next(each for each in form.__mro__ if name in vars(each))
    return str(vars(owner).get("section", "")) or owner


def _errors(form: type[Form], posted: Posted, found: Evaluation) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for refusal in found.refusals:
        place = _place(form, refusal.field, posted)
        field = fields_of(form).get(place)
        # Only where the page asks why something is missing can one say it.
        plain = refusal.fault.code == "required" and (field is None or not may_miss(field))
        text = texts.sentence(form, "wanted", ()) if plain else texts.about_refusal(form, refusal)
        errors.setdefault(place, []).append(text)
    return errors


def _place(form: type[Form], path: str, posted: Posted) -> str:
    """Where on the page a refusal belongs: of a row, there where the row was typed."""
    name, _, row = path.partition("[")
    field, (number, _, part) = fields_of(form).get(name), row.partition("]")
    if isinstance(field, Rows) and number:
        number = str(posting.filled_rows(field, name, posted)[int(number)])
    return "-".join(filter(None, (name, number, part.removeprefix("."))))


def _remarks(form: type[Form], found: Evaluation, posted: Posted, how: How) -> Iterator[Remark]:
    """What is to be said; a remark about a field that is not shown would tell its answer."""
    kept, said = posting.notes(posted), set[str]()
    for each in found.findings:
        if each.kind is Kind.BLOCKING or how.hidden & set(each.fields):
            continue
        yield Remark(
            each.code,
            each.kind.value,
            each.fields,
            texts.about_finding(form, each),
            texts.source(form, each.source),
            how.marks.get(each, ""),
            kept.get(each.code, ""),
            each.code not in said,
        )
        said.add(each.code)


def _results(form: type[Form], found: Evaluation) -> Iterator[tuple[str, str, list[str]]]:
    """Computed values in words, with what they name; those that are fields stand there already."""
    for each in (*form.about.ahead, *form.about.computed):
        value = found.computed.get(each.name)
        if not each.told or value is None or str(each.label) == "":
            continue
        said = answering.computed_said(form, each, value)
        if said is not None:
            yield str(each.label), said, []
        elif isinstance(value, list | tuple | set | frozenset):
            named = [name for name in fields_of(form) if name in value]
            yield str(each.label), str(len(value)), [str(fields_of(form)[name].label) for name in named]
