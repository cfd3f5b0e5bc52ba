"""The pages of signing in, of one's account, and of the clinic's administrator."""

from saas.accounts.views import (
    access_log,
    archive_code,
    devices,
    first_steps,
    invitation,
    own,
    own_factor,
    own_sessions,
    recovery,
    second_factor,
    settings,
    sign_in,
    sites,
    staff,
    staff_list,
    unlock,
)

__all__ = [
    "access_log",
    "archive_code",
    "devices",
    "first_steps",
    "invitation",
    "own",
    "own_factor",
    "own_sessions",
    "recovery",
    "second_factor",
    "settings",
    "sign_in",
    "sites",
    "staff",
    "staff_list",
    "unlock",
]
