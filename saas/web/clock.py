"""The one place that reads the clock."""

import datetime
import zoneinfo

BEIJING = zoneinfo.ZoneInfo("Asia/Shanghai")


def now() -> datetime.datetime:
    """The present moment, aware, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def local_now() -> datetime.datetime:
    """The present moment in Beijing time, as clocks on the wall have it."""
    return now().astimezone(BEIJING)


def today() -> datetime.date:
    """The present day in Beijing time."""
    return local_now().date()
