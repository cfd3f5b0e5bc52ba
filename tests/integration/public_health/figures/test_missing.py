"""Who is missing: whom the last count found, as long as the rules find the same of her."""

from __future__ import annotations

import datetime
import typing

import pytest
import sqlalchemy as sa

from saas.audit.models import AccessLog
from saas.public_health.figures import counting, jobs, missing, snapshots
from saas.public_health.models import IndicatorSnapshot
from saas.public_health.rules import indicators_periods as periods
from saas.residents.models import Resident
from saas.web import clock
from tenants.working import Worker
from tests.integration.residents import pages
from tests.support import figured, world
from tests.support.apart import apart, keep_only
from tests.support.figured import sign_in

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.support.figured import Figured

pytestmark = pytest.mark.usefixtures("on_that_day")
LIST = "/figures/missing?figure=ht_standard_rate&period=2026"


@pytest.fixture
def clinic(app: Flask) -> Figured:
    """A clinic that is counted and may be changed."""
    made = figured.build(app, "village_doctor")
    count(made, "2026")
    return made


def count(clinic: Figured, *names: str, today: datetime.date = figured.TODAY) -> None:
    counting.compute(lambda: world.inside(clinic.app, clinic.card), today, clock.now(), names)


def shown(clinic: Figured, address: str = LIST) -> tuple[set[str], str]:
    """Whom the page names, by letter, and all that it says."""
    page = pages.soup(sign_in(clinic, "village_doctor").get(address))
    letters = {str(one): letter for letter, one in clinic.people.items()}
    named = [str(link["href"]).rsplit("/", 1)[1] for link in page.select("main tbody th a")]
    main = page.select_one("main")
    assert main is not None
    return {letters.get(one, one) for one in named}, main.get_text(" ", strip=True)


def everything(put: figured.Writer, whom: typing.Any) -> None:  # noqa: ANN401 - an id
    """All that the year's standard asks of B."""
    for on in ("2026-08-01", "2026-11-01"):
        put.pressure(whom, on, (130, 80), "1")
    put.sign(whom, "health_exam", "2026-11-02", computed={"exam_complete": True})


def test_who_was_served_since_is_not_shown_and_the_page_says_so(clinic: Figured) -> None:
    assert shown(clinic)[0] == {"b", "c"}
    with world.inside(clinic.app, clinic.card) as session:
        everything(figured.writer(session, clinic.card), clinic.people["b"])
    found, text = shown(clinic)
    assert found == {"c"}
    assert pages.soup(sign_in(clinic, "village_doctor").get(LIST)).select_one("main .hint") is not None
    assert "人数: 2" in text
    assert "2026-11-25" in text
    with world.inside(clinic.app, clinic.card) as session:
        last = session.query(AccessLog).order_by(AccessLog.number.desc()).first()
        assert last is not None
        assert (last.act, last.resident_ids) == ("figures.missing", [str(clinic.people["c"])])
    count(clinic, "2026")
    assert "人数: 1" in shown(clinic)[1]


def test_the_reason_is_that_of_now(clinic: Figured) -> None:
    with world.inside(clinic.app, clinic.card) as session:
        put = figured.writer(session, clinic.card)
        put.sign(clinic.people["b"], "health_exam", "2026-11-02", computed={"exam_complete": False})
    rows = pages.soup(sign_in(clinic, "village_doctor").get(LIST)).select("main tbody tr")
    (mine,) = [row.get_text(" ") for row in rows if str(clinic.people["b"]) in str(row)]
    assert "健康体检尚未做完的部分" in mine


def test_whoever_moved_house_or_was_merged_or_taken_back_is_not_shown(clinic: Figured) -> None:
    _, first, second = clinic.sites
    with world.inside(clinic.app, clinic.card) as session:
        session.get_one(Resident, clinic.people["b"]).site_id = second
    assert shown(clinic, f"{LIST}&site={first}")[0] == set()
    # Her new place has her with the next count.
    assert shown(clinic, f"{LIST}&site={second}")[0] == {"c"}
    with world.inside(clinic.app, clinic.card) as session:
        row = session.get_one(Resident, clinic.people["c"])
        row.standing, row.merged_into_id = "merged", clinic.people["b"]
    assert shown(clinic)[0] == {"b"}
    with world.inside(clinic.app, clinic.card) as session:
        session.get_one(Resident, clinic.people["b"]).standing = "undone"
    assert shown(clinic)[0] == set()


