"""The bench: one embedded cluster a run, a template with two clinics, a clone per worker."""

from __future__ import annotations

import dataclasses
import gc
import types
import typing

import jinja2
import pytest

from saas.accounts.models import Staff
from saas.app import House, create_app
from saas.config import Settings
from tenants.keys import create_master_key
from tenants.readying import upgrade_platforms
from tests.support import world
from tests.support.postgres import Cluster, cluster

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from tenants.cards import ClinicCard
    from tenants.settings import TenantSettings
    from tests.support.world import Browser, Person


class CompiledOnce(jinja2.BytecodeCache):
    """Templates as they were compiled first: each application of this process has the same ones."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, object], tuple[str, types.CodeType]] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Give the template's code, when its text is the same."""
        checksum, code = self._kept.get(_key(bucket), ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keep the code of the template's text."""
        assert bucket.code is not None
        self._kept[_key(bucket)] = (bucket.checksum, bucket.code)


def _key(bucket: jinja2.bccache.Bucket) -> tuple[str, object]:
    """Which template, in which language."""
    return bucket.key, getattr(bucket.environment, "language", None)


def pytest_configure() -> None:
    """Some thirty applications are made; to compile the templates anew would take each up to a second."""
    House.jinja_options = {**House.jinja_options, "bytecode_cache": CompiledOnce()}


def pytest_collection_finish() -> None:
    """What was collected lives to the end of the run: no search for garbage looks through it again."""
    gc.collect()
    gc.freeze()
    # Python's 700 is for small programs; a page of one request makes more objects than that.
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def server() -> Cluster:
    """The run's database server."""
    return cluster()


@pytest.fixture(scope="session")
def settings() -> Settings:
    """What the application is told: everything as usual, but for the cost of passwords."""
    return Settings(hash_cost="test")


@pytest.fixture(scope="session")
def worker(worker_id: str) -> int:
    """Which of the run's workers this is; 0 in a run without them."""
    return 0 if worker_id == "master" else int(worker_id.removeprefix("gw")) + 1


@pytest.fixture(scope="session")
def place(server: Cluster, worker: int, worker_id: str) -> TenantSettings:
    """This worker's own database, a clone of the template, with its own numbers."""
    template = server.template("shipa_template", _fill_template, [world.FAR])
    # Roles belong to the whole server: from 5000 on are the numbers of other databases of these tests.
    first = 1000 + worker * 1300
    return server.clone(template, f"shipa_{worker_id}", (first, first + 1299), [world.FAR])


def _fill_template(tenants: TenantSettings) -> None:
    create_master_key(tenants.master_key_file)
    tenants = dataclasses.replace(tenants, clinic_numbers=(1, 99))
    app = create_app(Settings(hash_cost="test"), tenants)
    upgrade_platforms(world.caretaker(app).logins)
    world.build(app)
    world.close(app)


@pytest.fixture(scope="session")
def app(settings: Settings, place: TenantSettings) -> Iterator[Flask]:
    """The application, as it is served."""
    application = create_app(settings, place)
    application.test_client_class = world.Browser
    yield application
    world.close(application)


@dataclasses.dataclass(frozen=True)
class ClinicWorld:
    """One of the two clinics, as tests use it."""

    app: Flask
    code: str

    @property
    def card(self) -> ClinicCard:
        """The clinic as the caretaker knows it."""
        return world.card_of(self.app, self.code)

    def person(self, role: str) -> Person:
        """The member of staff with this role."""
        with world.inside(self.app, self.card) as session:
            staff = session.query(Staff).filter_by(username=role).one()
            return world.Person(self.card, staff.id, role, role)

    def browser(self, role: str = "village_doctor") -> Browser:
        """A browser in which this member of staff is signed in."""
        return world.sign_in(self.app, self.person(role))


@pytest.fixture
def north(app: Flask) -> Iterator[ClinicWorld]:
    """The clinic of the north; what its people switched their pages to is forgotten afterwards."""
    yield ClinicWorld(app, world.NORTH)
    world.forget_languages(app, world.NORTH)


@pytest.fixture
def south(app: Flask) -> ClinicWorld:
    """The clinic of the south. Nobody of it switches her language: its cell may be away when a test ends."""
    return ClinicWorld(app, world.SOUTH)


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return typing.cast("Browser", app.test_client())


@pytest.fixture
def moved_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Move the clock: ``moved_clock(minutes=5)``; adds up."""
    import datetime  # noqa: PLC0415 - only here

    from saas.web import clock  # noqa: PLC0415

    real = clock.now
    ahead = datetime.timedelta()

    def move(**by: float) -> None:
        nonlocal ahead
        ahead += datetime.timedelta(**by)
        monkeypatch.setattr(clock, "now", lambda: real() + ahead)

    return move
