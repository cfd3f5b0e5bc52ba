"""A small driver for Chromium 80, which Playwright no longer understands.

It speaks the DevTools protocol over a pair of pipes: no port, no further package.
"""

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import Any, Self

from tests.support import chromium80

ARGUMENTS = [
    "--headless",
    "--no-sandbox",  # the sandbox refuses root, which containers and CI are
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--window-size=1366,768",
    "--remote-debugging-pipe",
]
# Key name: (code, Windows key code, text that the key types).
KEYS = {
    "Enter": ("Enter", 13, "\r"),
    "Tab": ("Tab", 9, ""),
    "Escape": ("Escape", 27, ""),
    "Backspace": ("Backspace", 8, ""),
    "Delete": ("Delete", 46, ""),
    "End": ("End", 35, ""),
    "Home": ("Home", 36, ""),
    "ArrowLeft": ("ArrowLeft", 37, ""),
    "ArrowUp": ("ArrowUp", 38, ""),
    "ArrowRight": ("ArrowRight", 39, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
    " ": ("Space", 32, " "),
    **{f"F{number}": (f"F{number}", 111 + number, "") for number in range(1, 13)},
}
MODIFIERS = {"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}


class PageError(Exception):
    """The page threw, or the browser refused a command; the text is what it said."""


class OldBrowser:
    """One page in a Chromium 80 of its own; use it in a `with` statement.

    `complaints` collects what the browser's console reports: errors, and content that the
    page's security policy blocked.
    """

    def __init__(self, *, seconds: float = 15) -> None:
        self.seconds = seconds
        self.complaints: list[str] = []
        self._number = 0
        self._loaded = False
        self._rest = b""
        self._session: str | None = None
        self._profile = tempfile.mkdtemp(prefix="chromium80-")
        self._start()

    def __enter__(self) -> Self:
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        session = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = session["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._to)
        os.close(self._from)
        shutil.rmtree(self._profile, ignore_errors=True)

    def open(self, url: str) -> None:
        """Go to an address and wait until the page has loaded."""
        self._loaded = False
        answer = self._call("Page.navigate", url=url)
        if "errorText" in answer:
            raise PageError(f"{url}: {answer['errorText']}")
        self.wait_for_load()

    def wait_for_load(self) -> None:
        """Wait for the load event of a page that `open` or a key press asked for."""
        until = time.monotonic() + self.seconds
        while not self._loaded:
            self._receive(until)
        self._loaded = False

    def eval(self, expression: str) -> Any:  # noqa: ANN401 - a page's value is whatever JSON holds
        """Return the value of a JavaScript expression; promises are waited for."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise PageError(_said(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until a JavaScript expression is true, over page changes too."""
        until = time.monotonic() + self.seconds
        while time.monotonic() < until:
            try:
                if self.eval(expression):
                    return
            except PageError as error:
                # While a page is being exchanged there is nobody to ask.
                if "context" not in str(error):
                    raise
            time.sleep(0.05)
        raise TimeoutError(expression)

    def type(self, text: str) -> None:
        """Type characters into what has the focus, one key event each."""
        for character in text:
            key = {"key": character, "text": character}
            self._call("Input.dispatchKeyEvent", type="keyDown", **key)
            self._call("Input.dispatchKeyEvent", type="keyUp", key=character)

    def press(self, keys: str) -> None:
        """Press a named key, with modifiers where wanted: `F9`, `Enter`, `Shift+Tab`."""
        *held, name = keys.split("+")
        code, number, text = KEYS[name]
        event = {
            "key": name,
            "code": code,
            "windowsVirtualKeyCode": number,
            "modifiers": sum(MODIFIERS[modifier] for modifier in held),
        }
        kind = {"type": "keyDown", "text": text} if text else {"type": "rawKeyDown"}
        self._call("Input.dispatchKeyEvent", **event, **kind)
        self._call("Input.dispatchKeyEvent", **event, type="keyUp")

    def screenshot(self, path: Path) -> None:
        """Write what the window shows as a PNG file."""
        picture = self._call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(picture))

    def _start(self) -> None:
        program = str(chromium80.executable())
        theirs, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        # The browser reads commands at 3 and answers at 4; ours must not be in the way there.
        high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (theirs, theirs_out)]
        silent = os.open(os.devnull, os.O_WRONLY)
        self._process = os.posix_spawn(
            program,
            [program, *ARGUMENTS, f"--user-data-dir={self._profile}"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, high[0], 3),
                (os.POSIX_SPAWN_DUP2, high[1], 4),
                (os.POSIX_SPAWN_DUP2, silent, 2),
            ],
        )
        for end in (theirs, theirs_out, silent, *high):
            os.close(end)

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        number = self._number
        message: dict[str, object] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + self.seconds
        while True:
            answer = self._receive(until)
            if answer.get("id") == number:
                break
        if "error" in answer:
            raise PageError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _receive(self, until: float) -> dict[str, Any]:
        """Return the browser's next message, having noted what it reports by itself."""
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], max(0, until - time.monotonic()))
            if not ready:
                raise TimeoutError(f"Chromium 80 said nothing for {self.seconds} s")
            received = os.read(self._from, 1 << 16)
            if not received:
                raise PageError("Chromium 80 has ended; on a new machine, is libnss3 there?")
            self._rest += received
        line, self._rest = self._rest.split(b"\0", 1)
        message: dict[str, Any] = json.loads(line)
        self._note(message.get("method"), message.get("params", {}))
        return message

    def _note(self, event: str | None, values: dict[str, Any]) -> None:
        if event == "Page.loadEventFired":
            self._loaded = True
        elif event == "Runtime.exceptionThrown":
            self.complaints.append(_said(values["exceptionDetails"]))
        elif event == "Log.entryAdded" and values["entry"]["level"] in {"error", "warning"}:
            self.complaints.append(f"{values['entry']['text']} {values['entry'].get('url', '')}")


def _said(details: dict[str, Any]) -> str:
    """Return what a page threw, with its trace where it has one."""
    thrown = details.get("exception", {})
    return f"{details['text']} {thrown.get('description', thrown.get('value', ''))}"
