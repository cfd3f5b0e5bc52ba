"""What an answer says, whatever it is made of: a page as it is, an Excel file with all its parts."""

from __future__ import annotations

import io
import typing
import zipfile

if typing.TYPE_CHECKING:
    from werkzeug.test import TestResponse

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def locked(body: bytes) -> bytes:
    """A zip file whose parts all say that they are sealed by a password."""
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = body.find(mark)
        while at >= 0:
            place = at + flags
            body = body[:place] + bytes([body[place] | 1]) + body[place + 1 :]
            at = body.find(mark, at + 4)
    return body


def flipped(body: bytes, at: int) -> bytes:
    """The file with one byte changed."""
    return body[:at] + bytes([body[at] ^ 0xFF]) + body[at + 1 :]


def text_of(answer: TestResponse) -> str:
    """The whole text; raises for an unreadable one."""
    if answer.mimetype != EXCEL:
        return answer.get_data(as_text=True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist())
