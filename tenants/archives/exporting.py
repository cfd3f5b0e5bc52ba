"""Writing one clinic into an archive: one snapshot, table by table, never the whole clinic in memory."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import fcntl
import os
import typing

from cryptography.exceptions import InvalidTag
from psycopg import sql

from tenants.archives.contents import (
    MANIFEST,
    ROWS,
    TABLE,
    TEXT_SETTINGS,
    Manifest,
    RowSum,
    TablePart,
    columns_of,
    frame,
    is_left_out,
    rows_query,
)
from tenants.archives.envelope import SealedWriter
from tenants.archives.refusals import ArchiveRefused, NoArchiveCode
from tenants.naming import schema_of
from tenants.operators import write_act

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import sqlalchemy as sa

    from tenants.cards import ClinicCard
    from tenants.connecting import Connection
    from tenants.extension import Tenants

_GATHERED = 1 << 16
_NO_CODE = (
    "clinic {code} has no archive code yet: its administrator makes one under Settings, and keeps it on paper"
)
_NOT_WHOLE = "clinic {code} is not whole ({what}); run `shipa clinics check {code}`"


@dataclasses.dataclass(frozen=True)
class _Keys:
    """What the archive is sealed with."""

    wrapped: bytes
    data_key: bytes
    recipient: bytes


class Export:
    """One archive of one clinic."""

    def __init__(self, tenants: Tenants, card: ClinicCard, purpose: str, who: str | None = None) -> None:
        """``who`` is the operator who ordered it; of a command the system's account."""
        self._tenants = tenants
        self._card = card
        self._schema = schema_of(card.number)
        self._purpose = purpose
        self._who = who

    def write(self, path: Path, told: Callable[[int, int], None] | None = None) -> Manifest:
        """Write the archive under this name, wholly or not at all; an older file of it stays until then.

        The act is written down before the file gets its name: no archive without a trace of it. Raises
        ``ArchiveRefused``, or ``OSError`` when the folder cannot be written to.
        """
        path = path.absolute()
        with _draft(path) as (file, draft):
            manifest = self._into(file, told)
            file.flush()
            os.fsync(file.fileno())
            rows = sum(part.rows for part in manifest.tables)
            with self._tenants.logins.connect("owner") as connection:
                detail = f"{self._purpose} ({rows} rows)"
                write_act(connection, self._card.id, "clinic.exported", detail, self._who)
            draft.replace(path)
        _sync_folder(path.parent)
        return manifest

    def _into(self, file: typing.BinaryIO, told: Callable[[int, int], None] | None) -> Manifest:
        with self._tenants.logins.of(self._card.cell).connect("owner") as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            for setting in TEXT_SETTINGS:
                connection.execute(setting)
            revision = self._revision(connection)
            tables = self._tables(connection)
            keys = self._keys(connection)
            writer = SealedWriter(
                file,
                clinic_id=self._card.id,
                wrapped=keys.wrapped,
                recipient=keys.recipient,
                data_key=keys.data_key,
            )
            parts = []
            for done, (table, columns) in enumerate(tables, 1):
                parts.append(_copied(connection, writer, self._schema, table, columns))
                if told:
                    told(done, len(tables))
            manifest = self._manifest(revision, parts)
            writer.write(frame(MANIFEST, manifest.as_bytes()))
            writer.finish()
            return manifest

    def _revision(self, connection: Connection) -> str:
        row = connection.execute(
            "SELECT revision FROM platform.clinic_revision WHERE clinic_id = %s", (self._card.id,)
        ).fetchone()
        if row is None:
            raise ArchiveRefused(_NOT_WHOLE.format(code=self._card.code, what="its revision is not known"))
        return str(row[0])

    def _tables(self, connection: Connection) -> list[tuple[sa.Table, tuple[str, ...]]]:
        """The clinic's tables that go into an archive, those that others refer to first."""
        there = columns_of(connection, self._schema)
        declared = [t for t in self._tenants.metadata.sorted_tables if not is_left_out(t.name)]
        missing = sorted(table.name for table in declared if table.name not in there)
        if missing:
            raise ArchiveRefused(_NOT_WHOLE.format(code=self._card.code, what=f"no {', '.join(missing)}"))
        return [(table, there[table.name]) for table in declared]

    def _keys(self, connection: Connection) -> _Keys:
        query = sql.SQL("SELECT wrapped_data_key, archive_key FROM {}.clinic_setting")
        rows = connection.execute(query.format(sql.Identifier(self._schema))).fetchall()
        if len(rows) != 1:
            raise ArchiveRefused(_NOT_WHOLE.format(code=self._card.code, what="its settings are lost"))
        wrapped, recipient = rows[0]
        if recipient is None:
            raise NoArchiveCode(_NO_CODE.format(code=self._card.code))
        try:
            data_key = self._tenants.master.unwrap_one(self._card.id, b"data", wrapped)
        except (InvalidTag, ValueError) as error:
            what = "its keys do not open with this master key"
            raise ArchiveRefused(_NOT_WHOLE.format(code=self._card.code, what=what)) from error
        return _Keys(wrapped, data_key, recipient)

    def _manifest(self, revision: str, parts: list[TablePart]) -> Manifest:
        return Manifest(
            clinic=str(self._card.id),
            code=self._card.code,
            name_zh=self._card.name_zh,
            name_ug=self._card.name_ug,
            revision=revision,
            at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            purpose=self._purpose,
            tables=tuple(parts),
        )


def _copied(
    connection: Connection, writer: SealedWriter, schema: str, table: sa.Table, columns: tuple[str, ...]
) -> TablePart:
    """Send a table's rows through to the archive; returns what the manifest says of it."""
    part = TablePart(table.name, columns)
    writer.write(frame(TABLE, part.head()))
    counted, gathered = RowSum(), bytearray()
    with connection.cursor() as cursor, cursor.copy(rows_query(schema, table, columns)) as copy:
        for body in copy:
            gathered += body
            if len(gathered) >= _GATHERED:
                _pass_on(writer, counted, gathered)
    if gathered:
        _pass_on(writer, counted, gathered)
    return dataclasses.replace(part, rows=counted.rows, sha256=counted.sha256)


def _pass_on(writer: SealedWriter, counted: RowSum, gathered: bytearray) -> None:
    counted.take(gathered)
    writer.write(frame(ROWS, gathered))
    gathered.clear()


@contextlib.contextmanager
def _draft(path: Path) -> Iterator[tuple[typing.BinaryIO, Path]]:
    """A file beside the one that is meant, for nobody else's eyes; gone unless it was renamed."""
    draft = path.with_name(f".{path.name}.part")
    try:
        # What a killed export left is written over; one that lives holds the lock.
        handle = os.open(draft, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        message = f"the archive cannot be written to {path}: {error.strerror}"
        raise ArchiveRefused(message) from error
    with os.fdopen(handle, "r+b") as file:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            ours = draft.stat().st_ino == os.fstat(handle).st_ino
        except OSError:
            ours = False
        if not ours:
            message = f"another export is writing {path}"
            raise ArchiveRefused(message)
        os.ftruncate(handle, 0)
        try:
            yield file, draft
        finally:
            draft.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """The new name is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
