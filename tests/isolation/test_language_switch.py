"""In the middle of any form: the switch of language keeps every text and choice, and saves nothing."""

from __future__ import annotations

import typing

import pytest
from bs4 import BeautifulSoup

from tests.isolation.conftest import Walker
from tests.isolation.households import furnish
from tests.isolation.routes import csrf_token, routes
from tests.isolation.rows import changed_tables, rows_of
from tests.support import world

if typing.TYPE_CHECKING:
    from bs4.element import Tag
    from flask import Flask

    from tests.support.world import Browser

LANGUAGES = {"ug": "ug", "zh-Hans-CN": "zh"}
WRITTEN = {"access_log", "web_session", "staff"}
"""``staff``: the language is kept with the person."""

ABOUT_LANGUAGE = {"accounts.own"}
"""Its only field is the language, so the switch is its answer."""

Filled = dict[str, list[str]]


def main_form(page: BeautifulSoup) -> Tag | None:
    """The form that the page is there for."""
    return page.select_one("form[data-main]")


def fill(form: Tag) -> None:
    """Type into every field what no field takes, and choose the last of all choices."""
    for number, control in enumerate(form.select("input[name], textarea[name]")):
        kind = control.get("type", "text")
        if control.name == "textarea":
            control.string = f"ئا{number} <b>"
        elif kind in {"text", "search", "tel"} and not control.has_attr("readonly"):
            control["value"] = f"ئا{number} <b>"
        elif kind in {"radio", "checkbox"}:
            for other in form.select(f'[name="{control["name"]}"]') if kind == "radio" else ():
                del other["checked"]
            control["checked"] = ""
    for select in form.select("select[name]"):
        for option in select.select("option"):
            del option["selected"]
        select.select("option")[-1]["selected"] = ""


def typed(form: Tag) -> Filled:
    """What a browser would send of it; a password and what the page makes anew are left out."""
    found: Filled = {}
    for control in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(control["name"]), control.get("type", "text")
        if kind in {"password", "file", "submit"} or name == "csrf_token":
            continue
        if kind in {"radio", "checkbox"} and not control.has_attr("checked"):
            continue
        found.setdefault(name, []).append(value_of(control))
    return found


def value_of(control: Tag) -> str:
    """The value of one control."""
    if control.name == "textarea":
        return control.get_text().removeprefix("\n")
    if control.name == "select":
        chosen = control.select_one("option[selected]") or control.select_one("option")
        return str(chosen.get("value", "")) if chosen else ""
    return str(control.get("value", "on"))


def visible(form: Tag, filled: Filled) -> Filled:
    """Of these fields, those that a person fills in."""
    hidden = {str(each["name"]) for each in form.select("input[type=hidden][name]")}
    return {name: values for name, values in filled.items() if name not in hidden}


@pytest.fixture(scope="module")
def walker(app: Flask) -> Walker:
    """Somebody in a clinic without drafts: an unfinished form would stand before an empty one."""
    return Walker(app, furnish(app, world.PASSWORD, papers=False))


@pytest.mark.timeout(120)
def test_the_switch_in_the_middle_of_any_form_keeps_all_and_saves_nothing(app: Flask, walker: Walker) -> None:
    faults, switched = [], 0
    for route in routes(app, "GET"):
        role = walker.allowed(route)
        browser, path = walker.browser(route, role), walker.path(route, role)
        opened = browser.get(path)
        if opened.mimetype != "text/html" or route.endpoint in ABOUT_LANGUAGE:
            continue
        page = BeautifulSoup(opened.get_data(as_text=True), "html.parser")
        if main_form(page) is None:
            continue
        switched += 1
        before = rows_of(app, walker.household.card)
        faults += [f"{route}: {fault}" for fault in switch(app, browser, path, page)]
        changed = changed_tables(before, rows_of(app, walker.household.card)) - WRITTEN
        if changed:
            faults.append(f"{route}: changed {changed}")
    assert not faults, "\n".join(faults)
    assert switched > 30


def switch(app: Flask, browser: Browser, path: str, page: BeautifulSoup) -> list[str]:
    """Fill the page's form, press the button of the language; what was lost."""
    form, button = main_form(page), page.select_one("button[data-language]")
    if form is None or button is None or button.get("form") != form.get("id"):
        return ["the button of the language does not send the form"]
    fill(form)
    sent, language = typed(form), str(button["value"])
    data = {**sent, "csrf_token": csrf_token(app, browser), "_language": language}
    answer = browser.post(str(form.get("action") or path), data=data)
    if answer.status_code != 200:
        return [f"answered with {answer.status_code}"]
    return told(form, sent, BeautifulSoup(answer.get_data(as_text=True), "html.parser"), language)


def told(form: Tag, sent: Filled, page: BeautifulSoup, language: str) -> list[str]:
    """What the page in the other language has lost."""
    html, kept = page.html, main_form(page)
    if html is None or LANGUAGES.get(str(html.get("lang"))) != language:
        return ["not in the other language"]
    if kept is None:
        return ["the form is gone"]
    there, wanted = visible(kept, typed(kept)), visible(form, sent)
    return [
        f"{name}: {there.get(name)} for {values}"
        for name, values in wanted.items()
        if there.get(name) != values
    ]
