"""The forms of opening with a reason, of "she is here", and of a reviewer's verdict."""

from __future__ import annotations

import typing
import uuid

from flask_babel import lazy_gettext
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from saas.residents import openings
from saas.residents.forms import site_name
from saas.residents.messages import sentence
from saas.residents.rules import reasons
from saas.web.forms import Form

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wtforms import Field

    from saas.accounts.models import Site

CATEGORY_LABELS: Mapping[str, object] = {
    "emergency": lazy_gettext("Emergency"),
    "came_for_care": lazy_gettext("Came for care"),
    "referral": lazy_gettext("Referral"),
    "correction": lazy_gettext("Correction"),
    "asked_by_resident": lazy_gettext("Asked by the resident"),
}
VERDICT_LABELS: Mapping[str, object] = {
    openings.ACCEPTED: lazy_gettext("Accepted"),
    openings.QUESTIONED: lazy_gettext("Questioned"),
}
LONGEST_NOTE = 500


def new_form_id() -> str:
    """The id of a small form that is only a button; it makes a second press harmless."""
    return str(uuid.uuid4())


def _choices(labels: Mapping[str, object]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in labels.items()]


class OpeningForm(Form):
    """Why a record is opened. What the texts lack is said by ``rules.reasons``."""

    category = RadioField(lazy_gettext("Why"), choices=_choices(CATEGORY_LABELS), validate_choice=False)
    reason = TextAreaField(lazy_gettext("Reason"))
    back = HiddenField()

    def refuse_what_is_missing(self) -> bool:
        """Put what is missing beside its field; True when something is."""
        found = reasons.findings(self.category.data or "", self.reason.data or "")
        for finding in found:
            field = self[finding.field]
            field.errors = [*field.errors, sentence(finding)]
        return bool(found)


class VisitForm(Form):
    """She is here: at which of one's places."""

    site_id = SelectField(lazy_gettext("Place of care"), choices=[], validate_choice=False)

    def offer_sites(self, sites: Iterable[Site], language: str) -> None:
        """The open ones of her places."""
        self.site_id.choices = [
            SelectChoice(value=str(site.id), label=site_name(site, language))
            for site in sites
            if site.closed_at is None
        ]


class VerdictForm(Form):
    """What a reviewer says about an opening; a question needs words."""

    verdict = RadioField(lazy_gettext("Verdict"), choices=_choices(VERDICT_LABELS), validate_choice=False)
    note = TextAreaField(
        lazy_gettext("Note"), [Length(max=LONGEST_NOTE, message=lazy_gettext("This is too long."))]
    )

    def validate_verdict(self, field: Field) -> None:
        """One of the two."""
        if field.data not in openings.VERDICTS:
            raise ValidationError(lazy_gettext("Choose one."))

    def validate_note(self, field: Field) -> None:
        """Whoever questions says what."""
        if self.verdict.data == openings.QUESTIONED and not field.data:
            raise ValidationError(lazy_gettext("Say what is to be explained."))
