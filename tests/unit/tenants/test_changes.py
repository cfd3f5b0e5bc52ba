"""The rules of changes to institutions: truth tables, and what holds whatever is changed and undone."""

from __future__ import annotations

import dataclasses
import typing
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.changes.facts import CENTRE, LIVE, SUSPENDED, VILLAGE, Institution, Site, Standing
from tenants.changes.rules import Refused, differences, merged, recoded, renamed, site_moved, undone

A, B, C = (uuid.UUID(int=number) for number in (1, 2, 3))
CODES = {A: "650099001", B: "650099002", C: "650099003"}
FIRST, SECOND = "650099001001", "650099001002"

Rule = typing.Callable[[Standing], Standing]


def clinic(which: uuid.UUID, *villages: str, **more: typing.Any) -> Institution:  # noqa: ANN401
    code = CODES[which]
    sites = [Site(code, CENTRE, f"院{code}"), *(Site(one, VILLAGE, f"村{one}") for one in villages)]
    return Institution(which, code, f"院{code}", "", sites={site.code: site for site in sites}, **more)


def standing(**more: typing.Any) -> Standing:  # noqa: ANN401
    both = clinic(A, FIRST, SECOND, **more), clinic(B, people_here=3, residents=20)
    return Standing({one.id: one for one in both}, {"650099008": A}, frozenset({CODES[C]}))


RULES: dict[str, Rule] = {
    "rename": lambda now: renamed(now, A, "新名", ""),
    "recode": lambda now: recoded(now, A, "650099777"),
    "merge": lambda now: merged(now, A, B),
    "move": lambda now: site_moved(now, FIRST, A, B),
}


def test_a_renamed_clinic_and_its_centre_go_by_the_new_name_that_no_roster_overwrites() -> None:
    one = renamed(standing(), A, " 新名 ", "يېڭى").institutions[A]
    assert (one.name_zh, one.name_ug, one.name_zh_own, one.name_ug_own) == ("新名", "يېڭى", True, True)
    assert (one.sites[CODES[A]].name_zh, one.sites[FIRST].name_zh) == ("新名", f"村{FIRST}")
    assert renamed(standing(), A, "新名", "").institutions[A].name_ug_own is False


def test_a_centre_with_a_name_of_its_own_keeps_it() -> None:
    now = standing()
    named = now.institutions[A].with_sites(Site(CODES[A], CENTRE, "本部"))
    assert (
        renamed(now.with_institutions(named), A, "新名", "").institutions[A].sites[CODES[A]].name_zh == "本部"
    )


def test_a_recoded_clinic_keeps_its_sites_and_its_old_codes_lead_to_it() -> None:
    after = recoded(standing(), A, "650099777")
    assert after.institutions[A].code == "650099777"
    assert after.institutions[A].sites == standing().institutions[A].sites
    assert after.old_codes == {CODES[A]: A, "650099008": A}


def test_a_code_that_the_clinic_had_can_come_back() -> None:
    after = recoded(standing(), A, "650099008")
    assert (after.institutions[A].code, after.old_codes) == ("650099008", {CODES[A]: A})


def test_a_merged_clinic_reads_only_and_its_codes_and_sites_are_the_others() -> None:
    after = merged(standing(), A, B)
    one, other = after.institutions[A], after.institutions[B]
    assert (one.state, one.successor, one.code) == (SUSPENDED, B, CODES[A])
    assert after.old_codes == {CODES[A]: B, "650099008": B}
    assert [site.closed for site in one.sites.values()] == [False, True, True]
    assert {code: (site.kind, site.closed) for code, site in other.sites.items()} == {
        CODES[B]: (CENTRE, False),
        CODES[A]: (VILLAGE, False),
        FIRST: (VILLAGE, False),
        SECOND: (VILLAGE, False),
    }


def test_a_closed_site_of_a_merged_clinic_does_not_open_elsewhere() -> None:
    now = standing()
    shut = now.institutions[A].with_sites(Site(FIRST, VILLAGE, "村", closed=True))
    assert FIRST not in merged(now.with_institutions(shut), A, B).institutions[B].sites


