"""A person at a browser: types, presses, counts both, and hears everything the browser complains of."""

from __future__ import annotations

import datetime
import os
import re
import typing
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Error, expect

from saas.web import clock
from tests.support import world

if typing.TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

    from tests.e2e.house import House
    from tests.support.world import Person

PICTURES = os.environ.get("SHIPA_PICTURES", "")
"""A folder for screenshots; none are taken when it is empty."""

ASKED_LAST = 15
"""Requests that the report of a failed test tells of."""

# Playwright's five seconds are for a machine with nothing else to do.
expect.set_options(timeout=20_000)

# The browser's own word about an answer below 500 to a form: what was wrong stands on the page.
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4(00|03|09|22|29)")


class Hands:
    """One page in a browser. ``keys`` and ``clicks`` count what the person did."""

    at_work: typing.ClassVar[list[Hands]] = []
    """Everybody of the test that runs, for the report if it fails."""

    def __init__(self, context: BrowserContext, url: str, language: str) -> None:
        self.context = context
        self.url = url
        self.language = language
        self.keys = 0
        self.clicks = 0
        self.complaints: list[str] = []
        self.requests: list[Request] = []
        self.answers: dict[Request, int] = {}
        self.page: Page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)
        self.at_work.append(self)

    def go(self, path: str) -> None:
        """Open an address of the house."""
        self.page.goto(self.url + path)

    def go_in_stopped_time(self, path: str) -> None:
        """Open an address where time passes only by ``let_pass``: no pause between keys is long by chance."""
        self.page.clock.install()
        self.go(path)
        self.page.clock.pause_at(clock.now() + datetime.timedelta(minutes=1))

    def let_time_run(self) -> None:
        """Time passes by itself again, where it was stopped; axe needs that."""
        self.page.clock.resume()

    def let_pass(self, milliseconds: int) -> None:
        """Let time pass on the page, where it was stopped."""
        self.page.clock.run_for(milliseconds)

    def type(self, text: str) -> None:
        """Type letters into what has the focus, one key each."""
        self.keys += len(text)
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        """Press keys by name, one after another; a combination counts as one."""
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def click(self, selector: str) -> None:
        """Point at something and click. What leads to another page is for ``follow``."""
        self.clicks += 1
        self.page.click(selector)

    def follow(self, selector: str) -> None:
        """Click on what leads to another page, and wait until that one is there.

        Playwright's own click is over before: what is read after it may still be the page that was left.
        """
        with self.page.expect_navigation():
            self.click(selector)

    def enter(self, *keys: str) -> None:
        """Press keys of which the last leads to another page, and wait until that one is there."""
        with self.page.expect_navigation():
            self.press(*keys)

    def wait(self, selector: str) -> None:
        """Wait until something can be seen on a page that is there as a whole."""
        self.page.wait_for_selector(selector)
        self.page.wait_for_load_state()

    def gone(self, selector: str) -> None:
        """Wait until something is no longer on the page."""
        self.page.wait_for_selector(selector, state="detached")
        self.page.wait_for_load_state()

    def at(self, *paths: str) -> None:
        """Wait until the address is one of these; a ``*`` stands for anything, ``{id}`` for an id."""
        patterns = [
            re.escape(self.url + path).replace(r"\*", ".*").replace(r"\{id\}", "[0-9a-f-]{36}")
            for path in paths
        ]
        expect(self.page).to_have_url(re.compile(f"({'|'.join(patterns)})$"))
        self.page.wait_for_load_state()

    def has_focus(self) -> str:
        """The id of what has the focus."""
        return str(self.page.evaluate("document.activeElement && document.activeElement.id"))

    def focus_comes_to(self, element: str) -> None:
        """Wait until the element with this id has the focus."""
        self.page.wait_for_function("id => document.activeElement.id === id", arg=element)

    def text(self) -> str:
        """All words that can be read on the page."""
        return self.page.inner_text("body")

    def picture(self, name: str) -> None:
        """Keep what the window shows, when a folder for pictures was given."""
        if PICTURES:
            folder = Path(PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{name}.{self.language}.png", full_page=True)

    def check_quiet(self) -> None:
        """Nothing was blocked, broke, or asked another host."""
        assert self.complaints == []

    def told(self) -> str:
        """For the report of a failed test: where she is, what went over the line, what the page shows."""
        asked = [
            f"{self.answers.get(one, 'no answer')} {one.method} {one.url}"
            for one in self.requests[-ASKED_LAST:]
        ]
        try:
            shown = self.page.locator("main").aria_snapshot(timeout=2_000)
        except Error as why:
            shown = f"(nothing: {why})"
        return "\n".join([self.page.url, *self.complaints, *asked, shown])

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _REFUSED.match(message.text):
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        self.requests.append(request)
        address = urlsplit(request.url)
        if address.scheme != "data" and address.netloc != urlsplit(self.url).netloc:
            self.complaints.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
        self.answers[response.request] = response.status
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.complaints.append(f"{response.status}: {response.url}")


def sign_in(hands: Hands, username: str, institution: str = world.NORTH) -> None:
    """Through the sign-in page, by keys: institution, name, password."""
    hands.go("/sign-in")
    hands.focus_comes_to("clinic")
    hands.type(institution)
    hands.press("Enter")
    hands.focus_comes_to("username")
    hands.type(username)
    hands.press("Enter")
    hands.focus_comes_to("password")
    hands.type(world.PASSWORD)
    hands.press("Enter")
    hands.at("/today")


def sit_down(hands: Hands, house: House, person: Person, stage: str = "full") -> None:
    """Put a person's live session into the browser, without the sign-in page."""
    token = house.app.extensions["door"].start(
        person.card, person.staff_id, stage=stage, address="127.0.0.1", browser="e2e", now=clock.now()
    )
    hands.context.add_cookies([{"name": "shipa_session", "value": token, "url": hands.url}])
