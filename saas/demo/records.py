"""A year of synthetic care: profiles, programmes, follow-ups, some of them owed since long."""

from __future__ import annotations

import contextlib
import datetime
import random
import typing

from saas.accounts.models import Staff
from saas.db import new_id, session
from saas.formkit import records
from saas.formkit.evaluating import evaluate
from saas.public_health import owing, programmes
from saas.public_health.forms import FORMS
from saas.residents.models import Consent, Resident
from saas.residents.rules import consent as rule
from saas.web import clock

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from saas.web.clinic import Clinic

_BY_CODE = {form.about.code: form for form in FORMS}
_ADULT, _OLDER = 35, 65
_DAYS_BETWEEN = 91
_HABITS: Mapping[str, object] = {
    "cigarettes_per_day": 0,
    "alcohol_liang_per_day": 0,
    "exercise_per_week": 3,
    "exercise_minutes": 30,
    "mental_adjustment": "1",
    "compliance": "1",
    "adherence": "1",
    "adverse_reaction": "1",
}
_MEDICINES = (
    {"drug_name": "氨氯地平片", "dose_each": "5", "dose_unit": "mg", "times_per_day": "1"},
    {"drug_name": "二甲双胍片", "dose_each": "0.5", "dose_unit": "g", "times_per_day": "2"},
)


def add_records(clinic: Clinic, now: datetime.datetime) -> int:
    """Give residents of the clinic of the current session their records; how many; the same each time."""
    chance = random.Random(f"{clinic.code} records")  # noqa: S311 - the same invented care each time
    doctors = [one for one in session.query(Staff).order_by(Staff.username) if "village_doctor" in one.roles]
    if not doctors:
        return 0
    seed = _Seed(clinic, doctors[0], chance, now)
    for resident in session.query(Resident).order_by(Resident.id).all():
        seed.live(resident)
    session.flush()
    owing.refresh_all(contextlib.nullcontext)
    return seed.count


class _Seed:
    """Signs records as doctors do, at days of the last year."""

    def __init__(self, clinic: Clinic, doctor: Staff, chance: random.Random, now: datetime.datetime) -> None:
        self.clinic, self.doctor, self.chance, self.now = clinic, doctor, chance, now
        self.today = now.astimezone(clock.BEIJING).date()
        self.count = 0

    def live(self, resident: Resident) -> None:
        """One person's year, by her age."""
        if resident.birth_date is None or resident.birth_precision != "day":
            return
        age = (self.today - resident.birth_date).days // 365
        if age < _ADULT:
            return
        hypertensive, diabetic = self.chance.random() < 0.3, self.chance.random() < 0.12  # noqa: PLR2004
        if hypertensive or diabetic or self.chance.random() < 0.4:  # noqa: PLR2004
            self._profile(resident, hypertensive=hypertensive, diabetic=diabetic)
        if age >= _OLDER and self.chance.random() < 0.6:  # noqa: PLR2004
            self._takes_part(resident, rule.ELDERLY, self.today - datetime.timedelta(days=200))
        for programme, chosen in ((rule.HYPERTENSION, hypertensive), (rule.DIABETES, diabetic)):
            if chosen:
                self._managed(resident, programme)

    def _managed(self, resident: Resident, programme: str) -> None:
        """Follow-ups every three months since she said yes; the last one is due soon, or owed since long."""
        behind = self.chance.choice((10, 40, 80, 95, 130))
        visits = self.chance.randint(1, 4)
        days = [behind + _DAYS_BETWEEN * place for place in range(visits)]
        self._takes_part(resident, programme, self.today - datetime.timedelta(days=days[-1] + 10))
        weight = self.chance.randint(52, 88)
        earlier: list[dict[str, object]] = []
        for back in reversed(days):
            on = self.today - datetime.timedelta(days=back)
            code = "ht_followup" if programme == rule.HYPERTENSION else "dm_followup"
            self._sign(resident, code, self._followup(programme, weight), on, earlier)

    def _followup(self, programme: str, weight: int) -> dict[str, object]:
        systolic = self.chance.choice((118, 126, 132, 138, 144, 152))
        told: dict[str, object] = {
            **_HABITS,
            "visit_mode": self.chance.choice("112"),
            "symptoms": ["1"],
            "systolic_bp": systolic,
            "diastolic_bp": systolic - self.chance.randint(46, 58),
            "heart_rate": self.chance.randint(62, 88),
            "weight": weight + self.chance.randint(-1, 1),
        }
        if programme == rule.HYPERTENSION:
            return told | {"salt": "2", "medications": [_MEDICINES[0]]}
        glucose = self.chance.choice(("5.8", "6.4", "6.9", "7.6", "8.3"))
        return told | {
            "dorsalis_pedis": "1",
            "staple_food_g": 300,
            "fasting_glucose": glucose,
            "hypoglycaemia": "1",
            "medications": [_MEDICINES[1]],
        }

    def _profile(self, resident: Resident, *, hypertensive: bool, diabetic: bool) -> None:
        diseases = [code for code, has in (("2", hypertensive), ("3", diabetic)) if has] or ["1"]
        answers: dict[str, object] = {
            "sex_code": resident.sex_code,
            "birth_date": str(resident.birth_date),
            "drug_allergies": [self.chance.choice("111112")],
            "past_diseases": [{"disease": code} for code in diseases],
        }
        self._sign(resident, "resident_profile", answers, self.today - datetime.timedelta(days=360), [])

    def _takes_part(self, resident: Resident, programme: str, on: datetime.date) -> None:
        said = Consent(id=new_id(), resident_id=resident.id, purpose=programme, given=True, form_id=new_id())
        said.edition, said.language, said.way = f"{programme}-1", resident.print_language, rule.PAPER
        said.decided_at, said.decided_by = self._at(on), self.doctor.id
        session.add(said)
        session.flush()
        programmes.follow(resident.id)

    def _sign(
        self,
        resident: Resident,
        code: str,
        answers: dict[str, object],
        on: datetime.date,
        earlier: list[dict[str, object]],
    ) -> None:
        form = _BY_CODE[code]
        found = evaluate(
            form,
            {form.about.visit_day: str(on), **answers},
            today=on,
            resident={"birth_date": str(resident.birth_date), "sex_code": resident.sex_code},
            earlier=earlier,
        )
        if found.refusals:
            message = f"an invented record is refused: {code} {found.refusals}"
            raise ValueError(message)
        place = records.Signature(self.doctor.id, resident.site_id, self._at(on), new_id())
        records.sign(found, place, self.clinic.keys, resident_id=resident.id)
        earlier.insert(0, {"service_date": str(on), "answers": found.answers.written()})
        self.count += 1

    def _at(self, on: datetime.date) -> datetime.datetime:
        return datetime.datetime.combine(on, datetime.time(11), clock.BEIJING).astimezone(datetime.UTC)
