"""What the reception desk tells and asks of the operators' tables: counts of a day, an invitation."""

from __future__ import annotations

import abc
import typing

from tenants.cards import Invitation

if typing.TYPE_CHECKING:
    import datetime

    from tenants.cards import ClinicCard


class OperatorsSide(abc.ABC):
    """A part of the door; ``Door`` brings the connection."""

    @abc.abstractmethod
    def _rows(self, statement: str, **values: object) -> list[typing.Any]:
        """The rows of a statement that stands alone."""

    def count_sign_in(self, card: ClinicCard, day: datetime.date) -> None:
        """One more whole sign-in of this clinic on this day; nobody's name is kept."""
        self._count(card, day, sign_ins=1)

    def count_failed_save(self, card: ClinicCard, day: datetime.date, *, conflict: bool) -> None:
        """One more save of this clinic that met another's, or broke."""
        self._count(card, day, conflicts=int(conflict), failures=int(not conflict))

    def _count(
        self,
        card: ClinicCard,
        day: datetime.date,
        *,
        sign_ins: int = 0,
        conflicts: int = 0,
        failures: int = 0,
    ) -> None:
        self._rows(
            "INSERT INTO platform.clinic_day AS d (clinic_id, day, sign_ins, conflicts, failures) "
            "VALUES (:id, :day, :sign_ins, :conflicts, :failures) ON CONFLICT (clinic_id, day) DO UPDATE SET "
            "sign_ins = d.sign_ins + excluded.sign_ins, conflicts = d.conflicts + excluded.conflicts, "
            "failures = d.failures + excluded.failures",
            id=card.id,
            day=day,
            sign_ins=sign_ins,
            conflicts=conflicts,
            failures=failures,
        )

    def invitation(self, card: ClinicCard, now: datetime.datetime) -> Invitation | None:
        """The printed invitation of this clinic, while it works."""
        rows = self._rows(
            "SELECT code_hash, username FROM platform.invitation "
            "WHERE clinic_id = :id AND used_at IS NULL AND until > :now",
            id=card.id,
            now=now,
        )
        return Invitation(**rows[0]) if rows else None

    def use_invitation(self, card: ClinicCard, code_hash: str) -> bool:
        """Use it up; False when somebody was quicker, or new slips were printed meanwhile."""
        rows = self._rows("SELECT platform.use_invitation(:id, :hash) AS used", id=card.id, hash=code_hash)
        return bool(rows[0]["used"])
