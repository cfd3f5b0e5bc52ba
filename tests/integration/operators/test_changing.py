"""Institutions changed in the console: shown, ordered, done by the worker, told to their staff, undone."""

from __future__ import annotations

import re
import typing
import uuid

import pytest
import sqlalchemy as sa

from tenants.changes import running
from tests.integration.institutions.test_changes import everything, open_sites
from tests.support import operating, world
from tests.support.changing import KINDS, acts, carried, change_of
from tests.support.ordering import order_of, outcome_of, state_of
from tests.support.rosters import ask

if typing.TYPE_CHECKING:
    from tests.support.changing import Office


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_is_shown_then_ordered_then_done_in_her_name(office: Office, kind: str) -> None:
    app, before = office.app, everything(office.app, office.one, office.other)
    answer = office.send(kind, office.asked(kind))
    page = answer.get_data(as_text=True)
    assert office.one.code in page
    assert "Macro" not in page
    assert (office.orders(), everything(app, office.one, office.other)) == ([], before)
    order_id = order_of(office.send(kind, carried(answer), "order").headers["Location"])
    assert everything(app, office.one, office.other) == before
    assert "data-progress" in office.desk.at(f"/orders/{order_id}").get_data(as_text=True)
    operating.work_off(app)
    assert state_of(app, order_id) == "done", outcome_of(app, order_id)
    name = {"move-site": "clinic.site_moved", "merge": "clinic.merged"}.get(kind, f"clinic.{kind}d")
    assert acts(app, office.one) == [(name, office.operator.name)]
    done = office.desk.at(f"/orders/{order_id}").get_data(as_text=True)
    assert f"/changes/{change_of(app, order_id)}/undo" in done


@pytest.mark.parametrize("kind", KINDS)
def test_each_change_is_undone_from_the_list_of_the_last_7_days(office: Office, kind: str) -> None:
    app = office.app
    old = world.card_of(app, office.one.code), open_sites(app, office.one), open_sites(app, office.other)
    order_id = office.ordered(kind)
    operating.work_off(app)
    way = f"/changes/{change_of(app, order_id)}/undo"
    assert way in office.desk.at("/changes").get_data(as_text=True)
    page = office.desk.at(way)
    assert "Macro" not in page.get_data(as_text=True)
    shown = carried(page)
    assert office.desk.do(way, shown).status_code == 200, "without its button nothing is ordered"
    undoing = order_of(office.desk.do(way, {**shown, "step": "order"}).headers["Location"])
    assert acts(app, office.one)[1:] == []
    operating.work_off(app)
    assert state_of(app, undoing) == "done", outcome_of(app, undoing)
    assert (
        world.card_of(app, office.one.code),
        open_sites(app, office.one),
        open_sites(app, office.other),
    ) == old
    assert acts(app, office.one)[1:] == [("clinic.change_undone", office.operator.name)]
    assert way not in office.desk.at("/changes").get_data(as_text=True)
    late = office.desk.do(way, {**shown, "step": "order"})
    assert (late.status_code, 'role="alert"' in late.get_data(as_text=True)) == (422, True)


def test_what_is_sent_twice_is_done_once(office: Office) -> None:
    shown = carried(office.send("recode", office.asked("recode")))
    places = {office.send("recode", shown, "order").headers["Location"] for _ in range(3)}
    assert len(places) == 1
    operating.work_off(office.app)
    again = office.send("recode", shown, "order")
    assert again.status_code == 422, "the clinic has this code by now"
    operating.work_off(office.app)
    assert [state for _, state in office.orders()] == ["done"]
    assert len(acts(office.app, office.one)) == 1


def test_each_name_stands_in_its_own_script(office: Office) -> None:
    with world.inside(office.app, office.one) as session:
        session.execute(
            sa.text("UPDATE site SET name_ug = 'كەنت' WHERE code = :code"), {"code": f"{office.one.code}001"}
        )
    preview = office.send("move-site", office.asked("move-site")).get_data(as_text=True)
    assert '<bdi lang="ug">كەنت</bdi>' in preview
    form = office.desk.at(f"/clinics/{office.one.id}/move-site").get_data(as_text=True)
    assert "\u2068كەنت\u2069" in form


