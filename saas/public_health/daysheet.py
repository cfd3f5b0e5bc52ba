"""The list of the day as an .xlsx file that can be filled in without power or line, and what comes back."""

from __future__ import annotations

import dataclasses
import io
import typing
import uuid

import openpyxl
from flask_babel import lazy_gettext as _l
from openpyxl.styles import Alignment, Font

from saas.db import new_id
from saas.formkit import records
from saas.formkit.declaring import fields_of
from saas.public_health import due_texts, joint
from saas.public_health.forms import FORMS
from saas.public_health.rules import worklist as rule
from saas.residents import tokens
from saas.web import i18n
from saas.web.request import here
from saas.web.sheets import lines as sheet

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence

    from saas.formkit.declaring import Form
    from saas.formkit.models import Record
    from saas.public_health.rules.worklist import Line
    from saas.residents.showing import Line as Shown

PLACE = "today.line"
"""What a line's code is sealed for."""
MARK = "shipa-day-1"
SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so could be run as a formula by the program that opens it."""
MOST_LINES = 51

FIELDS: Mapping[str, object] = {
    "service_date": _l("Visit date"),
    "visit_mode": _l("Visit method"),
    "systolic_bp": _l("Systolic pressure"),
    "diastolic_bp": _l("Diastolic pressure"),
    "heart_rate": _l("Heart rate"),
    "fasting_glucose": _l("Fasting glucose"),
    "weight": _l("Weight"),
    "symptoms": _l("Symptoms"),
    "dm_symptoms": _l("Symptoms of diabetes"),
    "dorsalis_pedis": _l("Pulse of the foot"),
    "hypoglycaemia": _l("Low blood sugar, reactions"),
    "adherence": _l("Medicines taken as ordered"),
    "adverse_reaction": _l("Adverse reaction to a medicine"),
    "next_due_date": _l("Next visit date"),
}
"""The columns that are filled in, by the codes of the paper form; a choice of several is parted by blanks."""
_NAMES: Mapping[str, Mapping[str, str]] = {
    "dm_followup": {"dm_symptoms": "symptoms", "symptoms": ""},
    "bp_reading": {"systolic_bp": "systolic", "diastolic_bp": "diastolic", "service_date": "measured_at"},
}
"""Columns that a form calls otherwise; of a reading there are no others."""
_SEVERAL = frozenset({"symptoms", "dm_symptoms"})
BY_CODE = {form.about.code: form for form in FORMS}
FILLED_IN = frozenset({"ht_followup", "dm_followup", "bp_reading", rule.JOINT})
"""Forms that such a line can hold; every other one is filled in on its page."""
HEAD = (_l("Code, do not change"), _l("Name"), _l("Age"), _l("Village"), _l("Service"), _l("Form"))


@dataclasses.dataclass(frozen=True)
class Sent:
    """One line as it came back: whom it is about, which form, how things stood, what was filled in."""

    number: int
    resident_id: uuid.UUID
    form: str
    form_id: uuid.UUID
    seen: str
    typed: Mapping[str, str]


DAY = "service_date"
FIRST_LINE = 2
"""The line of the first person: above it stand the heads."""


class Listed(typing.NamedTuple):
    """One person of the day's list."""

    id: uuid.UUID
    line: Line
    who: Shown


@dataclasses.dataclass(frozen=True)
class Group:
    """Everybody to whom the same visit is owed, in care order."""

    form: str
    listed: Sequence[Listed]

    @property
    def title(self) -> str:
        """What the visit is called."""
        return joint.title() if self.form == rule.JOINT else str(BY_CODE[self.form].about.title)


def groups(lines: Iterable[Listed]) -> list[Group]:
    """The list by what is owed: visits that a line can hold first, in the order in which they come up."""
    found: dict[str, list[Listed]] = {}
    for one in lines:
        found.setdefault(rule.visit_form(one.line), []).append(one)
    ordered = sorted(found, key=lambda form: form not in FILLED_IN)
    return [Group(form, found[form]) for form in ordered]


def name_in(form: type[Form], column: str) -> str:
    """What a column is called in a form; nothing for one that the form does not have."""
    names = _NAMES.get(form.about.code, {})
    name = names.get(column, "") if column in names or form.about.code == "bp_reading" else column
    return name if name in fields_of(form) else ""


