"""Why a file as a whole cannot be used."""

from __future__ import annotations

MOST_LINES = 100_000
MOST_COLUMNS = 100
LARGEST_MEGABYTES = 24
"""50,000 lines of twenty columns have about 8 MB as text and 5 MB as .xlsx."""


class FileRefusedError(Exception):
    """The file cannot be used; ``code`` chooses the sentence. Nothing of the file stands in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
