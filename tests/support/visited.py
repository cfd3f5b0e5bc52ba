"""A clinic on a day of the test's own, and forms about its residents as a browser fills them in."""

from __future__ import annotations

import dataclasses
import datetime
import typing

from flask_babel import force_locale

from saas.accounts.models import Site
from saas.db import new_id
from saas.formkit.declaring import fields_of
from saas.web import clock
from saas.web.i18n import TONGUES
from tests.conftest import ClinicWorld
from tests.integration.records.conftest import complaints, form_on, listed
from tests.integration.residents import pages
from tests.isolation.records import BY_CODE, DIABETES, FOLLOW_UP
from tests.support import world

if typing.TYPE_CHECKING:
    import pytest
    from flask import Flask

    from saas.formkit.declaring import Form
    from tests.support.world import Browser

HT, DM = "ht_followup", "dm_followup"
AGED_58, AGED_68 = "1968-06-01", "1958-06-01"
CLASSES = {"1": "控制满意", "2": "控制不满意", "3": "不良反应", "4": "并发症"}
NO_REFERRAL, REFERRED = "无", "有"
Label = typing.Callable[[str, str], str]
"""Gives what a field of a form is called on the page."""
DAY = datetime.date(2026, 11, 30)
NOON = datetime.datetime(2026, 11, 30, 4, 0, tzinfo=datetime.UTC)
"""Noon of that day in Beijing: the last of a month, so that three months later is a shorter one."""
_REAL = clock.now
OLDER_FOLLOW_UP = {name: text for name, text in FOLLOW_UP.items() if name != "weight"}
COMPLETE: dict[str, dict[str, str]] = {
    "ht_followup": OLDER_FOLLOW_UP,
    "dm_followup": {name: text for name, text in OLDER_FOLLOW_UP.items() if name != "salt"}
    | {name: text for name, text in DIABETES.items() if name != "dm_symptoms"},
}
"""All that a page asks, controlled."""


def move_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock goes on from noon of ``DAY``."""
    began = _REAL()
    monkeypatch.setattr(clock, "now", lambda: NOON + (_REAL() - began))


@dataclasses.dataclass(frozen=True)
class Told:
    """What a page says of a form before it is saved: banners in their order, computed values, next day."""

    banners: tuple[str, ...]
    texts: str
    results: dict[str, str]
    next_day: str


@dataclasses.dataclass(frozen=True)
class Village:
    """A clinic with one doctor of all its places."""

    house: ClinicWorld
    browser: Browser

    def forms(self) -> dict[str, type[Form]]:
        """Every form of the house."""
        return BY_CODE

    def register(self, born: str, name: str = "سىناق") -> str:
        """Somebody new; her id."""
        return pages.register(self.browser, name_0=name, sex_code="2", birth=born)

    def path(self, whom: str, code: str) -> str:
        """Where a form about her is filled in."""
        return f"/residents/{whom}/forms/{code}"

    def typed(self, whom: str, code: str, **texts: object) -> dict[str, list[str]]:
        """The form begun and filled in, not sent."""
        answer = self.browser.get(self.path(whom, code))
        assert answer.status_code == 200, answer.status_code
        return form_on(answer.get_data(as_text=True)) | listed({**COMPLETE.get(code, {}), **texts})

    def told(self, whom: str, code: str, **texts: object) -> Told:
        """What the page says while one types."""
        answer = self.browser.post(f"{self.path(whom, code)}/look", data=self.typed(whom, code, **texts))
        assert answer.status_code == 200
        look = pages.soup(answer).select_one("#look")
        assert look is not None
        rows = look.select(".results > div")
        pairs = [(row.select_one("dt"), row.select_one("dd bdi")) for row in rows]
        return Told(
            tuple(str(one["class"][1]).removeprefix("notice-") for one in look.select(".notice")),
            look.get_text(" ", strip=True),
            {
                label.get_text(strip=True): value.get_text(strip=True)
                for label, value in pairs
                if label and value
            },
            str(look["data-next"]),
        )

    def signed(self, whom: str, code: str, **texts: object) -> dict[str, str]:
        """Signed, confirmed where the page asks; the record's page by label."""
        sent, path = self.typed(whom, code, **texts), self.path(whom, code)
        answer = self.browser.post(path, data=sent)
        if answer.status_code == 200:
            told = form_on(answer.get_data(as_text=True)).get("told", [])
            answer = self.browser.post(path, data=sent | {"told": told})
        assert answer.status_code == 303, (complaints(answer.get_data(as_text=True)), pages.errors_of(answer))
        return self.answers(answer.headers["Location"])

    def answers(self, address: str) -> dict[str, str]:
        """What the page of a record says, by label."""
        rows = pages.soup(self.browser.get(address)).select("table.answers > tbody > tr")
        cells = [(row.select_one("th"), row.select_one("td")) for row in rows]
        return {
            head.get_text(" ", strip=True): cell.get_text(" ", strip=True)
            for head, cell in cells
            if head and cell
        }

    def owed(self, whom: str) -> str:
        """The part of her page that says what the clinic owes."""
        part = pages.soup(self.browser.get(f"/residents/{whom}")).select_one(".owed")
        return "" if part is None else part.get_text(" ", strip=True)

    def agree(self, whom: str, programme: str) -> None:
        """She says yes to a programme, on its page."""
        path = f"/residents/{whom}/consent?about={programme}&sheet=ug"
        sent = pages.fields_of(self.browser.get(path)) | {"answer": "yes"}
        assert self.browser.post(path, data=sent).status_code == 303

    def site(self, statistical: str) -> str:
        """A new village clinic whose statistical code ends so; its id."""
        with world.inside(self.house.app, self.house.card) as session:
            site = Site(id=new_id(), code=f"{self.house.code}{statistical}", name_zh="试村卫生室")
            session.add(site)
            session.flush()
            return str(site.id)


def village(app: Flask) -> Village:
    """A new clinic, its doctor signed in on a PC of Chinese."""
    code = world.free_code()
    card = world.provision(app, code, "验收院")
    doctor = world.add_staff(app, card, "village_doctor", "village_doctor", places="all")
    browser = world.sign_in(app, doctor)
    browser.set_cookie("shipa_language", "zh", domain="127.0.0.1")
    return Village(ClinicWorld(app, code), browser)


def label(app: Flask, code: str, name: str) -> str:
    """What a field is called on a page of Chinese."""
    with app.test_request_context(), force_locale(TONGUES["zh"].locale):
        form = BY_CODE[code]
        computed = {each.name: each.label for each in (*form.about.ahead, *form.about.computed)}
        field = fields_of(form).get(name)
        return str(field.label if field is not None else computed[name])
