"""People, enrolments and signed records for tests of the due engine and the figures."""

from __future__ import annotations

import datetime
import random

from hypothesis import strategies as st

from saas.public_health.rules import due_days
from saas.public_health.rules.due import due_items
from saas.public_health.rules.due_facts import DueItem, Enrolment, Person, SignedRecord
from saas.public_health.rules.indicators_facts import Facts

day = datetime.date.fromisoformat
HERE_SINCE = day("2020-01-01")
ANSWERS: dict[str, object] = {"visit_mode": "1"}


def person(
    born: str | None = "1970-05-07", standing: str = "here", standing_on: str = "", **more: str
) -> Person:
    """Somebody of 55 or so who has long been known."""
    since = day(standing_on) if standing_on else None
    known_since = day(more.pop("known_since")) if more.get("known_since") else HERE_SINCE
    return Person(
        day(born) if born else None, standing=standing, standing_on=since, known_since=known_since, **more
    )


def enrolled(
    programme: str = "hypertension", on: str = "2024-01-10", ended: str = "", reason: str = ""
) -> Enrolment:
    """A programme in which the person takes part."""
    return Enrolment(programme, day(on), day(ended) if ended else None, reason)


def followup(
    on: str, class_code: object = "1", form: object = "ht_followup", due: object = "", **answers: object
) -> SignedRecord:
    """A follow-up at the clinic."""
    known = {"visit_mode": "1", **answers}
    next_on = day(str(due)) if due else None
    return SignedRecord(str(form), day(on), known, str(class_code), next_on, f"{form}-{on}")


def reading(on: str, systolic: int, diastolic: int, **answers: object) -> SignedRecord:
    """A pressure read by staff."""
    known = {"systolic": systolic, "diastolic": diastolic, **answers}
    return SignedRecord("bp_reading", day(on), known, key=f"bp-{on}")


def exam(on: str, **answers: object) -> SignedRecord:
    """A health examination with everything in it."""
    return SignedRecord("health_exam", day(on), {"exam_complete": True, **answers}, key=f"exam-{on}")


def record(form_code: str, on: str, /, **answers: object) -> SignedRecord:
    """Any other form."""
    return SignedRecord(form_code, day(on), answers, key=f"{form_code}-{on}")


def items(
    whom: Person, enrolments: list[Enrolment], records: list[SignedRecord], today: str, event_code: str
) -> list[DueItem]:
    """The person's due items of one event."""
    return [one for one in due_items(whom, enrolments, records, day(today)) if one.event_code == event_code]


def the(
    whom: Person, enrolments: list[Enrolment], records: list[SignedRecord], today: str, event_code: str
) -> DueItem:
    """The one open or closed item of an event that is not done. ValueError unless there is exactly one."""
    (only,) = [one for one in items(whom, enrolments, records, today, event_code) if one.done_on is None]
    return only


def facts(whom: Person, programmes: list[Enrolment], signed: list[SignedRecord], **more: str) -> Facts:
    """A person of the site "north" for the figures; ``made`` and ``ended`` are days of her record."""
    made = day(more["made"]) if "made" in more else None
    ended = day(more["ended"]) if "ended" in more else None
    return Facts("p", "north", whom, tuple(programmes), tuple(signed), made, ended)


FIRST, LAST = day("2019-01-01"), day("2028-12-31")
DAYS = st.dates(FIRST, LAST)
FORMS = (
    "ht_followup", "dm_followup", "bp_reading", "health_exam", "referral", "referral_back",
    "service_declined", "resident_profile",
)  # fmt: skip


def _answers(chance: random.Random) -> dict[str, object]:
    """Answers as the engine may find them: missing, odd, or declined."""
    upper, lower = chance.randint(100, 190), chance.randint(60, 115)
    every: dict[str, object] = {
        "systolic": upper, "diastolic": str(lower), "systolic_bp": upper, "diastolic_bp": lower,
        "bp_left_systolic": upper, "bp_left_diastolic": lower,
        "visit_mode": chance.choice("123"),
        "fasting_glucose": chance.choice(["5.4", 6.5, "17.0", None, "odd", True]),
        "bmi": chance.choice([None, "22.10", "27.5"]),
        "referral_advised": chance.choice("112"),
        "exam_complete": chance.random() < 0.5,
        "risk_factors": chance.choice([[], ["3"]]),
        "lost_reason": chance.choice(["", "", "", "works in another town"]),
        "event_code": chance.choice(["bp_screen_35", "elderly_annual", "ht_followup"]),
        "missing_reason": {"systolic": "refused", "systolic_bp": "refused"},
    }  # fmt: skip
    kept = {name: value for name, value in every.items() if chance.random() < 0.7}
    if chance.random() < 0.8:
        kept.pop("missing_reason", None)
    return kept


_POOL = [_answers(random.Random(number)) for number in range(200)]


def records(days: st.SearchStrategy[datetime.date] = DAYS) -> st.SearchStrategy[SignedRecord]:
    """A signed record of any form that the engine reads."""
    return st.builds(
        lambda form, on, answers, class_code, ahead, key: SignedRecord(
            form, on, answers, class_code, due_days.days_later(on, ahead) if ahead else None, str(key)
        ),
        st.sampled_from(FORMS),
        days,
        st.sampled_from(_POOL),
        st.sampled_from(["", "1", "2", "3", "4"]),
        st.sampled_from([None, None, -5, 7, 14, 90]),
        st.uuids(),
    )


@st.composite
def enrolments(draw: st.DrawFn) -> Enrolment:
    """An enrolment into any programme, running or ended."""
    programme = draw(st.sampled_from(["hypertension", "diabetes", "elderly"]))
    begun = draw(DAYS)
    ended = draw(st.none() | DAYS)
    reason = draw(st.sampled_from(["died", "moved", "lost", "withdrawn", "not_confirmed"])) if ended else ""
    return Enrolment(programme, begun, ended, reason)


@st.composite
def people(draw: st.DrawFn, standings: tuple[str, ...] = ("here", "moved", "died", "left")) -> Person:
    """Somebody of any age, whose birth date may be known in part or not at all."""
    standing = draw(st.sampled_from(standings))
    return Person(
        draw(st.none() | st.dates(day("1905-01-01"), day("2010-12-31"))),
        draw(st.sampled_from(["day", "month", "year"])),
        draw(st.sampled_from(["1", "2", "9"])),
        standing,
        None if standing == "here" else draw(DAYS),
        draw(st.none() | DAYS),
    )


def cases() -> st.SearchStrategy[tuple[Person, list[Enrolment], list[SignedRecord], datetime.date]]:
    """A person, her enrolments, her records and today."""
    return st.tuples(people(), st.lists(enrolments(), max_size=4), st.lists(records(), max_size=12), DAYS)
