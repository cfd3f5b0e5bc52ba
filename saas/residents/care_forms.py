"""The forms beside identity: an answer to a question of consent, where a person stands, a card."""

from __future__ import annotations

import typing

from flask_babel import lazy_gettext
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from saas.residents import codes
from saas.residents.messages import sentence
from saas.residents.rules import consent, standing
from saas.web.forms import Form

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from saas.residents.rules.finding import Finding


def _offered(values: Iterable[str], labels: Mapping[str, object]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=labels[value]) for value in values]


class _Refusing(Form):
    """A form whose rules say what keeps it from being stored."""

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Put what blocks beside its field."""
        for finding in findings:
            field = self[finding.field]
            field.errors = [*field.errors, sentence(finding)]


class ConsentForm(_Refusing):
    """Who answers, and how it was said. The answer itself is a button."""

    giver = RadioField(
        lazy_gettext("Who decides"),
        choices=_offered(consent.GIVERS, codes.GIVER_LABELS),
        validate_choice=False,
        default=consent.SELF,
    )
    way = RadioField(
        lazy_gettext("How it was said"),
        choices=_offered(consent.WAYS, codes.WAY_LABELS),
        validate_choice=False,
        default=consent.PAPER,
    )
    name = StringField(lazy_gettext("Name of the person who agrees"))


class StandingForm(_Refusing):
    """Here, moved, died or left; since when; a few words."""

    standing = RadioField(
        lazy_gettext("Where this person stands"),
        choices=_offered(standing.CHOICES, codes.STANDING_LABELS),
        validate_choice=False,
    )
    ended_on = StringField(lazy_gettext("Since which day"))
    note = StringField(lazy_gettext("Note"))
    version = HiddenField()


class CardForm(Form):
    """Which written forms of the name stand on the card; none is a choice too."""

    names = SelectMultipleField(lazy_gettext("Name on the card"), choices=[], validate_choice=False)

    def offer(self, names: Sequence[str]) -> None:
        """The person's own written forms, by their place."""
        self.names.choices = [SelectChoice(value=str(place), label=name) for place, name in enumerate(names)]

    def chosen(self, names: Sequence[str]) -> list[str]:
        """The forms that were ticked, in their order."""
        ticked = set(self.names.data or [])
        return [name for place, name in enumerate(names) if str(place) in ticked]
