"""One line of a list as the texts of the resident form, and what is to say about it."""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing
import unicodedata

from saas.residents import codes
from saas.residents.rules import citizen_id, document, identity
from saas.residents.rules.finding import Kind
from saas.web.forms import hidden_character
from saas.web.sheets.marks import Row, mark_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from saas.residents.rules.identity import Fields

LINE = -1
"""The column of a fault that belongs to the whole line."""

_SEXES = {
    "1": ("男", "男性", "ئەر", "ئەرلەر", "m", "male", "man"),
    "2": ("女", "女性", "ئايال", "قىز", "f", "female", "woman"),
    "0": ("未知", "不详", "نامەلۇم", "unknown"),
}
_SEX_CODES = {word: code for code, words in _SEXES.items() for word in words}
_SERIAL = re.compile(r"[1-7]?[0-9]{4}(?:\.0+)?")
_SERIALS = range(10_000, 80_000)  # 1927-05-18 to 2119
_EXCEL_DAY_ZERO = datetime.date(1899, 12, 30)
_TIME = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?$")
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}")
_BETWEEN_PHONES = re.compile(r"[/;、;,،|]+|\s{2,}")
_LINE_BREAKS = re.compile(r"[\r\n\t]+")
"""No name and no address holds one; everything else of them stays as it is."""
_NUMBERS = frozenset({"document_number", *identity.PHONES, "contact_phone"})
_KEPT_AS_TYPED = frozenset({*identity.NAMES, "contact_name", *identity.ADDRESS})


class Problem(typing.NamedTuple):
    """A fault (the line is left out) or a remark (it is taken as it stands); nothing of the cell."""

    column: int
    code: str
    is_fault: bool


@dataclasses.dataclass(frozen=True)
class Plan:
    """What the head chose: the field of each column, the place of care, what the clinic's name tells."""

    columns: Mapping[int, str]
    site_id: str
    sites: Mapping[str, str]
    """Ids of open places by their code and by each of their names, without spaces."""
    filled: Mapping[str, str]
    """Address and language of prints where the list has no column for them."""
    today: datetime.date

    def column_of(self, field: str) -> int:
        """Where a field comes from; ``LINE`` when no column holds it."""
        return next((column for column, name in self.columns.items() if name == field), LINE)


def read(row: Row, plan: Plan) -> tuple[Fields, list[Problem]]:
    """The tidied fields of a line, judged by the same rules as the form."""
    typed, problems = _typed(row, plan)
    fields = identity.tidied(typed)
    longer = citizen_id.converted(fields["document_number"])
    marked = {plan.columns[one.column] for one in problems if one.column in plan.columns}
    for finding in identity.findings(fields, plan.today):
        if finding.field in marked:
            continue
        fault = finding.kind is Kind.BLOCKING
        problems.append(Problem(plan.column_of(_said_by(finding.field, plan)), finding.code, fault))
    if longer is not None and fields["document_type"] == document.CITIZEN:
        fields["document_number"] = longer
    return fields, problems


def _said_by(field: str, plan: Plan) -> str:
    """Sex and birth date may come from the number: without a column of their own it is the number's."""
    if field in {"sex_code", "birth"} and plan.column_of(field) == LINE:
        return "document_number"
    return field


def _typed(row: Row, plan: Plan) -> tuple[Fields, list[Problem]]:
    """The cells as a person would type them; what is no text, or no such place, is a fault."""
    typed: Fields = {"site_id": plan.site_id, **plan.filled}
    problems = []
    if row and mark_of(row[0]) == "line-unreadable":
        return typed, [Problem(LINE, "line-unreadable", is_fault=True)]
    for column, field in plan.columns.items():
        cell = row[column] if column < len(row) else ""
        code = mark_of(cell) or _unusable(field, cell)
        if code:
            problems.append(Problem(column, code, is_fault=True))
            continue
        text = _read_cell(field, cell, plan)
        if text is None:
            problems.append(Problem(column, f"{field}-unknown", is_fault=True))
        elif text or field not in typed:
            typed[field] = text
    _part_phones(typed, plan)
    if typed.get("document_number"):
        typed["document_type"] = typed.get("document_type") or document.CITIZEN
    return typed, problems


def _unusable(field: str, cell: str) -> str:
    """The code of what no field can hold."""
    if field in _NUMBERS and _ROUNDED.fullmatch(cell):
        return "damaged-number"
    return "hidden-sign" if hidden_character(cell) else ""


def _read_cell(field: str, cell: str, plan: Plan) -> str | None:
    """What a cell says to a field; None when it names a code or place that does not exist."""
    kept = field in _KEPT_AS_TYPED
    text = _LINE_BREAKS.sub(" ", cell).strip() if kept else " ".join(cell.split())
    if kept or not text:
        return text
    if field == "sex_code":
        return sex_of(text)
    if field == "birth":
        return birth_of(text)
    if field == "document_type":
        return type_of(text)
    if field == "site_id":
        return plan.sites.get("".join(text.split()))
    # Numbers of Excel; full-width digits.
    return unicodedata.normalize("NFKC", text).removesuffix(".0")


def sex_of(text: str) -> str:
    """男, 女, ئەر, ئايال, 1, 2 and the like as a code; another word stays and is refused by the rules."""
    word = unicodedata.normalize("NFKC", text).casefold().removesuffix(".0")
    return _SEX_CODES.get(word) or _SEX_CODES.get(word.lstrip("0129-.、 "), word)


def birth_of(text: str) -> str:
    """A date without its midnight; Excel's number of a day as that day (a year has four digits)."""
    plain = _TIME.sub("", unicodedata.normalize("NFKC", text))
    if _SERIAL.fullmatch(plain) and int(float(plain)) in _SERIALS:
        return (_EXCEL_DAY_ZERO + datetime.timedelta(days=int(float(plain)))).isoformat()
    return plain.removesuffix(".0")


def type_of(text: str) -> str | None:
    """A kind of document by its code or by its name in the code table."""
    word = unicodedata.normalize("NFKC", text).casefold().removesuffix(".0")
    for one in codes.table("document_type"):
        if word in {one.code, one.code.lstrip("0"), one.name_zh, one.name_en.casefold()}:
            return one.code
        if one.name_zh.removeprefix("居民") == word.removeprefix("居民"):
            return one.code
    return None


def _part_phones(typed: Fields, plan: Plan) -> None:
    """Several numbers in one cell go where no column has put one."""
    parts = [part.strip() for part in _BETWEEN_PHONES.split(typed.get("phone_0", "")) if part.strip()]
    free = [name for name in identity.PHONES if name == "phone_0" or plan.column_of(name) == LINE]
    if 1 < len(parts) <= len(free):
        typed |= dict(zip(free, parts, strict=False))


def numbered(found: Iterator[tuple[int, Row]], heading_line: int) -> Iterator[tuple[int, Row]]:
    """The lines after the headings, with their numbers in the file."""
    for place, (number, row) in enumerate(found, start=1):
        if place > heading_line:
            yield number, row
