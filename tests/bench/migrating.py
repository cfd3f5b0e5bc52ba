"""Figures 3 and 4: one column more in every clinic, and finding that there is nothing to do."""

from __future__ import annotations

import functools
import shutil
import statistics
import tempfile
import threading
import time
import typing
from pathlib import Path

from psycopg import sql

from tenants.migrating import behind, migrate, platform_pending
from tenants.naming import schema_of
from tenants.trees import CLINIC, Tree
from tests.bench.figure import Figure, Measured
from tests.bench.region import JOBS, region

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenants.connecting import Logins

MOST_OF_BARE = 2.0
MOST_SECONDS = 0.1
ROUNDS = 3
COUNT = 1607

_REVISION = '''"""Bench."""
from alembic import op
import sqlalchemy as sa
revision = "{name}"
down_revision = "{after}"
def upgrade() -> None:
    op.add_column("resident", sa.Column("{name}", sa.Text(), nullable=True))
'''


def figures() -> Iterator[Figure]:
    """ADD COLUMN over all clinics, and the question whether anything is pending."""
    goal = f"at most {MOST_OF_BARE} x the bare ALTERs"
    yield Figure("ADD COLUMN over 1,607 clinics", goal, add_column)
    yield Figure("nothing to migrate, over 1,607", f"at most {MOST_SECONDS} s", nothing)


def add_column() -> Measured:
    """Three columns, each by the product and by bare ALTERs, in turn; medians."""
    made = region()
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(Path(folder) / "clinic")
        shutil.copytree(CLINIC.folder, tree.folder)
        for turn in range(ROUNDS):
            tree = with_column(tree, f"bench_{turn}")
            runs = {
                "ours": functools.partial(_migrated, made.tenants.logins, tree),
                "bare": functools.partial(bare_alters, made.bare, f"bench_{turn}"),
            }
            for name in sorted(runs, reverse=bool(turn % 2)):
                times[name].append(_timed(runs[name]))
    _take_back(made.tenants.logins)
    ours, bare = statistics.median(times["ours"]), statistics.median(times["bare"])
    ratio = ours / bare
    return Measured(
        f"{ratio:.2f} x: {ours:.2f} s against {bare:.2f} s",
        met=ratio <= MOST_OF_BARE,
        notes=f"{JOBS} workers each, {ROUNDS} rounds; "
        f"ours: {_list(times['ours'])}; bare: {_list(times['bare'])}",
    )


def nothing() -> Measured:
    """Both trees asked, as ``shipa migrate --status`` does, without starting a process."""
    made = region()
    times = []
    for _ in range(5):
        began = time.perf_counter()
        with made.tenants.logins.connect("owner", autocommit=True) as connection:
            pending = [*platform_pending(connection), *behind(connection)]
        times.append(time.perf_counter() - began)
    seconds = statistics.median(times)
    value = f"{seconds * 1000:.0f} ms (the first {times[0] * 1000:.0f} ms)"
    return Measured(value, met=max(times) <= MOST_SECONDS and not pending)


def with_column(tree: Tree, name: str) -> Tree:
    """The tree with one more revision, which adds a column to the residents."""
    text = _REVISION.format(name=name, after=tree.head)
    (tree.versions / f"{name}.py").write_text(text, encoding="utf-8")
    return Tree(tree.folder)


def bare_alters(logins: Logins, column: str) -> None:
    """ALTER TABLE once per schema, in as many threads, and nothing else."""
    threads = [
        threading.Thread(target=_alter, args=(logins, column, range(1 + worker, COUNT + 1, JOBS)))
        for worker in range(JOBS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _alter(logins: Logins, column: str, numbers: range) -> None:
    statement = sql.SQL("ALTER TABLE {}.resident ADD COLUMN {} text")
    with logins.connect("owner", autocommit=True) as connection:
        for number in numbers:
            schema = sql.Identifier(schema_of(number))
            connection.execute(statement.format(schema, sql.Identifier(column)))


def _migrated(logins: Logins, tree: Tree) -> None:
    outcome = migrate(logins, tree=tree, jobs=JOBS)
    if len(outcome.migrated) != COUNT:
        message = f"only {len(outcome.migrated)} migrated: {outcome.left_out[:3]}"
        raise RuntimeError(message)


def _take_back(logins: Logins) -> None:
    """The clinics are at our own head again, as far as the ledger knows; other figures go on."""
    with logins.connect("owner") as connection:
        connection.execute("UPDATE platform.clinic_revision SET revision = %s", (CLINIC.head,))


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def _list(times: list[float]) -> str:
    return ", ".join(f"{seconds:.2f}" for seconds in times)
