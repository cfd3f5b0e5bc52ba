"""Signing in: which institution, one message for whatever was wrong, a token of its own."""

from __future__ import annotations

import re
import typing

import argon2
import pytest

from saas.accounts import passwords
from saas.web import clock
from tests.support import world
from tests.support.signing_in import (
    NEW_PASSWORD,
    enter,
    hidden,
    is_inside,
    log_of,
    secret_of,
    text_of,
    token_of,
    with_token,
)

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.integration.accounts.conftest import West
    from tests.support.world import Browser


def test_a_doctor_signs_in_by_code_and_is_remembered_by_code_alone(west: West) -> None:
    browser = west.browser()
    answer = enter(browser, west.card, "doctor")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert is_inside(browser)
    cookie = browser.get_cookie("shipa_clinic", domain="127.0.0.1")
    assert cookie is not None
    assert cookie.value == west.card.code
    assert west.card.name_zh in text_of(browser.get("/sign-in"))
    assert [row.staff_id for row in log_of(west.app, west.card, "signed_in")] == [west.doctor.staff_id]


def test_the_remembered_institution_needs_no_typing(west: West) -> None:
    browser = west.browser()
    browser.set_cookie("shipa_clinic", west.card.code, domain="127.0.0.1")
    fields = {"clinic": "", "clinic_code": west.card.code}
    answer = browser.send("/sign-in", {**fields, "username": "doctor", "password": world.PASSWORD})
    assert answer.status_code == 303


def test_a_name_that_fits_one_institution_is_taken(west: West) -> None:
    browser = west.browser()
    fields = {"clinic": west.card.name_zh[1:-1], "username": "Doctor "}
    assert browser.send("/sign-in", {**fields, "password": world.PASSWORD}).status_code == 303


def test_of_several_that_fit_one_is_chosen_and_what_was_typed_stays(west: West, visitor: Browser) -> None:
    fields = {"clinic": "试验卫生院", "username": "village_doctor", "password": world.PASSWORD}
    several = visitor.send("/sign-in", fields)
    page = several.get_data(as_text=True)
    assert several.status_code == 422
    assert 'value="village_doctor"' in page
    assert world.PASSWORD not in page
    assert page.count('type="radio"') == 2
    assert text_of(several).count("试验县") == 2
    asked = hidden(several, "asked")
    chosen = {**fields, "asked": asked, "clinic_code": world.SOUTH}
    assert visitor.send("/sign-in", chosen).status_code == 303
    row = west.app.extensions["door"].open(token_of(visitor))
    assert row[1].code == world.SOUTH


def test_another_text_than_the_offered_ones_were_found_by_searches_anew(west: West) -> None:
    browser = west.browser()
    fields = {"asked": "试验卫生院", "clinic_code": world.SOUTH, "clinic": west.card.code}
    answer = browser.send("/sign-in", {**fields, "username": "doctor", "password": world.PASSWORD})
    assert answer.status_code == 303
    assert west.app.extensions["door"].open(token_of(browser))[1].code == west.card.code


@pytest.mark.parametrize("text", ["", "卫", "没有这样的机构", "%", "650099_", "'; --"])
def test_without_an_institution_nothing_is_checked(visitor: Browser, text: str) -> None:
    fields = {"clinic": text, "username": "village_doctor", "password": world.PASSWORD}
    assert visitor.send("/sign-in", fields).status_code == 422
    assert token_of(visitor) == ""


def test_wrong_user_wrong_password_and_disabled_get_the_same_answer(west: West) -> None:
    west.as_admin().send(f"/staff/{west.doctor.staff_id}/disable")
    tries = [("nobody", world.PASSWORD), ("doctor", world.PASSWORD), ("admin", "wrong password")]
    answers = [enter(west.browser(), west.card, *words) for words in tries]
    texts = {text_of(answer).replace("nobody", "").replace("doctor", "") for answer in answers}
    assert [answer.status_code for answer in answers] == [422] * 3
    assert len(texts) == 1
    assert not any("Set-Cookie" in a.headers and "session" in a.headers["Set-Cookie"] for a in answers)


