"""An operator's act is read in words, whatever its detail holds."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import Babel

from tenants.console.act_words import detail_parts, detail_words


@pytest.mark.parametrize(
    ("act", "detail", "words"),
    [
        ("checklist.ticked", "licence", "Licence, address and head checked"),
        ("checklist.ticked", "of another release", "of another release"),
        ("room.off", "figures", "Figures"),
        ("room.off", "unknown", "unknown"),
        ("clinic.moved", "trained > pilot", "Trained – Pilot"),
        ("clinic.suspended", "live > suspended: moves: twice", "Live – Suspended: moves: twice"),
        ("clinic.updated", "name_zh, sites", "name_zh, sites"),
        ("staff.added", "head (clinic_admin)", "head (clinic_admin)"),
        ("clinic.suspended", "", ""),
        ("device.moved", "A-1: repair > stock", "A-1: in repair – in the stock"),
        ("device.moved", "A-1: here > there", "A-1: here > there"),
        ("device.shipped", "A-1", "A-1"),
        ("clinic.moved", "here > there: x", "here > there: x"),
    ],
)
def test_the_detail_of_an_act_in_words(act: str, detail: str, words: str) -> None:
    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.app_context():
        assert detail_words(act, detail, {"figures": "Figures"}) == words


def test_a_reason_stands_apart_from_the_words_of_the_page() -> None:
    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.app_context():
        parts = detail_parts("clinic.suspended", "live > suspended: ئىجازەت توشتى", {})
    assert parts == ("Live – Suspended", "ئىجازەت توشتى")
