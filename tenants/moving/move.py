"""Moving one clinic to another cell; killed at any point, the same again finishes it or gives it up.

In the order of its steps: the registry says that the clinic moves (pages read, saving is held back); all
rows are copied from one snapshot while the clinic works; then, with its tables locked for an instant, what
changed since is copied too and both sides are compared; the new copy is committed, and only then the old one
is fenced: the web loses its rights there. One update of the registry names the new cell. The old copy goes.
"""

from __future__ import annotations

import dataclasses
import random
import time
import typing

import psycopg
from psycopg import errors, sql

from tenants.archives.contents import TEXT_SETTINGS
from tenants.catalogue import catalogue
from tenants.moving import checks
from tenants.moving.copying import Ways, compare, stamp
from tenants.moving.fence import fence, take_down
from tenants.moving.rules import Homes, MoveRefused, Step, next_step
from tenants.naming import schema_of
from tenants.operators import write_act
from tenants.pausing import moving_to
from tenants.provisioning import Provisioner, discard, mark

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from tenants.cards import ClinicCard
    from tenants.connecting import Connection
    from tenants.extension import Tenants

    Told = Callable[[int, int], None]

LOCK_TIMEOUT = "2s"
TRIES = 5
POINTS = 5
"""Steps after the tables: compared, committed, fenced, switched, cleaned."""


@dataclasses.dataclass
class Moved:
    """What became of one clinic."""

    code: str
    done: str
    rows: int = 0
    locked: float = 0.0
    """Seconds for which nothing could be written in it."""
    left: str = ""
    """What is still to be done, by the same command."""


