"""The console's forms: trimmed text, no hidden characters, language switch without loss."""

from __future__ import annotations

import unicodedata

from flask import request
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length

LANGUAGE_BUTTON = "_language"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def needed() -> DataRequired:
    """The one sentence of a field left empty."""
    return DataRequired(lazy_gettext("This is needed."))


def has_hidden_character(text: str) -> bool:
    """Whether something in the text cannot be seen or turns the line."""
    return any(unicodedata.category(character) in _HIDDEN for character in text)


class Form(FlaskForm):  # type: ignore[misc]
    """A form of the console. ``arrived()`` tells a real submit from a switch of language."""

    def arrived(self) -> bool:
        """True when the form was sent; False when it is shown first or only changes language."""
        return bool(self.is_submitted()) and LANGUAGE_BUTTON not in request.form

    def accepted(self) -> bool:
        """True when the form was sent and holds."""
        return self.arrived() and self.validate()

    def validate(self, extra_validators: object = None) -> bool:
        """All validators of the fields, and no hidden characters in what was typed."""
        holds = bool(super().validate(extra_validators))
        for field in self:
            typed = isinstance(field, StringField) and not isinstance(field, PasswordField)
            if typed and has_hidden_character(field.data or ""):
                field.errors = [*field.errors, gettext("This text holds a character that cannot be seen.")]
                holds = False
        return holds


class SignInForm(Form):
    """Name and password."""

    operator_name = StringField(lazy_gettext("User name"), [needed(), Length(max=100)])
    password = PasswordField(lazy_gettext("Password"), [needed(), Length(max=200)])


class CodeForm(Form):
    """The telephone's code."""

    second_code_once = StringField(lazy_gettext("Code"), [needed(), Length(max=40)])


class EnrolForm(CodeForm):
    """The first code of a key that the page showed, which it brings back sealed."""

    key = HiddenField()


class NewPasswordForm(Form):
    """A new password, twice."""

    new_password = PasswordField(lazy_gettext("New password"), [needed(), Length(max=200)])
    new_password_again = PasswordField(lazy_gettext("New password again"), [needed(), Length(max=200)])


class RosterForm(Form):
    """A roster and, beside it, the file of village clinics."""

    roster_file = FileField(lazy_gettext("The roster: .csv or .xlsx"))
    sites_file = FileField(lazy_gettext("The village clinics: .csv or .xlsx, may be left out"))


class ReasonForm(Form):
    """Why a clinic goes back, is suspended, or goes on."""

    reason = StringField(lazy_gettext("Reason"), [Length(max=300)])


class ChangeForm(Form):
    """A change of an institution: which order it will be, and what was shown of it."""

    order_id = HiddenField()
    plan = HiddenField()


class RenameForm(ChangeForm):
    """Both names; one left empty stays as it is."""

    name_zh = StringField(lazy_gettext("Chinese name"), [Length(max=100)])
    name_ug = StringField(lazy_gettext("Uyghur name"), [Length(max=100)])


class RecodeForm(ChangeForm):
    """The new code."""

    code = StringField(lazy_gettext("New code"), [needed(), Length(max=20)])


class MergeForm(ChangeForm):
    """The other institution: looked for, and chosen where several fit."""

    other = StringField(lazy_gettext("The other institution"), [needed(), Length(max=100)])
    into = RadioField(lazy_gettext("Which of these"), choices=[], validate_choice=False)
    elsewhere = ""
    """Why one that fits is not offered: it lives in another database."""


class MoveSiteForm(MergeForm):
    """The site, and the institution that gets it."""

    site = SelectField(lazy_gettext("Site"), [needed()], choices=[], validate_choice=False)
