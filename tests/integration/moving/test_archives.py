"""A clinic of a further cell is archived, restored, closed and removed there."""

from __future__ import annotations

import datetime
import typing

import pytest

from tenants.archives.exporting import Export
from tenants.archives.opening import Archive
from tenants.archives.restoring import Restore
from tenants.closing import ClosingRefused, Closings
from tests.support import world
from tests.support.archived import PURPOSE, ask, give_code, sums

if typing.TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tenants.cards import ClinicCard
    from tenants.extension import Tenants

LATER = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=400)


def far_clinic(app: Flask) -> ClinicCard:
    card = world.provision(app, world.free_code(), "远方归档院", cell=world.FAR)
    world.add_staff(app, card, "head", "clinic_admin")
    return card


def there(tenants: Tenants, query: str, *values: object) -> list[tuple[typing.Any, ...]]:
    with tenants.logins.of(world.FAR).connect("owner", autocommit=True) as connection:
        return connection.execute(query.encode(), values).fetchall()


def test_a_clinic_of_a_further_cell_is_restored_there(app: Flask, tmp_path: Path) -> None:
    tenants, card = world.caretaker(app), far_clinic(app)
    code = give_code(tenants, card)
    before = sums(tenants, card)
    Export(tenants, card, PURPOSE).write(tmp_path / "a")
    ask(tenants, card, "UPDATE staff SET name = 'x'")
    Restore(tenants, Archive(tmp_path / "a", code, tenants.master)).run(PURPOSE)
    after = sums(tenants, card)
    changed = {name for name in before if before[name] != after[name]}
    # The restore is a row of the log, and the day up to which the clinic has computed is set anew.
    assert "access_log" in changed
    assert changed <= {"access_log", "clinic_setting"}
    ledger = "SELECT standing FROM platform.clinic_revision WHERE clinic_id = %s"
    assert there(tenants, ledger, card.id) == [("here",)]


def test_a_clinic_of_a_further_cell_is_removed_there_but_not_while_it_moves(
    app: Flask, tmp_path: Path
) -> None:
    tenants, card = world.caretaker(app), far_clinic(app)
    give_code(tenants, card)
    Closings(tenants, card, "one").close(PURPOSE)
    Export(tenants, card, PURPOSE).write(tmp_path / "a")
    Closings(tenants, card, "one").ask(PURPOSE, LATER)
    change = "UPDATE platform.clinic SET left_cell = %s WHERE id = %s"
    with tenants.logins.connect("owner", autocommit=True) as registry:
        registry.execute(change, ("main", card.id))
        with pytest.raises(ClosingRefused, match="being moved"):
            Closings(tenants, card, "two").confirm(LATER)
        registry.execute(change, (None, card.id))
    assert there(tenants, "SELECT to_regnamespace(%s)::text", card.binding.schema) == [(card.binding.schema,)]
    Closings(tenants, card, "two").confirm(LATER)
    assert there(tenants, "SELECT to_regnamespace(%s)", card.binding.schema) == [(None,)]
    assert there(tenants, "SELECT 1 FROM platform.clinic_revision WHERE clinic_id = %s", card.id) == []
    assert tenants.clinics(card.code) == []
