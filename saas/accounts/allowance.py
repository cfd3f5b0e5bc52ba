"""How often one address may ask something cheap: counted in this process, bounded, forgotten soon."""

from __future__ import annotations

import collections
import threading
import typing

if typing.TYPE_CHECKING:
    import datetime


class Allowance:
    """So many requests a minute per address; the addresses kept are bounded, the oldest go first."""

    def __init__(self, per_minute: int, most_addresses: int = 1000) -> None:
        self._per_minute = per_minute
        self._most = most_addresses
        self._counts: collections.OrderedDict[str, tuple[int, int]] = collections.OrderedDict()
        self._lock = threading.Lock()

    def grants(self, address: str, now: datetime.datetime) -> bool:
        """Count one request; False when this minute's are used up."""
        minute = int(now.timestamp()) // 60
        with self._lock:
            held, count = self._counts.pop(address, (minute, 0))
            count = count + 1 if held == minute else 1
            self._counts[address] = (minute, count)
            while len(self._counts) > self._most:
                self._counts.popitem(last=False)
        return count <= self._per_minute
