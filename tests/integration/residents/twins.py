"""Records that look like one person, and what is written about them; for the tests of never twice."""

from __future__ import annotations

import contextlib
import datetime
import typing
import uuid

import sqlalchemy as sa

from saas.accounts.models import Staff
from saas.audit.models import AccessLog
from saas.residents.models import Resident, ResidentLink
from tests.integration.residents import pages
from tests.support import synthetic, world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from saas.residents.models import Resident as Row
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

Fields = dict[str, str]


def woman(**more: str) -> Fields:
    """Somebody whom nobody else of the run resembles."""
    name, phone = synthetic.lone_name(), synthetic.phone()
    return {"name_0": name, "sex_code": "2", "birth": "1985-05-05", "phone_0": phone} | more


def twins(browser: Browser, **more: str) -> tuple[str, str, Fields]:
    """Two records of one woman, the second saved at once; the older first, and what both say."""
    typed = woman()
    first = pages.register(browser, **typed)
    second = pages.register(browser, **typed | more)
    return first, second, typed


def told(answer: TestResponse) -> list[str]:
    """The candidates beside a form."""
    found = pages.soup(answer).select("input[type=radio][value=same][name^=likely-]")
    return [str(one["name"]).removeprefix("likely-") for one in found]


def links(clinic: ClinicWorld, *ids: str) -> list[tuple[str, set[str], bool]]:
    """What is written between these residents: kind, who, and whether it is still open."""
    card = world.card_of(clinic.app, clinic.code)
    with world.inside(clinic.app, card) as session:
        rows = session.scalars(sa.select(ResidentLink).order_by(ResidentLink.id)).all()
        found = [(row.kind, {str(row.resident_id), str(row.other_id)}, row.ended_at is None) for row in rows]
    return [one for one in found if one[1] <= set(ids)]


def pair_page(browser: Browser, stays: str, goes: str) -> TestResponse:
    """The two side by side."""
    return browser.get(f"/residents/{stays}/same/{goes}")


def answer(browser: Browser, stays: str, goes: str, what: str, **more: str) -> TestResponse:
    """Answer as the page asks for it."""
    return send(browser, pair_page(browser, stays, goes), what, **more)


def send(browser: Browser, page: TestResponse, what: str, **more: str) -> TestResponse:
    """Answer on a page that is open already."""
    form = pages.soup(page).select_one("form[data-main]")
    assert form is not None, page.get_data(as_text=True)[:1000]
    return browser.post(str(form["action"]), data=pages.fields_of(page) | {"answer": what} | more)


def merge(clinic: ClinicWorld, stays: str, goes: str, **choices: str) -> None:
    """A doctor proposes, the administrator confirms."""
    assert answer(clinic.browser(), stays, goes, "same", **choices).status_code == 303
    done = answer(clinic.browser("clinic_admin"), stays, goes, "same", **choices)
    assert done.headers["Location"] == f"/residents/{stays}"


def undo(browser: Browser, stays: str, goes: str) -> TestResponse:
    """Take a merge back, as its page asks for it."""
    address = f"/residents/{stays}/merge/{goes}/undo"
    return browser.post(address, data=pages.fields_of(browser.get(address)))


def state(clinic: ClinicWorld, resident_id: str) -> tuple[str, str]:
    """Standing, and into whom she went."""
    row: Row = pages.row_of(clinic, resident_id)
    return row.standing, str(row.merged_into_id or "")


def form_of(browser: Browser, resident_id: str) -> Fields:
    """What her form says, without what belongs to the page."""
    form = pages.opened(browser, resident_id)
    return {name: form[name] for name in form if name not in {"csrf_token", "form_id", "version", "was"}}


def logged(clinic: ClinicWorld, act: str, resident_id: str) -> list[AccessLog]:
    """The rows of an act that name a resident."""
    card = world.card_of(clinic.app, clinic.code)
    with world.inside(clinic.app, card) as session:
        query = sa.select(AccessLog).where(
            AccessLog.act == act, AccessLog.resident_ids.contains([resident_id])
        )
        return list(session.scalars(query.order_by(AccessLog.number)))


@contextlib.contextmanager
def alone(clinic: ClinicWorld, username: str) -> Iterator[None]:
    """Everybody but this person is away until the block ends."""
    card = world.card_of(clinic.app, clinic.code)

    def send_away(when: datetime.datetime | None) -> None:
        with world.inside(clinic.app, card) as session:
            session.execute(sa.update(Staff).where(Staff.username != username).values(disabled_at=when))

    send_away(datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    try:
        yield
    finally:
        send_away(None)


def waits(browser: Browser, one: str, other: str) -> bool:
    """True when the pair stands in the queue, on whichever page."""
    for page in range(1, 100):
        text = browser.get(f"/residents/to-look-at?page={page}").get_data(as_text=True)
        if f"/residents/{one}/same/{other}" in text or f"/residents/{other}/same/{one}" in text:
            return True
        if 'rel="next"' not in text:
            break
    return False


def ids_of(clinic: ClinicWorld, resident_id: str) -> set[str]:
    """All records of one person."""
    from saas.residents.person import person_ids  # noqa: PLC0415 - read as a room would

    card = world.card_of(clinic.app, clinic.code)
    with world.inside(clinic.app, card) as session:
        query = sa.select(Resident.id).where(Resident.id.in_(person_ids(uuid.UUID(resident_id))))
        return {str(one) for one in session.scalars(query)}
