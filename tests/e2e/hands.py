"""A person at a browser: types, presses, counts both, and hears everything the browser complains of."""

from __future__ import annotations

import os
import re
import typing
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect

from saas.web import clock
from tests.support import world

if typing.TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

    from tests.e2e.house import House
    from tests.support.world import Person

PICTURES = os.environ.get("SHIPA_PICTURES", "")
"""A folder for screenshots; none are taken when it is empty."""

# The browser's own word about an answer below 500 to a form: what was wrong stands on the page.
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4(00|03|09|22|29)")


class Hands:
    """One page in a browser. ``keys`` and ``clicks`` count what the person did."""

    def __init__(self, context: BrowserContext, url: str, language: str) -> None:
        self.context = context
        self.url = url
        self.language = language
        self.keys = 0
        self.clicks = 0
        self.complaints: list[str] = []
        self.requests: list[Request] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def go(self, path: str) -> None:
        """Open an address of the house."""
        self.page.goto(self.url + path)

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
        """Point at something and click."""
        self.clicks += 1
        self.page.click(selector)

    def wait(self, selector: str) -> None:
        """Wait until something can be seen."""
        self.page.wait_for_selector(selector)

    def at(self, *paths: str) -> None:
        """Wait until the address is one of these; a ``*`` stands for anything, ``{id}`` for an id."""
        patterns = [
            re.escape(self.url + path).replace(r"\*", ".*").replace(r"\{id\}", "[0-9a-f-]{36}")
            for path in paths
        ]
        expect(self.page).to_have_url(re.compile(f"({'|'.join(patterns)})$"), timeout=20_000)
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

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _REFUSED.match(message.text):
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        self.requests.append(request)
        address = urlsplit(request.url)
        if address.scheme != "data" and address.netloc != urlsplit(self.url).netloc:
            self.complaints.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
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
