"""A resident was changed: rooms that keep something computed about her are told, in the same transaction."""

from __future__ import annotations

import typing

from flask import current_app

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterable

    from flask import Flask

    from saas.web.room import Room

    Follower = Callable[[uuid.UUID], None]
    NextStep = Callable[[uuid.UUID], str | None]


def install(app: Flask, rooms: Iterable[Room]) -> None:
    """Remember which rooms want to know."""
    rooms = list(rooms)
    app.extensions["followers"] = [follow for room in rooms for follow in room.follows]
    app.extensions["steps"] = {question: step for room in rooms for question, step in room.steps.items()}


def tell(*resident_ids: uuid.UUID) -> None:
    """Say that birth, sex, standing or identity of these residents may be another one now."""
    for resident_id in resident_ids:
        for follow in typing.cast("list[Follower]", current_app.extensions["followers"]):
            follow(resident_id)


def next_step(question: str, resident_id: uuid.UUID) -> str | None:
    """The page to which a yes to this question leads; None where nothing follows."""
    step = typing.cast("dict[str, NextStep]", current_app.extensions["steps"]).get(question)
    return step(resident_id) if step else None
