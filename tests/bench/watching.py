"""How much memory the web's database connections keep to themselves, sampled while they work."""

from __future__ import annotations

import threading
import typing

import psutil

if typing.TYPE_CHECKING:
    from tenants.extension import Tenants


class Watch:
    """Samples the connections of these logins, on the same machine; both figures are in bytes.

    ``most`` is what a connection has allocated: the catalogue of every clinic that it saw. ``most_uss``
    is the system's figure, which adds those pages of the server's shared buffers that no other process
    has happened to touch: memory that is there once, whoever touched it.
    """

    def __init__(self, tenants: Tenants, *logins: str) -> None:
        self._tenants = tenants
        self._logins = list(logins or ["shipa_web"])
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.most = 0
        self.most_uss = 0

    def __enter__(self) -> typing.Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        query = "SELECT pid FROM pg_stat_activity WHERE usename = ANY(%s)"
        with self._tenants.logins.connect("admin", autocommit=True) as admin:
            while not self._stop.wait(0.2):
                for (pid,) in admin.execute(query, (self._logins,)).fetchall():
                    own, uss = private(pid)
                    self.most, self.most_uss = max(self.most, own), max(self.most_uss, uss)


def private(pid: int) -> tuple[int, int]:
    """Bytes that only this process has: without and with its pages of shared memory; 0 when it is gone."""
    own = uss = 0
    try:
        maps = psutil.Process(pid).memory_maps(grouped=False)
    except psutil.Error:
        return 0, 0
    for part in maps:
        size = part.private_clean + part.private_dirty
        uss += size
        own += 0 if part.perms.endswith("s") else size
    return own, uss
