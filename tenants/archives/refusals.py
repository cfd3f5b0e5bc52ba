"""Why an archive is not written, not opened, or not restored."""

from __future__ import annotations


class ArchiveRefused(RuntimeError):  # noqa: N818 - reads as the state it tells
    """Nothing was changed; the message says what is in the way and what to do."""


class NoArchiveCode(ArchiveRefused):
    """The clinic's administrator has made no code yet to which an archive could be sealed."""
