"""What level 1 does not stop: quoted by the README, demonstrated by the attack matrix."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StaysOpen:
    """An attack that level 1 lets through; ``statement`` shows it, for the clinic ``t_9812``."""

    what: str
    statement: str


OPEN_AT_LEVEL_ONE = (
    StaysOpen(
        "an attacker who can send a whole statement of his own, not only text inside one of ours, takes"
        " another clinic's role with it (SET ROLE) and reads with his next statement",
        "SET LOCAL ROLE t_9812",
    ),
    StaysOpen(
        "with a whole statement he gives up the clinic's role (RESET ROLE); the login itself may read"
        " nothing, and may change its own password and settings, which locks the application out until"
        " shipa init is run",
        "RESET ROLE",
    ),
    StaysOpen(
        "with a whole statement he ends our transaction (COMMIT, ROLLBACK); what follows in the same"
        " request is refused",
        "ROLLBACK",
    ),
    StaysOpen(
        "with a whole statement he changes settings of a connection that other clinics use later, such as"
        " its time limit, and prepares statements or cursors in it; no row of another clinic is read by that",
        "SET statement_timeout = 0",
    ),
    StaysOpen(
        "with a whole statement two attackers in two clinics can pass each other messages (LISTEN, NOTIFY)",
        "NOTIFY anything, 'text'",
    ),
    StaysOpen(
        "text inside a statement reads whatever the clinic's own role may read of its own clinic",
        "SELECT name FROM resident",
    ),
    StaysOpen(
        "text inside a statement sees how many clinics and staff roles there are and their opaque numbers,"
        " never a name",
        "SELECT nspname FROM pg_namespace",
    ),
    StaysOpen(
        "text inside a statement can hold another clinic's log lock until the statement's time limit of 5"
        " seconds: a delay, not a reading",
        "SELECT pg_advisory_xact_lock(1)",
    ),
)
