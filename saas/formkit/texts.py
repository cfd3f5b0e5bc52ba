"""The kit's own sentences, and how a code with its values becomes a sentence in one of three languages."""

from __future__ import annotations

import contextlib
import typing

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from saas.formkit.declaring import Form, Source, fields_of
from saas.formkit.kinds import Rows
from saas.web.i18n import TONGUES

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from saas.formkit.findings import Finding
    from saas.formkit.reading import Refusal

Language = typing.Literal["en", "zh", "ug"]
LOCALES: typing.Final[dict[Language, str]] = {
    "en": "en",
    "zh": TONGUES["zh"].locale,
    "ug": TONGUES["ug"].locale,
}
"""English is the language of the message ids; it is for other programs, not for pages."""

SENTENCES: Mapping[str, object] = {
    "required": _l("Fill this in, or say why it is missing."),
    "wanted": _l("Fill this in."),
    "unknown-field": _l("This form has no field of this name: %(value)s"),
    "not-an-object": _l("Names with their values are needed here, not: %(value)s"),
    "not-a-text": _l("A text is needed here, not: %(value)s"),
    "not-a-number": _l("This is no number: %(value)s"),
    "not-whole": _l("A whole number is needed here, not %(value)s."),
    "too-many-decimals": _l("At most %(places)s decimals are possible here, not %(value)s."),
    "impossible": _l("%(value)s cannot be saved; possible are %(low)s to %(high)s."),
    "not-a-day": _l("This is no day that exists: %(value)s"),
    "not-a-month": _l("This is no month that exists: %(value)s"),
    "not-a-moment": _l("This is no day with a time of day: %(value)s"),
    "not-graded": _l("Type -, ±, + to ++++, or a number with its unit; not: %(value)s"),
    "not-yes-no": _l("Yes or no (true or false) is needed here, not: %(value)s"),
    "not-a-code": _l("A code is written as text, which this is not: %(value)s"),
    "unknown-code": _l("There is no choice with this code: %(value)s"),
    "not-a-list": _l("A list of codes is needed here, not: %(value)s"),
    "chosen-twice": _l("The same choice stands here twice."),
    "excludes-others": _l("“%(choice)s” excludes every other choice."),
    "not-rows": _l("A list of rows is needed here, not: %(value)s"),
    "too-many-rows": _l("At most %(most)s rows are possible here."),
    "control-sign": _l("The text holds signs that cannot be saved."),
    "too-long": _l("At most %(longest)s characters; these are %(length)s."),
    "unknown-reason": _l("No such reason: %(value)s. Possible are: %(reasons)s"),
    "no-reason-here": _l("A reason for a missing value cannot stand here."),
    "reason-and-value": _l("There is a value and a reason why it is missing; only one of them can hold."),
    "differs-from": _l("This differs from: %(other)s"),
    "future-day": _l("%(value)s lies in the future; today is %(today)s."),
    "before-birth": _l("%(value)s lies before the birth date (%(born)s)."),
    "too-old": _l("This birth date is more than 120 years ago: %(value)s"),
    "unusual": _l("%(field)s %(value)s lies outside %(low)s to %(high)s. Measure again, or confirm."),
    "next-not-later": _l("The next visit must lie after %(day)s."),
    "later-than-suggested": _l("The date is later than the suggested %(day)s. Keep it?"),
    "same-day": _l(
        "A record of this form is signed already for %(day)s. If it is the same visit, correct that one;"
        " keep both only if there were two visits."
    ),
    "pressures-swapped": _l("The systolic pressure must be above the diastolic one. Were they swapped?"),
    "pressures-difference": _l("The two pressures lie %(difference)s mmHg apart. Measure again, or confirm."),
}
SOURCES: Mapping[str, Source] = {
    "kit": Source(_l("Rules of every form: ranges, dates, readings (§0.2, §0.7, §15)"), "project"),
}
UNITS: Mapping[str, object] = {
    "10⁹/L": "×10⁹/L",
    "50 g": _l("liang (50 g)"),
    "min": _l("minutes"),
    "/min": _l("a minute"),
}
"""Units that people say in words; the others are written alike in every language."""
CERTAINTY: Mapping[str, object] = {
    "project": _l("%(source)s; the project's own choice"),
    "unsure": _l("%(source)s; unsure, awaits a medical reviewer"),
}
REASONS: Mapping[str, object] = {
    "not_done": _l("Not done"),
    "refused": _l("Declined"),
    "not_applicable": _l("Does not apply"),
    "unknown": _l("Not known"),
}


