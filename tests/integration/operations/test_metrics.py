"""`/metrics`: requests by route, pools, jobs and failures; and the alerts ask for what is there."""

from __future__ import annotations

import re
import typing
from pathlib import Path

import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from saas.db import db
from tests.support import world

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

ROOT = Path(__file__).resolve().parents[3]
LABELS = {"route", "method", "status", "le", "kind", "login", "check", "state", "cell"}


def figures(app: Flask) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Each sample by its name and labels."""
    body = app.test_client().get("/metrics").get_data(as_text=True)
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
    }


def value(app: Flask, name: str, **labels: str) -> float:
    """One sample; nothing counted yet is 0."""
    return figures(app).get((name, tuple(sorted(labels.items()))), 0.0)


def test_requests_are_counted_by_route_method_and_class(app: Flask, visitor: Browser) -> None:
    labels = {"route": "/sign-in", "method": "GET", "status": "2xx"}
    before = value(app, "shipa_requests_total", **labels)
    seconds = value(app, "shipa_request_seconds_count", route="/sign-in")
    visitor.get("/sign-in")
    visitor.get("/sign-in?anything")
    assert value(app, "shipa_requests_total", **labels) == before + 2
    assert value(app, "shipa_request_seconds_count", route="/sign-in") == seconds + 2
    nowhere = value(app, "shipa_requests_total", route="none", method="GET", status="4xx")
    visitor.get("/no/such/place")
    assert value(app, "shipa_requests_total", route="none", method="GET", status="4xx") == nowhere + 1


def test_a_wrong_password_is_counted(app: Flask, north: ClinicWorld, visitor: Browser) -> None:
    before = value(app, "shipa_sign_in_failures_total")
    form = {"clinic": north.code, "username": "village_doctor", "password": "wrong 000 wrong"}
    assert visitor.send("/sign-in", form).status_code == 422
    assert value(app, "shipa_sign_in_failures_total") == before + 1
    with world.caretaker(app).logins.connect("owner") as connection:
        connection.execute("DELETE FROM platform.sign_in_failure")


def test_a_connection_that_is_out_is_in_use(app: Flask) -> None:
    with app.app_context():
        idle = value(app, "shipa_pool_in_use", login="web")
        with db.engine.connect() as connection:
            connection.execute(text("select 1"))
            assert value(app, "shipa_pool_in_use", login="web") == idle + 1
        assert value(app, "shipa_pool_in_use", login="web") == idle
    assert value(app, "shipa_pool_size", login="web") >= 3


def test_jobs_are_counted_by_state(app: Flask) -> None:
    tenants = world.caretaker(app)
    before = value(app, "shipa_jobs", state="failed")
    with tenants.logins.connect("jobs", autocommit=True) as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) "
            "VALUES ('default', 'a.test', '{}', 'failed')"
        )
        try:
            assert value(app, "shipa_jobs", state="failed") == before + 1
        finally:
            connection.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'a.test'")


def test_labels_are_of_a_short_list_and_routes_are_templates(app: Flask, visitor: Browser) -> None:
    visitor.get("/residents/0192aaaa-0000-7000-8000-000000000000")
    known = {rule.rule for rule in app.url_map.iter_rules()} | {"none", "/static/"}
    for _, labels in figures(app):
        assert {name for name, _ in labels} <= LABELS
        assert {label for name, label in labels if name == "route"} <= known
    assert ("route", "/residents/<uuid:resident_id>") in {one for _, some in figures(app) for one in some}


def test_every_alert_asks_for_figures_that_there_are(app: Flask, visitor: Browser) -> None:
    visitor.get("/sign-in")
    there = {name for name, _ in figures(app)} | {"shipa_seal_age_seconds", "up"}
    file = yaml.safe_load((ROOT / "docs" / "alerts.yml").read_text())
    rules = [rule for group in file["groups"] for rule in group["rules"]]
    assert len(rules) >= 8
    for rule in rules:
        names = set(re.findall(r"\b(?:shipa_[a-z_]+|up)\b(?!=)", rule["expr"]))
        assert names, rule
        assert names <= there, rule
        assert set(re.findall(r"\{([a-z_]+)[=!]", rule["expr"])) <= LABELS | {"job"}, rule
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["what_to_do"]