REFUSED = [
    ("rename", {"name_zh": "", "name_ug": ""}, "name_zh"),
    ("rename", {"name_zh": "x" * 101, "name_ug": ""}, "name_zh"),
    ("rename", {"name_zh": "a\u202eb", "name_ug": ""}, "name_zh"),
    ("recode", {"code": ""}, "code"),
    ("recode", {"code": "12"}, "code"),
    ("recode", {"code": "{other}"}, "code"),
    ("merge", {"other": ""}, "other"),
    ("merge", {"other": "000000000"}, "other"),
    ("merge", {"other": "{one}"}, "other"),
    ("merge", {"other": "{other}", "into": "{one_id}"}, None),
    ("move-site", {"site": "", "other": "{other}"}, "site"),
    ("move-site", {"site": "000000000001", "other": "{other}"}, "site"),
    ("move-site", {"site": "{one}", "other": "{other}"}, "site"),
]


@pytest.mark.parametrize(("kind", "asked", "field"), REFUSED)
def test_what_cannot_be_is_said_beside_the_field(
    office: Office, kind: str, asked: dict[str, str], field: str | None
) -> None:
    before = everything(office.app, office.one, office.other)
    values = {"one": office.one.code, "other": office.other.code, "one_id": str(office.one.id)}
    for step in ("preview", "order"):
        answer = office.send(kind, {name: text.format(**values) for name, text in asked.items()}, step)
        page = answer.get_data(as_text=True)
        if field is None:  # a single one that fits is meant, whatever else was sent
            assert answer.status_code == 200
            assert carried(answer)["into"] == str(office.other.id)
        else:
            assert answer.status_code == 422
            assert f'id="{field}-error"' in page
    assert (office.orders(), everything(office.app, office.one, office.other)) == ([], before)


