"""Figure 8: what a page weighs on the line, in today's Chromium, everything that it fetches."""

from __future__ import annotations

import typing

from playwright.sync_api import sync_playwright

from tests.bench.figure import Figure, Measured
from tests.bench.finding import served
from tests.bench.region import region
from tests.bench.requests import resident_of
from tests.e2e.conftest import ARGUMENTS, LANGUAGES, PROGRAM
from tests.e2e.hands import Hands, sit_down
from tests.e2e.house import House
from tests.e2e.test_weights import KIB, weigh
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.e2e.test_weights import Weight

MOST_AT_FIRST = 30 * KIB
MOST_LATER = 12 * KIB


def figures() -> Iterator[Figure]:
    """The one figure of this module."""
    name = "sign-in page, first visit, everything, compressed; resident's page, later visit"
    yield Figure(name, "at most 30 KB; at most 12 KB and 1 request", measure)


def measure() -> Measured:
    """As the whole region is served."""
    made = region()
    return measure_in(made.app, made.tenants.settings.data, made.tenants.clinics()[1])


def measure_in(app: Flask, data: Path, card: ClinicCard) -> Measured:
    """Both pages in both languages; the heavier language counts."""
    doctor = world.add_staff(app, card, "weights.bench", "village_doctor")
    resident_id, _ = resident_of(app, doctor)
    first: list[Weight] = []
    later: list[Weight] = []
    with served(data) as port, sync_playwright() as playwright:
        house = House(f"http://127.0.0.1:{port}", app)
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)
        for language in LANGUAGES:
            context = browser.new_context(base_url=house.url)
            context.add_cookies([{"name": "shipa_language", "value": language, "url": house.url}])
            hands = Hands(context, house.url, language)
            first.append(weigh(hands, "/sign-in"))
            sit_down(hands, house, doctor)
            weigh(hands, "/residents")
            later.append(weigh(hands, f"/residents/{resident_id}"))
        browser.close()
    heavy, light = max(weight.sent_bytes for weight in first), max(weight.sent_bytes for weight in later)
    met = heavy <= MOST_AT_FIRST and light <= MOST_LATER and {weight.requests for weight in later} == {1}
    value = f"{heavy / KIB:.1f} KB; {light / KIB:.1f} KB and {later[0].requests} request"
    each = ", ".join(f"{name}: {a}; {b}" for name, a, b in zip(LANGUAGES, first, later, strict=True))
    return Measured(value, met, f"{each}; bytes with their headers, as the browser's protocol counts them")
