"""Clinics as the console sees them: names, standings and numbers; never anything of a resident."""

from __future__ import annotations

import re
import typing

import psycopg

from tenants.console import checklist, elsewhere, rosters
from tenants.console.blueprint import console
from tenants.console.guarding import me
from tenants.console.paging import PAGE
from tenants.placing import MAIN
from tenants.trees import CLINIC

if typing.TYPE_CHECKING:
    import uuid

    from tenants.console.desk import Row

ACTS = 20
FAILURES_OF = 30
"""Days of which failed saves are counted."""

_COLUMNS = (
    "id, code, kind, name_zh, name_ug, prefecture_zh, county_zh, state, suspended_at, suspended_from, "
    "state_since, created_at, revision, applied_at, invited_at, invited_until, invitation_used_at, cell"
)
_WHERE = (
    " FROM platform.operator_clinic WHERE (%(prefecture)s = '' OR prefecture_zh = %(prefecture)s) "
    "AND (%(county)s = '' OR county_zh = %(county)s) AND (%(state)s = '' OR state = %(state)s) "
    "AND (%(words)s = '' OR code LIKE %(start)s OR name_zh LIKE %(part)s OR name_ug LIKE %(part)s) "
)

_ONE = "SELECT " + _COLUMNS + " FROM platform.operator_clinic WHERE id = %(id)s"  # noqa: S608 - fixed columns

_FACTS = ("sites", "people", "administrators", "administrators_in", "settings_seen", "has_keys")


class OnItsWay(Exception):  # noqa: N818 - reads as the state it tells
    """The clinic is being moved to another cell: what is changed in its rows would be lost."""


class Wanted(typing.NamedTuple):
    """Which clinics the list shows; empty: all."""

    prefecture: str = ""
    county: str = ""
    state: str = ""
    words: str = ""

    def values(self) -> Row:
        """As the query takes them; what was typed is searched for as it is."""
        escaped = re.sub(r"([\\%_])", r"\\\1", self.words)
        return {**self._asdict(), "start": f"{escaped}%", "part": f"%{escaped}%"}


def listed(wanted: Wanted, page: int) -> tuple[list[Row], int]:
    """One page of clinics by code, and how many there are."""
    desk, values = console().desk, wanted.values()
    of = desk.value("SELECT count(*)" + _WHERE, **values)
    rows = desk.rows(
        "SELECT " + _COLUMNS + _WHERE + "ORDER BY code LIMIT %(most)s OFFSET %(after)s",
        **values,
        most=PAGE,
        after=(page - 1) * PAGE,
    )
    return rows, of


def counts(wanted: Wanted) -> dict[str, int]:
    """How many clinics stand where, of those that the other choices leave; `applied` over all rosters."""
    values = wanted._replace(state="").values()
    rows = console().desk.rows("SELECT state, count(*)" + _WHERE + "GROUP BY state", **values)
    found = {row["state"]: row["count"] for row in rows}
    return {"applied": rosters.waiting_to_start()} | {
        state: found.get(state, 0) for state in checklist.STATES if state != "applied"
    }


def places() -> list[tuple[str, list[str]]]:
    """Every prefecture with its counties."""
    rows = console().desk.rows(
        "SELECT DISTINCT prefecture_zh, county_zh FROM platform.operator_clinic WHERE county_zh <> '' "
        "ORDER BY prefecture_zh, county_zh"
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["prefecture_zh"], []).append(row["county_zh"])
    return list(found.items())


def find(clinic_id: uuid.UUID) -> Row | None:
    """One clinic."""
    return console().desk.one(_ONE, id=clinic_id)


class Told(typing.NamedTuple):
    """What is known of a clinic's own rows, and of which revision they are."""

    facts: checklist.Facts | None
    """Nothing when its cell cannot be asked."""
    rooms: list[str]
    """Those that are on; none: all that can be switched."""
    revision: str = ""
    why: str = ""
    """Why its cell cannot be asked: ``elsewhere.SILENT`` or ``STRANGE``."""


