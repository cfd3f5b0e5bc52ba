"""The worker in tests: in a thread of its own, and for one clinic alone."""

from __future__ import annotations

import concurrent.futures
import typing

from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tenants.cards import ClinicCard


def apart(work: Callable[[], object]) -> None:
    """Do it in another thread, because a browser of the same run leaves a loop running in this one."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


def keep_only(app: Flask, card: ClinicCard, names: str = "%") -> None:
    """Let go of what waits in the clinics of other tests, and of this one's jobs with other names."""
    with world.caretaker(app).logins.connect("jobs", autocommit=True) as connection:
        connection.execute(
            "DELETE FROM procrastinate_jobs WHERE status = 'todo'"
            " AND (args->>'clinic' <> %s OR task_name NOT LIKE %s)",
            (str(card.id), names),
        )
