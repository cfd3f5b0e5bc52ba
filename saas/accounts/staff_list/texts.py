"""The words of a staff list: headings, what is said about a fault, what a cell may say."""

from __future__ import annotations

import typing

from flask_babel import force_locale, gettext, lazy_gettext

from saas.accounts import labels
from saas.accounts.staff_list.judging import ALL, MOST_PEOPLE, WHOLE_LINE, Words, plain
from saas.web.i18n import TONGUES, in_tongue
from saas.web.sheets.texts import CELLS, REFUSALS, column_letter

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from saas.accounts.models import Site
    from saas.accounts.staff_list.judging import Fault

HEADINGS: Mapping[str, object] = {
    "username": lazy_gettext("User name"),
    "name": lazy_gettext("Name"),
    "name_other": lazy_gettext("Name in another writing"),
    "roles": lazy_gettext("Roles"),
    "sites": lazy_gettext("Sites"),
    "phone": lazy_gettext("Phone"),
}
_ALL_PLACES = lazy_gettext("All places")

FAULTS: Mapping[str, object] = {
    **CELLS,
    "no-lines": REFUSALS["no-lines"],
    "many-people": lazy_gettext(
        "A list may have %(most)s people. Part it into several files.", most=MOST_PEOPLE
    ),
    "heading-unknown": lazy_gettext("This heading is not known. Take those of the template."),
    "heading-twice": lazy_gettext("This heading stands twice."),
    "heading-missing-username": lazy_gettext("The column of the user names is missing."),
    "heading-missing-name": lazy_gettext("The column of the names is missing."),
    "heading-missing-roles": lazy_gettext("The column of the roles is missing."),
    "no-heading": lazy_gettext("There is something in a column without a heading."),
    "username-missing": lazy_gettext("The user name is missing."),
    "username-shape": lazy_gettext("2 to 32 small Latin letters and digits."),
    "username-twice": lazy_gettext("This user name stands twice in the list."),
    "username-taken": lazy_gettext("Somebody has this user name already."),
    "name-missing": lazy_gettext("The name is missing."),
    "name-long": lazy_gettext("This is too long."),
    "name-no-letter": lazy_gettext("A name needs at least one letter."),
    "roles-missing": lazy_gettext("Choose at least one role."),
    "roles-unknown": lazy_gettext("This role is not known. Take the words of the template."),
    "roles-apart": lazy_gettext("Whoever reviews the access log has no role in care. Choose one of the two."),
    "sites-unknown": lazy_gettext("No open place of care has this name or code."),
    "phone-shape": lazy_gettext("A phone number has 5 to 15 digits."),
}


class Said(typing.NamedTuple):
    """A fault as the page shows it."""

    line: int
    letter: str
    text: object


def said(fault: Fault) -> Said:
    """A fault in the language of the page."""
    letter = "" if fault.column == WHOLE_LINE else column_letter(fault.column)
    return Said(fault.line, letter, FAULTS[fault.code])


def in_both(word: object) -> dict[str, str]:
    """A word of a page in each language of the house."""
    return {tongue.code: in_tongue(word, tongue) for tongue in TONGUES.values()}


def words(sites: Iterable[Site]) -> Words:
    """What a list may say, in any language of the house, in English, or by our own codes."""
    places = {plain(word): ALL for word in (ALL, *in_both(_ALL_PLACES).values())}
    for site in sites:
        found = (site.code, site.name_zh, site.name_ug)
        places |= {plain(word): str(site.id) for word in found if word}
    return Words(_meanings(HEADINGS), _meanings(labels.ROLES), places)


def _meanings(labelled: Mapping[str, object]) -> dict[str, str]:
    found = {plain(code): code for code in labelled}
    for code, label in labelled.items():
        found |= {plain(word): code for word in in_both(label).values()}
    return found


def slip_words() -> list[dict[str, str]]:
    """The words of a slip, in each language of the house."""
    found = []
    for tongue in TONGUES.values():
        with force_locale(tongue.locale):
            found.append(
                {
                    "lang": tongue.html_lang,
                    "direction": tongue.direction,
                    "address": gettext("Address"),
                    "institution": gettext("Institution"),
                    "name": gettext("Name"),
                    "username": gettext("User name"),
                    "password": gettext("One-time password"),
                    "rule": gettext(
                        "Works for 24 hours, until a password of your own is set at the first sign-in. "
                        "Spaces do not matter. Destroy this sheet afterwards."
                    ),
                }
            )
    return found
