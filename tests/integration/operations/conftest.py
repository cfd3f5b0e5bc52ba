"""Figures that begin with the test: those of a process hold what every test before it did."""

from __future__ import annotations

import pytest

from saas.web import metering


@pytest.fixture(autouse=True)
def _nothing_is_counted_yet() -> None:
    """No other application of this process, with routes of its tests, has counted anything."""
    metering.requests.clear()
    metering.duration.clear()
