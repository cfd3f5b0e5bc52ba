"""What a signed record leaves for whoever reads next: duties as they are now, the newest answers."""

from __future__ import annotations

import datetime
import typing
import uuid

import pytest

from saas.formkit.folder import Folder
from saas.public_health import models, owing
from saas.web import clock
from tests.integration.residents import pages
from tests.support import signing, world

if typing.TYPE_CHECKING:
    from tests.conftest import ClinicWorld


@pytest.fixture
def resident_id(north: ClinicWorld) -> uuid.UUID:
    """A woman of 63, registered as doctors register."""
    return uuid.UUID(pages.register(north.browser(), name_0="سىناق", sex_code="2", birth="1963-05-07"))


def test_duties_that_were_read_before_are_seen_as_they_are_now(
    north: ClinicWorld, resident_id: uuid.UUID
) -> None:
    made = signing.sign(north, resident_id, "bp_reading", signing.BP, str(clock.today()))
    with world.inside(north.app, north.card) as session:
        (read_before,) = session.query(models.DueItem).filter_by(resident_id=resident_id)
        assert [one.id for one in owing.open_items(resident_id)] == [read_before.id]
        owing.signed([resident_id], made)
        assert read_before.state == "done"
        assert read_before.id not in {one.id for one in owing.open_items(resident_id)}


def test_the_newest_answer_of_any_form_is_known_to_rules(north: ClinicWorld, resident_id: uuid.UUID) -> None:
    today = clock.today()
    earlier = today - datetime.timedelta(days=90)
    for on, weight in ((today, "71"), (earlier, "80")):
        signing.sign(north, resident_id, "ht_followup", {**signing.FOLLOWUP, "weight": weight}, str(on))
    with world.inside(north.app, north.card):
        last = Folder([resident_id]).last_answers(("weight", "height"))
    assert list(last) == ["weight"], "nobody measured her height"
    assert (str(last["weight"].value), last["weight"].service_date) == ("71.0", today)