def test_a_moved_site_closes_here_and_opens_there_with_its_code_and_comes_back() -> None:
    after = site_moved(standing(), FIRST, A, B)
    assert after.institutions[A].sites[FIRST].closed
    assert after.institutions[B].sites[FIRST] == standing().institutions[A].sites[FIRST]
    back = site_moved(after, FIRST, B, A)
    assert not back.institutions[A].sites[FIRST].closed
    assert back.institutions[B].sites[FIRST].closed


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(lambda now: renamed(now, A, f"院{CODES[A]}", ""), id="the same name"),
        pytest.param(lambda now: renamed(now, A, "x" * 101, ""), id="a long name"),
        pytest.param(lambda now: renamed(now, A, "a\u202eb", ""), id="a hidden sign"),
        pytest.param(lambda now: renamed(now, A, "", "=سىناق"), id="a formula"),
        pytest.param(lambda now: recoded(now, A, CODES[A]), id="the same code"),
        pytest.param(lambda now: recoded(now, A, CODES[B]), id="the other's code"),
        pytest.param(lambda now: recoded(now, A, CODES[C]), id="a third clinic's code"),
        pytest.param(lambda now: recoded(now, B, "650099008"), id="a code that leads to another"),
        pytest.param(lambda now: recoded(now, A, "65009900"), id="eight digits"),
        pytest.param(lambda now: recoded(now, A, "65009900x"), id="a letter"),
        pytest.param(lambda now: merged(now, A, A), id="into itself"),
        pytest.param(lambda now: site_moved(now, FIRST, A, A), id="to where it is"),
        pytest.param(lambda now: site_moved(now, FIRST, B, A), id="from where it is not"),
        pytest.param(lambda now: site_moved(now, CODES[A], A, B), id="a centre"),
        pytest.param(lambda now: site_moved(site_moved(now, FIRST, A, B), FIRST, A, B), id="twice"),
        pytest.param(lambda now: merged(merged(now, A, B), A, B), id="merged twice"),
        pytest.param(lambda now: merged(merged(now, A, B), B, A), id="into one that is merged"),
    ],
)
def test_what_cannot_be_is_refused(rule: Rule) -> None:
    with pytest.raises(Refused):
        rule(standing())


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize(
    "more", [{"is_practice": True}, {"state": SUSPENDED}, {"state": "closed"}, {"successor": C}]
)
def test_nothing_begins_at_a_practice_clinic_or_one_that_only_reads(
    rule: Rule, more: dict[str, typing.Any]
) -> None:
    with pytest.raises(Refused):
        rule(standing(**more))


def test_two_open_sites_of_one_code_are_not_merged() -> None:
    now = standing()
    other = now.institutions[B].with_sites(Site(FIRST, VILLAGE, "村"))
    with pytest.raises(Refused, match=FIRST):
        merged(now.with_institutions(other), A, B)
    shut = other.with_sites(Site(FIRST, VILLAGE, "村", closed=True))
    assert not merged(now.with_institutions(shut), A, B).institutions[B].sites[FIRST].closed


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_what_was_changed_since_is_not_undone(rule: Rule) -> None:
    before = standing()
    after = rule(before)
    later = dataclasses.replace(after.institutions[A], name_ug="باشقا")
    with pytest.raises(Refused):
        undone(after.with_institutions(later), before, after)


def test_people_who_came_meanwhile_do_not_hinder_an_undoing() -> None:
    before = standing()
    after = merged(before, A, B)
    grown = dataclasses.replace(after.institutions[B], residents=99)
    assert undone(after.with_institutions(grown), before, after).institutions[A].state == LIVE


names = st.text("院村新旧AB ", min_size=1, max_size=6)
codes = st.sampled_from([*CODES.values(), "650099008", "650099777", "65009", FIRST])
clinics_ = st.sampled_from([A, B])
rules_: st.SearchStrategy[Rule] = st.one_of(
    st.builds(lambda which, zh, ug: lambda now: renamed(now, which, zh, ug), clinics_, names, names),
    st.builds(lambda which, code: lambda now: recoded(now, which, code), clinics_, codes),
    st.builds(lambda one, other: lambda now: merged(now, one, other), clinics_, clinics_),
    st.builds(
        lambda code, one, other: lambda now: site_moved(now, code, one, other),
        st.sampled_from([FIRST, SECOND, CODES[A]]),
        clinics_,
        clinics_,
    ),
)


def leading(now: Standing) -> set[str]:
    return {one.code for one in now.institutions.values()} | set(now.old_codes)


@given(st.lists(rules_, max_size=6))
def test_whatever_is_changed_every_code_leads_on_and_every_open_site_is_in_one_place(
    chosen: list[Rule],
) -> None:
    now = standing()
    for rule in chosen:
        try:
            after = rule(now)
        except Refused:
            continue
        assert leading(now) <= leading(after)
        working = [one for one in after.institutions.values() if one.successor is None]
        assert len({one.code for one in working}) == len(working)
        assert not {one.code for one in working} & set(after.old_codes)
        opened = [code for one in working for code, site in one.sites.items() if not site.closed]
        assert len(opened) == len(set(opened))
        people = {key: (one.people_here, one.residents) for key, one in after.institutions.items()}
        assert people == {A: (0, 0), B: (3, 20)}
        assert bool(differences(now, after)) == (now != after)
        now = after


@given(st.lists(rules_, max_size=3), rules_)
def test_undone_everybody_is_where_she_was_and_no_code_is_lost(earlier: list[Rule], last: Rule) -> None:
    before = standing()
    for rule in earlier:
        try:
            before = rule(before)
        except Refused:
            continue
    try:
        after = last(before)
    except Refused:
        return
    back = undone(after, before, after)
    assert leading(back) >= leading(after)
    for key, one in before.institutions.items():
        new = back.institutions[key]
        still = {code: site for code, site in new.sites.items() if code in one.sites or not site.closed}
        assert dataclasses.replace(new, sites=still) == one
    assert back.old_codes.items() >= before.old_codes.items()


@given(rules_)
def test_the_ledger_holds_a_change_without_loss(rule: Rule) -> None:
    try:
        after = rule(standing())
    except Refused:
        return
    assert Standing.of(after.as_dict()) == after
