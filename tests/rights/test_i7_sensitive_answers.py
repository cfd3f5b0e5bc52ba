"""Rights I7 with I9: a reason opens the ordinary record, no sensitive answer, and tells of none."""

from __future__ import annotations

import typing
import uuid

import pytest

from saas.app import FORMS
from saas.formkit.desk import sensitive_fields
from saas.web import clock
from tests.integration.records.conftest import Desk, open_desk
from tests.rights.test_i9_sensitive_answers import pages, signed
from tests.support import complete

if typing.TYPE_CHECKING:
    from flask import Flask

    from saas.formkit.declaring import Form

pytestmark = pytest.mark.timeout(120)  # two long forms, signed and read by several people
SECRET = [form for form in FORMS if sensitive_fields(form)]
REASON = {"category": "referral", "reason": "Called by the county hospital about her"}


@pytest.fixture(scope="module")
def desk(app: Flask) -> Desk:
    """A clinic with treating doctors at two places."""
    return open_desk(app)


def by_a_reason(desk: Desk) -> None:
    """The doctor of another place opens the record."""
    stranger = desk.browser("stranger")
    assert stranger.get(desk.page).status_code == 403
    assert stranger.send(f"{desk.page}/open", {"form_id": str(uuid.uuid4()), **REASON}).status_code == 303
    assert stranger.get(desk.page).status_code == 200


def two_records(desk: Desk, form: type[Form]) -> list[str]:
    """Addresses of two records that differ in their sensitive answers alone."""
    with_all = complete.page(form, clock.today())
    names = sensitive_fields(form)
    needed = {"past_diseases-0-disease": ["1"]} if "past_diseases" in names else {}
    without = {key: text for key, text in with_all.items() if key.split("-")[0] not in names} | needed
    return [signed(desk, form.about.code, texts) for texts in (without, with_all)]


@pytest.mark.parametrize("form", SECRET, ids=lambda form: form.about.code)
def test_a_treating_doctor_with_a_reason_cannot_tell_two_records_apart(desk: Desk, form: type[Form]) -> None:
    first, second = two_records(desk, form)
    by_a_reason(desk)
    for one, two in zip(pages(desk, "stranger", first), pages(desk, "stranger", second), strict=True):
        assert one.splitlines() == two.splitlines()
    desk.browser("stranger").send(f"{desk.page}/close")
    assert pages(desk, "doctor", first) != pages(desk, "doctor", second), "who cares for her sees them"
