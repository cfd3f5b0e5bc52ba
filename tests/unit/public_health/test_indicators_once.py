"""What is worked out once for all periods says of each what it says alone, for every person."""

from __future__ import annotations

import dataclasses
import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from saas.public_health.rules import indicators_periods as periods
from saas.public_health.rules.due import end_of_contact
from saas.public_health.rules.due_case import case_of
from saas.public_health.rules.due_facts import Enrolment, Person, SignedRecord
from saas.public_health.rules.indicators import rates
from saas.public_health.rules.indicators_facts import Facts, Seen, year
from tests.support.duties import DAYS, enrolments, people, records

QUICK = settings(max_examples=60, deadline=None)
TODAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2028, 12, 31))


@st.composite
def deaths(draw: st.DrawFn) -> SignedRecord:
    """A record that tells of a death, before its own day or after it."""
    return SignedRecord("encounter_note", draw(DAYS), {"death_date": str(draw(DAYS))}, key=str(draw(DAYS)))


@st.composite
def crowds(draw: st.DrawFn) -> list[Facts]:
    """Some people of two sites."""
    return [
        Facts(
            str(number),
            draw(st.sampled_from(["north", "south"])),
            draw(people()),
            tuple(draw(st.lists(enrolments(), max_size=3))),
            (*draw(st.lists(records(), max_size=8)), *draw(st.lists(deaths(), max_size=1))),
            draw(st.none() | DAYS),
            draw(st.none() | DAYS),
            contacts=tuple(draw(st.lists(DAYS, max_size=2))),
        )
        for number in range(draw(st.integers(0, 5)))
    ]


@QUICK
@given(people(), st.lists(enrolments(), max_size=3), st.lists(records(), max_size=8), deaths(), TODAYS)
def test_a_person_at_the_end_of_a_period_is_the_case_of_that_day(
    whom: Person,
    programmes: list[Enrolment],
    signed: list[SignedRecord],
    death: SignedRecord,
    today: datetime.date,
) -> None:
    facts = Facts("p", "north", whom, tuple(programmes), (*signed, death))
    for name in periods.every(today):
        period = periods.named(name, today)
        assert period is not None
        seen = Seen(facts, period)
        assert seen.case == case_of(whom, programmes, [*signed, death], period.end)
        assert seen.lives_here == (end_of_contact(seen.case) is None)


@QUICK
@given(crowds(), TODAYS)
def test_a_period_counted_alone_equals_the_same_one_counted_among_all(
    crowd: list[Facts], today: datetime.date
) -> None:
    chosen = [period for name in periods.every(today) if (period := periods.named(name, today))]
    together = [rates(crowd, [], period) for period in chosen]
    for period, found in zip(chosen, together, strict=True):
        assert rates([dataclasses.replace(one) for one in crowd], [], period) == found


@QUICK
@given(crowds(), TODAYS)
def test_sites_together_are_all_and_everybody_missing_is_of_the_denominator(
    crowd: list[Facts], today: datetime.date
) -> None:
    found = rates(crowd, [], year(today.year))
    for one in found:
        mine = [each for each in found if each.indicator_code == one.indicator_code and each.site]
        if not one.site:
            assert one.numerator == sum(each.numerator for each in mine)
            assert sorted(each for some in mine for each in some.missing) == list(one.missing)
        if one.denominator is not None:
            assert len(one.missing) == one.denominator - one.numerator
