"""A folder for an embedded server of a test's own, and a question to it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tenants.embedded import EmbeddedServer


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that the server's account can reach, unlike pytest's own; its server ends with it."""
    made = Path(tempfile.mkdtemp(prefix="shipa-embedded-"))
    made.chmod(0o711)
    try:
        yield made / "data"
    finally:
        left = EmbeddedServer(made / "data").status()
        if left.pid is not None:
            os.kill(left.pid, signal.SIGQUIT)
        shutil.rmtree(made, ignore_errors=True)


def ask(server: EmbeddedServer, query: str) -> str:
    """The first cell of the answer, as the superuser."""
    with psycopg.connect(server.conninfo("admin", "postgres")) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return str(row[0])
