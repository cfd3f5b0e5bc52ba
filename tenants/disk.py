"""How full the disks are, as far as this machine can tell."""

from __future__ import annotations

import shutil
import threading
import time
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

SECONDS = 5.0
"""How long an answer holds: a look is asked for by every page."""


def free_share(folder: Path) -> float | None:
    """The free part of a folder's disk as its users see it, 0 to 1; nothing when it cannot be looked at."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    whole = usage.used + usage.free
    return usage.free / whole if whole else None


class Disks:
    """The disks of some folders. ``least`` is the free part below which nothing new is taken.

    ``hold_the_database``: whether its files are on one of them; what another machine has left nobody can
    ask it by SQL without rights that no login of ours has.
    """

    def __init__(self, folders: Sequence[Path], least: float, *, hold_the_database: bool) -> None:
        self.folders = tuple(folders)
        self.hold_the_database = hold_the_database
        self.least = least
        self.look: Callable[[Path], float | None] = free_share
        self._lock = threading.Lock()
        self._seen: tuple[float, dict[Path, float | None]] | None = None

    def free(self) -> Mapping[Path, float | None]:
        """The free part of each folder's disk, looked at every few seconds."""
        with self._lock:
            now = time.monotonic()
            if self._seen is None or now - self._seen[0] >= SECONDS:
                self._seen = now, {folder: self.look(folder) for folder in self.folders}
            return self._seen[1]

    def forget(self) -> None:
        """Look again at the next question."""
        self._seen = None

    def are_low(self) -> bool:
        """Whether some disk has less free than it must; what cannot be looked at is not low."""
        return any(share is not None and share < self.least for share in self.free().values())
