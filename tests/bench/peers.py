"""Figures against a peer: django-tenants with the same tables, on the same server, in turns.

What is counted on the peer's side: ``Clinic.save()``, which makes the schema and runs its one migration, and
``migrate_schemas`` by its multiprocessing executor, in one warm process. Its tables have the columns, keys,
checks and indexes of ours (partial indexes as whole ones), no rights, no roles, no first rows.

Both sides have the whole roster (``SHIPA_BENCH_CLINICS`` for fewer). Ours are all imported; of the peer's the
first is made its own way, copied with plain SQL as often as is needed, and the others that are measured are
made beside the copies: all of them made its own way would take an hour. With few clinics
both later ratios speak for the peer: what a run of ours begins with is divided by their number.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import typing
from pathlib import Path

import psycopg
import sqlalchemy as sa

from saas.db import Base
from tenants.migrating import behind, migrate
from tenants.naming import schema_of
from tenants.provisioning import Order, Provisioner, free_numbers
from tenants.roster import ClinicLine
from tenants.tidying import tidy_database
from tenants.trees import CLINIC, Tree
from tests.bench.cloning import copy_schemas
from tests.bench.figure import Figure, Measured
from tests.bench.migrating import with_column
from tests.bench.region import JOBS, imported

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.connecting import Logins
    from tenants.extension import Tenants

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path(sys.prefix) / "peers" / "bin" / "python"
"""The peer's own environment; ``make bench`` makes it from ``requirements/peers.txt``."""
MADE = 24
"""Clinics that either side makes its own way, measured; the first warms up and is the peer's pattern."""
CLINICS = max(MADE, int(os.environ.get("SHIPA_BENCH_CLINICS", "1607")))
ROUNDS = 3
"""Of ours; once through all of the peer's takes minutes, and is the mean of as many clinics."""
_NOWHERE = dict.fromkeys(("name_ug", "prefecture_zh", "county_code", "county_zh", "township_code"), "")


def figures() -> Iterator[Figure]:
    """Three ratios, per clinic."""
    yield Figure(
        "provision one clinic, against django-tenants with the same tables", "at most 1/8", provision
    )
    yield Figure(
        "ADD COLUMN per clinic, against migrate_schemas, multiprocessing", "at most 1/100", add_column
    )
    yield Figure("nothing to migrate, per clinic, against its no-op", "at most 1/1,000", nothing)


# the peer


def described(metadata: sa.MetaData) -> list[dict[str, typing.Any]]:
    """The tables as plain data, in an order in which each one's references are made before it."""
    return [
        {
            "name": table.name,
            "columns": [_column(column) for column in table.columns],
            "indexes": [_index(at, table, index) for at, index in enumerate(_sorted(table))],
            "unique": [
                {"name": f"uq_{table.name}_{at}", "columns": [column.name for column in one.columns]}
                for at, one in enumerate(_uniques(table))
            ],
            "checks": [
                {"name": f"ck_{table.name}_{at}", "text": str(one.sqltext)}
                for at, one in enumerate(
                    one for one in table.constraints if isinstance(one, sa.CheckConstraint)
                )
            ],
        }
        for table in metadata.sorted_tables
    ]


def _sorted(table: sa.Table) -> list[sa.Index]:
    return sorted(table.indexes, key=lambda index: str(index.name))


def _uniques(table: sa.Table) -> Iterator[sa.UniqueConstraint | sa.Index]:
    yield from (one for one in table.constraints if isinstance(one, sa.UniqueConstraint))
    yield from (one for one in _sorted(table) if one.unique)


def _column(column: sa.Column[typing.Any]) -> dict[str, typing.Any]:
    array = isinstance(column.type, sa.ARRAY)
    to = next(iter(column.foreign_keys), None)
    return {
        "name": column.name,
        "kind": "ARRAY" if array else type(column.type).__name__,
        "item": type(column.type.item_type).__name__ if isinstance(column.type, sa.ARRAY) else "",
        "null": bool(column.nullable),
        "primary": column.primary_key,
        "to": to.column.table.name if to is not None else "",
    }


def _index(at: int, table: sa.Table, index: sa.Index) -> dict[str, typing.Any]:
    options = index.dialect_options["postgresql"]
    return {
        "name": f"ix_{table.name}_{at}"[:30],
        "columns": [column.name for column in index.columns],
        "gin": options.get("using") == "gin",
        "trigrams": "gin_trgm_ops" in dict(options.get("ops") or {}).values(),
        "unique": bool(index.unique),
    }


