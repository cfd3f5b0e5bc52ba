"""The operator console: the platform's people bring clinics to work here, and never see a resident."""

from __future__ import annotations

import dataclasses
import typing

from tenants.console.desk import Desk
from tenants.console.register import Register
from tenants.console.sealing import Seal
from tenants.console.sessions import OperatorSessions

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.cell_desk import CellDesk
    from tenants.console.shell import Shell
    from tenants.extension import Tenants


@dataclasses.dataclass(frozen=True)
class Console:
    """What the console's pages work with."""

    shell: Shell
    tenants: Tenants
    desk: Desk
    cells: CellDesk
    register: Register
    sessions: OperatorSessions
    seal: Seal


def make_console(tenants: Tenants, shell: Shell) -> Console:
    """The console over this house. Connects to nothing yet."""
    desk = Desk(tenants.logins)
    register = Register(desk, shell, lambda: tenants.master.derive("cookies"))
    sessions = OperatorSessions(register, secure=shell.secure)
    return Console(shell, tenants, desk, tenants.cell_desk, register, sessions, Seal(tenants.master))


def install(app: Flask, made: Console) -> None:
    """Put the guard before everything that reads a request; the pages come with ``add_pages``."""
    from tenants.console import guarding  # noqa: PLC0415 - the views import this package

    app.extensions["console"] = made
    made.desk.install(app)
    app.before_request(guarding.guard)


def add_pages(app: Flask, made: Console) -> None:
    """Register the pages and tell the application's guard whom they let in."""
    from tenants.console import frame, guarding, views  # noqa: PLC0415 - the views import this package

    app.register_blueprint(views.blueprint)
    guarding.admit_all(app, made.shell)
    app.context_processor(frame.context)
