"""A name's search key follows its text, however the row is written."""

from __future__ import annotations

import typing

import sqlalchemy as sa

from saas.demo.residents import add_residents
from saas.residents.models import ResidentName
from saas.residents.rules import names
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.support import world

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import ClinicWorld


def test_the_key_is_computed_when_a_name_is_added_and_when_it_changes(app: Flask, north: ClinicWorld) -> None:
    card = north.person("village_doctor").card
    with world.inside(app, card) as session:
        setting = session.scalars(sa.select(ClinicSetting)).one()
        add_residents(clinic_of(card, setting), 1, clock.now())
        name = session.scalars(sa.select(ResidentName).order_by(ResidentName.id.desc())).first()
        assert name is not None
        assert name.search_key == names.search_key(name.text) != ""
        name.text = "ﺋﺎﺑﺪۇﻟﻼ  Sınaq"
        session.flush()
        assert name.search_key == names.search_key("ئابدۇللا Sınaq")
