"""Figures: ``kill -9`` of an import and of a migration at random points, then the same command again.

Each runs in a process of its own, the command itself, forked when the program is read. The points are drawn
from the time that it takes undisturbed. The region is a small one of its own (``SHIPA_BENCH_CLINICS``, 48
clinics), since forty runs over 1,607 clinics would take hours; the transactions are the same, one a clinic.

An import draws keys, ids and times, so that two of them never have equal rows in these columns: those are
left out of its checksums, and that the keys open is asked instead. A migration is held against an undisturbed
one of a copy of the same database, row for row.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import statistics
import typing
from pathlib import Path

from psycopg import sql

from saas.app import create_app
from saas.config import Settings
from tenants.keys import create_master_key
from tenants.readying import make_ready
from tenants.trees import CLINIC, Tree
from tests.bench.figure import Figure, Measured
from tests.bench.houses import TIMES, House
from tests.bench.region import ROSTER, SITES
from tests.support import world
from tests.support.postgres import private_cluster

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenants.settings import TenantSettings
    from tests.support.postgres import Cluster

KILLS = 20
SEED = 20262
CLINICS = int(os.environ.get("SHIPA_BENCH_CLINICS", "48"))
KILLED, UNHURT = "killed", "unhurt"
DRAWN = ("uuid", "bytea", TIMES)
"""Types of what an import draws by chance."""

_REVISION = '''"""Bench."""
from alembic import op
revision = "{name}"
down_revision = "{after}"
def upgrade() -> None:
    op.execute("ALTER TABLE site ADD COLUMN {name} text")
    op.execute("UPDATE site SET {name} = code || name_zh")
    op.execute("CREATE INDEX ix_{name} ON site ({name})")
'''


def figures() -> Iterator[Figure]:
    """Both commands."""
    goal = f"{KILLS} random points, then again: complete, catalogues and row checksums those of an unhurt run"
    yield Figure(f"kill -9 of an import of {CLINICS} clinics", goal, importing)
    yield Figure(f"kill -9 of a migration of {CLINICS} clinics", goal, migrating)


@contextlib.contextmanager
def _server() -> Iterator[tuple[Cluster, Callable[[TenantSettings], House]]]:
    """A server of its own, and how a house in one of its databases is opened."""
    houses = []

    def opened(place: TenantSettings) -> House:
        app = create_app(Settings(hash_cost="test"), place)
        houses.append(House(place, world.caretaker(app)))
        return houses[-1]

    with private_cluster() as server:
        try:
            yield server, opened
        finally:
            for house in houses:
                house.nursery.end()
                world.close(house.tenants.app)


def _files(folder: Path) -> list[str]:
    """The first clinics of the roster with their village clinics, as the words of the command."""
    header, *clinics = ROSTER.read_text(encoding="utf-8").splitlines(keepends=True)
    site_header, *sites = SITES.read_text(encoding="utf-8").splitlines(keepends=True)
    some = clinics[:CLINICS]
    codes = {line.split(",")[0] for line in some}
    paths = folder / "bench-clinics.csv", folder / "bench-sites.csv"
    paths[0].write_text("".join([header, *some]), encoding="utf-8")
    theirs = [line for line in sites if line.split(",")[1] in codes]
    paths[1].write_text("".join([site_header, *theirs]), encoding="utf-8")
    return ["clinics", "import", str(paths[0]), "--sites", str(paths[1])]


def _made(server: Cluster, opened: Callable[[TenantSettings], House], name: str) -> House:
    """A platform without clinics."""
    house = opened(server.settings(name))
    if not house.place.master_key_file.exists():
        create_master_key(house.place.master_key_file)
    make_ready(house.tenants)
    return house


def importing() -> Measured:
    """Kill, look at what is there, again, and compare with an undisturbed import."""
    chance, wrong, there = random.Random(SEED), [], []
    with _server() as (server, opened):
        house = _made(server, opened, KILLED)
        words = _files(server.server.data)
        house.run(*words)
        unhurt = house.prints(DRAWN)
        # The first one is slower: the server has not met a clinic's tables yet.
        house.empty()
        usual = house.run(*words)
        wrong += [f"unhurt: {one}" for one in _differing(unhurt, house.prints(DRAWN))]
        for turn in range(KILLS):
            house.empty()
            house.run(*words, after=chance.uniform(0, usual))
            there.append(len(house.tenants.clinics()))
            wrong += [f"{turn}: {one}" for one in house.findings()]
            house.run(*words)
            wrong += [
                f"{turn}: {one}" for one in (*_differing(unhurt, house.prints(DRAWN)), *house.findings())
            ]
    return _told(wrong, there, usual)


def _differing(wanted: dict[str, str], found: dict[str, str]) -> list[str]:
    return sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))


def migrating() -> Measured:
    """One revision a turn, in a database whose runs are killed and in its copy, where nobody is."""
    chance, wrong, there = random.Random(SEED), [], []
    with _server() as (server, opened):
        house = _made(server, opened, KILLED)
        house.run(*_files(server.server.data))
        copy = _copied(server, opened, house)
        tree = Tree(server.server.data / "clinic-tree")
        shutil.copytree(CLINIC.folder, tree.folder, ignore=shutil.ignore_patterns("__pycache__"))
        times = []
        for turn in range(KILLS):
            tree = _grown(tree, f"killed_{turn}")
            house.tree = copy.tree = str(tree.folder)
            times.append(copy.run("migrate"))
            house.run("migrate", after=chance.uniform(0, times[-1]))
            there.append(_at(house, tree))
            wrong += [] if _with_column(house, tree) == there[-1] else [f"{turn}: ledger and tables differ"]
            house.run("migrate")
            found = [*_differing(copy.prints(), house.prints()), *_ledger(house, tree)]
            wrong += [f"{turn}: {one}" for one in found]
    return _told(wrong, there, statistics.median(times))


def _copied(server: Cluster, opened: Callable[[TenantSettings], House], house: House) -> House:
    """The same rows in a second database of the server."""
    with server.admin() as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (UNHURT, KILLED)))
        )
    copy = opened(server.settings(UNHURT))
    make_ready(copy.tenants)
    assert copy.prints() == house.prints()
    return copy


def _grown(tree: Tree, name: str) -> Tree:
    """The tree with one more revision: a column, its values, an index."""
    text = _REVISION.format(name=name, after=tree.head)
    (tree.versions / f"{name}.py").write_text(text, encoding="utf-8")
    return Tree(tree.folder)


def _at(house: House, tree: Tree) -> int:
    """How many clinics are at the head, by the ledger."""
    query = f"SELECT count(*) FROM platform.clinic_revision WHERE revision = '{tree.head}'"  # noqa: S608 - ours
    return int(house.rows(query)[0][0])


def _with_column(house: House, tree: Tree) -> int:
    """How many are, by their tables."""
    query = (
        "SELECT count(*) FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid "  # noqa: S608 - ours
        f"WHERE relname = 'site' AND attname = '{tree.head}'"
    )
    return int(house.rows(query)[0][0])


def _ledger(house: House, tree: Tree) -> list[str]:
    """Each clinic took the step once."""
    query = f"SELECT clinic_id FROM platform.migration_run WHERE to_revision = '{tree.head}'"  # noqa: S608 - ours
    steps = house.rows(query)
    return [] if len(steps) == len(set(steps)) == CLINICS else [f"{len(steps)} steps in the ledger"]


def _told(wrong: list[str], there: list[int], usual: float) -> Measured:
    points = ", ".join(map(str, sorted(there)))
    notes = f"unhurt {usual:.2f} s after start-up; clinics done when killed: {points}; seed {SEED}"
    return Measured(
        f"{len(wrong)} wrong in {len(there)} kills", not wrong, f"{notes}; {wrong[:5]}" if wrong else notes
    )
