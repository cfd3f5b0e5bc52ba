"""Pages that show a code once: the language can still change, because the page brings its words along."""

from __future__ import annotations

import datetime
import json
import typing

from flask import render_template, request

from saas.web import clock
from saas.web.forms import LANGUAGE_BUTTON
from saas.web.keys import SealBrokenError
from saas.web.request import here

FIELD = "page_code_once"
KEEP = datetime.timedelta(minutes=15)


def page(template: str, **values: object) -> str:
    """The page, with its values sealed in a hidden field; nothing of it is stored anywhere."""
    kept = {"template": template, "values": values, "at": clock.now().isoformat()}
    sealed = here.clinic.keys.seal(json.dumps(kept), _context()).hex()
    return render_template(template, once_field=FIELD, once=sealed, **values)


def again() -> str | None:
    """The same page in the other language, when that is what was asked of one shown minutes ago."""
    sealed = request.form.get(FIELD, "")
    if LANGUAGE_BUTTON not in request.form or not sealed:
        return None
    try:
        kept = json.loads(here.clinic.keys.open(bytes.fromhex(sealed), _context()))
    except (ValueError, SealBrokenError):
        return None
    if clock.now() - datetime.datetime.fromisoformat(kept["at"]) > KEEP:
        return None
    shown: dict[str, typing.Any] = kept["values"]
    return render_template(kept["template"], once_field=FIELD, once=sealed, **shown)


def _context() -> str:
    return f"once:{here.session.id}"
