"""Rosters of invented institutions as an operator would send them, and where they stand."""

from __future__ import annotations

import io
import typing
import uuid

import openpyxl
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tenants.console.sessions import PATH
from tenants.roster import CLINIC_COLUMNS, SITE_COLUMNS
from tests.support import operating, world

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.support.operating import Desk

Line = dict[str, str]


def line(code: str, **changes: str) -> Line:
    """One institution that is in order but for the changes."""
    plain = {
        "kind": "township_health_centre",
        "name_zh": "试办卫生院",
        "name_ug": "سىناق",
        "prefecture_zh": "试验地区",
        "county_code": "650099",
        "county_zh": "试验县",
        "township_code": code[:9],
    }
    return {"code": code, **plain, **changes}


def csv_of(lines: Sequence[Line], columns: Sequence[str] = CLINIC_COLUMNS) -> bytes:
    """The lines as a .csv file in UTF-8."""
    rows = [",".join(columns), *(",".join(one.get(column, "") for column in columns) for one in lines)]
    return ("\r\n".join(rows) + "\r\n").encode()


def sites_of(*sites: tuple[str, str, str]) -> bytes:
    """A file of village clinics: code, institution, name."""
    return csv_of([dict(zip(SITE_COLUMNS, site, strict=True)) for site in sites], SITE_COLUMNS)


def sheet_of(lines: Sequence[Line], columns: Sequence[str] = CLINIC_COLUMNS) -> bytes:
    """The lines as an .xlsx file; codes are numbers, as Excel makes them."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(columns))
    for one in lines:
        cells = [one.get(column, "") for column in columns]
        sheet.append([int(cell) if cell.isdecimal() else cell for cell in cells])
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def send(desk: Desk, body: bytes, name: str = "roster.csv", sites: bytes | None = None) -> uuid.UUID:
    """Upload the files; returns the roster's id."""
    answer = post(desk, body, name, sites)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return uuid.UUID(answer.headers["Location"].rpartition("/")[2])


def post(desk: Desk, body: bytes, name: str = "roster.csv", sites: bytes | None = None) -> TestResponse:
    """Send the files from memory: Werkzeug's own file for large ones is closed too late for a warning."""
    form: dict[str, typing.Any] = {
        "csrf_token": desk.csrf(),
        "roster_file": FileStorage(io.BytesIO(body), filename=name),
    }
    if sites is not None:
        form["sites_file"] = FileStorage(io.BytesIO(sites), filename="sites.csv")
    boundary, sent = encode_multipart(form)
    kind = f"multipart/form-data; boundary={boundary}"
    return desk.post(f"{PATH}/rosters/new", data=sent, content_type=kind)


def checked(
    app: Flask, desk: Desk, body: bytes, name: str = "roster.csv", sites: bytes | None = None
) -> uuid.UUID:
    """Upload the files and let a worker check them."""
    run_id = send(desk, body, name, sites)
    operating.work_off(app)
    return run_id


def state_of(app: Flask, run_id: uuid.UUID) -> str:
    """Where a roster stands."""
    return str(ask(app, "SELECT state FROM platform.roster_run WHERE id = %s", run_id)[0][0])


def ask(app: Flask, query: str, *values: object) -> list[tuple[typing.Any, ...]]:
    """Ask the database as its owner."""
    with world.caretaker(app).logins.connect("owner", autocommit=True) as connection:
        cursor = connection.execute(query.encode(), values or None)
        return cursor.fetchall() if cursor.description else []
