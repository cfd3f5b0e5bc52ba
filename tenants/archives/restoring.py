"""Restoring a clinic from its archive, in one transaction: as it was then, or as it is now.

Meanwhile the clinic is read, and what somebody wants to save comes back with its text (``tenants.pausing``);
its doors are closed only for the end, when what stays of it is carried over and the tables change places.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
import typing
import uuid

from tenants.archives.keeping import Keeping, Kept
from tenants.archives.logbook import LogBook
from tenants.archives.moving_in import MovingIn, check_target
from tenants.archives.rebuilding import Rebuilding, check_revision
from tenants.archives.refusals import ArchiveRefused
from tenants.operators import operator, write_act
from tenants.pausing import paused
from tenants.placing import MAIN
from tenants.trees import CLINIC, Tree
from tenants.turns import own_turn

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.archives.contents import Manifest
    from tenants.archives.opening import Archive
    from tenants.cards import ClinicCard
    from tenants.connecting import Connection
    from tenants.extension import Tenants

_END_SESSIONS = "UPDATE platform.web_session SET ended_at = now() WHERE clinic_id = %s AND ended_at IS NULL"
_REVISION = """
INSERT INTO platform.clinic_revision (clinic_id, revision, applied_at) VALUES (%s, %s, now())
ON CONFLICT (clinic_id) DO UPDATE SET revision = excluded.revision, applied_at = excluded.applied_at
"""
_MIGRATION = """
INSERT INTO platform.migration_run (id, clinic_id, from_revision, to_revision) VALUES (%s, %s, %s, %s)
"""


@dataclasses.dataclass(frozen=True)
class Into:
    """Another clinic that takes the archive, and its own administrator's code."""

    code: str
    archive_code: str


@dataclasses.dataclass(frozen=True)
class Restored:
    """What was done, or would be: the archive, the clinic, and what was kept of it."""

    manifest: Manifest
    card: ClinicCard
    kept: Kept
    locked: float = 0.0
    """Seconds for which nobody could read the clinic."""


class Restore:
    """One restore; ``planned`` looks, ``run`` does."""

    def __init__(
        self, tenants: Tenants, archive: Archive, *, into: Into | None = None, tree: Tree = CLINIC
    ) -> None:
        self._tenants = tenants
        self._archive = archive
        self._into = into
        self._tree = tree

    def planned(self, told: Callable[[int, int], None] | None = None) -> Restored:
        """Open and check everything that can be checked without writing. Raises ``ArchiveRefused``."""
        manifest = self._archive.checked(told)
        check_revision(self._tree, manifest)
        card = self._card(manifest)
        if card.busy:
            message = f"clinic {card.code} {card.busy}; finish that first"
            raise ArchiveRefused(message)
        if self._into:
            with self._tenants.logins.of(card.cell).connect("owner") as connection:
                check_target(connection, card, self._into.archive_code)
        return Restored(manifest, card, Kept())

    def run(self, purpose: str, told: Callable[[int, int], None] | None = None) -> Restored:
        """Restore, wholly or not at all. Raises ``ArchiveRefused``, ``Busy``."""
        plan = self.planned()
        with (
            self._tenants.logins.connect("owner", autocommit=True) as registry,
            own_turn(registry),
            paused(registry, plan.card),
            self._data(plan.card, registry) as connection,
        ):
            with connection.transaction():
                work = Rebuilding(connection, plan.card.number, self._tree, self._tenants.metadata)
                work.fill(self._archive, plan.manifest, told)
                began = self._locked_out(work, connection, plan)
                kept = self._rebuilt(work, connection, plan, purpose)
                self._entered(connection, registry, plan, purpose)
            return dataclasses.replace(plan, kept=kept, locked=time.monotonic() - began)

    def _locked_out(self, work: Rebuilding, connection: Connection, plan: Restored) -> float:
        """Close the doors; since when they are closed."""
        work.lock_out()
        began = time.monotonic()
        if self._into:
            # Asked again, now that nobody can come in between.
            check_target(connection, plan.card, self._into.archive_code, work.old)
        return began

    def _entered(self, connection: Connection, registry: Connection, plan: Restored, purpose: str) -> None:
        """The ledger, the sessions' end and the act, as the last: who waits for these rows waits shortly."""
        connection.execute(_REVISION, (plan.card.id, self._tree.head))
        if plan.manifest.revision != self._tree.head:
            steps = (uuid.uuid4(), plan.card.id, plan.manifest.revision, self._tree.head)
            connection.execute(_MIGRATION, steps)
        registry.execute(_END_SESSIONS, (plan.card.id,))
        detail = f"{purpose} (archive of {plan.manifest.code}, {plan.manifest.at})"
        write_act(registry, plan.card.id, "clinic.restored", detail)

    def _data(self, card: ClinicCard, registry: Connection) -> contextlib.AbstractContextManager[Connection]:
        """The connection to the clinic's own cell: the registry's, so one transaction, in the main one.

        In a further cell the end of the sessions stands although the restore failed: people sign in again.
        """
        if card.cell == MAIN:
            return contextlib.nullcontext(registry)
        return self._tenants.logins.of(card.cell).connect("owner", autocommit=True)

    def _rebuilt(self, work: Rebuilding, connection: Connection, plan: Restored, purpose: str) -> Kept:
        """What stays of the clinic as it was, carried over into the one that was filled; the old one goes."""
        if self._into:
            source = uuid.UUID(plan.manifest.clinic)
            kept = MovingIn(self._tenants, connection, plan.card, work.old).run(source)
        else:
            kept = Keeping(connection, self._tenants.metadata, work.old, work.schema).run()
        self._log(connection, plan, kept, purpose)
        work.finish()
        return kept

    def _card(self, manifest: Manifest) -> ClinicCard:
        """The clinic that is to be restored: the archive's own, or the other that takes it."""
        cards = self._tenants.clinics()
        own = next((card for card in cards if str(card.id) == manifest.clinic), None)
        if not self._into:
            if own is None:
                message = (
                    f"the archive is of clinic {manifest.code}, which this registry does not have; "
                    "--into CODE names another that takes it"
                )
                raise ArchiveRefused(message)
            return own
        target = next((card for card in cards if card.code == self._into.code), None)
        if target is None:
            message = f"no clinic has the code {self._into.code}"
            raise ArchiveRefused(message)
        if target == own:
            message = f"clinic {target.code} is the archive's own: restore it without --into"
            raise ArchiveRefused(message)
        return target

    def _log(self, connection: Connection, plan: Restored, kept: Kept, purpose: str) -> None:
        """Append what was done to the clinic's own log, as the next row of its chain."""
        detail: dict[str, object] = {
            "archive_of": plan.manifest.code,
            "archive_at": plan.manifest.at,
            "revision": plan.manifest.revision,
            "operator": operator(),
            "purpose": purpose,
            "kept": kept.counts,
            "lost": kept.lost,
        }
        book = LogBook(self._tenants, connection, plan.card)
        book.note("clinic.restored", detail)
