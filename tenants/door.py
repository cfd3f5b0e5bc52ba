"""The reception desk: web sessions, failed sign-ins and the public card of each clinic, as ``shipa_gate``."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hashlib
import json
import re
import secrets
import typing
import uuid

import psycopg
import sqlalchemy as sa
from psycopg.adapt import Transformer
from psycopg.pq import Format

from tenants import binding
from tenants.cards import ClinicCard, OperatorAct, SessionRow
from tenants.door_extras import OperatorsSide
from tenants.failures import Failures
from tenants.pausing import moving_to
from tenants.sending import error_of, in_one_round

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

SEEN_EVERY = datetime.timedelta(minutes=1)
KEEP_ENDED = datetime.timedelta(hours=24)

_WAY = {"moving_to": f"{moving_to('c')} AS moving_to"}
_SIGN = ", ".join(_WAY.get(field.name, f"c.{field.name}") for field in dataclasses.fields(ClinicCard)[1:])
_CARD = f"c.id, {_SIGN}"
_ROW = (
    "s.token_hash, s.id, s.clinic_id, s.staff_id, s.csrf_secret, s.stage, s.data, s.address, s.browser, "
    "s.created_at, s.last_seen, s.second_factor_at, s.locked_at, s.ended_at"
)


def token_hash(token: str) -> bytes:
    """SHA-256 of the cookie's token: what the database may know of it."""
    return hashlib.sha256(token.encode()).digest()


_SESSION = (
    f"SELECT {_ROW}, {_SIGN} FROM platform.web_session s "  # noqa: S608 - fixed columns
    "JOIN platform.clinic_sign_in c ON c.id = s.clinic_id WHERE s.token_hash = $1"
).encode()
_KEEP = b"UPDATE platform.web_session SET data = $1::jsonb WHERE id = $2"
_SEEN = b"UPDATE platform.web_session SET last_seen = $1 WHERE id = $2 AND ended_at IS NULL"
_BEGIN, _COMMIT = (b"BEGIN", ()), (b"COMMIT", ())
_NOT_WAITING = (b"SET LOCAL synchronous_commit = off", ())
_SESSION_FIELDS = [field.name for field in dataclasses.fields(SessionRow)]
_CARD_FIELDS = [field.name for field in dataclasses.fields(ClinicCard)]


