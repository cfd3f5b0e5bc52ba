"""The access log of a clinic as the caretaker writes it: the next rows of its chain."""

from __future__ import annotations

import datetime
import typing

from psycopg import sql

from tenants.archives.refusals import ArchiveRefused

if typing.TYPE_CHECKING:
    from tenants.cards import ClinicCard
    from tenants.connecting import Connection
    from tenants.extension import Tenants


class LogBook:
    """Of the clinic as it stands in this transaction."""

    def __init__(self, tenants: Tenants, connection: Connection, card: ClinicCard) -> None:
        self._connection = connection
        self._following = tenants.following
        self._schema = sql.Identifier(card.binding.schema)
        query = sql.SQL("SELECT id, wrapped_data_key, wrapped_hash_key FROM {}.clinic_setting")
        row = connection.execute(query.format(self._schema)).fetchone()
        if row is None:
            message = "the archive has no settings of a clinic"
            raise ArchiveRefused(message)
        self._hash_key = tenants.master.unwrap(*row)[1]

    def head(self) -> tuple[int, bytes] | None:
        """Number and hash of the newest row."""
        query = sql.SQL("SELECT number, hash FROM {}.access_log ORDER BY number DESC LIMIT 1")
        return self._connection.execute(query.format(self._schema)).fetchone()

    def note(self, act: str, detail: dict[str, object]) -> None:
        """One more row of nobody of the clinic: what the caretaker did."""
        self.append({"at": datetime.datetime.now(datetime.UTC), "act": act, "detail": detail})

    def append(self, values: dict[str, object]) -> None:
        """One more row."""
        row = self._following(self.head(), self._hash_key, values)
        statement = sql.SQL("INSERT INTO {}.access_log ({}) VALUES ({})").format(
            self._schema,
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join([sql.Placeholder()] * len(row)),
        )
        self._connection.execute(statement, list(row.values()))