@contextlib.contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Texts within are in this language."""
    with force_locale(LOCALES[language]):
        yield


def unit(code: str) -> str:
    """A unit as pages and papers show it."""
    return str(UNITS.get(code, code))


def about_finding(form: type[Form], finding: Finding) -> str:
    """The sentence of a finding. Raises KeyError for a code that neither room nor kit has a sentence for."""
    return sentence(form, finding.code, finding.values)


def about_refusal(form: type[Form], refusal: Refusal) -> str:
    """The sentence of a refused value; no reason is asked for where none can stand."""
    field = fields_of(form).get(refusal.field)
    wanted = refusal.fault.code == "required" and field is not None and not field.may_miss
    return sentence(form, "wanted" if wanted else refusal.fault.code, refusal.fault.values)


def sentence(form: type[Form], code: str, gaps: Iterable[tuple[str, str]]) -> str:
    """A code's sentence with its gaps filled, labels in the language of the moment."""
    pattern = form.about.sentences.get(code) or SENTENCES[code]
    return str(pattern) % {name: label(form, value) for name, value in gaps}


def label(form: type[Form], value: str) -> str:
    """What a value of a gap says: the label of ``field:name`` or ``choice:name:code``, or itself."""
    head, *rest = value.split(":")
    field = fields_of(form).get(rest[0]) if rest and head in {"field", "choice"} else None
    if field is None:
        return rest[-1] if rest and head == "choice" else value
    if head == "field":
        return str(field.label)
    choice = getattr(field, "choices", {}).get(rest[1])
    return str(choice.label) if choice else rest[1]


def place_label(form: type[Form], place: str) -> str:
    """What the page calls a place: the field; in a table also the row and the part."""
    name, _, inside = place.partition("-")
    row, _, part = inside.partition("-")
    field = fields_of(form).get(name)
    if not isinstance(field, Rows) or not part:
        return str(field.label) if field else name
    return f"{field.label} {int(row) + 1} · {fields_of(field.row)[part].label}"


def source(form: type[Form], key: str) -> str:
    """Where a rule is written, with its certainty."""
    found = form.about.sources.get(key) or SOURCES[key]
    if found.certainty == "sure":
        return str(found.text)
    return str(CERTAINTY[found.certainty]) % {"source": found.text}


TAKEN_BACK = "taken-back"
_FIXED: Mapping[str, object] = {
    TAKEN_BACK: _l("Taken back within 10 minutes by the person who had signed it"),
}


def reason_said(reason: str) -> str:
    """Why a record was corrected or voided, as it was typed; a fixed reason in the reader's language."""
    return str(_FIXED.get(reason, reason))


YES, NO = _l("Yes"), _l("No")
FRAME: Mapping[str, object] = {
    "name": _l("Name"),
    "number": _l("Record number"),
    "signed": _l("Signed by"),
    "place": _l("Institution"),
    "void": _l("Entered in error"),
    "target": _l("%(label)s / target"),
    "sex": _l("Sex"),
    "age": _l("Age"),
    "address": _l("Present address"),
    "phone": _l("Phone"),
    "stub": _l("Stub, stays here"),
    "to": _l("To"),
    "score": _l("Score"),
    "points": _l("Points"),
    "items": _l("What is assessed"),
    "left_out": _l("What only treating doctors see is left out of this print."),
}
