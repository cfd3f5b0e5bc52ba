"""Times that people read are Beijing time, with the zone named."""

from __future__ import annotations

import datetime
from pathlib import Path

from tenants.times import moment, with_zone

ROOT = Path(__file__).resolve().parents[3]
AT = datetime.datetime(2026, 12, 31, 16, 30, tzinfo=datetime.UTC)


def test_a_moment_is_told_with_its_zone() -> None:
    assert (moment(AT), with_zone(AT)) == ("2027-01-01 00:30", "2027-01-01 00:30 (Beijing time)")
    assert with_zone(None) == "-"


def test_no_command_and_no_page_of_the_console_writes_a_time_of_day_by_itself() -> None:
    """They would forget the zone; ``tenants.times`` and ``saas.web.formats`` name it."""
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("tenants", "saas/accounts", "saas/audit")
        for path in (ROOT / folder).rglob("*.py")
        if "%H:%M" in path.read_text(encoding="utf-8")
    }
    assert found == {"tenants/times.py"}
