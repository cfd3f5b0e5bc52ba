"""A clinic of its own for each test of the accounts, with an administrator and a doctor."""

from __future__ import annotations

import dataclasses
import typing

import pytest

from tests.support import signing_in, world

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.support.world import Browser, Person


@dataclasses.dataclass(frozen=True)
class West:
    """A fresh clinic: ``admin`` has second factor and sheet, ``doctor`` has a password alone."""

    app: Flask
    card: ClinicCard
    admin: Person
    doctor: Person
    admin_key: str

    def as_admin(self) -> Browser:
        """A browser in which the administrator works."""
        return world.sign_in(self.app, self.admin)

    def as_doctor(self) -> Browser:
        """A browser in which the doctor works."""
        return world.sign_in(self.app, self.doctor)

    def browser(self) -> Browser:
        """A browser in which nobody is signed in."""
        return signing_in.browser_of(self.app)


@pytest.fixture
def west(app: Flask) -> West:
    """A clinic that no other test knows."""
    return _build(app)


@pytest.fixture(scope="module")
def refusing(app: Flask) -> West:
    """A clinic that the tests of one file share, because they only see it refuse."""
    return _build(app)


def _build(app: Flask) -> West:
    code = world.free_code()
    card = world.provision(app, code, f"西方{code}卫生院")
    admin = world.add_staff(app, card, "admin", "clinic_admin", name="ئايگۈل سىناق")
    doctor = world.add_staff(app, card, "doctor", "village_doctor")
    return West(app, card, admin, doctor, signing_in.set_up_administrator(app, admin))
