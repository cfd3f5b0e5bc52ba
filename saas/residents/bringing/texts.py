"""What is said about a file, a line, a batch. Nothing of a cell stands in any of these sentences."""

from __future__ import annotations

import typing

from flask_babel import lazy_gettext

from saas.residents.bringing.lines import LINE
from saas.residents.messages import FIELD_LABELS
from saas.web.sheets import texts
from saas.web.sheets.texts import NOTHING_CHANGED, column_letter

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

REFUSALS: Mapping[str, object] = {
    **texts.REFUSALS,
    "broken-off": lazy_gettext(
        "The work broke off several times. Tell the people who look after this system."
    ),
}

PROBLEMS: Mapping[str, object] = {
    **texts.CELLS,
    "site_id-unknown": lazy_gettext("No open place of care has this name or code."),
    "document_type-unknown": lazy_gettext("This kind of document is not known."),
    "not-offered": lazy_gettext("This word or code is not known."),
    "sex-missing": lazy_gettext("The sex is missing."),
    "birth-missing": lazy_gettext("The birth date is missing."),
    "birth-unreadable": lazy_gettext("This is no date that exists."),
    "PAT-003": lazy_gettext("This birth date lies in the future or more than 120 years back."),
    "name-missing": lazy_gettext("The name is missing."),
    "no-pictures": lazy_gettext("There is a sign here that no name can hold."),
    "no-letter": lazy_gettext("A name needs at least one letter."),
    "no-number": lazy_gettext("This is no number of a document."),
    "no-phone": lazy_gettext("A phone number has 5 to 15 digits."),
    "too-long": lazy_gettext("This text is too long."),
    "PAT-001": lazy_gettext("The check digit of this ID number is not right. It is taken as it stands."),
    "old-number": lazy_gettext("An old number of 15 digits; it is taken with 18."),
    "number-shape": lazy_gettext("An ID number has 18 characters. It is taken as it stands."),
    "number-no-day": lazy_gettext(
        "The birth date in this ID number does not exist. It is taken as it stands."
    ),
    "sex-differs": lazy_gettext("The ID number says another sex. Both are taken as they stand."),
    "birth-differs": lazy_gettext("The ID number says another birth date. Both are taken as they stand."),
    "very-old": lazy_gettext("This person would be over 110 years old. It is taken as it stands."),
}

STATES: Mapping[str, object] = {
    "uploaded": lazy_gettext("Columns are to be chosen"),
    "checking": lazy_gettext("Is being checked"),
    "checked": lazy_gettext("Checked, nothing stored yet"),
    "running": lazy_gettext("Is being brought in"),
    "done": lazy_gettext("Brought in"),
    "failed": lazy_gettext("Could not be brought in"),
    "dropped": lazy_gettext("Let go"),
    "undone": lazy_gettext("Taken back"),
}


def place(column: int, field: str) -> tuple[str, object]:
    """The column of a fault: its letter and our word for it; both empty for the whole line."""
    if column == LINE:
        return "", ""
    return column_letter(column), FIELD_LABELS.get(field, "")


__all__ = ["NOTHING_CHANGED", "PROBLEMS", "REFUSALS", "STATES", "column_letter", "place"]
