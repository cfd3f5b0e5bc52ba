"""The forms about signing in and about oneself."""

from __future__ import annotations

import typing

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from saas.web import clock
from saas.web.clinic import is_closed
from saas.web.cookies import cookie_name
from saas.web.door import door
from saas.web.forms import Form
from saas.web.i18n import TONGUES

if typing.TYPE_CHECKING:
    from saas.web.door import ClinicCard

MOST_CLINICS = 10
SHORTEST_PART = 2
CLINIC_COOKIE = "clinic"

REQUIRED = lazy_gettext("This is needed.")


def needed() -> InputRequired:
    """A validator that says what is missing."""
    return InputRequired(REQUIRED)


def language_choices() -> list[SelectChoice]:
    """The two languages, each by its own name."""
    return [SelectChoice(tongue.code, tongue.own_name) for tongue in TONGUES.values()]


def fitting(text: str) -> list[ClinicCard]:
    """Clinics by code, old ones too, or part of a name; one more than are shown: there are more."""
    text = text.strip()[:100]
    if len(text) < SHORTEST_PART:
        return []
    found = list(door().find_clinics(text, MOST_CLINICS + 1))
    return found + [card for card in door().led_to(text) if card not in found]


def _meant(text: str) -> list[ClinicCard]:
    """Whose code this is, and where it leads: a clinic that goes on as another is read for 30 days yet."""
    code = text.strip()
    own = [card for card in door().find_clinics(code, 1) if card.code == code]
    led = [card for card in door().led_to(code) if card.code != code]
    return [card for card in own if not (led and is_closed(card, clock.now()))] + led


