"""The base of ordinary forms: trimmed text, no hidden characters, language switch without loss."""

from __future__ import annotations

import typing
import unicodedata
import uuid

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.fields.core import UnboundField

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

LANGUAGE_BUTTON = "_language"
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ALLOWED_CONTROLS = frozenset("\n\r\t")


def hidden_character(text: str) -> str | None:
    """The first control, bidi-override or lone-surrogate character of a text, as ``U+202E``."""
    for character in text:
        kind = unicodedata.category(character)
        if (kind in {"Cc", "Cs"} and character not in _ALLOWED_CONTROLS) or (character in _BIDI_CONTROLS):
            return f"U+{ord(character):04X}"
    return None


def strip(value: typing.Any) -> typing.Any:  # noqa: ANN401 - WTForms filters take anything
    """Trim text; leave everything else."""
    return value.strip() if isinstance(value, str) else value


class Form(FlaskForm):  # type: ignore[misc]
    """A form of ours. ``arrived()`` tells a real submit from a switch of language."""

    class Meta:
        """Trim every text field, on top of CSRF by Flask-WTF."""

        def bind_field(
            self,
            form: typing.Any,  # noqa: ANN401
            unbound_field: UnboundField,
            options: dict[str, typing.Any],
        ) -> typing.Any:  # noqa: ANN401
            """Add the trimming filter to text fields."""
            if issubclass(unbound_field.field_class, StringField):
                filters = list(unbound_field.kwargs.get("filters", ()))
                if strip not in filters:
                    unbound_field.kwargs["filters"] = [strip, *filters]
            return unbound_field.bind(form=form, **options)

    form_id = HiddenField(default=lambda: str(uuid.uuid4()))

    @property
    def form_uuid(self) -> uuid.UUID:
        """The form's own id, which makes a second submit harmless; a new one when it was tampered with."""
        try:
            return uuid.UUID(self.form_id.data or "")
        except ValueError:
            return uuid.uuid4()

    def arrived(self) -> bool:
        """True when the form was sent; False when it is shown first or only changes language."""
        return bool(self.is_submitted()) and LANGUAGE_BUTTON not in request.form

    def accepted(self) -> bool:
        """True when the form was sent and holds."""
        return self.arrived() and self.validate()

    def validate(self, extra_validators: typing.Any = None) -> bool:  # noqa: ANN401 - WTForms' own
        """All validators of the fields, and no hidden characters anywhere."""
        holds = bool(super().validate(extra_validators))
        for field in self:
            value = field.data
            found = hidden_character(value) if isinstance(value, str) else None
            if found is not None:
                message = gettext(
                    "This text holds an invisible character (%(code)s). Type it anew.", code=found
                )
                errors: Sequence[str] = list(field.errors)
                field.errors = [*errors, message]
                holds = False
        return holds
