"""When the database refuses a row: a page with what was typed, a log row, nothing in the server's log."""

from __future__ import annotations

import logging
import typing

import pytest

from saas.residents import stored
from tenants import journal
from tests.integration.residents import pages

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from saas.audit.models import AccessLog
    from saas.residents.models import Resident
    from saas.web.keys import ClinicKeys
    from tests.support.world import Browser

CANARY = "金丝雀村"


def test_a_row_that_the_database_refuses_leaves_no_trace_of_the_person(
    doctor: Browser,
    log_rows: Callable[[str], list[AccessLog]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = pages.register(doctor, name_0="甲", sex_code="2", birth="1985")
    form = pages.opened(doctor, made)
    real = stored.put

    def wrong(resident: Resident, fields: Mapping[str, str], keys: ClinicKeys) -> None:
        real(resident, fields, keys)
        resident.sex_code = "x"

    monkeypatch.setattr(stored, "put", wrong)
    with caplog.at_level(logging.DEBUG):
        answer = pages.save(doctor, made, form | {"village": CANARY})
    monkeypatch.undo()
    assert answer.status_code == 503
    # As the server's log has it: of an error its type and place.
    log = "\n".join(map(journal.AllowListFormatter().format, caplog.records))
    assert '"error": "CheckViolation"' in log
    assert CANARY not in log
    # What she typed comes back to her in a form, once, to be sent again.
    assert answer.get_data(as_text=True).count(CANARY) == 1
    assert f'<input type="hidden" name="village" value="{CANARY}">' in answer.get_data(as_text=True)
    row = log_rows(made)[-1]
    assert (row.act, row.status) == ("residents.edit", 503)
    assert pages.opened(doctor, made)["village"] == form["village"]
