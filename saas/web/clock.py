"""The one place that reads the clock."""

import datetime
import zoneinfo

BEIJING = zoneinfo.ZoneInfo("Asia/Shanghai")


def now() -> datetime.datetime:
    """The present moment, aware, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def today() -> datetime.date:
    """The present day in Beijing time."""
    return now().astimezone(BEIJING).date()
