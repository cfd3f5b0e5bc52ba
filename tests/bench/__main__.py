"""``python -m tests.bench [MODULE …]``: measures the figures and prints them with the machine's cores.

Each module of this folder that has ``figures() -> Iterable[Figure]`` takes part.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
import time
import typing
from pathlib import Path

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.bench.figure import Figure, Measured

FIRST = ("roster", "migrating")
"""These fill the database on which others measure."""


def modules(wanted: Iterable[str]) -> list[str]:
    """Names of the modules to run, those that fill the database first."""
    wanted = set(wanted)
    found = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    ordered = [*FIRST, *(name for name in found if name not in FIRST)]
    return [name for name in ordered if not name.startswith("_") and (not wanted or name in wanted)]


def figures_of(name: str) -> list[Figure]:
    """The figures of one module; none when it is a part of another."""
    module = importlib.import_module(f"tests.bench.{name}")
    make = getattr(module, "figures", None)
    return list(make()) if make else []


def say(figure: Figure, measured: Measured, seconds: float) -> None:
    """Print one figure."""
    verdict = {True: "met", False: "MISSED", None: "printed"}[measured.met]
    print(f"{figure.name}\n    goal {figure.goal}: {measured.value} - {verdict} ({seconds:.0f} s)")  # noqa: T201
    if measured.notes:
        print(f"    {measured.notes}")  # noqa: T201
    sys.stdout.flush()


def main(wanted: list[str]) -> int:
    """Measure and print; 1 when a figure missed its goal."""
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f}, {platform.machine()}, {platform.python_version()}")  # noqa: T201
    missed = 0
    for name in modules(wanted):
        for figure in figures_of(name):
            began = time.perf_counter()
            measured = figure.measure()
            say(figure, measured, time.perf_counter() - began)
            missed += measured.met is False
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
