"""The form of a resident's identity, and how its texts get out of it and into it."""

from __future__ import annotations

import typing

from markupsafe import escape
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import TextInput

from saas.residents import codes
from saas.residents.messages import FIELD_LABELS, sentence
from saas.residents.rules import citizen_id, masks
from saas.residents.rules.finding import Finding, blocking
from saas.residents.rules.identity import (
    DOCUMENT_TYPES,
    FIELDS,
    PLACEHOLDERS,
    PRINT_LANGUAGES,
    SEXES,
    Fields,
)
from saas.web.forms import Form

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from saas.accounts.models import Site


def _choices(values: Iterable[str], labels: Mapping[str, object]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=labels[value]) for value in values]


def attributes(**values: object) -> str:
    """A control's attributes as WTForms writes them, without its formatter: a quarter of the page."""
    told = sorted(item for item in values.items() if item[1] is not False)
    return " ".join(name if value is True else f'{name}="{escape(value)}"' for name, value in told)


class _Line(TextInput):  # type: ignore[misc]
    html_params = staticmethod(attributes)


def _text(name: str) -> StringField:
    return StringField(FIELD_LABELS[name], widget=_Line())


def _without_marks(text: str | None) -> str | None:
    """A number that was copied brings direction marks; nobody typed them, so they refuse nothing."""
    return citizen_id.without_marks(text) if text else text


class ResidentForm(Form):
    """Identity and contact. What its texts mean and lack is said by ``rules.identity``."""

    document_type = SelectField(
        FIELD_LABELS["document_type"],
        choices=_choices(DOCUMENT_TYPES, codes.DOCUMENT_LABELS),
        validate_choice=False,
    )
    document_number = StringField(FIELD_LABELS["document_number"], filters=[_without_marks])
    name_0 = _text("name_0")
    name_1 = _text("name_1")
    name_2 = _text("name_2")
    placeholder = SelectField(
        FIELD_LABELS["placeholder"],
        choices=_choices(PLACEHOLDERS, codes.PLACEHOLDER_LABELS),
        validate_choice=False,
    )
    sex_code = RadioField(
        FIELD_LABELS["sex_code"], choices=_choices(SEXES, codes.SEX_LABELS), validate_choice=False
    )
    birth = _text("birth")
    phone_0 = _text("phone_0")
    phone_1 = _text("phone_1")
    phone_2 = _text("phone_2")
    contact_name = _text("contact_name")
    contact_phone = _text("contact_phone")
    site_id = SelectField(FIELD_LABELS["site_id"], choices=[], validate_choice=False)
    village = _text("village")
    address_detail = _text("address_detail")
    township = _text("township")
    county = _text("county")
    prefecture = _text("prefecture")
    province = _text("province")
    print_language = RadioField(
        FIELD_LABELS["print_language"],
        choices=_choices(PRINT_LANGUAGES, codes.LANGUAGE_LABELS),
        validate_choice=False,
    )
    version = HiddenField()
    was = HiddenField()
    told = HiddenField()

    def offer_sites(self, sites: Sequence[Site], language: str) -> None:
        """Fill the list of places: the open ones, and the chosen one even if it has closed."""
        self.site_id.choices = [
            SelectChoice(value=str(site.id), label=site_name(site, language))
            for site in sites
            if site.closed_at is None or str(site.id) == self.site_id.data
        ]

    def show(self, fields: Mapping[str, str]) -> None:
        """Put texts into the form; a stored number is to be masked by the caller."""
        for name in FIELDS:
            self[name].data = fields[name]
        if not fields["document_type"]:
            self.document_type.data = DOCUMENT_TYPES[0]

    def typed(self, stored_number: str = "") -> Fields:
        """The texts as they were sent; a number that still shows its mask is the stored one."""
        fields = {name: self[name].data or "" for name in FIELDS}
        number = fields["document_number"]
        if stored_number and number == masks.masked(stored_number):
            fields["document_number"] = stored_number
        return fields

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Put what blocks beside its field."""
        for finding in findings:
            field = self[finding.field]
            field.errors = [*field.errors, sentence(finding)]


def half_masked(fields: Mapping[str, str]) -> list[Finding]:
    """Refuse a number in which stars are left over from the mask."""
    if "*" in fields["document_number"]:
        return [blocking("number-masked", "document_number")]
    return []


def site_name(site: Site, language: str) -> str:
    """The name of a place; in Uyghur only where the clinic has written one, never a made one."""
    return site.name_ug if language == "ug" and site.name_ug else site.name_zh
