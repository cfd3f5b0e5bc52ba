"""The forms of the clinic's administrator: people, sites, settings."""

from __future__ import annotations

import re
import typing

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from saas.accounts import labels, permissions
from saas.accounts.forms import language_choices, needed
from saas.web.forms import Form

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from wtforms import Field

    from saas.accounts.models import Site

LONGEST_NAME = 100
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
SITE_CODE = re.compile(r"[0-9]{12}")
PHONE = re.compile(r"(\+?(?:[ ()-]*[0-9]){5,15}[ ()-]*)?$")
LOCK_MINUTES = range(3, 11)
EVERYWHERE = "all"
"""The choice of all places of the clinic."""


def lower(value: str | None) -> str | None:
    """User names are written in small letters."""
    return value.lower() if value else value


def longest(most: int = LONGEST_NAME) -> Length:
    """A validator that tells the limit."""
    return Length(max=most, message=lazy_gettext("This is too long."))


class StaffForm(Form):
    """A person: names, roles, sites."""

    seen = HiddenField()
    name = StringField(lazy_gettext("Name"), [needed(), longest()])
    name_other = StringField(
        lazy_gettext("Name in another writing"),
        [longest()],
        description=lazy_gettext("If the person has one; both are always shown."),
    )
    phone = StringField(
        lazy_gettext("Phone"),
        [Regexp(PHONE, message=lazy_gettext("A phone number has 5 to 15 digits."))],
    )
    roles = SelectMultipleField(
        lazy_gettext("Roles"), choices=[SelectChoice(role, label) for role, label in labels.ROLES.items()]
    )
    site_ids = SelectMultipleField(
        lazy_gettext("Sites"),
        choices=[],
        description=lazy_gettext(
            "The residents of these places are open to this person. Without one, every record asks for a"
            " reason. “All places” means those of today; a new one is ticked when it comes."
        ),
    )
    own_password = PasswordField(lazy_gettext("Your own password"), [Length(max=200)])

    def offer_sites(self, sites: Iterable[Site], language: str) -> None:
        """All places at once, and the clinic's sites by their name in the page's language.

        A closed one is offered too: its residents still belong to it.
        """
        everywhere = SelectChoice(EVERYWHERE, lazy_gettext("All places"))
        self.site_ids.choices = [
            everywhere,
            *(SelectChoice(str(one.id), _offered(one, language)) for one in sites),
        ]

    def validate_roles(self, field: Field) -> None:
        """At least one role, and no reviewer of the log who has a part in care (rights I11)."""
        if not field.data:
            raise ValidationError(gettext("Choose at least one role."))
        if not permissions.may_hold_together(field.data):
            raise ValidationError(
                gettext("Whoever reviews the access log has no role in care. Choose one of the two.")
            )

    def values(self) -> dict[str, str | list[str]]:
        """What was typed, in the form in which it is compared and stored."""
        return {
            "name": self.name.data or "",
            "name_other": self.name_other.data or "",
            "roles": [role for role in permissions.ROLES if role in (self.roles.data or [])],
            "site_ids": self._places(),
            "phone": self.phone.data or "",
        }

    def _places(self) -> list[str]:
        chosen = set(self.site_ids.data or [])
        if EVERYWHERE in chosen:
            chosen = {choice.value for choice in self.site_ids.choices} - {EVERYWHERE}
        return sorted(chosen)


class NewStaffForm(StaffForm):
    """A new person: also the name to sign in with."""

    username = StringField(
        lazy_gettext("User name"),
        [
            needed(),
            Regexp(USERNAME, message=lazy_gettext("2 to 32 small Latin letters and digits.")),
        ],
        filters=[lower],
        description=lazy_gettext("Small Latin letters and digits, such as the initials."),
    )


class ResetForm(Form):
    """A one-time password for somebody who lost hers."""

    lost_second_factor = BooleanField(lazy_gettext("The telephone is lost too: remove the second factor"))
    own_password = PasswordField(lazy_gettext("Your own password"), [needed(), Length(max=200)])


class SiteForm(Form):
    """A site's names."""

    seen = HiddenField()
    name_zh = StringField(lazy_gettext("Chinese name"), [needed(), longest()])
    name_ug = StringField(lazy_gettext("Uyghur name"), [longest()])

    def values(self) -> dict[str, str | list[str]]:
        """What was typed."""
        return {"name_zh": self.name_zh.data or "", "name_ug": self.name_ug.data or ""}


class NewSiteForm(SiteForm):
    """A new village clinic: also its official code, if it has one."""

    code = StringField(
        lazy_gettext("Official code"),
        [Regexp(re.compile(r"([0-9]{12})?$"), message=lazy_gettext("12 digits."))],
        description=lazy_gettext("12 digits; leave it empty if there is none."),
    )


class SettingsForm(Form):
    """The clinic's names and choices."""

    seen = HiddenField()
    name_zh = StringField(lazy_gettext("Chinese name"), [needed(), longest()])
    name_ug = StringField(lazy_gettext("Uyghur name"), [longest()])
    paper = RadioField(lazy_gettext("Paper of the printer"), choices=[SelectChoice("A4"), SelectChoice("A5")])
    default_language = RadioField(
        lazy_gettext("Language of the pages for new staff"),
        choices=language_choices(),
    )
    lock_minutes = SelectField(
        lazy_gettext("Minutes until the screen is covered"),
        [InputRequired()],
        choices=[SelectChoice(str(minutes)) for minutes in LOCK_MINUTES],
    )

    def values(self) -> dict[str, str | list[str]]:
        """What was typed."""
        return {
            "name_zh": self.name_zh.data or "",
            "name_ug": self.name_ug.data or "",
            "paper": self.paper.data or "",
            "default_language": self.default_language.data or "",
            "lock_minutes": str(self.lock_minutes.data or ""),
        }


def _offered(site: Site, language: str) -> str:
    name = site_name(site, language)
    return str(gettext("%(place)s (closed)", place=name)) if site.closed_at else name


def site_name(site: Site, language: str) -> str:
    """A site in the page's language; without a Uyghur name its Chinese one, never a made one."""
    return site.name_ug if language == "ug" and site.name_ug else site.name_zh
