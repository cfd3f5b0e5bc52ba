"""What axe says about the page that is open."""

from __future__ import annotations

import functools
import typing

from axe_playwright_python.sync_playwright import Axe

if typing.TYPE_CHECKING:
    from playwright.sync_api import Page


# All rules are run; only what they find wrong is told node by node, and of the rest how many rules held.
_RUN = """
axe.run({resultTypes: ["violations"]})
    .then(found => ({violations: found.violations, passes: found.passes.length}))
"""


@functools.cache
def _axe() -> typing.Any:  # noqa: ANN401 - the package is untyped
    return Axe()


def violations(page: Page) -> list[str]:
    """Every rule of axe that the page breaks, with the place."""
    page.evaluate(_axe().axe_script)
    found = page.evaluate(_RUN)
    assert found["passes"], "axe has looked at nothing"
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:120]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
