"""A room's card: what it is called and what it adds to the menu."""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping

    from flask import Blueprint

    from saas.web.acts import Act
    from saas.web.jobs import Errand, Unfinished
    from saas.web.parts import StaffMember


@dataclasses.dataclass(frozen=True)
class MenuEntry:
    """One line of the menu; ``key`` is the keyboard's (``F3``), if it has one."""

    label: object
    endpoint: str
    permission: str
    key: str = ""


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
    permissions: tuple[str, ...] = ()
    acts: Mapping[str, Act] = dataclasses.field(default_factory=dict)
    tells: tuple[Teller, ...] = ()
    jobs: tuple[Job, ...] = ()
    unfinished: Unfinished | None = None
