"""Rosters as the console keeps them: uploaded, steered, looked at."""

from __future__ import annotations

import csv
import io
import typing
import unicodedata
import uuid

from flask_babel import gettext, lazy_gettext

from tenants.console.blueprint import console
from tenants.console.fault_texts import said
from tenants.console.guarding import me
from tenants.console.roster_orders import defer

if typing.TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

    from tenants.console.desk import Row

PAGE = 50
MEGABYTES = 16

STATES: dict[str, object] = {
    "checking": lazy_gettext("Being checked"),
    "checked": lazy_gettext("Checked, not started"),
    "refused": lazy_gettext("Refused as a whole"),
    "running": lazy_gettext("Being brought in"),
    "stopping": lazy_gettext("Being stopped"),
    "stopped": lazy_gettext("Stopped"),
    "done": lazy_gettext("Brought in whole"),
    "failed": lazy_gettext("Broken off"),
}
_RUN = (
    'SELECT id, operator, file_name, sites_name, state, failure, done, "of", report, created_at, changed_at, '
    "put_aside_at IS NOT NULL AS is_aside, state IN ('checking', 'running', 'stopping') AS waits "
    "FROM platform.roster_run "
)

_INSERT = (
    "INSERT INTO platform.roster_run (id, operator, file_name, sites_name) "
    "VALUES (%(id)s, %(operator)s, %(file)s, %(sites)s)"
)


def latest(*, aside: bool) -> list[Row]:
    """The newest rosters first, one page: those that were put aside, or the others."""
    return console().desk.rows(
        _RUN + "WHERE (put_aside_at IS NOT NULL) = %(aside)s ORDER BY created_at DESC LIMIT %(most)s",
        aside=aside,
        most=PAGE,
    )


def count_aside() -> int:
    """How many were put aside."""
    return int(
        console().desk.value("SELECT count(*) FROM platform.roster_run WHERE put_aside_at IS NOT NULL")
    )


def find(run_id: uuid.UUID) -> Row | None:
    """One roster."""
    return console().desk.one(_RUN + "WHERE id = %(id)s", id=run_id)


def waiting_to_start() -> int:
    """How many institutions stand in checked rosters and are no clinics yet (`applied`)."""
    return int(
        console().desk.value(
            "SELECT coalesce(sum(greatest(0, (report -> 'clinics' ->> 'created')::int - CASE state "
            "WHEN 'stopped' THEN done ELSE 0 END)), 0) FROM platform.roster_run "
            "WHERE state IN ('checked', 'stopped') AND put_aside_at IS NULL"
        )
    )


def upload(roster: FileStorage, sites: FileStorage | None) -> uuid.UUID:
    """Keep the files and have them checked; returns the roster's id."""
    run_id = uuid.uuid4()
    run = {"id": run_id, "operator": me().name, "file": name_of(roster), "sites": name_of(sites)}
    insert: list[tuple[typing.LiteralString, Row]] = [(_INSERT, run)]
    for part, file in (("clinics", roster), ("sites", sites)):
        if file is not None:
            values = {"id": run_id, "part": part, "body": file.read()}
            insert.append(("INSERT INTO platform.roster_file VALUES (%(id)s, %(part)s, %(body)s)", values))
    console().desk.in_one(insert)
    defer(run_id)
    return run_id


def name_of(file: FileStorage | None) -> str:
    """The file's name as it may be shown: without folders and characters that cannot be seen."""
    name = (file.filename or "") if file is not None else ""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in name if unicodedata.category(c)[0] != "C")[:100]


def faults(run_id: uuid.UUID, page: int) -> tuple[list[Row], int]:
    """One page of what is wrong, and how many faults there are."""
    desk = console().desk
    of = desk.value("SELECT count(*) FROM platform.roster_fault WHERE run_id = %(id)s", id=run_id)
    rows = desk.rows(
        'SELECT file, line, "column", value, message FROM platform.roster_fault WHERE run_id = %(id)s '
        "ORDER BY position LIMIT %(most)s OFFSET %(after)s",
        id=run_id,
        most=PAGE,
        after=(page - 1) * PAGE,
    )
    return [{**row, "message": said(row["message"])} for row in rows], of


def faults_file(run_id: uuid.UUID) -> bytes:
    """Every fault as a table that a spreadsheet opens; no cell of it begins like a formula."""
    rows = console().desk.rows(
        'SELECT file, line, "column", value, message FROM platform.roster_fault WHERE run_id = %(id)s '
        "ORDER BY position",
        id=run_id,
    )
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow([gettext("File"), gettext("Line"), gettext("Column"), gettext("Value"), gettext("Fault")])
    for row in rows:
        told = (row["file"], row["column"], row["value"], said(row["message"]))
        file, column, value, message = map(_harmless, told)
        table.writerow([file, row["line"], column, value, message])
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    seen = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cell)
    return f"'{seen}" if seen.lstrip().startswith(("=", "+", "-", "@")) else seen


def words_of(run: Row) -> str:
    """How far a roster is, in one sentence."""
    if run["state"] == "running" and run["of"]:
        return str(gettext("%(done)s of %(of)s institutions", done=run["done"], of=run["of"]))
    return str(STATES[run["state"]])
