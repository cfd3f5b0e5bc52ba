"""Opening an archive: checked from end to end before anything of it is believed."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import typing
import uuid

from tenants.archives.contents import MANIFEST, ROWS, TABLE, Manifest, RowSum, TablePart, frames
from tenants.archives.envelope import opened, read_header
from tenants.archives.refusals import ArchiveRefused

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tenants.keys import Master

_NOT_AS_TOLD = "the archive does not hold what its manifest says ({})"


@dataclasses.dataclass(frozen=True)
class Archive:
    """An archive with its code; ``checked`` is asked first, then ``parts`` are gone through."""

    path: Path
    code: str
    master: Master

    def clinic_id(self) -> uuid.UUID:
        """Whose it says it is; not to be relied on before ``checked``."""
        with _read(self.path) as file:
            return read_header(file).clinic_id

    def checked(self, told: Callable[[int, int], None] | None = None) -> Manifest:
        """The manifest, after every piece was opened and every checksum compared.

        Raises ``ArchiveRefused``. ``told`` hears of bytes read and of how many.
        """
        sums: dict[str, tuple[int, str]] = {}
        manifest: Manifest | None = None
        size = self.path.stat().st_size if self.path.is_file() else 0
        with _read(self.path) as file:
            header, pieces = opened(file, self.code, self.master)
            for kind, body, counted in _summed(frames(pieces), sums):
                if kind == MANIFEST:
                    manifest = Manifest.read(body)
                elif counted and told:
                    told(file.tell(), max(size, file.tell()))
        if manifest is None:
            raise ArchiveRefused(_NOT_AS_TOLD.format("there is none"))
        if uuid.UUID(manifest.clinic) != header.clinic_id:
            raise ArchiveRefused(_NOT_AS_TOLD.format("it names another clinic"))
        if sums != {part.name: (part.rows, part.sha256) for part in manifest.tables}:
            raise ArchiveRefused(_NOT_AS_TOLD.format("a checksum of a table differs"))
        return manifest

    def parts(self) -> Iterator[tuple[TablePart, Iterator[bytes]]]:
        """Each table with its rows' text, in the order in which they can be loaded."""
        with _read(self.path) as file:
            _, pieces = opened(file, self.code, self.master)
            stream = frames(pieces)
            kind, body = next(stream)
            while kind == TABLE:
                rows = _Rows(stream)
                yield TablePart.read(json.loads(body)), iter(rows)
                kind, body = rows.next_frame()


class _Rows:
    """The rows' text of one table; knows the part that follows them."""

    def __init__(self, stream: Iterator[tuple[bytes, bytes]]) -> None:
        self._stream = stream
        self._following: tuple[bytes, bytes] | None = None

    def __iter__(self) -> Iterator[bytes]:
        while self._following is None:
            kind, body = next(self._stream)
            if kind != ROWS:
                self._following = kind, body
                return
            yield body

    def next_frame(self) -> tuple[bytes, bytes]:
        """What comes after; rows that nobody took are passed over."""
        for _ in self:
            pass
        if self._following is None:
            raise ArchiveRefused(_NOT_AS_TOLD.format("a table has no end"))
        return self._following


def _summed(
    stream: Iterator[tuple[bytes, bytes]], sums: dict[str, tuple[int, str]]
) -> Iterator[tuple[bytes, bytes, RowSum | None]]:
    """The same parts, while ``sums`` is filled with rows and checksum of each table."""
    name, counted = "", None
    for kind, body in stream:
        if kind == TABLE:
            name, counted = str(json.loads(body)["name"]), RowSum()
        elif kind == ROWS and counted:
            counted.take(body)
        if counted:
            sums[name] = (counted.rows, counted.sha256)
        yield kind, body, counted


@contextlib.contextmanager
def _read(path: Path) -> Iterator[typing.BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        message = f"the archive {path} cannot be read: {error.strerror}"
        raise ArchiveRefused(message) from error
