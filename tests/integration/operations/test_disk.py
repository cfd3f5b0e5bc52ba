"""A disk that is nearly full: reading goes on, saving waits with its text, and it ends by itself."""

from __future__ import annotations

import os
import typing
from pathlib import Path

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from saas.web.i18n import TONGUES
from tenants.disk import SECONDS, Disks, free_share
from tenants.jobs import Stopped
from tenants.settings import SettingError, TenantSettings
from tenants.working import Worker
from tests.integration.residents import pages
from tests.support import synthetic, world
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from saas.web.i18n import Language
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

Fill = typing.Callable[[float], None]


@pytest.fixture
def disk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Fill:
    """Say how much of every disk is free."""
    disks = world.caretaker(app).disks

    def have(free: float) -> None:
        monkeypatch.setattr(disks, "look", lambda _: free)
        disks.forget()

    return have


@pytest.fixture(autouse=True)
def _as_it_was(app: Flask) -> typing.Iterator[None]:
    yield
    world.caretaker(app).disks.forget()


@pytest.fixture(params=["ug", "zh"])
def doctor(north: ClinicWorld, request: pytest.FixtureRequest) -> Browser:
    browser = north.browser("village_doctor")
    browser.set_cookie("shipa_language", request.param, domain="127.0.0.1")
    return browser


def language_of(answer: TestResponse) -> Language:
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser").html
    assert page is not None
    return next(tongue.code for tongue in TONGUES.values() if tongue.html_lang == page["lang"])


def banner(answer: TestResponse) -> str:
    found = BeautifulSoup(answer.get_data(as_text=True), "html.parser").select_one(
        "main > .flash-warn[role=status]"
    )
    return "" if found is None else found.get_text()


def held(answer: TestResponse) -> dict[str, str]:
    form = BeautifulSoup(answer.get_data(as_text=True), "html.parser").select_one("main form[method=post]")
    assert form is not None
    return {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}


def test_pages_are_read_under_a_banner_of_their_language(doctor: Browser, disk: Fill) -> None:
    disk(0.5)
    assert banner(doctor.get("/residents")) == ""
    disk(0.05)
    answer = doctor.get("/residents")
    assert answer.status_code == 200
    check_page(answer.get_data(as_text=True), language_of(answer))
    said = banner(answer)
    assert said
    letters = {"ug": range(0x0600, 0x0700), "zh": range(0x4E00, 0xA000)}[language_of(answer)]
    assert any(ord(letter) in letters for letter in said)
    assert banner(doctor.application.test_client().get("/sign-in")) != ""


def test_a_save_is_answered_with_its_text_and_taken_when_there_is_room(
    doctor: Browser, disk: Fill, north: ClinicWorld
) -> None:
    form = pages.fields_of(doctor.get("/residents/new"))
    form |= {"name_0": synthetic.lone_name(), "sex_code": "1", "birth": "1950", "village": "试验村 7"}
    disk(0.099)
    before = rows(north)
    answer = doctor.post("/residents/new", data=form)
    assert answer.status_code == 507
    check_page(answer.get_data(as_text=True), language_of(answer))
    assert {**held(answer), "csrf_token": ""} == {**form, "csrf_token": ""}
    assert rows(north) == before
    disk(0.101)
    assert doctor.post("/residents/new", data=held(answer)).status_code == 303
    assert rows(north) == before + 1
    assert doctor.post("/residents/new", data=held(answer)).status_code == 303
    assert rows(north) == before + 1


def rows(north: ClinicWorld) -> int:
    with world.inside(north.app, north.card) as session:
        return session.scalar(sa.text("SELECT count(*) FROM resident")) or 0


def test_searching_signing_out_and_the_language_go_on(doctor: Browser, disk: Fill) -> None:
    disk(0.01)
    assert doctor.send("/residents/find", {"q": "甲"}).status_code == 303
    assert doctor.send("/language", {"_language": "zh", "back": "/residents"}).status_code == 303
    assert doctor.send("/sign-out").status_code == 303


def test_an_answer_holds_for_some_seconds_and_then_is_looked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, looks = [100.0], list[Path]()

    def look(folder: Path) -> float:
        looks.append(folder)
        return 0.5 if len(looks) < 2 else 0.05

    monkeypatch.setattr("tenants.disk.time.monotonic", lambda: now[0])
    disks = Disks([Path("/")], 0.1, hold_the_database=True)
    disks.look = look
    assert not any(disks.are_low() for _ in range(1000))
    assert len(looks) == 1
    now[0] += SECONDS
    assert disks.are_low()
    assert len(looks) == 2


def test_one_full_disk_of_several_is_enough_and_an_unknown_one_is_not(tmp_path: Path) -> None:
    disks = Disks([tmp_path, tmp_path / "missing"], 0.1, hold_the_database=True)
    disks.look = lambda folder: 0.05 if folder == tmp_path else 0.9
    assert disks.are_low()
    disks.forget()
    disks.look = lambda folder: None if folder == tmp_path else 0.9
    assert not disks.are_low()


def test_the_free_part_is_that_of_the_users_of_the_disk(tmp_path: Path) -> None:
    found, system = free_share(tmp_path), os.statvfs(tmp_path)
    used = system.f_blocks - system.f_bfree
    assert found == pytest.approx(system.f_bavail / (used + system.f_bavail), abs=0.01)
    assert free_share(tmp_path / "missing") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHIPA_LEAST_FREE", "91"),
        ("SHIPA_LEAST_FREE", "-1"),
        ("SHIPA_LEAST_FREE", "ten"),
        ("SHIPA_DISKS", "data"),
    ],
)
def test_a_wrong_setting_is_refused(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=name):
        TenantSettings.from_env({"SHIPA_DATA": str(tmp_path), name: value})


def test_settings_say_which_disks_and_how_much(tmp_path: Path) -> None:
    values = {"SHIPA_DATA": str(tmp_path), "SHIPA_DISKS": "/a:/b", "SHIPA_LEAST_FREE": "15"}
    found = TenantSettings.from_env(values)
    assert (found.disks, found.least_free) == ((Path("/a"), Path("/b")), 0.15)


def test_the_worker_begins_no_job_meanwhile(app: Flask, disk: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, looks = Worker(world.caretaker(app)), list[int]()

    def have_room_at_the_third_look(_: float) -> bool:
        looks.append(1)
        disk(0.05 if len(looks) < 3 else 0.5)
        return False

    monkeypatch.setattr(worker._stopping, "wait", have_room_at_the_third_look)
    disk(0.05)
    worker._wait_for_room()
    assert len(looks) == 3
    disk(0.05)
    monkeypatch.setattr(worker._stopping, "wait", lambda _: True)
    with pytest.raises(Stopped):
        worker._wait_for_room()
