"""An archive that another, empty clinic takes: what stays that clinic's own, and what comes.

Stays: number, schema, id, code, names, paper, languages, archive code; its staff, who alone can sign in; its
centre's name; its own log, chained anew behind the log that comes. Comes: everything else, with the keys
that it was sealed and hashed with, wrapped for this clinic's id. The staff who come are names under what
they signed: without access and without passwords, until the clinic's administrator gives them some.
"""

from __future__ import annotations

import secrets
import typing

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql
from psycopg.rows import dict_row

from tenants.archives.codes import fits
from tenants.archives.contents import columns_of
from tenants.archives.keeping import Kept
from tenants.archives.logbook import LogBook
from tenants.archives.refusals import ArchiveRefused
from tenants.naming import schema_of
from tenants.trees import CLINIC, Tree

if typing.TYPE_CHECKING:
    import uuid

    import sqlalchemy as sa

    from tenants.cards import ClinicCard
    from tenants.connecting import Connection
    from tenants.extension import Tenants

_NONCE = 12
_MUST_BE_EMPTY = ("resident", "record")

_SETTING = sql.SQL("""
    UPDATE {new}.clinic_setting n SET id = %(id)s, wrapped_data_key = %(data)s, wrapped_hash_key = %(hash)s,
        paper = o.paper, default_language = o.default_language, lock_minutes = o.lock_minutes,
        archive_key = o.archive_key, archive_key_at = o.archive_key_at, import_until = NULL,
        computed_on = NULL
    FROM {old}.clinic_setting o
""")
_CENTRE = sql.SQL("""
    UPDATE {new}.site n SET code = o.code, name_zh = o.name_zh, name_ug = o.name_ug,
        name_zh_own = o.name_zh_own
    FROM {old}.site o WHERE n.kind = 'centre' AND o.kind = 'centre'
""")
_SITES = sql.SQL("""
    INSERT INTO {new}.site ({columns}) SELECT {columns} FROM {old}.site o
    WHERE kind <> 'centre' AND NOT EXISTS (SELECT FROM {new}.site n WHERE n.code = o.code)
""")
_SAME_SITES = sql.SQL("""
    SELECT o.id::text, n.id::text FROM {old}.site o JOIN {new}.site n
    ON n.id <> o.id AND (n.code = o.code OR (n.kind = 'centre' AND o.kind = 'centre'))
""")
_CHANGE = sql.SQL("UPDATE {new_table} n SET {settings}")
_CLEAR = sql.SQL("DELETE FROM {new_table}")
_COPY = sql.SQL("INSERT INTO {new_table} ({columns}) SELECT {columns} FROM {old_table}")
_MOVE = sql.SQL("""
    UPDATE {new_table} SET {sites} = ({sites} - %(before)s::text) || to_jsonb(%(after)s::text)
    WHERE {sites} ? %(before)s::text
""")
_LOG = sql.SQL("""
    SELECT number, at, staff_id, staff_name, act, status, resident_ids::text AS resident_ids, purpose,
        detail::text AS detail FROM {old}.access_log ORDER BY number
""")


def check_target(
    connection: Connection, card: ClinicCard, code: str, schema: str | None = None, tree: Tree = CLINIC
) -> None:
    """Refuse a clinic that is not empty, not at the head, or whose administrator does not agree.

    ``schema`` is where its tables are, unless they have the clinic's own name.
    """
    schema = schema or schema_of(card.number)
    row = connection.execute(
        "SELECT revision FROM platform.clinic_revision WHERE clinic_id = %s", (card.id,)
    ).fetchone()
    if row != (tree.head,):
        message = f"clinic {card.code} is not at this release's revision; run `shipa migrate`"
        raise ArchiveRefused(message)
    for table in _MUST_BE_EMPTY:
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(schema, table))
        if connection.execute(query).fetchone() != (False,):
            message = (
                f"clinic {card.code} is not empty: an archive goes into one without residents and records"
            )
            raise ArchiveRefused(message)
    query = sql.SQL("SELECT archive_key FROM {}.clinic_setting").format(sql.Identifier(schema))
    found = connection.execute(query).fetchone()
    if found is None or found[0] is None:
        message = f"clinic {card.code} has no archive code yet: its administrator makes one under Settings"
        raise ArchiveRefused(message)
    if not fits(code, card.id, found[0]):
        message = f"the second code is not the archive code of clinic {card.code}"
        raise ArchiveRefused(message)


