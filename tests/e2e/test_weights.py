"""How much a page weighs on the line: the sign-in page at the first visit, a resident's page later."""

from __future__ import annotations

import dataclasses
import typing

from tests.e2e.hands import Hands, sit_down
from tests.e2e.people import somebody
from tests.e2e.test_walk import register

if typing.TYPE_CHECKING:
    import pytest

    from tests.e2e.house import House

KIB = 1024


@dataclasses.dataclass(frozen=True)
class Weight:
    """What came over the line for one page: requests, and bytes with their headers, compressed."""

    requests: int
    sent_bytes: int

    def __str__(self) -> str:
        return f"{self.sent_bytes / KIB:.1f} KiB in {self.requests} requests"


def weigh(hands: Hands, path: str) -> Weight:
    """Open a page and weigh everything that the browser fetched for it."""
    session = hands.context.new_cdp_session(hands.page)
    session.send("Network.enable")
    asked: list[str] = []
    weights: dict[str, float] = {}
    session.on(
        "Network.requestWillBeSent",
        lambda said: asked.append(said["requestId"]) if on_the_line(said["request"]["url"]) else None,
    )
    # All bytes that came, compressed as they were, with their headers; 0 for the browser's own copies.
    session.on(
        "Network.loadingFinished", lambda said: weights.update({said["requestId"]: said["encodedDataLength"]})
    )
    hands.page.goto(hands.url + path, wait_until="networkidle")
    session.detach()
    fetched = [weights[one] for one in asked if weights.get(one)]
    return Weight(len(fetched), int(sum(fetched)))


def on_the_line(url: str) -> bool:
    """False for what stands in the page itself."""
    return not url.startswith("data:")


def test_the_sign_in_page_at_the_first_visit(hands: Hands, capsys: pytest.CaptureFixture[str]) -> None:
    first = weigh(hands, "/sign-in")
    later = weigh(hands, "/sign-in")
    with capsys.disabled():
        print(f"\n{hands.language}: sign-in {first}, later {later}")  # noqa: T201
    assert first.sent_bytes <= 30 * KIB
    assert first.requests <= 4
    assert later.sent_bytes <= 4 * KIB
    assert later.requests == 1


def test_a_residents_page_later(hands: Hands, house: House, capsys: pytest.CaptureFixture[str]) -> None:
    new = somebody(hands.language)
    sit_down(hands, house, house.employ(f"weight.{hands.language}"))
    hands.go("/residents")
    register(hands, new.number, new.name, new.phone)
    later = weigh(hands, hands.page.url.removeprefix(hands.url))
    with capsys.disabled():
        print(f"\n{hands.language}: resident {later}")  # noqa: T201
    assert later.sent_bytes <= 12 * KIB
    assert later.requests == 1
