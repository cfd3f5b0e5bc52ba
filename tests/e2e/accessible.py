"""What axe says about the page that is open."""

from __future__ import annotations

import functools
import typing

from axe_playwright_python.sync_playwright import Axe

if typing.TYPE_CHECKING:
    from playwright.sync_api import Page


@functools.cache
def _axe() -> typing.Any:  # noqa: ANN401 - the package is untyped
    return Axe()


def violations(page: Page) -> list[str]:
    """Every rule of axe that the page breaks, with the place."""
    # All rules are run; only what they find wrong is told node by node, which takes most of the time.
    found = _axe().run(page, options={"resultTypes": ["violations"]}).response
    assert found["passes"], "axe has looked at nothing"
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:120]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
