"""Whether a clinic is whole: its schema and rights as the head has them, its first rows, its keys."""

from __future__ import annotations

import typing
import uuid

import psycopg
from cryptography.exceptions import InvalidTag
from psycopg import sql

from tenants.catalogue import catalogue
from tenants.compiling import clinic_script
from tenants.extension import NewClinic
from tenants.naming import TEMPLATE_NUMBER, schema_of
from tenants.placing import MAIN
from tenants.provisioning import guarding
from tenants.trees import CLINIC, Tree
from tenants.workers import CLINICS_PER_CONNECTION

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tenants.cards import ClinicCard
    from tenants.connecting import Connection
    from tenants.extension import Tenants

_MOST_TOLD = 20


def checked(
    tenants: Tenants, cards: Sequence[ClinicCard], told: Callable[[int, int], None]
) -> dict[str, list[str]]:
    """The findings of each clinic by its code; ``told`` hears how many are done and of how many."""
    found: dict[str, list[str]] = {}
    for cell in dict.fromkeys(card.cell for card in cards):
        there = [card for card in cards if card.cell == cell]
        for start in range(0, len(there), CLINICS_PER_CONNECTION):
            some = there[start : start + CLINICS_PER_CONNECTION]
            for code, findings in _checked_in(tenants, cell, some):
                found[code] = findings
                told(len(found), len(cards))
    return found


def _checked_in(tenants: Tenants, cell: str, cards: Sequence[ClinicCard]) -> Iterator[tuple[str, list[str]]]:
    """The findings of clinics of one cell; of one that cannot be reached, that is the finding."""
    try:
        with tenants.logins.of(cell).connect("owner", autocommit=True) as connection:
            checker = ClinicCheck(tenants, connection)
            for card in cards:
                yield card.code, checker.findings(card)
    except (psycopg.OperationalError, LookupError) as error:
        if cell == MAIN:
            raise
        for card in cards:
            yield card.code, [f"Cell {cell} cannot be reached: {str(error).splitlines()[0]}"]


class ClinicCheck:
    """Compares clinics with one that is made from the script and taken back."""

    def __init__(self, tenants: Tenants, connection: Connection, tree: Tree = CLINIC) -> None:
        self._tenants = tenants
        self._connection = connection
        self._tree = tree
        self._wanted = reference(connection, clinic_script(tenants.metadata))

    def findings(self, card: ClinicCard) -> list[str]:
        """What is wrong with a clinic, a sentence each; empty when it is whole."""
        row = self._connection.execute(
            "SELECT revision FROM platform.clinic_revision WHERE clinic_id = %s", (card.id,)
        ).fetchone()
        if row is None:
            return ["The ledger has no revision of it."]
        if row[0] != self._tree.head:
            return [f"It is at revision {row[0]}; run `shipa migrate`."]
        try:
            return [*self._schema(card), *self._first_rows(card)]
        except psycopg.Error as error:
            return [f"It cannot be read: {str(error).splitlines()[0]}"]

    def _schema(self, card: ClinicCard) -> list[str]:
        found = catalogue(self._connection, schema_of(card.number))
        missing = [f"Missing: {line}" for line in sorted(self._wanted - found)]
        extra = [f"Not of the head: {line}" for line in sorted(found - self._wanted)]
        told = missing + extra
        more = len(told) - _MOST_TOLD
        return told[:_MOST_TOLD] + ([f"And {more} more."] if more > 0 else [])

    def _first_rows(self, card: ClinicCard) -> list[str]:
        """Each table that a new clinic has rows in has some, and the keys are this clinic's."""
        blank = NewClinic(card.id, card.code, card.kind, card.name_zh, card.name_ug, b"", b"")
        schema = sql.Identifier(schema_of(card.number))
        told = []
        for table in self._tenants.furnish(blank):
            query = sql.SQL("SELECT EXISTS (SELECT FROM {}.{})")
            row = self._connection.execute(query.format(schema, sql.Identifier(table))).fetchone()
            if row is None or not row[0]:
                told.append(f"Table {table} has lost its first row.")
        query = sql.SQL("SELECT id, wrapped_data_key, wrapped_hash_key FROM {}.clinic_setting")
        for clinic_id, data_key, hash_key in self._connection.execute(query.format(schema)):
            told += self._keys(card.id, clinic_id, data_key, hash_key)
        return told

    def _keys(self, wanted: uuid.UUID, clinic_id: uuid.UUID, data_key: bytes, hash_key: bytes) -> list[str]:
        if clinic_id != wanted:
            return ["Its settings are another clinic's."]
        try:
            self._tenants.master.unwrap(clinic_id, data_key, hash_key)
        except (InvalidTag, ValueError):
            return ["Its keys do not open with this master key."]
        return []


def reference(connection: Connection, script: str) -> frozenset[str]:
    """The catalogue of a clinic made from the script, in a transaction that is taken back."""
    template = schema_of(TEMPLATE_NUMBER)
    parts = (
        f"SELECT platform.make_clinic_roles('{TEMPLATE_NUMBER:04d}')",
        f"CREATE SCHEMA {template}",
        f"SET LOCAL search_path = {template}, ref",
        script.removesuffix(";\n"),
        *guarding(connection, TEMPLATE_NUMBER),
        "SET LOCAL search_path = pg_catalog",
    )
    with connection.transaction(force_rollback=True):
        connection.execute(";\n".join(parts))
        return catalogue(connection, template)