class ClinicForm(Form):
    """Which institution: its code or part of its name, or one of those that fit.

    ``asked`` is the text that the offered ones were found by: another text searches anew.
    """

    clinic = StringField(lazy_gettext("Institution"), [Length(max=100)])
    asked = HiddenField()
    clinic_code = RadioField(lazy_gettext("Institution"), choices=[], validate_choice=False)

    def __init__(self, *args: typing.Any, **kwargs: typing.Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._cards: list[ClinicCard] = []
        if self.is_submitted():
            self._offer_again()
        else:
            self._offer_remembered()

    @property
    def cards(self) -> list[ClinicCard]:
        """The institutions that are offered; the text field then asks for another one."""
        return self._cards

    @cards.setter
    def cards(self, cards: list[ClinicCard]) -> None:
        self._cards = cards
        if cards:
            self.clinic.label.text = gettext("Another one: its code or part of its name")

    def _offer_again(self) -> None:
        text = self.asked.data or ""
        if text:
            self.cards = fitting(text)[:MOST_CLINICS]
        elif self.clinic_code.data:
            self._offer(self.clinic_code.data)

    def _offer_remembered(self) -> None:
        code = request.cookies.get(cookie_name(CLINIC_COOKIE), "")
        if code:
            self._offer(code)

    def _offer(self, code: str) -> None:
        card = door().clinic(code)
        self.cards = [] if card is None else [card]
        self.clinic_code.data = None if card is None else card.code

    def chosen(self) -> ClinicCard | None:
        """The one institution that is meant and open; otherwise the page says what to do."""
        card = self._meant()
        if card is not None and is_closed(card, clock.now()):
            self.form_errors.append(_over(card))
            return None
        return card

    def _meant(self) -> ClinicCard | None:
        text = self.clinic.data or ""
        if text == (self.asked.data or "") or not text:
            code = self.clinic_code.data
            chosen = next((card for card in self.cards if card.code == code), None)
            if chosen is not None:
                return chosen
        return self._search(text)

    def _search(self, text: str) -> ClinicCard | None:
        found = _meant(text) or fitting(text)
        if len(found) == 1:
            return found[0]
        self.cards = found[:MOST_CLINICS]
        self.asked.data = text if found else ""
        self.clinic_code.data = None
        field = self.clinic_code if found else self.clinic
        field.errors = [_what_to_do(text, len(found))]
        return None


def _what_to_do(text: str, fitting_count: int) -> str:
    if len(text) < SHORTEST_PART:
        return str(gettext("Type the institution's code or at least two signs of its name."))
    if fitting_count == 0:
        return str(gettext("No institution fits. Type its code or another part of its name."))
    if fitting_count > MOST_CLINICS:
        return str(gettext("More than ten fit: choose one, or type more of the name."))
    return str(gettext("Several fit: choose one."))


class SignInForm(ClinicForm):
    """Institution, user name, password."""

    username = StringField(lazy_gettext("User name"), [needed(), Length(max=64)])
    password = PasswordField(lazy_gettext("Password"), [needed(), Length(max=200)])


class RecoveryForm(ClinicForm):
    """Institution, user name, the code of the recovery sheet, and the password from now on."""

    username = StringField(lazy_gettext("User name"), [needed(), Length(max=64)])
    sheet_code_once = StringField(lazy_gettext("Code of the recovery sheet"), [needed(), Length(max=60)])
    new_password = PasswordField(lazy_gettext("New password"), [needed(), Length(max=200)])
    new_password_again = PasswordField(lazy_gettext("New password again"), [needed(), Length(max=200)])


class InvitationForm(ClinicForm):
    """Institution, the code of the printed slip, one's own name, and the password from now on."""

    slip_code_once = StringField(lazy_gettext("Code of the slip"), [needed(), Length(max=60)])
    name = StringField(lazy_gettext("Your name"), [needed(), Length(max=100)])
    new_password = PasswordField(lazy_gettext("New password"), [needed(), Length(max=200)])
    new_password_again = PasswordField(lazy_gettext("New password again"), [needed(), Length(max=200)])

    def _offer_remembered(self) -> None:
        code = request.args.get("clinic", "")
        if code:
            self._offer(code[:20])
        else:
            super()._offer_remembered()


class SecondFactorForm(Form):
    """The code of the telephone's app, or a recovery code."""

    second_code_once = StringField(lazy_gettext("Code"), [needed(), Length(max=30)])


class EnrolForm(Form):
    """A new second factor: the sealed key that the page shows, and a first code as proof."""

    key = HiddenField()
    second_code_once = StringField(lazy_gettext("Code that the app shows"), [needed(), Length(max=30)])


class OwnEnrolForm(EnrolForm):
    """The same from inside one's account: with the password, asked again."""

    own_password = PasswordField(lazy_gettext("Your own password"), [needed(), Length(max=200)])


class UnlockForm(Form):
    """The password of the person whose screen is covered, and where she was."""

    back = HiddenField()
    password = PasswordField(lazy_gettext("Password"), [needed(), Length(max=200)])


class NewPasswordForm(Form):
    """A new password, twice."""

    new_password = PasswordField(lazy_gettext("New password"), [needed(), Length(max=200)])
    new_password_again = PasswordField(lazy_gettext("New password again"), [needed(), Length(max=200)])


def _over(card: ClinicCard) -> str:
    """Why nobody gets in any more."""
    if card.state == "closed":
        return str(
            gettext(
                "This institution was closed 30 days ago or more: nobody can sign in. Its data are kept for "
                "the time that was set; ask the operators of the platform."
            )
        )
    return str(
        gettext(
            "This institution was suspended 30 days ago or more: nobody can sign in. Nothing was "
            "deleted; ask the operators of the platform to resume it."
        )
    )


class OwnPasswordForm(Form):
    """One's own password, asked again before something that matters."""

    own_password = PasswordField(lazy_gettext("Your own password"), [needed(), Length(max=200)])


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    own_password = PasswordField(lazy_gettext("Your present password"), [needed()])


class LanguageForm(Form):
    """The language of one's pages."""

    language = RadioField(lazy_gettext("Language of the pages"), choices=language_choices())