class MovingIn:
    """Turns the rows of the archive's clinic, just loaded, into those of the clinic that takes them."""

    def __init__(self, tenants: Tenants, connection: Connection, card: ClinicCard, old: str) -> None:
        self._tenants = tenants
        self._connection = connection
        self._card = card
        self._new = schema_of(card.number)
        self._names = {"new": sql.Identifier(self._new), "old": sql.Identifier(old)}
        self._columns = columns_of(connection, self._new)

    def run(self, source: uuid.UUID) -> Kept:
        """Everything, in the transaction of the restore."""
        master = self._tenants.master
        setting = sql.SQL("SELECT wrapped_data_key, wrapped_hash_key FROM {}.clinic_setting")
        theirs = self._connection.execute(setting.format(self._names["new"])).fetchone()
        ours = self._connection.execute(setting.format(self._names["old"])).fetchone()
        if theirs is None or ours is None:
            message = "one of the clinics has lost its settings"
            raise ArchiveRefused(message)
        keys = master.unwrap(source, *theirs)
        own_data_key = master.unwrap(self._card.id, *ours)[0]
        data, hashing = master.wrap_for(self._card.id, *keys)
        self._run(_SETTING, id=self._card.id, data=data, hash=hashing)
        self._run(_CENTRE)
        self._run(_SITES, columns=self._list("site"))
        kept = Kept()
        for table in self._tenants.metadata.sorted_tables:
            if "moves_in" in table.info:
                self._people(table, kept)
                self._seal_anew(table, own_data_key, keys[0])
        kept.counts["access_log: own"] = self._log()
        return kept

    def _run(self, statement: sql.SQL, columns: sql.Composed | None = None, **values: object) -> int:
        names = self._names if columns is None else {**self._names, "columns": columns}
        return self._connection.execute(statement.format(**names), values or None).rowcount

    def _list(self, table: str) -> sql.Composed:
        return sql.SQL(", ").join(map(sql.Identifier, self._columns[table]))

    def _people(self, table: sa.Table, kept: Kept) -> None:
        """Rows that came lose their access, or go; the clinic's own stand beside them (rights N12)."""
        rules = table.info["moves_in"]
        names: dict[str, sql.Composable] = {
            f"{place}_table": sql.SQL(".").join((name, sql.Identifier(table.name)))
            for place, name in self._names.items()
        }
        settings = [
            sql.SQL("{} = ").format(sql.Identifier(column)) + sql.SQL(value).format(**names)
            for column, value in (rules["theirs"] or {}).items()
        ]
        first = _CHANGE.format(**names, settings=sql.SQL(", ").join(settings)) if settings else None
        came = self._connection.execute(first or _CLEAR.format(**names)).rowcount
        own = self._connection.execute(_COPY.format(**names, columns=self._list(table.name))).rowcount
        kept.counts[f"{table.name}: own"] = own
        kept.counts[f"{table.name}: came, {'without access' if settings else 'not kept'}"] = came
        same = self._connection.execute(_SAME_SITES.format(**self._names)).fetchall()
        for before, after in same if "sites" in rules else ():
            move = _MOVE.format(**names, sites=sql.Identifier(rules["sites"]))
            self._connection.execute(move, {"before": before, "after": after})

    def _seal_anew(self, table: sa.Table, before: bytes, after: bytes) -> None:
        """Values that were sealed with the clinic's data key of before, with the one of now."""
        key = next(iter(table.primary_key)).name
        for column in table.columns:
            if "sealed" not in column.info:
                continue
            query = sql.SQL("SELECT {}, {} FROM {}.{} WHERE {} IS NOT NULL").format(
                *map(sql.Identifier, (key, column.name)),
                self._names["new"],
                *map(sql.Identifier, (table.name, column.name)),
            )
            for row_id, sealed in self._connection.execute(query).fetchall():
                context = column.info["sealed"].format(**{key: row_id}).encode()
                plain = AESGCM(before).decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
                nonce = secrets.token_bytes(_NONCE)
                update = sql.SQL("UPDATE {}.{} SET {} = %s WHERE {} = %s").format(
                    self._names["new"], *map(sql.Identifier, (table.name, column.name, key))
                )
                value = nonce + AESGCM(after).encrypt(nonce, plain, context)
                self._connection.execute(update, (value, row_id))

    def _log(self) -> int:
        """The clinic's own rows behind those that came, with their times and persons; numbers are new."""
        book = LogBook(self._tenants, self._connection, self._card)
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(_LOG.format(**self._names)).fetchall()
        for row in rows:
            book.append(row)
        return len(rows)