def test_a_hash_is_computed_for_nobody_too(west: West, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    verify = argon2.PasswordHasher.verify

    def spy(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
        seen.append(password)
        return verify(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", spy)
    for username in ("nobody", "doctor"):
        enter(west.browser(), west.card, username, "some wrong password")
    assert seen == ["some wrong password"] * 2


def test_a_hash_of_another_cost_is_made_anew_at_sign_in(west: West, monkeypatch: pytest.MonkeyPatch) -> None:
    before = secret_of(west.app, west.doctor).password_hash
    dearer = passwords.Hasher(passwords.Cost(memory=128, rounds=1))
    monkeypatch.setattr(passwords._Current, "hasher", dearer)
    assert enter(west.browser(), west.card, "doctor").status_code == 303
    after = secret_of(west.app, west.doctor).password_hash
    assert before != after
    assert argon2.extract_parameters(after).memory_cost == 128


def test_signing_in_gives_a_new_token_and_ends_the_old_session(west: West) -> None:
    browser = west.as_doctor()
    before = token_of(browser)
    enter(browser, west.card, "doctor")
    assert token_of(browser) not in {"", before}
    assert is_inside(browser)
    assert not is_inside(with_token(west.app, before))


def test_a_token_chosen_by_somebody_else_is_not_taken(west: West) -> None:
    browser = west.browser()
    browser.set_cookie("shipa_session", "planted", domain="127.0.0.1")
    enter(browser, west.card, "doctor")
    assert token_of(browser) != "planted"
    assert not is_inside(with_token(west.app, "planted"))


def test_after_signing_out_the_token_opens_nothing(west: West) -> None:
    browser = west.as_doctor()
    token = token_of(browser)
    answer = browser.send("/sign-out")
    assert answer.headers["Location"] == "/sign-in"
    assert token_of(browser) == ""
    assert not is_inside(with_token(west.app, token))


def test_switching_users_ends_the_session_and_keeps_the_institution(west: West) -> None:
    browser = west.browser()
    enter(browser, west.card, "doctor")
    token = token_of(browser)
    browser.send("/sign-out", {"switch": "1"})
    assert west.card.name_zh in text_of(browser.get("/sign-in"))
    assert not is_inside(with_token(west.app, token))


def test_a_language_switch_keeps_what_was_typed_but_the_password(visitor: Browser) -> None:
    fields = {"clinic": "试验", "username": "ayg", "password": NEW_PASSWORD, "_language": "zh"}
    answer = visitor.send("/sign-in", fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'lang="zh-Hans-CN"' in page
    assert 'value="试验"' in page
    assert 'value="ayg"' in page
    assert NEW_PASSWORD not in page


def test_a_post_without_its_token_is_refused(visitor: Browser) -> None:
    fields = {"clinic": world.NORTH, "username": "village_doctor", "password": world.PASSWORD}
    assert visitor.post("/sign-in", data=fields).status_code == 400


def test_the_look_up_answers_ten_at_most_with_county_and_nothing_private(
    visitor: Browser,
) -> None:
    found = visitor.get("/sign-in/clinics?q=6500").get_json()
    assert 2 <= len(found) <= 10
    assert set(found[0]) == {"code", "name_zh", "name_ug", "county_zh", "prefecture_zh"}
    assert [one["code"] for one in visitor.get("/sign-in/clinics?q=南方试验").get_json()] == [world.SOUTH]
    for nothing in ("", "6", "%25", "没有这样的机构"):
        assert visitor.get(f"/sign-in/clinics?q={nothing}").get_json() == []


def test_the_look_up_is_slowed_for_one_address(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    within_a_minute = clock.now()
    monkeypatch.setattr(clock, "now", lambda: within_a_minute)
    place = {"REMOTE_ADDR": "10.9.8.7"}
    answers = [
        visitor.get("/sign-in/clinics?q=6500", environ_overrides=place).status_code for _ in range(125)
    ]
    assert answers[:100] == [200] * 100
    assert answers[-1] == 429
    assert visitor.get("/sign-in/clinics?q=6500").status_code == 200


def test_staff_of_a_suspended_clinic_sign_in_and_read(west: West, app: Flask) -> None:
    with world.caretaker(app).logins.connect("owner") as connection:
        connection.execute(
            "UPDATE platform.clinic SET state = 'suspended', suspended_at = now() WHERE code = %s",
            (west.card.code,),
        )
    browser = west.browser()
    assert enter(browser, west.card, "doctor").status_code == 303
    assert is_inside(browser)
    assert west.as_admin().get("/staff").status_code == 403


def test_without_scripts_enter_sends_the_form_and_does_not_switch_language(visitor: Browser) -> None:
    page = visitor.get("/sign-in").get_data(as_text=True)
    buttons = re.findall(r"<button[^>]*>", page)
    of_the_form = [button for button in buttons if 'form="page-form"' in button or "data-save" in button]
    assert "_language" not in of_the_form[0]
    assert any("_language" in button for button in of_the_form)
