"""Puts the house together: the only module that knows both the clinic's software and the caretaker."""

from __future__ import annotations

import logging
import sys
import typing

import click
from flask import Flask
from flask.cli import FlaskGroup
from flask_compress import Compress
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from saas import accounts, public_health, residents
from saas.accounts import codes, labels, loading, passwords, permissions, second_factor, slow_down, tries
from saas.audit import commands as audit_commands
from saas.audit.following import following
from saas.audit.writing import append
from saas.config import SettingError, Settings
from saas.db import Base, db, new_id
from saas.demo import practice
from saas.demo.commands import DemoParts, demo
from saas.formkit.commands import forms
from saas.web import (
    assets,
    clock,
    errors,
    failing,
    formats,
    guard,
    headers,
    i18n,
    metering,
    request,
    rooms,
    sessions,
    traffic,
    uploads,
    watch,
)
from saas.web.menu import frame
from saas.web.parts import Parts
from saas.web.speaking import Spoken
from tenants import commands as tenant_commands
from tenants import journal
from tenants.archives.codes import new_code
from tenants.commands.serve import serve as serving
from tenants.console import Console, add_pages, make_console
from tenants.console import install as install_console
from tenants.console.act_words import detail_words
from tenants.console.sessions import PATH as OPERATORS
from tenants.console.shell import Shell
from tenants.devices.desk import DeviceDesk
from tenants.extension import NewClinic, Tenants
from tenants.practice import Practising
from tenants.readying import make_ready
from tenants.sample import employ, onboard
from tenants.settings import SettingError as PlaceError
from tenants.settings import TenantSettings

if typing.TYPE_CHECKING:
    from saas.formkit.declaring import Form
    from saas.web.room import Room

FORMS: tuple[type[Form], ...] = public_health.FORMS
ROOMS: tuple[Room, ...] = (
    public_health.today_card,
    residents.card,
    public_health.card,
    public_health.figures_card,
    accounts.card,
)
"""In the order of the menu, which is also the order in which one's first page is looked for."""


class House(Flask):
    """Flask, with a secret that is derived from the master key when it is first needed."""

    jinja_environment = Spoken
    tenants: Tenants

    @property
    def secret_key(self) -> bytes:  # type: ignore[override]
        """Signs the visitor's cookie and the CSRF tokens."""
        return self.tenants.master.derive("cookies")

    def log_exception(self, exc_info: typing.Any) -> None:  # noqa: ANN401 - Flask's signature
        """Flask's own words quote the address; the error page's handler says what may be said."""
        if exc_info[1] is None or isinstance(exc_info[1], failing.DATABASE_ERRORS):
            return
        failing.note_failure("outside", exc_info[1])


def create_app(settings: Settings | None = None, place: TenantSettings | None = None) -> Flask:
    """The application. Connects to nothing until it is asked something.

    ``place`` tells where the clinics' data is; both are read from the environment when not given.
    """
    settings = settings or Settings.from_env()
    place = place or TenantSettings.from_env()
    app = House(__name__, static_folder=None)
    app.tenants = Tenants(place, metadata=Base.metadata, furnish=first_rows, following=following)
    tenants = app.tenants
    _configure(app, settings)
    db.init_app(app)
    tenants.init_app(app, db.session, lambda: db.engine)
    app.extensions["door"] = tenants.door
    app.extensions["devices"] = DeviceDesk(tenants.gate_engine)
    app.extensions["unwrap"] = tenants.master.unwrap
    app.extensions["archive_code"] = new_code
    app.extensions["settings"] = settings
    app.extensions["forms"] = {form.about.code: form for form in FORMS}
    app.extensions["demo"] = _demo_parts(tenants)
    tenants.practising = Practising(*practice.parts(tenants))
    app.extensions["shell"] = _shell(settings)
    passwords.use_cost(settings.hash_cost)
    _give_jobs(app)
    _give_figures(app)
    _build_pages(app, settings)
    _add_commands(app)
    return app


def first_rows(new: NewClinic) -> dict[str, list[dict[str, object]]]:
    """What a new clinic begins with: its settings with its wrapped keys, and its centre as a site."""
    setting = {
        "id": new.id,
        "wrapped_data_key": new.wrapped_data_key,
        "wrapped_hash_key": new.wrapped_hash_key,
        # Nobody is here yet to whom anything could be owed today.
        "computed_on": clock.today(),
    }
    centre = {
        "id": new_id(),
        "code": new.code,
        "kind": "centre",
        "name_zh": new.name_zh,
        "name_ug": new.name_ug,
    }
    return {"clinic_setting": [setting], "site": [centre]}


def _configure(app: House, settings: Settings) -> None:
    app.config.update(
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_SAMESITE="Lax",
        SQLALCHEMY_DATABASE_URI="postgresql+psycopg://",
        SQLALCHEMY_ENGINE_OPTIONS=app.tenants.engine_options,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=500,
        TRUSTED_HOSTS=settings.trusted_hosts,
        WTF_CSRF_TIME_LIMIT=None,
        COMPRESS_MIMETYPES=["text/html", "application/json"],
        COMPRESS_MIN_SIZE=300,
        COMPRESS_LEVEL=4,  # two thirds of the work of 6, for a page a few percent longer
    )


