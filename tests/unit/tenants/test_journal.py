"""The lines of the log: what is on the list gets out, nothing else does, whoever says it."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import typing

import psycopg
import pytest
import sqlalchemy as sa

from tenants import journal

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "金丝雀 650099199001011234"

Lines = typing.Callable[[], list[dict[str, typing.Any]]]
Said = typing.Callable[[str], tuple[logging.Logger, Lines]]


@pytest.fixture
def said() -> Iterator[Said]:
    """A logger of this name that writes by the list, and what it has written."""
    handlers: list[tuple[logging.Logger, logging.Handler]] = []

    def make(name: str) -> tuple[logging.Logger, Lines]:
        written = io.StringIO()
        handler = logging.StreamHandler(written)
        handler.setFormatter(journal.AllowListFormatter())
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        handlers.append((logger, handler))
        return logger, lambda: [json.loads(line) for line in written.getvalue().splitlines()]

    yield make
    for logger, handler in handlers:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


def test_a_line_of_ours_holds_its_words_and_the_fields_of_the_list(said: Said) -> None:
    logger, lines = said("saas.test_journal")
    fields = {"route": "/residents/<uuid:resident_id>", "method": "GET", "status": 200, "ms": 12.5}
    logger.info("request", extra={**fields, "request": "0123456789abcdef", "resident": CANARY})
    (line,) = lines()
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "source": "saas.test_journal",
        "event": "request",
        "request": "0123456789abcdef",
        **fields,
    }


@pytest.mark.parametrize("field", sorted(journal.FIELDS))
def test_a_value_that_does_not_look_as_its_field_must_is_not_shown(said: Said, field: str) -> None:
    logger, lines = said("tenants.test_journal")
    logger.warning("request", extra={field: CANARY})
    assert lines()[0][field] == "?"


def test_words_that_are_filled_in_stay_out(said: Said) -> None:
    logger, lines = said("saas.test_journal")
    logger.error("could not save: %s", CANARY)
    assert lines()[0]["event"] == "could not save"


@pytest.mark.parametrize(
    ("words", "arguments", "event"),
    [
        (f"said with {CANARY}", (), journal.FOREIGN),
        ("said with %s", (CANARY,), journal.FOREIGN),
        ("Error handling request %s", (f"/residents/{CANARY}",), "Error handling request"),
        ("Booting worker with pid: %s", (7,), "Booting worker"),
        ({"said": CANARY}, (), journal.FOREIGN),
    ],
)
def test_of_a_library_only_known_words_are_shown(
    said: Said, words: object, arguments: tuple[object, ...], event: str
) -> None:
    logger, lines = said("procrastinate.test_journal")
    logger.warning(words, *arguments, extra={"job_name": CANARY}, stack_info=True)
    (line,) = lines()
    assert line["event"] == event
    assert CANARY not in json.dumps(line, ensure_ascii=False)
    assert ("place" in line) is (event == journal.FOREIGN)


def break_down() -> None:
    """Raise as SQLAlchemy does, with values in every part."""
    driver = psycopg.errors.UniqueViolation(CANARY)
    raise sa.exc.IntegrityError(CANARY, {"name": CANARY}, driver) from ValueError(CANARY)


def test_of_an_exception_type_and_place_are_shown(said: Said) -> None:
    logger, lines = said("saas.test_journal")
    with pytest.raises(sa.exc.IntegrityError) as caught:
        break_down()
    logger.error("database", exc_info=caught.value)
    (line,) = lines()
    assert line["error"] == "UniqueViolation"
    assert line["place"].partition(":")[0].endswith("test_journal.py")
    assert CANARY not in json.dumps(line, ensure_ascii=False)


def test_what_nobody_catches_is_told_by_the_list_in_every_thread() -> None:
    code = (
        "import threading, warnings; from tenants import journal; journal.set_up();"
        f"thread = threading.Thread(target=lambda: int('{CANARY}')); thread.start(); thread.join();"
        f"warnings.warn('{CANARY}');"
        f"raise KeyError('{CANARY}')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert (CANARY in done.stderr, done.stdout) == (False, "")
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line.get("error") for line in lines] == ["ValueError", None, "KeyError"]
