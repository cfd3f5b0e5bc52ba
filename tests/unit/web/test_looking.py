"""A page that looks reads a thing once, and cannot write to it."""

from __future__ import annotations

import flask
import pytest

from saas.db import rows_like
from saas.web.looking import is_looking, once
from saas.web.models import ClinicSetting


def read_twice(method: str) -> list[str]:
    asked: list[str] = []

    @once
    def read(what: str) -> str:
        asked.append(what)
        return what

    with flask.Flask(__name__).test_request_context(method=method):
        assert [read(what) for what in ("one", "one", "other")] == ["one", "one", "other"]
    return asked


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_page_that_looks_reads_once(method: str) -> None:
    assert read_twice(method) == ["one", "other"]


def test_a_post_reads_anew_what_it_may_have_changed() -> None:
    assert read_twice("POST") == ["one", "one", "other"]


def test_two_requests_share_nothing() -> None:
    given = iter((1, 2))
    read = once(lambda _: next(given))
    app = flask.Flask(__name__)
    with app.test_request_context():
        assert read("same") == read("same") == 1
    with app.test_request_context():
        assert read("same") == 2


def test_outside_of_requests_nobody_looks() -> None:
    assert not is_looking()


def test_a_row_to_look_at_is_not_written_to() -> None:
    columns = ClinicSetting.__table__.c
    row = rows_like(ClinicSetting, "more")([*(column.name for column in columns), "beside"])
    assert (row.paper, row.lock_minutes, row.more) == ("paper", "lock_minutes", "beside")
    with pytest.raises(AttributeError):
        row.paper = "A5"