class Move:
    """One clinic on its way. ``registry`` is the owner's connection to the main cell, in autocommit."""

    def __init__(self, tenants: Tenants, registry: Connection, card: ClinicCard, to: str) -> None:
        self._tenants, self._registry, self._card, self._to = tenants, registry, card, to
        self._schema = schema_of(card.number)
        self._tables: list[sa.Table] = tenants.metadata.sorted_tables
        self._told: Callable[[], None] = lambda: None
        self.moved = Moved(card.code, "moved")

    @property
    def steps(self) -> int:
        """How often ``run`` tells that it has come on, when nothing of it is done yet."""
        return len(self._tables) + POINTS

    def run(self, told: Callable[[], None] | None = None) -> Moved:
        """Bring the clinic to where it is to live. Raises ``MoveRefused`` or ``psycopg.Error``."""
        self._told = told or self._told
        if self._to not in self._tenants.logins.cells:
            message = f"no cell is named {self._to}; there are {', '.join(self._tenants.logins.cells)}"
            raise MoveRefused(message)
        there = self._where()
        if next_step(there, self._to) is Step.CLEAN:
            self._clean(there)
            if self._where().left_cell or there.cell == self._to:
                self.moved.done = "finished"
                return self.moved
            there = self._where()
        self._through(there)
        return self.moved

    def _through(self, there: Homes) -> None:
        step = next_step(there, self._to)
        if step is Step.UNDO:
            self._undo(there)
            self.moved.done = "given up"
            return
        if step is not Step.SWITCH or not self._has_arrived():
            self._to_the_fence(there, step)
        self._switch(there)
        self._clean(self._where())

    # where it is

    def _where(self) -> Homes:
        row = self._registry.execute(
            f"SELECT cell, {moving_to()}, left_cell FROM platform.clinic "  # noqa: S608 - of our own words
            "WHERE id = %s",
            (self._card.id,),
        ).fetchone()
        if row is None:
            message = "the registry has no such clinic"
            raise MoveRefused(message)
        cell, to, left_cell = row
        fenced = to is not None and self._standing(cell) == "gone"
        return Homes(cell, to, left_cell, fenced)

    def _standing(self, cell: str) -> str:
        with self._owner(cell) as connection:
            row = connection.execute(
                "SELECT standing FROM platform.clinic_revision WHERE clinic_id = %s", (self._card.id,)
            ).fetchone()
        return str(row[0]) if row else ""

    def _has_arrived(self) -> bool:
        """Whether the new cell has the whole copy: it is committed before the old one is fenced."""
        return self._standing(self._to) in {"coming", "here"}

    def _owner(self, cell: str, *, autocommit: bool = True) -> Connection:
        return self._tenants.logins.of(cell).connect("owner", autocommit=autocommit)

    # copying

    def _to_the_fence(self, there: Homes, step: Step) -> None:
        """Pause, copy, compare, fence. Whatever goes wrong before the fence, nothing has changed after."""
        with (
            self._owner(there.cell, autocommit=False) as source,
            self._owner(self._to, autocommit=False) as target,
        ):
            checks.check_source(source, self._card)
            checks.check_target(self._tenants.logins, source, target, self._card, self._to)
            source.rollback()
            target.commit()
            if step is Step.BEGIN:
                self._begin(there.cell)
            elif there.fenced:
                self._take_fence_down(there.cell)
            try:
                self._copy(source, target)
            except BaseException as error:
                self._give_up(source, target, there, error)
                raise

    def _begin(self, cell: str) -> None:
        """Pause: from here on the clinic's pages read, and hold back what is saved."""
        with self._registry.transaction():
            self._registry.execute(
                "UPDATE platform.clinic SET moving_to = %s WHERE id = %s", (self._to, self._card.id)
            )
            write_act(self._registry, self._card.id, "clinic.moving", f"{cell} > {self._to}")

    def _copy(self, source: Connection, target: Connection) -> None:
        source.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        _settle(source)
        _settle(target)
        provisioner = Provisioner(self._tenants)
        for part in provisioner.frame(target, self._card.number, self._card.id, "coming"):
            target.execute(part)
        target.execute("SET LOCAL search_path = pg_catalog")
        ways, prints = Ways(source, target, self._schema), {}
        for table in self._tables:
            prints[table] = stamp(source, self._schema, table)
            here = ways.copied(table)
            compare(table, here, ways.arrived(table))
            self.moved.rows += here[0]
            self._told()
        source.rollback()
        source.isolation_level = None
        self._lock(source)
        began = time.monotonic()
        self._catch_up(ways, prints)
        self._told()
        target.commit()
        self._told()
        fence(source, self._card)
        source.commit()
        self.moved.locked = time.monotonic() - began
        self._told()

    def _lock(self, source: Connection) -> None:
        """Wait until nobody writes; then nobody does until the transaction ends. Raises ``MoveRefused``."""
        for attempt in range(TRIES):
            try:
                _settle(source)
                source.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LOCK_TIMEOUT))
                source.execute(checks.tables_locked(self._schema, [table.name for table in self._tables]))
            except (errors.LockNotAvailable, errors.DeadlockDetected):
                source.rollback()
                time.sleep(random.uniform(0.1, 0.3) * 2**attempt)  # noqa: S311 - no secret
            else:
                return
        message = "somebody keeps writing in it (a long job?); try again later"
        raise MoveRefused(message)

    def _catch_up(self, ways: Ways, prints: dict[sa.Table, tuple[int, int]]) -> None:
        """Copy what changed while the clinic worked, and compare both sides as they are to stay."""
        now = {table: stamp(ways.source, self._schema, table) for table in self._tables}
        changed = [table for table in self._tables if now[table] != prints[table]]
        growing = [table for table in changed if "grows_by" in table.info]
        others = [table for table in changed if "grows_by" not in table.info]
        ways.refresh(others)
        for table in others:
            compare(table, ways.waiting(table), ways.arrived(table))
        for table in growing:
            compare(table, *ways.copied_after(table, table.info["grows_by"]))
        if catalogue(ways.source, self._schema) != catalogue(ways.target, self._schema):
            message = "its tables or rights are not as the release has them; run `shipa clinics check`"
            raise MoveRefused(message)

    def _give_up(self, source: Connection, target: Connection, there: Homes, error: BaseException) -> None:
        """After an error: the new copy goes, the pause ends. Once there is a fence, the next run goes on."""
        for connection in (source, target):
            if not connection.closed:
                connection.rollback()
        if self._standing(there.cell) != "gone":
            self._undo(there)
        if isinstance(error, errors.DiskFull):
            message = f"the disk of cell {self._to} has not enough room for it"
            raise MoveRefused(message) from error

    # the border

    def _take_fence_down(self, cell: str) -> None:
        with self._owner(cell) as source:
            take_down(source, self._card, self._tenants.metadata)

    def _switch(self, there: Homes) -> None:
        """The one update by which the clinic lives in the new cell, and its pages save again."""
        with self._registry.transaction():
            done = self._registry.execute(
                "UPDATE platform.clinic SET cell = moving_to, left_cell = cell, moving_to = NULL "
                "WHERE id = %s AND cell = %s AND moving_to = %s",
                (self._card.id, there.cell, self._to),
            )
            if done.rowcount != 1:
                message = "the registry has changed meanwhile; run the command again"
                raise MoveRefused(message)
            write_act(self._registry, self._card.id, "clinic.relocated", f"{there.cell} > {self._to}")
        self._told()

    def _clean(self, there: Homes) -> None:
        """Settle in the new cell and remove the old copy; what cannot be done now, the next run does."""
        if there.left_cell is None:
            return
        try:
            with self._owner(there.cell) as target:
                mark(target, self._card.id, "here")
                for table in self._tables:
                    name = sql.Identifier(self._schema, table.name)
                    target.execute(sql.SQL("ANALYZE {}").format(name))
            with self._owner(there.left_cell) as source:
                source.execute(sql.SQL("SET lock_timeout = {}").format("5s"))
                discard(source, self._card.id, self._card.number)
        except psycopg.OperationalError:
            self.moved.left = f"its old copy in cell {there.left_cell} is still to be removed"
            return
        self._registry.execute("UPDATE platform.clinic SET left_cell = NULL WHERE id = %s", (self._card.id,))
        self._told()

    def _undo(self, there: Homes) -> None:
        """Everything as it was before. A copy in a cell that is away goes with the next move."""
        try:
            with self._owner(there.moving_to or self._to) as target:
                discard(target, self._card.id, self._card.number)
        except psycopg.OperationalError:
            self.moved.left = "the copy in a cell that cannot be reached"
        if there.fenced:
            self._take_fence_down(there.cell)
        with self._registry.transaction():
            self._registry.execute(
                "UPDATE platform.clinic SET moving_to = NULL WHERE id = %s", (self._card.id,)
            )
            write_act(self._registry, self._card.id, "clinic.move_undone", there.cell)


def _settle(connection: Connection) -> None:
    """Begin a transaction in which a row has one text, whoever asks."""
    for setting in TEXT_SETTINGS:
        connection.execute(setting)
