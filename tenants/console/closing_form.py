"""What a step of a closing needs to be typed."""

from __future__ import annotations

import unicodedata
import uuid

from flask_babel import lazy_gettext
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from tenants.closing_rules import KEEP_DAYS
from tenants.console.forms import Form


class ClosingForm(Form):
    """Which of the fields are asked depends on the step."""

    order_id = HiddenField()
    reason = StringField(
        lazy_gettext("What for"),
        [Length(max=300)],
        description=lazy_gettext("The institution's own people read it."),
    )
    keep_days = StringField(
        lazy_gettext("Its data stay at least so many days"),
        [Length(max=10)],
        default=str(KEEP_DAYS),
    )
    typed_code = StringField(
        lazy_gettext("Code of the institution that is to be removed"),
        [Length(max=20)],
        description=lazy_gettext("Typed by hand, so that nobody removes another one."),
    )

    def begin(self) -> None:
        """Name what this page will order: a step that is sent twice is one order."""
        self.order_id.data = str(self._named())

    def id_of_order(self, step: str) -> uuid.UUID:
        """The id of the order for this step: another step of the same page is another order."""
        return uuid.uuid5(self._named(), step)

    def text_of(self, name: str) -> str:
        """What was typed into a field, on one line."""
        return " ".join((self[name].data or "").split())

    def digits_of(self, name: str) -> str:
        """A number or code that was typed into a field, with the digits of an input method as digits."""
        return unicodedata.normalize("NFKC", self[name].data or "").strip()

    def _named(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.order_id.data or "")
        except ValueError:
            return uuid.uuid4()
