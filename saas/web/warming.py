"""What else every first visitor would wait for: all pages compiled in both languages."""

from __future__ import annotations

import typing

from flask_babel import force_locale

from saas.web.i18n import TONGUES

if typing.TYPE_CHECKING:
    from flask import Flask


def warm(app: Flask) -> None:
    """Do it once, in a process whose children serve; a page that cannot be compiled ends the start."""
    pages = app.jinja_env
    with app.test_request_context():
        for tongue in TONGUES.values():
            with force_locale(tongue.locale):
                for name in pages.list_templates(extensions=["html"]):
                    pages.get_template(name)