def test_of_several_that_fit_one_is_chosen(office: Office) -> None:
    answer = office.send("merge", {"other": "变更"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="into-error"' in page
    offered = re.findall(r'name="into" value="([^"]+)"', page)
    assert str(office.one.id) not in offered
    if str(office.other.id) in offered:
        chosen = office.send("merge", {"other": "变更", "into": str(office.other.id)})
        assert carried(chosen)["into"] == str(office.other.id)
    assert office.send("merge", {"other": "变更", "into": str(uuid.uuid4())}).status_code == 422


def test_what_changed_before_it_was_ordered_is_shown_again(office: Office) -> None:
    shown = carried(office.send("rename", office.asked("rename")))
    renamed(office, "先改的名")
    answer = office.send("rename", shown, "order")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, office.orders()) == (200, [])
    assert "先改的名" in page
    assert "notice-warn" in page
    assert office.send("rename", carried(answer), "order").status_code == 303


def test_what_changed_before_the_worker_came_is_refused_in_words(office: Office) -> None:
    order_id = office.ordered("rename")
    renamed(office, "先改的名")
    operating.work_off(office.app)
    assert state_of(office.app, order_id) == "refused"
    assert outcome_of(office.app, order_id)["text"].startswith("It does not stand any more")
    assert world.card_of(office.app, office.one.code).name_zh == "先改的名"
    page = office.desk.at(f"/orders/{order_id}").get_data(as_text=True)
    assert 'role="alert"' in page
    assert "It does not stand" not in page, "said in the language of the page"


def renamed(office: Office, name: str) -> None:
    done = office.app.test_cli_runner().invoke(args=["clinics", "rename", office.one.code, "--zh", name])
    assert done.exit_code == 0, done.output


def test_a_change_that_breaks_off_leaves_nothing_and_the_order_waiting(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = office.ordered("merge")
    before = everything(office.app, office.one, office.other)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(running, "_put_codes", broken)
        operating.work_off(office.app)
    assert state_of(office.app, order_id) == "waiting"
    assert everything(office.app, office.one, office.other) == before
    ask(office.app, "UPDATE jobs.procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
    operating.work_off(office.app)
    assert state_of(office.app, order_id) == "done"
    assert len(acts(office.app, office.one)) == 1


def test_the_language_can_be_switched_on_the_form_and_on_what_is_shown(office: Office) -> None:
    asked = office.asked("rename")
    page = office.desk.do(f"/clinics/{office.one.id}/rename", {**asked, "_language": "ug"})
    assert 'lang="ug"' in page.get_data(as_text=True)
    assert asked["name_zh"] in page.get_data(as_text=True)
    shown = carried(office.send("rename", asked))
    other = office.desk.do(f"/clinics/{office.one.id}/rename", {**shown, "_language": "zh"})
    assert carried(other) == shown
    back = office.send("rename", shown, "back").get_data(as_text=True)
    assert f'value="{asked["name_zh"]}"' in back
    assert office.orders() == []


def test_a_clinic_in_another_database_is_refused_in_words(office: Office) -> None:
    ask(office.app, "UPDATE platform.clinic SET cell = 'east' WHERE id = %s", office.one.id)
    try:
        answer = office.send("rename", office.asked("rename"))
        clinic = office.desk.at(f"/clinics/{office.one.id}").get_data(as_text=True)
        pages = [
            office.desk.at(f"/clinics/{office.one.id}/{kind}").get_data(as_text=True)
            for kind in ("rename", "recode", "merge", "move-site")
        ]
    finally:
        ask(office.app, "UPDATE platform.clinic SET cell = 'main' WHERE id = %s", office.one.id)
    assert answer.status_code == 422
    assert "east" in answer.get_data(as_text=True)
    assert f"/clinics/{office.one.id}/rename" not in clinic, "what is not possible is not offered"
    for page in [clinic, *pages]:
        assert "shipa clinics move" in page, "it is said before anything is typed"
        assert "data-main" not in page or page is clinic
        assert f"{office.one.code}001" not in page


def test_another_institution_in_another_database_is_named_and_not_offered(office: Office) -> None:
    ask(office.app, "UPDATE platform.clinic SET cell = 'east' WHERE id = %s", office.other.id)
    try:
        alone = office.send("merge", {"other": office.other.code}).get_data(as_text=True)
        several = office.send("merge", {"other": "变更"}).get_data(as_text=True)
    finally:
        ask(office.app, "UPDATE platform.clinic SET cell = 'main' WHERE id = %s", office.other.id)
    assert f"shipa clinics move {office.other.code}" in alone
    for page in (alone, several):
        assert f'value="{office.other.id}"' not in page


def test_after_7_days_a_change_stays(office: Office) -> None:
    order_id = office.ordered("rename")
    operating.work_off(office.app)
    number = change_of(office.app, order_id)
    shown = carried(office.desk.at(f"/changes/{number}/undo"))
    ask(office.app, "UPDATE platform.clinic_change SET at = now() - interval '7 days' WHERE id = %s", number)
    assert number not in office.desk.at("/changes").get_data(as_text=True)
    assert 'role="alert"' in office.desk.at(f"/changes/{number}/undo").get_data(as_text=True)
    assert office.desk.do(f"/changes/{number}/undo", {**shown, "step": "order"}).status_code == 422
    assert f"/changes/{number}/undo" not in office.desk.at(f"/orders/{order_id}").get_data(as_text=True)


def test_a_viewer_reads_what_was_changed_and_does_nothing(office: Office) -> None:
    order_id = office.ordered("rename")
    operating.work_off(office.app)
    number = change_of(office.app, order_id)
    viewer = operating.sign_in(office.app, operating.add(office.app, "viewer"))
    page = viewer.at("/changes").get_data(as_text=True)
    assert "新名卫生院" in page
    assert "/undo" not in page
    assert "/orders/" not in page
    for path in (f"/changes/{number}/undo", f"/orders/{order_id}", f"/orders/{order_id}/progress"):
        assert viewer.at(path).status_code == 403
    for kind in [*KINDS, "practice"]:
        assert viewer.at(f"/clinics/{office.one.id}/{kind}").status_code == 403
        assert viewer.do(f"/clinics/{office.one.id}/{kind}", {"step": "order"}).status_code == 403


def test_no_number_of_people_is_told_to_operators(office: Office) -> None:
    office.ordered("rename")
    operating.work_off(office.app)
    with world.caretaker(office.app).logins.connect("operator", autocommit=True) as connection:
        rows = connection.execute(
            "SELECT before::text || after::text FROM platform.operator_change"
        ).fetchall()
    assert rows
    assert not [row for (row,) in rows if "residents" in row or "people_here" in row]
