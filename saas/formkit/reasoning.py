"""What is written beside the answers: why a record is corrected or voided, why a finding is not followed."""

from __future__ import annotations

import typing

from flask_babel import gettext

from saas.formkit import posting
from saas.formkit.rules import reasons
from saas.formkit.texts import SENTENCES
from saas.web.forms import hidden_character

if typing.TYPE_CHECKING:
    from saas.formkit.posting import Posted
    from saas.web.forms import Form as Page

LONGEST = 500
"""Characters of a reason or a note."""


def trouble(text: str) -> str:
    """What keeps a text from being stored, in words; empty when nothing does."""
    if len(text) > LONGEST:
        return str(SENTENCES["too-long"]) % {"longest": LONGEST, "length": len(text)}
    return "" if hidden_character(text) is None else str(SENTENCES["control-sign"])


def reason_trouble(reason: str) -> str:
    """The same of the reason for a correction, which has to say something."""
    if not reasons.says_enough(reason):
        return str(gettext("Write the reason: at least two Chinese characters, or five letters."))
    return trouble(reason)


def holds(page: Page, sent: Posted) -> bool:
    """Whether the page's own fields hold, and every note that it sent; what does not is told on the page."""
    found = dict.fromkeys(filter(None, map(trouble, posting.notes(sent).values())))
    page.form_errors += [f"{gettext('Not followed, because')}: {each}" for each in found]
    return bool(page.validate()) and not found
