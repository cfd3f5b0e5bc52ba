"""Real browsers against a real server: one of each per worker, a new window per test."""

from __future__ import annotations

import shutil
import typing

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import _fill_template
from tests.e2e.hands import Hands
from tests.e2e.house import House, opened
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from playwright.sync_api import Browser, BrowserContext

    from tests.support.postgres import Cluster

# The headless shell shows the same pages with the same engine and starts no window system around them:
# a page costs it a third and a new window a quarter of what they cost the whole browser.
PROGRAM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",  # the sandbox refuses root, which containers and CI are
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTH, HEIGHT = 1366, 768
LANGUAGES = ("ug", "zh")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(90))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where a test failed, everybody in it tells what she saw: a run elsewhere cannot be looked at."""
    report = yield
    if report.when == "call" and report.failed:
        report.sections += [(f"at the browser, {one.language}", one.told()) for one in Hands.at_work]
    return report


@pytest.fixture(scope="session")
def house(server: Cluster, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The application, served over a clone of the template that only these tests use."""
    template = server.template("shipa_template", _fill_template, [world.FAR])
    worker = 0 if worker_id == "master" else int(worker_id.removeprefix("gw")) + 1
    numbers = (9000 + worker * 100, 9099 + worker * 100)
    place = server.clone(template, f"shipa_e2e_{worker_id}", numbers, [world.FAR])
    with opened(place, tmp_path_factory.mktemp("e2e") / "gunicorn.log") as house:
        yield house


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Today's Chromium, of Debian."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """The language of the PC before anybody has signed in."""
    return str(request.param)


@pytest.fixture
def window(chromium: Browser, house: House) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser's window on a PC of its own; ``language`` is the PC's."""
    contexts: list[BrowserContext] = []

    def open_one(language: str, **options: typing.Any) -> BrowserContext:  # noqa: ANN401 - Playwright's
        context = chromium.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, base_url=house.url, **options
        )
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": "shipa_language", "value": language, "url": house.url}])
        contexts.append(context)
        return context

    yield open_one
    Hands.at_work.clear()
    for context in contexts:
        context.close()


@pytest.fixture
def hands(window: Callable[..., BrowserContext], house: House, language: str) -> Iterator[Hands]:
    """A person at a PC of this language; at the end, the browser must have complained of nothing."""
    person = Hands(window(language), house.url, language)
    yield person
    person.check_quiet()


@pytest.fixture
def bare(window: Callable[..., BrowserContext], house: House, language: str) -> Iterator[Hands]:
    """A person at a browser in which no script runs."""
    person = Hands(window(language, java_script_enabled=False), house.url, language)
    yield person
    person.check_quiet()