class Peer:
    """The peer's process; every word is answered with its seconds."""

    def __init__(self, logins: Logins, folder: Path) -> None:
        tables = folder / "tables.json"
        tables.write_text(json.dumps(described(Base.metadata)), encoding="utf-8")
        self._process = subprocess.Popen(
            [PYTHON, "-m", "tests.bench.peer.driver"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ
            | {
                "SHIPA_BENCH_TABLES": str(tables),
                "SHIPA_BENCH_FOLDER": str(folder),
                "SHIPA_BENCH_ADDRESS": json.dumps(_address(logins)),
            },
        )

    def told(self, words: str) -> float:
        """Have it done; the seconds that it took. RuntimeError when the peer broke off."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            message = f"the peer broke off at {words!r}"
            raise RuntimeError(message)
        return float(answer)

    def end(self) -> None:
        """Close its input, which ends it."""
        self._process.communicate()


def _address(logins: Logins) -> dict[str, object]:
    """A database of the peer's own on the same server, as Django says it."""
    with logins.connect("admin", database="postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS peer")
        connection.execute("CREATE DATABASE peer")
    with logins.connect("admin", database="peer", autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
    parts = psycopg.conninfo.conninfo_to_dict(logins.conninfo("admin", "peer"))
    words = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {word: str(parts.get(key) or "") for word, key in words.items()}


@functools.cache
def made() -> tuple[Tenants, Peer, list[float], list[float]]:
    """As many clinics on either side, made in turns beside all the others."""
    tenants = imported("peers-", CLINICS)
    peer = Peer(tenants.logins, Path(tempfile.mkdtemp()))
    peer.told("setup")
    provisioner = Provisioner(tenants)
    ours: list[float] = []
    theirs: list[float] = []
    for turn, name in enumerate(map(schema_of, range(1, MADE + 1))):
        ours.append(_provisioned(tenants, provisioner, turn))
        theirs.append(peer.told(f"create {name}"))
        if not turn:
            _copy(tenants.logins, name)
    return tenants, peer, ours, theirs


def _copy(logins: Logins, pattern: str) -> None:
    """The clinics of the peer that are not measured; its catalogues are then tidied, as ours are."""
    names = list(map(schema_of, range(MADE + 1, CLINICS + 1)))
    with logins.connect("admin", database="peer", autocommit=True) as connection:
        copy_schemas(connection, pattern, names)
        connection.execute(
            "INSERT INTO house_clinic (schema_name, name) SELECT unnest(%s::text[]), ''", [names]
        )
        tidy_database(connection)


def _provisioned(tenants: Tenants, provisioner: Provisioner, turn: int) -> float:
    """One more clinic with roles, rights, keys, registry and first rows; seconds of the transaction."""
    line = ClinicLine(
        line=2, code=f"6500998{turn:02d}", kind="township_health_centre", name_zh=f"测试{turn}", **_NOWHERE
    )
    with tenants.logins.connect("owner", autocommit=True) as connection:
        number = next(free_numbers(connection, tenants.settings.clinic_numbers))
        began = time.perf_counter()
        provisioner.provision(connection, Order(number, line))
        return time.perf_counter() - began


# the figures


def _over(rounds: str, count: int) -> str:
    return (
        f"ours: {rounds} over {count:,} clinics; the peer's once over {CLINICS:,}, "
        f"of which {CLINICS - MADE:,} were copied with SQL from one that it made"
    )


def provision() -> Measured:
    """Medians over the clinics; the first of either side warms up."""
    tenants, _, ours, theirs = made()
    mine, other = statistics.median(ours[1:]), statistics.median(theirs[1:])
    return Measured(
        f"1/{other / mine:.1f}: {mine * 1e3:.0f} ms against {other * 1e3:.0f} ms",
        met=mine <= other / 8,
        notes=f"{MADE} clinics each in turns; ours beside {len(tenants.clinics()) - MADE:,}, with roles, "
        f"rights, keys, first rows; the peer's beside {CLINICS - MADE:,} copies",
    )


def add_column() -> Measured:
    """Columns added on either side; seconds per clinic, our median."""
    tenants, peer, _, _ = made()
    ours: list[float] = []
    count = len(tenants.clinics())
    with _copied_tree() as tree:
        grown = tree
        for turn in range(ROUNDS):
            grown = with_column(grown, f"peer_{turn}")
            began = time.perf_counter()
            outcome = migrate(tenants.logins, tree=grown, jobs=JOBS)
            ours.append((time.perf_counter() - began) / count)
            assert len(outcome.migrated) == count, outcome.left_out[:3]
    peer.told("column Resident peer_0")
    other = peer.told("migrate") / CLINICS
    assert _columns(tenants.logins, "peer_0") == CLINICS
    with tenants.logins.connect("owner") as connection:
        connection.execute("UPDATE platform.clinic_revision SET revision = %s", (CLINIC.head,))
    mine = statistics.median(ours)
    return Measured(
        f"1/{other / mine:.0f}: {mine * 1e3:.2f} ms against {other * 1e3:.0f} ms",
        met=mine <= other / 100,
        notes=_over(f"{ROUNDS} columns", count),
    )


def _columns(logins: Logins, name: str) -> int:
    """How many of the peer's clinics have the column."""
    with logins.connect("admin", database="peer") as connection:
        found = connection.execute("SELECT count(*) FROM pg_attribute WHERE attname = %s", (name,)).fetchone()
    assert found is not None
    return int(found[0])


@contextlib.contextmanager
def _copied_tree() -> Iterator[Tree]:
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(Path(folder) / "clinic")
        shutil.copytree(CLINIC.folder, tree.folder)
        yield tree


def nothing() -> Measured:
    """Asked again when all is done; per clinic."""
    tenants, peer, _, _ = made()
    count = len(tenants.clinics())
    ours: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with tenants.logins.connect("owner", autocommit=True) as connection:
            pending = behind(connection)
        ours.append((time.perf_counter() - began) / count)
        assert not pending
    other = peer.told("migrate") / CLINICS
    peer.end()
    mine = statistics.median(ours)
    return Measured(
        f"1/{other / mine:,.0f}: {mine * 1e6:.1f} µs against {other * 1e3:.0f} ms",
        met=mine <= other / 1000,
        notes=_over(f"{ROUNDS} times one question on a new connection", count),
    )
