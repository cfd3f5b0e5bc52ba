"""Threads that each work through clinics on a connection of their own, as the owner."""

from __future__ import annotations

import queue
import threading
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tenants.connecting import Connection, Logins

Task = typing.TypeVar("Task")

CLINICS_PER_CONNECTION = 100
"""A connection remembers every table it has seen (0.4 MB a clinic), and only closing it forgets."""


class Workers:
    """Runs tasks in several threads; psycopg lets the others run while one waits for the server."""

    def __init__(self, logins: Logins, jobs: int, *, per_connection: int = CLINICS_PER_CONNECTION) -> None:
        self._logins = logins
        self._jobs = jobs
        self._per_connection = per_connection
        self._failed: list[BaseException] = []
        self._stopped = threading.Event()

    def run(self, tasks: Iterable[Task], work: Callable[[Connection, Task], None]) -> None:
        """Give every task to ``work``, which must not raise for what it can report itself.

        What it raises all the same ends the run and is raised here, Control-C too; clinics that
        are being worked on are then finished first.
        """
        waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
        for task in tasks:
            waiting.put(task)
        threads = [threading.Thread(target=self._through, args=(waiting, work)) for _ in range(self._jobs)]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except BaseException:
            self._stopped.set()
            raise
        if self._failed:
            raise self._failed[0]

    def _through(self, waiting: queue.SimpleQueue[Task], work: Callable[[Connection, Task], None]) -> None:
        try:
            while not waiting.empty() and not self._stopped.is_set():
                with self._logins.connect("owner", autocommit=True) as connection:
                    self._with(connection, waiting, work)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self._failed.append(error)
            self._stopped.set()

    def _with(
        self,
        connection: Connection,
        waiting: queue.SimpleQueue[Task],
        work: Callable[[Connection, Task], None],
    ) -> None:
        """Work until the connection has seen enough clinics, broke, or nothing is left."""
        for _ in range(self._per_connection):
            if self._stopped.is_set() or connection.closed:
                return
            try:
                task = waiting.get_nowait()
            except queue.Empty:
                return
            work(connection, task)
