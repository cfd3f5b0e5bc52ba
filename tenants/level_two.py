"""What level 2 does not stop: quoted by the README, demonstrated by its tests."""

from __future__ import annotations

from tenants.level_one import OPEN_AT_LEVEL_ONE, StaysOpen

CRASH = StaysOpen(
    "with a whole statement (RESET ALL) he crashes set_user 4.0.1 and with it every connection of the"
    " server, which recovers by itself: an interruption of seconds, nothing read, nothing saved is lost",
    "RESET ALL",
)

OPEN_AT_LEVEL_TWO = (
    StaysOpen(
        "with a whole statement an attacker falls back to the login (DISCARD ALL), which may read nothing and"
        " enter no clinic until our token ends its visit; it may change its own password and settings, which"
        " locks the application out until shipa init is run",
        "DISCARD ALL",
    ),
    CRASH,
    StaysOpen(
        "with a whole statement he ends our transaction (COMMIT, ROLLBACK); what follows in the same"
        " request is refused, or is his own clinic's",
        "ROLLBACK",
    ),
    StaysOpen(
        "with a whole statement he changes settings for the rest of his own request; they are gone before"
        " the connection serves anybody else",
        "SET statement_timeout = 0",
    ),
    *OPEN_AT_LEVEL_ONE[4:],
)
"""From LISTEN and NOTIFY on as at level 1."""
