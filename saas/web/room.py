"""A room's card: what it is called and what it adds to the menu."""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Callable, Mapping

    from flask import Blueprint
    from markupsafe import Markup

    from saas.web.acts import Act
    from saas.web.changes import Follower, NextStep
    from saas.web.jobs import Errand, Unfinished
    from saas.web.parts import StaffMember


@dataclasses.dataclass(frozen=True)
class MenuEntry:
    """One line of the menu; ``key`` is the keyboard's (``F3``), if it has one.

    ``key_unless``: who has this permission has another entry with that key. ``first_for``: who has this
    permission begins here after signing in, unless an entry before it in the order of the rooms is hers.
    """

    label: object
    endpoint: str
    permission: str
    key: str = ""
    key_unless: str = ""
    first_for: str = ""


@dataclasses.dataclass(frozen=True)
class Panel:
    """A part of a resident's page that a room adds, for those who may; ``beside_name``: at its very top."""

    permission: str
    render: Callable[[uuid.UUID], Markup]
    beside_name: bool = False


class Told(typing.NamedTuple):
    """One thing that a person is told at her next sign-in, in the language of the page."""

    at: datetime.datetime
    text: str


Teller = typing.Callable[["StaffMember", "datetime.datetime"], "list[Told]"]
"""What happened since a moment that this person must be told."""


@dataclasses.dataclass(frozen=True)
class Job:
    """Work in the background: its name (``room.verb``), the work, and what to do when it failed for good."""

    name: str
    work: Callable[[Errand], None]
    give_up: Callable[[Errand], None]


@dataclasses.dataclass(frozen=True)
class Room:
    """One room of the house, as ``create_app`` needs it."""

    name: str
    label: object
    blueprint: Blueprint
    menu: tuple[MenuEntry, ...] = ()
    about_resident: tuple[MenuEntry, ...] = ()
    """What the page of a resident leads to; their addresses take her id."""
    permissions: tuple[str, ...] = ()
    acts: Mapping[str, Act] = dataclasses.field(default_factory=dict)
    tells: tuple[Teller, ...] = ()
    jobs: tuple[Job, ...] = ()
    unfinished: Unfinished | None = None
    follows: tuple[Follower, ...] = ()
    panels: tuple[Panel, ...] = ()
    switchable: bool = False
    """Whether a clinic can be without it: its operators switch it (``clinic_setting.rooms``)."""
    steps: Mapping[str, NextStep] = dataclasses.field(default_factory=dict)
    """Where the yes to a question leads, by the question: its room's next page."""