def standing_record(resident_id: uuid.UUID, form: str) -> str:
    """The newest record that a line would add to, so that a change meanwhile is seen."""
    codes = [one.about.code for one in joint.FORMS] if form == rule.JOINT else [form]
    found: list[Record] = [each for code in codes for each in records.latest([resident_id], code, 1)]
    return " ".join(str(each.id) for each in found)


def workbook(found: Sequence[Group], day: datetime.date) -> bytes:
    """The file: one line for each person, her code first, the columns to fill in last."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None  # noqa: S101 - a new workbook has a sheet
    page.title = str(day)
    page.sheet_view.rightToLeft = i18n.TONGUES[i18n.current()].direction == "rtl"
    heads = [*HEAD, *(f"{label} ({name})" for name, label in FIELDS.items())]
    page.append([f"{MARK} {heads[0]}", *(str(head) for head in heads[1:])])
    for group in found:
        for one in group.listed:
            page.append([guarded(text) for text in _cells(group, one, day)])
    _make_readable(page)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def _cells(group: Group, listed: Listed, day: datetime.date) -> list[str]:
    who, form = listed.who, group.form
    kept = {
        "resident": str(listed.id),
        "form": form,
        "form_id": str(new_id()),
        "seen": standing_record(listed.id, form),
    }
    code = tokens.sealed_fields(kept, PLACE, here.clinic.keys)
    names = " / ".join(each.text for each in who.names) or who.placeholder
    told = [code, names, _plain(who.age), who.village, due_texts.names(listed.line.items), group.title]
    return [*told, str(day) if form in FILLED_IN else ""]


def _plain(text: str) -> str:
    """A text without the marks that isolate it on a page."""
    return "".join(sign for sign in text if sign not in "\u2066\u2067\u2068\u2069")


def guarded(text: str) -> str:
    """A text that no program takes for a formula."""
    return f"'{text}" if text.startswith(SIGNS) else text


def _make_readable(page: typing.Any) -> None:  # noqa: ANN401 - openpyxl's sheet
    page.freeze_panes = "C2"
    for cell in page[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for column, width in zip("ABCDEF", (14, 26, 7, 16, 34, 22), strict=True):
        page.column_dimensions[column].width = width
    for row in page.iter_rows():
        for cell in row:
            # Text, so that no program turns 1/2 into a day or drops digits.
            cell.number_format = "@"
            if cell.data_type == "f":
                cell.data_type = "s"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def read(body: bytes) -> list[Sent | tuple[int, str]]:
    """The lines of a file that came back; a line whose code is no code of this clinic by its number.

    Raises ``FileRefusedError`` for what is no workbook, ``ValueError`` for another file than ours.
    """
    found: list[Sent | tuple[int, str]] = []
    names = list(FIELDS)
    for number, row in sheet.rows(body):
        if number == 1:
            if not row[0].startswith(MARK):
                raise ValueError("another file")
            continue
        if number > MOST_LINES:
            raise ValueError("too many lines")
        cells = [*row, *[""] * (len(HEAD) + len(names))]
        kept = tokens.opened_fields(cells[0], PLACE, here.clinic.keys)
        typed = dict(zip(names, cells[len(HEAD) :], strict=False))
        if kept is None:
            found.append((number, cells[0]))
        else:
            found.append(_sent(number, kept, {name: text for name, text in typed.items() if text.strip()}))
    return found


def _sent(number: int, kept: Mapping[str, str], typed: Mapping[str, str]) -> Sent:
    resident_id, form_id = uuid.UUID(kept["resident"]), uuid.UUID(kept["form_id"])
    return Sent(number, resident_id, kept["form"], form_id, kept["seen"], typed)


def posted(sent: Sent) -> dict[str, list[str]]:
    """What the line's form would have been sent."""
    texts = {
        name: text.replace(",", " ").replace("，", " ").split() if name in _SEVERAL else [text.strip()]
        for name, text in sent.typed.items()
    }
    if sent.form == "dm_followup":
        texts["symptoms"] = texts.pop("dm_symptoms", texts.get("symptoms", []))
    if sent.form == "bp_reading":
        names = _NAMES[sent.form]
        texts = {names[name]: each for name, each in texts.items() if name in names}
        # A moment soon after midnight is never ahead of now; of the paper the day alone is known.
        texts["measured_at"] = [f"{texts.get('measured_at', [''])[0]} 00:01"]
    return texts


def is_empty(sent: Sent) -> bool:
    """True when nothing but the day that was printed stands in the line."""
    return not set(sent.typed) - {"service_date"}