def _build_pages(app: House, settings: Settings) -> None:
    tenants = app.extensions["building"]
    if settings.secure:
        # Behind the proxy everybody would have its address, and one guesser would slow all down.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=0, x_host=0)  # type: ignore[method-assign]
    app.session_interface = sessions.RowSessions(tenants.door)
    headers.install(app)
    app.before_request(sessions.check_opened)
    errors.install(app)
    uploads.install(app)
    console = _open_console(app)
    CSRFProtect(app)
    Compress(app)
    assets.install(app, settings.static)
    login = LoginManager(app)
    login.request_loader(lambda _: loading.signed_in_person())
    parts = Parts(loading.load, loading.speak, permissions.may, append, residents.meets)
    request.install(app, parts)
    i18n.set_up(app)
    formats.set_up(app)
    rooms.install(app, ROOMS)
    watch.install(app, settings)
    traffic.install(app)
    _tell_rooms(app)
    frame(app, ROOMS, insecure=not settings.secure)
    if console is not None:
        add_pages(app, console)
    guard.check_routes(app, frozenset(permissions.GRANTS))


def _tell_rooms(app: Flask) -> None:
    """Which rooms the operators switch, and what their acts on a clinic are called."""
    switched = {room.name: room.label for room in ROOMS if room.switchable}
    app.extensions["act_detail"] = lambda act: detail_words(act.act, act.detail, switched)
    app.extensions["switchable"] = frozenset(switched)


def _shell(settings: Settings) -> Shell:
    """What the operators' console takes of ours; it knows nothing else of this side."""
    return Shell(
        url=settings.url,
        secure=settings.secure,
        now=lambda: clock.now(),  # noqa: PLW0108 - tests move the clock
        admit=guard.apart,
        takes_file=uploads.takes_file,
        hash_password=lambda password: passwords.hasher().hash(password),
        password_is_right=lambda stored, password: passwords.hasher().verify(stored, password).right,
        weakness=labels.why_weak,
        new_code=codes.sheet_code,
        in_groups=codes.in_groups,
        factor=second_factor,
        refused_code=lambda late: labels.refused_code(late=late),
        slow_down=slow_down,
        wait_text=tries.wait_text,
        tongues={code: tongue for code, tongue in i18n.TONGUES.items()},  # noqa: C416 - str keys
        act_words=labels.operator_act,
        rooms=[(room.name, room.label) for room in ROOMS if room.switchable],
        figures=public_health.FIGURES,
    )


def _open_console(app: House) -> Console | None:
    """The operators' console, where it has a login of its own; otherwise its addresses do not exist."""
    if not app.tenants.logins.has("operator"):
        return None
    console = make_console(app.tenants, app.extensions["shell"])
    app.session_interface = sessions.ByPath(OPERATORS, console.sessions, app.session_interface)
    install_console(app, console)
    return console


def _give_jobs(app: House) -> None:
    """What rooms do in the background goes to the worker; what requests ask for goes into its queue."""
    jobs = [job for room in ROOMS for job in room.jobs]
    app.tenants.take_jobs(jobs, [room.unfinished for room in ROOMS if room.unfinished is not None])
    app.extensions["defer"] = app.tenants.jobs.defer
    app.extensions["a_worker_lives"] = app.tenants.jobs.a_worker_lives


def _give_figures(app: House) -> None:
    """What machines are told about the house, and whether its disk has room."""
    tenants = app.tenants
    app.extensions["watched"] = tenants.readiness
    app.extensions["disk_is_low"] = tenants.disks.are_low
    with app.app_context():
        engines = {"web": db.engine, "gate": tenants.gate_engine}
    for login, engine in engines.items():
        metering.watch_pool(login, engine)
    metering.tell_sizes(engines)
    app.extensions["tell_sizes"] = lambda: metering.tell_sizes(engines)


def _demo_parts(tenants: Tenants) -> DemoParts:
    return DemoParts(
        embedded=tenants.settings.embedded,
        prepare=lambda: make_ready(tenants),
        onboard=lambda codes: onboard(tenants, codes),
        serve=lambda bind: click.get_current_context().invoke(serving, bind=bind, worker=True),
        stop=lambda: tenants.logins.server().stop(),
        employ=lambda name: employ(tenants, name, passwords.hasher().hash, second_factor.new_key()),
    )


def _add_commands(app: Flask) -> None:
    for command in (
        *tenant_commands.COMMANDS,
        *audit_commands.COMMANDS,
        *accounts.COMMANDS,
        *residents.COMMANDS,
        *public_health.COMMANDS,
        demo,
        forms,
    ):
        app.cli.add_command(command)
    for name in ("routes", "run", "shell"):
        app.cli.commands.pop(name, None)


def main() -> None:
    """The console script ``shipa``: Flask's CLI around this application."""
    journal.set_up(logging.WARNING)
    try:
        app = create_app()
    except (SettingError, PlaceError, assets.NotBuiltError) as error:
        click.echo(f"shipa: {error}", err=True)
        sys.exit(2)
    group = FlaskGroup(
        name="shipa",
        create_app=lambda: app,
        add_default_commands=False,
        add_version_option=False,
        load_dotenv=False,
        set_debug_flag=False,
        help="The records and services of grassroots clinics.",
    )
    # Flask's own choices of an application and an environment file have no meaning here.
    group.params.clear()
    group()
