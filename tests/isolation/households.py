"""A clinic in which every kind of object exists, and every text of it is a canary."""

from __future__ import annotations

import dataclasses
import typing
import uuid

import sqlalchemy as sa

from saas.accounts.models import Site, Staff
from saas.accounts.permissions import ROLES
from saas.db import new_id
from saas.public_health import owing
from saas.public_health.figures import counting
from saas.residents import linking, merging, openings, stored, tokens, visiting, writing
from saas.residents.bringing import batches
from saas.residents.linking import Hand
from saas.residents.merging import Pair
from saas.residents.rules import identity
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.drafts import Drafts
from saas.web.models import ClinicSetting
from tests.isolation import records
from tests.support import world

if typing.TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from saas.residents.models import Resident
    from saas.web.clinic import Clinic
    from tenants.cards import ClinicCard
    from tests.support.world import Person

VICTIMS_PASSWORD = "another 000 horse and staple"


@dataclasses.dataclass
class Household:
    """A clinic with one of everything: the ids by the names that routes and forms give them."""

    card: ClinicCard
    password: str
    people: dict[str, Person]
    clinic: Clinic
    ids: dict[str, str]
    secrets: tuple[str, ...] = ()  # numbers that no attacker sends

    @property
    def canary(self) -> str:
        """What every text of this clinic begins with."""
        return f"CANARY-{self.card.code}-"

    def words(self, staff_id: uuid.UUID, text: str) -> str:
        """Search words, sealed as the application seals them for one person."""
        return tokens.sealed(text, f"residents.words:{staff_id}", self.clinic.keys)


def furnish(app: Flask, password: str, *, papers: bool = True) -> Household:
    """Make the clinic and put one of everything into it; ``papers``: drafts and held posts too."""
    code = world.free_code()
    card = world.provision(app, code, f"试验{code[-2:]}卫生院")
    canary = f"CANARY-{code}-"
    people = {
        role: world.add_staff(
            app, card, f"{role}.{code}", role, name=_named(canary, role), password=password, places="all"
        )
        for role in ROLES
    }
    spare = world.add_staff(
        app, card, f"spare.{code}", "pharmacist", name=f"{canary}spare", password=password
    )
    with world.inside(app, card) as session:
        clinic = clinic_of(card, session.scalars(sa.select(ClinicSetting)).one())
        session.expunge(clinic.setting)
    household = Household(card, password, people, clinic, {"staff_id": str(spare.staff_id)})
    with world.inside(app, card) as session:
        _place(session, household)
        resident = _resident(session, household)
        _opening_and_visit(session, household)
        _others(household, resident, people)
        _list(session, household, people["clinic_admin"])
        _records(household, people["village_doctor"])
        for person in (*people.values(), spare) if papers else ():
            _papers(household, person.staff_id)
    _figures_and_device(app, household)
    _sessions(app, household, spare)
    return household


def _figures_and_device(app: Flask, household: Household) -> None:
    """The figures of this year, so that their pages hold what they can hold; and what was handed out."""
    today = clock.today()
    counting.compute(lambda: world.inside(app, household.card), today, clock.now(), [str(today.year)])
    _device(app, household)


def _device(app: Flask, household: Household) -> None:
    """A device in use at the clinic."""
    device_id, card = uuid.uuid4(), household.card
    with world.caretaker(app).logins.connect("owner") as owner:
        owner.execute(
            "INSERT INTO platform.device (id, asset_number, kind, serial, model, state, clinic_id) "
            "VALUES (%s, %s, 'tablet', %s, %s, 'in_use', %s)",
            [device_id, f"A{card.code}", f"S{card.code}", "试验型号", card.id],
        )
    household.ids |= {"device_id": str(device_id), "device_ids": str(device_id)}


def _named(canary: str, role: str) -> str:
    return f"{canary}{uuid.uuid4()} {role}"


def _place(session: Session, household: Household) -> None:
    site = session.scalars(sa.select(Site).where(Site.kind != "centre").order_by(Site.code)).first()
    assert site is not None
    site.name_zh, site.name_ug = f"{household.canary}村卫生室", f"{household.canary}سىناق"
    household.ids |= {"site_id": str(site.id), "site_ids": str(site.id), "code": site.code}


def _resident(session: Session, household: Household) -> Resident:
    number = f"650099{household.card.code[-4:]}0101001X"[:18]
    texts = {
        "document_type": "03",
        "document_number": f"E{number}",
        "name_0": f"{household.canary}{uuid.uuid4()} مەريەم",
        "sex_code": "2",
        "birth": "1963-05-07",
        "phone_0": f"000{household.card.code}",
        "phone_1": f"0001{household.card.code}",
        "site_id": household.ids["site_id"],
        "village": f"{household.canary}village",
        "address_detail": f"{household.canary}street",
        "contact_name": f"{household.canary}contact",
        "contact_phone": f"0009{household.card.code}",
        "print_language": "ug",
    }
    fields = dict.fromkeys(identity.FIELDS, "") | texts
    keys, form_id = household.clinic.keys, new_id()
    by = session.scalars(sa.select(Staff.id).order_by(Staff.id)).first()
    assert by is not None
    resident = writing.register(fields, keys, form_id=form_id, at=clock.now(), by=by)
    assert resident is not None
    place = f"resident_was:{resident.id}"
    sealed = tokens.sealed_fields(stored.fields_of(resident, keys), place, keys)
    household.ids |= {name: texts[name] for name in ("document_number", "phone_0")}
    household.ids |= {"resident_id": str(resident.id), "form_id": str(form_id), "version": "1"}
    household.ids |= dict.fromkeys(("was", "mine", "base"), sealed)
    household.secrets = (texts["phone_1"], texts["contact_phone"])
    return resident


