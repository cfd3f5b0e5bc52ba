"""What an answer says, whatever it is made of: a page as it is, an Excel file with all its parts."""

from __future__ import annotations

import io
import typing
import zipfile

if typing.TYPE_CHECKING:
    from werkzeug.test import TestResponse

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def text_of(answer: TestResponse) -> str:
    """The whole text; raises for an unreadable one."""
    if answer.mimetype != EXCEL:
        return answer.get_data(as_text=True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist())