def told_of(clinic: Row) -> Told:
    """The numbers of one clinic and its rooms, from whichever cell it lives in."""
    if clinic["cell"] == MAIN:
        row = console().desk.one("SELECT * FROM platform.clinic_facts(%(id)s)", id=clinic["id"])
        revision, why = clinic["revision"], ""
    else:
        row, why = elsewhere.word_of(clinic)
        revision = row["revision"] if row else ""
    if row is None:
        return Told(None, [], why=why)
    found = checklist.Facts(
        is_newest=revision == CLINIC.head,
        has_uyghur_name=bool(clinic["name_ug"]),
        state=clinic["state"],
        state_since=clinic["state_since"],
        **{name: row[name] for name in _FACTS},
    )
    return Told(found, row["rooms"], revision)


def ticks_of(clinic_id: uuid.UUID) -> dict[str, Row]:
    """Who ticked what, and when."""
    query = "SELECT item, operator, at FROM platform.clinic_tick WHERE clinic_id = %(id)s"
    return {row["item"]: row for row in console().desk.rows(query, id=clinic_id)}


def days_of(clinic_id: uuid.UUID) -> Row:
    """The last day somebody signed in, and failed saves of the last thirty days."""
    return (
        console().desk.one(
            "SELECT max(day) FILTER (WHERE sign_ins > 0) AS last_sign_in, "
            "coalesce(sum(conflicts) FILTER (WHERE day > current_date - %(days)s), 0) AS conflicts, "
            "coalesce(sum(failures) FILTER (WHERE day > current_date - %(days)s), 0) AS failures "
            "FROM platform.clinic_day WHERE clinic_id = %(id)s",
            id=clinic_id,
            days=FAILURES_OF,
        )
        or {}
    )


def acts_on(clinic_id: uuid.UUID) -> list[Row]:
    """What operators did to the clinic lately; its own people are shown the same."""
    return console().desk.rows(
        "SELECT act, operator, detail, at FROM platform.operator_act WHERE clinic_id = %(id)s "
        "ORDER BY at DESC, id DESC LIMIT %(most)s",
        id=clinic_id,
        most=ACTS,
    )


def move(clinic: Row, goes_to: str, reason: str) -> bool:
    """Bring a clinic to another standing; False when somebody else moved it meanwhile."""
    return bool(
        console().desk.value(
            "SELECT platform.operator_move(%(token)s, %(id)s, %(was)s, %(to)s, %(reason)s)",
            token=me().token_hash,
            id=clinic["id"],
            was=clinic["state"],
            to=goes_to,
            reason=reason,
        )
    )


def tick(clinic_id: uuid.UUID, item: str, *, done: bool) -> None:
    """Note that an item was seen to, or that it was not."""
    console().desk.rows(
        "SELECT platform.operator_tick(%(token)s, %(id)s, %(item)s, %(done)s)",
        token=me().token_hash,
        id=clinic_id,
        item=item,
        done=done,
    )


def switch_room(clinic: Row, rooms: list[str], room: str, *, on: bool) -> None:
    """Set which rooms are on. Raises ``OnItsWay`` while the clinic moves, ``CellSilent``."""
    values = {"token": me().token_hash, "id": clinic["id"], "rooms": rooms, "room": room, "on": on}
    try:
        if clinic["cell"] != MAIN:
            elsewhere.switch_room(clinic["cell"], values)
            return
        console().desk.rows(
            "SELECT platform.operator_room(%(token)s, %(id)s, %(rooms)s, %(room)s, %(on)s)", **values
        )
    except psycopg.errors.ObjectNotInPrerequisiteState as error:
        raise OnItsWay from error


def invite(clinic: Row, hashed: str, username: str) -> bool:
    """Keep a new invitation in place of an older one; False when the clinic takes none.

    Of a clinic elsewhere its cell's word that nobody is there must stand in the row (``elsewhere.words_of``).
    """
    values = {"token": me().token_hash, "id": clinic["id"], "hash": hashed, "username": username}
    if clinic["cell"] != MAIN:
        return elsewhere.invite(clinic, values)
    return bool(
        console().desk.value(
            "SELECT platform.operator_invite(%(token)s, %(id)s, %(hash)s, %(username)s)", **values
        )
    )