def _others(household: Household, first: Resident, people: dict[str, Person]) -> None:
    """One of her household who is proposed as the same person, and a record that was merged into hers."""
    doctor, head = (Hand(people[role].staff_id, clock.now()) for role in ("village_doctor", "clinic_admin"))
    other, gone = (_another(household, first, name) for name in ("other", "gone"))
    keys = household.clinic.keys
    merging.merge(Pair(first, gone), None, merging.Decision({}), keys, head)
    linking.link_household(first.id, other.id, doctor)
    merging.propose(Pair(first, other), {}, doctor)
    household.ids |= {"other_id": str(other.id), "gone_id": str(gone.id)}


def _another(household: Household, first: Resident, name: str) -> Resident:
    texts = {
        "name_0": f"{household.canary}{uuid.uuid4()} {name}",
        "sex_code": "1",
        "birth": "1990",
        "site_id": str(first.site_id),
        "print_language": "ug",
    }
    fields = dict.fromkeys(identity.FIELDS, "") | texts
    made = writing.register(
        fields, household.clinic.keys, form_id=new_id(), at=clock.now(), by=first.created_by
    )
    assert made is not None
    return made


def _opening_and_visit(session: Session, household: Household) -> None:
    """A visit of today and an opening with a reason, both of the spare member of staff."""
    ids = {name: uuid.UUID(household.ids[name]) for name in ("resident_id", "site_id", "staff_id")}
    visit = visiting.begin(
        ids["resident_id"], ids["site_id"], form_id=new_id(), at=clock.now(), by=ids["staff_id"]
    )
    opening = openings.begin(
        ids["resident_id"],
        openings.Reason("referral", f"{household.canary}reason"),
        household.clinic.keys,
        form_id=new_id(),
        at=clock.now(),
        by=ids["staff_id"],
    )
    assert visit is not None
    assert opening is not None
    household.ids |= {"visit_id": str(visit.id), "opening_id": str(opening.id)}


def _list(session: Session, household: Household, head: Person) -> None:
    """A list that waits to be run, in an open window."""
    rows = [["姓名", "性别", "出生日期"], [f"{household.canary}list", "女", "1990"]]
    body = "\r\n".join(",".join(row) for row in rows).encode()
    name = f"{household.canary}list.csv"
    batch = batches.add(name, body, rows, household.clinic.keys, head.staff_id)
    batch.state, batch.lines_read = batches.CHECKED, 1
    columns = {"0": "name_0", "1": "sex_code", "2": "birth"}
    batch.mapping |= {"heading_line": 1, "columns": columns, "site_id": household.ids["site_id"]}
    session.scalars(sa.select(ClinicSetting)).one().import_until = batches.closes_at(7)
    household.ids["batch_id"] = str(batch.id)


def _records(household: Household, doctor: Person) -> None:
    """A signed record of the person, and one of the clinic itself."""
    resident_id, site_id = (uuid.UUID(household.ids[name]) for name in ("resident_id", "site_id"))
    place, keys = records.signature(doctor.staff_id, site_id), household.clinic.keys
    told = {"other_signs": f"{household.canary}signs"}
    record = records.signed("ht_followup", records.FOLLOW_UP | told, place, keys, resident_id)
    place = records.signature(doctor.staff_id, site_id)
    held = {name: f"{household.canary}{name}" for name in ("place", "topic", "content")}
    clinics = records.signed("health_education_activity", records.EDUCATION | held, place, keys, None)
    household.ids |= {"record_id": str(record.id), "amends": str(record.id)}
    household.ids |= {"clinic_record_id": str(clinics.id)}
    owing.refresh(resident_id)


def _papers(household: Household, staff_id: uuid.UUID) -> None:
    """A draft and a held post of each person."""
    drafts = Drafts(staff_id, household.clinic.keys)
    drafts.keep("residents.add", {"name_0": [f"{household.canary}draft"]})
    drafts.keep(f"residents.edit:{household.ids['resident_id']}", {"name_0": [f"{household.canary}edit"]})
    drafts.keep("/residents/new", {"name_0": [f"{household.canary}held"]}, kind="held")


def _sessions(app: Flask, household: Household, spare: Person) -> None:
    """A live session of each person; the spare one's can be named by its id."""
    door = app.extensions["door"]
    for person in (*household.people.values(), spare):
        door.start(
            household.card,
            person.staff_id,
            stage="full",
            address=f"{household.canary}address",
            browser=f"{household.canary}browser",
            now=clock.now(),
        )
    row = door.sessions_of(household.card, spare.staff_id)[0]
    household.ids["session_id"] = str(row.id)
    household.ids["words"] = household.words(spare.staff_id, "مەريەم")
    code, resident = household.card.code, household.ids["resident_id"]
    household.ids |= {"clinic": code, "clinic_code": code, "asked": code, "clinic_id": str(household.card.id)}
    household.ids |= {"username": f"spare.{code}", "_page": f"residents.edit:{resident}"}
    household.ids |= {"schema": household.card.binding.schema, "q": "مەريەم"}
