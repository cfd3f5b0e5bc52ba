"""The forms of this room: the window, the file, the columns."""

from __future__ import annotations

import typing

from flask import request
from flask_babel import lazy_gettext
from wtforms import FileField, PasswordField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from saas.residents.bringing import headings
from saas.residents.bringing.batches import LONGEST_WINDOW
from saas.residents.bringing.texts import column_letter
from saas.residents.forms import site_name
from saas.residents.messages import FIELD_LABELS
from saas.web.forms import Form

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from saas.accounts.models import Site
    from saas.web.sheets.marks import Row

_SAMPLES = 3


class WindowForm(Form):
    """Until when lists can be brought in; the head's own password opens the window."""

    days = SelectField(
        lazy_gettext("Days, today counted"),
        choices=[SelectChoice(value=str(days)) for days in range(1, LONGEST_WINDOW + 1)],
    )
    own_password = PasswordField(lazy_gettext("Your own password"), [Length(max=200)])


class FileForm(Form):
    """The list."""

    list_file = FileField(lazy_gettext("The list"))


class Column(typing.NamedTuple):
    """One column of the file as the page shows it: where, what stands in it, what it is to be."""

    name: str
    letter: str
    heading: str
    samples: list[str]
    chosen: str
    is_left_out: bool


class ColumnsForm(Form):
    """Which of our fields each column is, where the headings stand, and where the people belong."""

    heading_line = SelectField(lazy_gettext("The headings stand in line"), choices=[], validate_choice=True)
    site_id = SelectField(FIELD_LABELS["site_id"], choices=[], validate_choice=True)

    def offer(self, head: Sequence[Row], sites: Sequence[Site], language: str) -> None:
        """The lines that can hold the headings, and the open places."""
        lines = range(1, min(len(head), headings.MOST_ABOVE) + 1)
        self.heading_line.choices = [
            SelectChoice(value="0", label=lazy_gettext("There are none")),
            *(SelectChoice(value=str(line), label=str(line)) for line in lines),
        ]
        self.site_id.choices = [
            SelectChoice(value=str(site.id), label=site_name(site, language)) for site in sites
        ]

    @property
    def line(self) -> int:
        """The line of the headings among the first ones; 0 for none."""
        text = self.heading_line.data or "0"
        return int(text) if text.isdecimal() else 0

    def columns(self, head: Sequence[Row], chosen: dict[int, str]) -> list[Column]:
        """Every column of the file with what is chosen for it."""
        width = max((len(row) for row in head), default=0)
        refused = headings.refused(head, self.line)
        found = []
        for column in range(width):
            cells = [row[column] if column < len(row) else "" for row in head]
            samples = [cell.lstrip("\0") for cell in cells[self.line :] if cell.strip()][:_SAMPLES]
            heading = cells[self.line - 1] if self.line else ""
            found.append(
                Column(
                    f"column_{column}",
                    column_letter(column),
                    heading,
                    [] if column in refused else samples,
                    chosen.get(column, ""),
                    column in refused,
                )
            )
        return found


def chosen_columns(head: Sequence[Row], line: int) -> dict[int, str]:
    """What was sent: known fields only, and never a column that holds what is not kept (rights N1)."""
    refused = headings.refused(head, line)
    width = max((len(row) for row in head), default=0)
    sent = {column: request.form.get(f"column_{column}", "") for column in range(width)}
    return {
        column: field for column, field in sent.items() if field in headings.FIELDS and column not in refused
    }