def test_what_a_merged_row_did_counts_for_who_stayed(clinic: Figured) -> None:
    with world.inside(clinic.app, clinic.card) as session:
        put = figured.writer(session, clinic.card)
        put.pressure(clinic.people["c"], "2026-02-01", (130, 80), "1")
        everything(put, clinic.people["c"])
        row = session.get_one(Resident, clinic.people["c"])
        row.standing, row.merged_into_id = "merged", clinic.people["b"]
    assert shown(clinic)[0] == set()


def test_fifty_on_a_page_the_last_registered_first(clinic: Figured, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.inside(clinic.app, clinic.card) as session:
        put = figured.writer(session, clinic.card)
        made = [put.person("1950-01-01", put.sites[1]).id for _ in range(3)]
    monkeypatch.setattr(missing, "PAGE", 2)
    count(clinic, "2026")
    address = "/figures/missing?figure=elderly_rate&period=2026"
    first, second, third = (shown(clinic, f"{address}&page={number}")[0] for number in (1, 2, 3))
    assert first == {str(made[2]), str(made[1])}
    assert second == {str(made[0]), "e"}
    assert third == {"c"}
    assert shown(clinic, f"{address}&page=4")[0] == set()


def test_without_a_list_the_page_says_when_there_will_be_one(clinic: Figured) -> None:
    found, text = shown(clinic, f"{LIST}-Q1")
    assert found == set()
    assert "人数" not in text
    page = pages.soup(sign_in(clinic, "village_doctor").get(f"{LIST}-Q1"))
    assert page.select_one("main .empty") is not None


def test_beside_a_figure_stand_ids_and_nothing_that_tells_why(clinic: Figured) -> None:
    query = sa.select(IndicatorSnapshot).where(IndicatorSnapshot.indicator_code == "ht_standard_rate")
    with world.inside(clinic.app, clinic.card) as session:
        kept = {one.site_id: one for one in session.scalars(query)}
        assert kept[None].missing_ids is None
        assert {site: one.missing_ids for site, one in kept.items() if site} == {
            clinic.sites[0]: [],
            clinic.sites[1]: [clinic.people["b"]],
            clinic.sites[2]: [clinic.people["c"]],
        }
        words = {column.name for column in IndicatorSnapshot.__table__.columns}
    assert not any("reason" in word or "why" in word for word in words)


def test_lists_go_when_their_period_is_counted_no_more_and_the_numbers_stay(clinic: Figured) -> None:
    count(clinic, "2025", "2024")
    query = sa.select(IndicatorSnapshot.period).distinct().where(IndicatorSnapshot.missing_ids.is_not(None))
    with world.inside(clinic.app, clinic.card) as session:
        assert set(session.scalars(query)) == {"2025", "2026"}
        assert snapshots.shown(session, "2024")
    count(clinic, "2027-01", today=datetime.date(2028, 1, 2))
    with world.inside(clinic.app, clinic.card) as session:
        assert set(session.scalars(query)) == {"2027-01"} & set(periods.every(datetime.date(2028, 1, 2)))
        assert snapshots.shown(session, "2026")


def test_figures_from_before_there_were_lists_get_them_in_the_night(clinic: Figured) -> None:
    count(clinic, "2026-Q1", "2026-Q2", "2025")
    with world.inside(clinic.app, clinic.card) as session:
        older = sa.update(IndicatorSnapshot).where(IndicatorSnapshot.period.in_(["2026-Q1", "2025"]))
        session.execute(older.values(missing_ids=None))
        day_before = IndicatorSnapshot.computed_at - datetime.timedelta(days=1)
        session.execute(sa.update(IndicatorSnapshot).values(computed_at=day_before))
        assert snapshots.without_lists(session) == {"2026-Q1", "2025"}
        assert jobs.is_due(session, clock.now())
    worker = Worker(world.caretaker(clinic.app))
    apart(lambda: worker.sweep_clinic(clinic.card))
    keep_only(clinic.app, clinic.card, "figures.%")
    apart(worker.work_off)
    with world.inside(clinic.app, clinic.card) as session:
        assert snapshots.without_lists(session) == set()
        since = figured.NOW - datetime.timedelta(hours=1)
        query = sa.select(IndicatorSnapshot.period).distinct().where(IndicatorSnapshot.computed_at > since)
        assert "2026-Q2" not in set(session.scalars(query))
