"""A clinic's schema made anew from an archive, inside the transaction of a restore.

The new one has the clinic's name in this transaction alone: until the commit everybody else reads the old
one under it. So it is filled and compared while the clinic is read, and only then are its doors closed.
"""

from __future__ import annotations

import contextlib
import random
import time
import typing

import psycopg
from psycopg import errors, sql

from tenants.archives.contents import TEXT_SETTINGS, RowSum, columns_of, is_left_out, rows_query
from tenants.archives.refusals import ArchiveRefused
from tenants.catalogue import catalogue
from tenants.clinic_check import reference
from tenants.compiling import revision_script
from tenants.naming import for_clinic, schema_of
from tenants.provisioning import guarding

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import sqlalchemy as sa

    from tenants.archives.contents import Manifest
    from tenants.archives.opening import Archive
    from tenants.connecting import Connection
    from tenants.trees import Tree

LOCK_TIMEOUT = "500ms"
"""How long a page may wait behind a restore that itself waits for somebody. Shorter than the second after
which the server looks for deadlocks: a page that holds a table and wants another is never ended by us."""

TRIES = 40
PAUSE = 0.4
"""Seconds between two tries; all of them together are the patience with whoever holds a table."""


def replay(tree: Tree, after: str | None, upto: str) -> str:
    """The statements of the revisions after one, the last of them being ``upto``."""
    lacking = tree.after(after)
    names = [script.revision for script in lacking]
    wanted = lacking[: names.index(upto) + 1] if upto in names else []
    return "\n".join(map(revision_script, wanted))


def check_revision(tree: Tree, manifest: Manifest) -> None:
    """Refuse an archive of a release that is newer than this one."""
    try:
        tree.after(manifest.revision)
    except LookupError as error:
        message = (
            f"the archive is of revision {manifest.revision}, which this release does not know: "
            "it was written by a newer one"
        )
        raise ArchiveRefused(message) from error


class Rebuilding:
    """Puts a new schema in the place of a clinic's; the one there was stays beside it as ``old``."""

    def __init__(self, connection: Connection, number: int, tree: Tree, metadata: sa.MetaData) -> None:
        self._connection = connection
        self._number = number
        self._tree = tree
        self._metadata = metadata
        self.schema = schema_of(number)
        self.old = f"{self.schema}_before"

    def lock_out(self) -> None:
        """From here to the commit nobody reads or writes the clinic. Raises ``ArchiveRefused``."""
        tables = columns_of(self._connection, self.old)
        if tables:
            names = sql.SQL(", ").join(sql.Identifier(self.old, name) for name in sorted(tables))
            self._lock(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))
        # Asked again, now that nobody can come in between.
        self._refuse_what_would_be_lost(self.old)

    def _lock(self, statement: sql.Composed) -> None:
        """In short tries: between two of them whoever waited behind us goes on."""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(PAUSE * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
            try:
                with self._connection.transaction():
                    self._connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                    self._connection.execute(statement)
            except (errors.LockNotAvailable, errors.DeadlockDetected):
                continue
            return
        message = "the clinic is in use and could not be closed for the restore; try again"
        raise ArchiveRefused(message)

    def _refuse_what_would_be_lost(self, schema: str) -> None:
        """Rows that no archive holds would go with the old schema (rights N6)."""
        for name in sorted(filter(is_left_out, columns_of(self._connection, schema))):
            query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(schema, name))
            row = self._connection.execute(query).fetchone()
            if row and row[0]:
                message = f"table {name} has rows, which no archive holds: a restore would lose them"
                raise ArchiveRefused(message)

    def fill(self, archive: Archive, manifest: Manifest, told: Callable[[int, int], None] | None) -> None:
        """Make the schema at the archive's revision, load it, compare it row by row, bring it to the head."""
        self._refuse_what_would_be_lost(self.schema)
        self._make(replay(self._tree, None, manifest.revision))
        for setting in TEXT_SETTINGS:
            self._connection.execute(setting)
        with _as_refusal("the archive could not be loaded"):
            for done, (part, rows) in enumerate(archive.parts(), 1):
                self._load(part.name, part.columns, rows)
                if told:
                    told(done, len(manifest.tables))
        self._compare(manifest)
        if manifest.revision != self._tree.head:
            with _as_refusal("the archive could not be brought to this release's revision"):
                self._run(replay(self._tree, manifest.revision, self._tree.head))
        for guard in guarding(self._connection, self._number):
            self._connection.execute(guard.encode())
        self._compare_catalogue()
        self._analyse()

    def _make(self, script: str) -> None:
        connection = self._connection
        if connection.execute("SELECT to_regnamespace(%s)", (self.schema,)).fetchone() != (None,):
            rename = sql.SQL("ALTER SCHEMA {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(self.schema), sql.Identifier(self.old)))
        connection.execute("SELECT platform.make_clinic_roles(%s)", (f"{self._number:04d}",))
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(self.schema)))
        self._run(script)

    def _run(self, script: str) -> None:
        """Run statements of the clinic tree in the new schema; afterwards no search path names it."""
        parts = (
            f"SET LOCAL search_path = {self.schema}, ref",
            for_clinic(script, self._number),
            "SET LOCAL search_path = pg_catalog",
        )
        self._connection.execute(";\n".join(parts))

    def _load(self, name: str, columns: tuple[str, ...], rows: Iterator[bytes]) -> None:
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.schema, name), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for body in rows:
                copy.write(body)

    def _compare(self, manifest: Manifest) -> None:
        """Read every table back: rows and checksum are those of the manifest, or nothing is restored."""
        for part in manifest.tables:
            counted = RowSum()
            query = rows_query(self.schema, self._metadata.tables[part.name], part.columns)
            with self._connection.cursor() as cursor, cursor.copy(query) as copy:
                for body in copy:
                    counted.take(body)
            if (counted.rows, counted.sha256) != (part.rows, part.sha256):
                message = f"table {part.name} is not what the archive holds after loading it"
                raise ArchiveRefused(message)

    def _compare_catalogue(self) -> None:
        wanted = reference(self._connection, replay(self._tree, None, self._tree.head) + "\n")
        found = catalogue(self._connection, self.schema)
        if found != wanted:
            differing = min(found ^ wanted)
            message = f"the restored clinic is not like a new one ({differing})"
            raise ArchiveRefused(message)

    def _analyse(self) -> None:
        """Let the server know the new tables."""
        names = sql.SQL(", ").join(
            sql.Identifier(self.schema, name) for name in sorted(columns_of(self._connection, self.schema))
        )
        self._connection.execute(sql.SQL("ANALYZE {}").format(names))

    def finish(self) -> None:
        """Take the old schema away."""
        drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(self.old))
        self._connection.execute("SET LOCAL client_min_messages = warning")
        self._connection.execute(drop)


@contextlib.contextmanager
def _as_refusal(what: str) -> Iterator[None]:
    """What the server does not take, in a word; only its first line, the rest may quote rows."""
    try:
        yield
    except psycopg.Error as error:
        message = f"{what}: {str(error).splitlines()[0]}"
        raise ArchiveRefused(message) from error
