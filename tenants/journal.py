"""What the processes write about themselves: one JSON line each, of fields that are on a list.

Nothing else gets out, whoever asks: no text of a message with its values, no other ``extra``, of an
exception its type and its place. A value that does not look as its field must is shown as ``?``.
"""

from __future__ import annotations

import datetime
import logging
import re
import sys
import threading
import traceback
import typing
from pathlib import Path

from pythonjsonlogger.json import JsonFormatter

if typing.TYPE_CHECKING:
    import types

ROOT = Path(__file__).resolve().parent.parent
OURS = ("saas", "tenants")
FIELDS = {
    "route": re.compile(r"/(?:[a-z0-9/.-]|<[a-z]+:[a-z_]+>|<[a-z]+>)*|none"),
    "method": re.compile(r"[A-Za-z]{1,7}"),
    "status": re.compile(r"[1-5][0-9]{2}"),
    "ms": re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?"),
    "request": re.compile(r"[0-9a-f]{16}"),
    "job": re.compile(r"[a-z_]+\.[a-z_]+"),
    "error": re.compile(r"[A-Za-z_][A-Za-z_0-9.]{0,80}"),
    "place": re.compile(r"[A-Za-z_0-9./-]{1,120}:[0-9]+"),
}
"""Every field beside time, level, event and source, and what its value may look like."""

LIBRARIES_SAY = (
    "Starting gunicorn %s",
    "Listening at: %s (%s)",
    "Using worker: %s",
    "Booting worker with pid: %s",
    "Worker exiting (pid: %s)",
    "Worker (pid:%s) exited with code %s.",
    "Worker (pid:%s) exited with code %s",
    "Worker (pid:%s) was sent %s!",
    "Worker (pid:%s) was sent %s! Perhaps out of memory?",
    "WORKER TIMEOUT (pid:%s)",
    "Handling signal: %s",
    "Shutting down: %s",
    "Error handling request %s",
    "Error handling request %s %s",
    "Error handling request",
    "Socket error processing request.",
    "Exception in worker process",
    "Autorestarting worker after current request.",
)
"""Words of other people's code that are shown, as they stand there and without what they are filled with."""

FOREIGN = "said by a library"
_WORDS = re.compile(r"[a-z][a-z ;:,'-]{0,119}")
_BLANKS = re.compile(r"(?: with)?[:,]? *\(?(?:pid: ?)?%s\)?")


class AllowListFormatter(JsonFormatter):
    """Builds the line from ``FIELDS`` alone."""

    def add_fields(
        self,
        log_data: dict[str, typing.Any],
        record: logging.LogRecord,
        message_dict: dict[str, typing.Any],  # noqa: ARG002 - the library's signature
    ) -> None:
        """Time, level, source, event; then what is on the list; then where an exception came from."""
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        log_data["time"] = at.isoformat(timespec="milliseconds")
        log_data["level"] = record.levelname.lower()
        log_data["source"] = record.name if re.fullmatch(r"[A-Za-z_.0-9-]{1,80}", record.name) else "?"
        log_data["event"] = event_of(record)
        for name, looks in FIELDS.items():
            if name in record.__dict__:
                value = record.__dict__[name]
                log_data[name] = value if looks.fullmatch(str(value)) else "?"
        if record.exc_info and record.exc_info[1] is not None:
            log_data |= told(record.exc_info[1])
        elif log_data["event"] == FOREIGN:
            log_data["place"] = f"{_short(record.pathname)}:{record.lineno}"

    def formatException(self, _: object) -> str:  # noqa: N802 - the library's name
        """Nothing: a traceback quotes values; ``add_fields`` tells type and place."""
        return ""


def event_of(record: logging.LogRecord) -> str:
    """The words of the line, never with values in them.

    Ours are literals (a test reads all of our code for that); of a library's only those that are known.
    """
    words = record.msg if isinstance(record.msg, str) else ""
    if record.name.partition(".")[0] in OURS:
        literal = words.partition("%")[0].rstrip(" :(")
        return literal if _WORDS.fullmatch(literal) else "?"
    return _BLANKS.sub("", words).rstrip(" .!") if words in LIBRARIES_SAY else FOREIGN


def told(error: BaseException) -> dict[str, str]:
    """An exception's type, the driver's own under SQLAlchemy's, and the last place of ours that it passed."""
    driver = getattr(error, "orig", None)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _short(frame.filename).startswith(OURS)]
    line = {"error": type(error if driver is None else driver).__name__}
    if frames:
        frame = (ours or frames)[-1]
        line["place"] = f"{_short(frame.filename)}:{frame.lineno}"
    return line


def _short(path: str) -> str:
    """A file of ours by its path in the repository, another one by its name."""
    file = Path(path)
    return str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) and "lib" not in file.parts else file.name


def set_up(level: int = logging.INFO) -> None:
    """Let everything that this process logs go to standard error, by the list; uncaught exceptions too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AllowListFormatter())
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda found: _uncaught(found.exc_type, found.exc_value, found.exc_traceback)


def _uncaught(
    kind: type[BaseException], error: BaseException | None, trace: types.TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    found = error if error is not None else kind()
    logging.getLogger("tenants").critical("uncaught", exc_info=(kind, found, trace))
