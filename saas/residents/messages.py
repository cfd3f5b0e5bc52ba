"""The sentence of each finding; the rules name findings by code and know no language."""

from __future__ import annotations

import typing

from flask_babel import gettext, lazy_gettext

from saas.residents.codes import DOCUMENT_LABELS, SEX_LABELS

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from saas.residents.rules.finding import Finding

FIELD_LABELS: Mapping[str, object] = {
    "document_type": lazy_gettext("Document"),
    "document_number": lazy_gettext("Document number"),
    "name_0": lazy_gettext("Name as on the document"),
    "name_1": lazy_gettext("Name, another written form"),
    "name_2": lazy_gettext("Name, a third written form"),
    "placeholder": lazy_gettext("Without a name"),
    "sex_code": lazy_gettext("Sex"),
    "birth": lazy_gettext("Birth date"),
    "phone_0": lazy_gettext("Phone"),
    "phone_1": lazy_gettext("Second phone"),
    "phone_2": lazy_gettext("Third phone"),
    "contact_name": lazy_gettext("Contact person"),
    "contact_phone": lazy_gettext("Phone of the contact person"),
    "site_id": lazy_gettext("Place of care"),
    "village": lazy_gettext("Village or neighbourhood"),
    "address_detail": lazy_gettext("Street, house number"),
    "township": lazy_gettext("Township or street office"),
    "county": lazy_gettext("County"),
    "prefecture": lazy_gettext("Prefecture"),
    "province": lazy_gettext("Region"),
    "print_language": lazy_gettext("Language of prints"),
}

_SENTENCES: Mapping[str, object] = {
    "PAT-001": lazy_gettext(
        "The check digit of this ID number should be %(x)s. Correct it, or keep it as it stands on"
        " the document."
    ),
    "PAT-003": lazy_gettext("The birth date must lie between %(earliest)s and today (%(today)s)."),
    "very-old": lazy_gettext("This person would be over %(years)s years old. Look at the year once more."),
    "birth-missing": lazy_gettext("Type the birth date; the year alone is enough."),
    "birth-unreadable": lazy_gettext(
        "This is no date that exists. Type year, month and day, like %(example)s; or the year alone."
    ),
    "birth-differs": lazy_gettext(
        "The ID number says %(day)s. Correct one of them, or keep both as on the document."
    ),
    "sex-missing": lazy_gettext("Choose one."),
    "sex-differs": lazy_gettext(
        "The ID number says: %(sex_label)s. Correct one of them, or keep both as on the document."
    ),
    "not-offered": lazy_gettext("Choose one of the entries."),
    "site-closed": lazy_gettext("This place is closed. Choose another one."),
    "old-number": lazy_gettext(
        "This was an old number of 15 digits. Written with 18 it is %(number)s, which now stands"
        " here. Compare it and save."
    ),
    "number-shape": lazy_gettext(
        "An ID number has 18 characters; this one has %(length)s. Correct it, or keep it as it"
        " stands on the document."
    ),
    "number-no-day": lazy_gettext(
        "The birth date in this ID number does not exist. Correct it, or keep it as it stands on the"
        " document."
    ),
    "number-future": lazy_gettext(
        "The birth date in this number, %(day)s, has not come yet. Look at the number once more."
    ),
    "number-kind": lazy_gettext(
        "Such a number belongs to another document: %(kind_label)s. Choose that one, or keep it as it"
        " stands on the document."
    ),
    "number-masked": lazy_gettext("Type the whole number, or put back what stood here."),
    "no-number": lazy_gettext("Type the number of the document, or leave this empty."),
    "name-missing": lazy_gettext("Type at least one name; or choose below that the name is not known."),
    "no-pictures": lazy_gettext("A name cannot hold this sign: %(sign)s"),
    "no-letter": lazy_gettext("A name needs at least one letter."),
    "no-phone": lazy_gettext("A phone number has 5 to 15 digits."),
    "day-missing": lazy_gettext("Type the day."),
    "day-unreadable": lazy_gettext(
        "This is no date that exists. Type year, month and day, like %(example)s."
    ),
    "day-ahead": lazy_gettext("This day has not come yet; today is %(today)s."),
    "day-before-birth": lazy_gettext("This day lies before the birth date %(birth)s."),
    "guardian-needed": lazy_gettext("For somebody under %(years)s a guardian agrees. Anybody may say no."),
    "consent-name-missing": lazy_gettext("Type the name, or choose another way."),
    "category-missing": lazy_gettext("Choose one."),
    "reason-short": lazy_gettext(
        "Write at least %(shortest)s letters or digits; these are %(length)s. The resident will read it."
    ),
    "reason-empty": lazy_gettext("Write in words why you open this record. The resident will read it."),
    "too-long": lazy_gettext("At most %(longest)s characters; these are %(length)s."),
}

EXAMPLE_DATE = "1963-05-07"


def isolated(text: str) -> str:
    """A date or number that stays in order inside a Uyghur sentence (U+2066 … U+2069)."""
    return f"\N{LEFT-TO-RIGHT ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def sentence(finding: Finding) -> str:
    """What a finding says, in the page's language. Raises KeyError for a code without a sentence."""
    gaps: dict[str, object] = {name: isolated(text) for name, text in finding.values}
    gaps["example"] = isolated(EXAMPLE_DATE)
    if "sex" in gaps:
        gaps["sex_label"] = SEX_LABELS[finding.value("sex")]
    if "kind" in gaps:
        gaps["kind_label"] = DOCUMENT_LABELS[finding.value("kind")]
    if finding.code == "no-pictures":
        gaps["sign"] = _shown(finding.value("sign"))
    return str(_SENTENCES[finding.code]) % gaps


def _shown(sign: str) -> str:
    """A sign with its number: not every machine can draw it."""
    number = f"U+{ord(sign):04X}"
    return isolated(f"{sign} {number}" if sign.isprintable() else number)


def placeholder_text(placeholder: str, number: int | None) -> str:
    """What stands in place of a name that is not known, with its number."""
    if placeholder == "newborn":
        return str(gettext("Unnamed newborn %(number)s", number=isolated(str(number))))
    return str(gettext("Unknown person %(number)s", number=isolated(str(number))))
