"""How a long command shows where it is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
import typing

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LINES = 10
"""How many lines at most a long command writes where no bar can be drawn."""


@contextlib.contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how many are done and of how many, from any thread.

    Everything goes to standard error, so that standard output stays the command's answer.
    """
    console = Console(stderr=True)
    if console.is_terminal:
        with _bar(console) as bar:
            yield _drawn(bar, label)
    else:
        yield _written(label)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
    )


def _drawn(bar: Progress, label: str) -> Callable[[int, int], None]:
    task = bar.add_task(label, total=None, rate="")
    began = time.monotonic()

    def told(done: int, of: int) -> None:
        bar.update(task, completed=done, total=of, rate=f"{_rate(done, began):.0f}/s")

    return told


def _written(label: str) -> Callable[[int, int], None]:
    began = time.monotonic()

    def told(done: int, of: int) -> None:
        if done % -(-of // LINES) == 0 or done == of:
            rate = _rate(done, began)
            left = (of - done) / rate
            click.echo(f"{label}: {done}/{of}, {rate:.0f}/s, {left:.0f} s left", file=sys.stderr)

    return told


def _rate(done: int, began: float) -> float:
    return done / max(time.monotonic() - began, 1e-6)