class Door(OperatorsSide, Failures):
    """All that a web process may ask of ``platform``."""

    def __init__(self, engine: sa.Engine, session: Callable[[], Session]) -> None:
        self._engine = engine
        self._session = session

    def _rows(self, statement: str, **values: object) -> list[typing.Any]:
        with self._engine.connect() as connection:
            result = connection.execute(sa.text(statement), values)
            return list(result.mappings()) if result.returns_rows else []

    # clinics

    def find_clinics(self, text: str, limit: int = 10) -> list[ClinicCard]:
        """Clinics whose code begins with the text or whose name holds it; live and suspended."""
        escaped = re.sub(r"([\\%_])", r"\\\1", text)
        rows = self._rows(
            f"SELECT {_CARD} FROM platform.clinic_sign_in c "  # noqa: S608 - fixed columns
            "WHERE c.code LIKE :start OR c.name_zh LIKE :part OR c.name_ug LIKE :part "
            "ORDER BY (c.code = :code) DESC, c.code LIMIT :limit",
            start=f"{escaped}%",
            part=f"%{escaped}%",
            code=text,
            limit=limit,
        )
        return [ClinicCard(**row) for row in rows]

    def clinic(self, code: str) -> ClinicCard | None:
        """The clinic with this code, or to which a code leads that it had before."""
        return next(iter(self._cards("c.code = :value", code)), None) or next(iter(self.led_to(code)), None)

    def led_to(self, code: str) -> list[ClinicCard]:
        """The clinic to which an old code leads: one that had it, or the successor of one that has it."""
        return self._cards("c.id IN (SELECT clinic_id FROM platform.clinic_code WHERE code = :value)", code)

    def clinic_with_id(self, clinic_id: uuid.UUID) -> ClinicCard | None:
        """The clinic of a job."""
        return next(iter(self._cards("c.id = :value", clinic_id)), None)

    def all_clinics(self) -> list[ClinicCard]:
        """Every clinic that works, by number; for the worker's round."""
        return self._cards("true", None)

    def _cards(self, condition: str, value: object) -> list[ClinicCard]:
        query = f"SELECT {_CARD} FROM platform.clinic_sign_in c WHERE {condition} ORDER BY c.number"  # noqa: S608
        return [ClinicCard(**row) for row in self._rows(query, value=value)]

    def bind(self, card: ClinicCard) -> None:
        """From here on the request's database session is this clinic's."""
        binding.bind(self._session(), card.binding)

    def gate_role(self, session: Session) -> contextlib.AbstractContextManager[None]:
        """See ``tenants.binding.gate_role``."""
        return binding.gate_role(session)

    def rename_clinic(self, token: str, name_zh: str, name_ug: str) -> None:
        """Set the names of the clinic of this live session; an operator's roster keeps them."""
        hashed = token_hash(token)
        self._rows("SELECT platform.rename_clinic(:hash, :zh, :ug)", hash=hashed, zh=name_zh, ug=name_ug)

    def operator_acts(self, card: ClinicCard, since: datetime.datetime) -> list[OperatorAct]:
        """Operator acts on the clinic after a moment, oldest first."""
        rows = self._rows(
            "SELECT id, act, operator, detail, at FROM platform.operator_act "
            "WHERE clinic_id = :id AND at > :since ORDER BY at, id",
            id=card.id,
            since=since,
        )
        return [OperatorAct(**row) for row in rows]

    # sessions

    def open(self, token: str) -> tuple[SessionRow, ClinicCard] | None:
        """The session of a cookie's token, ended or not, and its clinic."""
        values = self._row_of(token_hash(token))
        if values is None:
            return None
        session = SessionRow(**{name: values[name] for name in _SESSION_FIELDS})
        values["id"] = session.clinic_id
        card = ClinicCard(**{name: values[name] for name in _CARD_FIELDS})
        return session, card

    def _row_of(self, hashed: bytes) -> dict[str, typing.Any] | None:
        """By libpq itself: this one query stands before every page."""
        with self._driver() as driver:
            result = driver.pgconn.exec_params(_SESSION, [hashed], param_formats=[Format.BINARY])
            if refused := error_of(driver.pgconn, result):
                raise refused
            types = Transformer(driver)
            types.set_pgresult(result)
            names = [(result.fname(at) or b"").decode() for at in range(result.nfields)]
            rows = types.load_rows(0, result.ntuples, lambda values: dict(zip(names, values, strict=True)))
        return rows[0] if rows else None

    @contextlib.contextmanager
    def _driver(self) -> Iterator[psycopg.Connection[typing.Any]]:
        connection = self._engine.raw_connection()
        try:
            yield typing.cast("psycopg.Connection[typing.Any]", connection.driver_connection)
        except psycopg.OperationalError:
            connection.invalidate()
            raise
        finally:
            connection.close()

    def start(  # noqa: PLR0913 - one row
        self,
        card: ClinicCard,
        staff_id: uuid.UUID,
        *,
        stage: str,
        address: str,
        browser: str,
        now: datetime.datetime,
    ) -> str:
        """A new session; returns the token for the cookie. Rows long ended are swept away."""
        token = secrets.token_urlsafe(32)
        self._rows("DELETE FROM platform.web_session WHERE last_seen < :old", old=now - KEEP_ENDED)
        self._rows(
            "INSERT INTO platform.web_session (token_hash, id, clinic_id, staff_id, csrf_secret, stage, "
            "address, browser, created_at, last_seen) VALUES "
            "(:hash, :id, :clinic, :staff, :csrf, :stage, :address, :browser, :now, :now)",
            hash=token_hash(token),
            id=uuid.uuid4(),
            clinic=card.id,
            staff=staff_id,
            csrf=secrets.token_urlsafe(32),
            stage=stage,
            address=address,
            browser=browser[:200],
            now=now,
        )
        return token

    def renew(
        self,
        row: SessionRow,
        *,
        stage: str,
        now: datetime.datetime,
        second_factor: bool = False,
    ) -> str:
        """A new token for a session whose standing changes; unlocks it too.

        The CSRF secret stays: what was typed on a page from before can still be sent.
        """
        token = secrets.token_urlsafe(32)
        self._rows(
            "UPDATE platform.web_session SET token_hash = :hash, stage = :stage, "
            "last_seen = :now, locked_at = NULL, "
            "second_factor_at = CASE WHEN :second THEN :now ELSE second_factor_at END "
            "WHERE id = :id AND ended_at IS NULL",
            hash=token_hash(token),
            stage=stage,
            now=now,
            second=second_factor,
            id=row.id,
        )
        return token

    def seen(self, row: SessionRow, now: datetime.datetime) -> None:
        """Note that the session is in use; written at most once a minute, and not waited for."""
        if now - row.last_seen >= SEEN_EVERY:
            self._send(_SEEN, now.isoformat(), str(row.id))

    def keep(self, row: SessionRow, data: dict[str, typing.Any]) -> None:
        """Store the session's small change (messages to show on the next page), and do not wait for it."""
        self._send(_KEEP, json.dumps(data), str(row.id))

    def _send(self, statement: bytes, *values: str) -> None:
        """One statement in one round trip that does not wait for the disk.

        A crash of the server may lose it: a message to show, or that somebody was here a moment ago.
        """
        work = (statement, [value.encode() for value in values])
        with self._driver() as driver:
            if refused := in_one_round(driver.pgconn, [_BEGIN, _NOT_WAITING, work, _COMMIT]):
                if not driver.closed:
                    driver.rollback()  # the pool does not, and the next one would find it aborted
                raise refused

    def lock(self, row: SessionRow, now: datetime.datetime) -> None:
        """Cover the session until its person gives the password again."""
        self._rows(
            "UPDATE platform.web_session SET locked_at = :now WHERE id = :id AND locked_at IS NULL",
            now=now,
            id=row.id,
        )

    def end(self, session_id: uuid.UUID, now: datetime.datetime) -> None:
        """End one session at once."""
        self._rows(
            "UPDATE platform.web_session SET ended_at = :now WHERE id = :id AND ended_at IS NULL",
            now=now,
            id=session_id,
        )

    def end_all(
        self,
        card: ClinicCard,
        staff_id: uuid.UUID,
        now: datetime.datetime,
        *,
        keep: uuid.UUID | None = None,
    ) -> None:
        """End every session of one person, but for one."""
        self._rows(
            "UPDATE platform.web_session SET ended_at = :now WHERE clinic_id = :clinic "
            "AND staff_id = :staff AND ended_at IS NULL AND id IS DISTINCT FROM CAST(:keep AS uuid)",
            now=now,
            clinic=card.id,
            staff=staff_id,
            keep=keep,
        )

    def sessions_of(self, card: ClinicCard, staff_id: uuid.UUID) -> list[SessionRow]:
        """Sessions of one person that have not ended, newest first."""
        rows = self._rows(
            f"SELECT {_ROW} FROM platform.web_session s WHERE s.clinic_id = :clinic "  # noqa: S608
            "AND s.staff_id = :staff AND s.ended_at IS NULL ORDER BY s.created_at DESC",
            clinic=card.id,
            staff=staff_id,
        )
        return [SessionRow(**row) for row in rows]
