"""Two versions of one form, field by field."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from saas.residents.rules import versions

FORMS = st.fixed_dictionaries({name: st.sampled_from(["", "a", "b"]) for name in "xyz"})


@given(FORMS, FORMS, FORMS)
def test_every_field_that_differs_is_shown_once_and_no_other(
    before: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    found = versions.differences(before, theirs, mine)
    assert [one.field for one in found] == [name for name in theirs if theirs[name] != mine[name]]


@given(FORMS, FORMS, FORMS)
def test_a_side_is_proposed_only_when_it_alone_changed(
    before: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    for one in versions.differences(before, theirs, mine):
        changed = {"mine": one.mine != one.before, "theirs": one.theirs != one.before}
        expected = next((side for side in changed if changed[side]), "")
        assert one.proposed == ("" if all(changed.values()) else expected)


@given(FORMS, FORMS, st.dictionaries(st.sampled_from("xyz"), st.sampled_from(["mine", "theirs", "?"])))
def test_what_follows_holds_only_what_one_of_them_wrote(
    theirs: dict[str, str], mine: dict[str, str], choices: dict[str, str]
) -> None:
    result = versions.chosen(theirs, mine, choices)
    for name in "xyz":
        assert result[name] == (theirs[name] if choices.get(name) == "theirs" else mine[name])
    assert set(versions.without_choice(versions.differences(None, theirs, mine), choices)) == {
        name for name in "xyz" if theirs[name] != mine[name] and choices.get(name) in {None, "?"}
    }


def test_without_the_form_before_nothing_is_proposed() -> None:
    (one,) = versions.differences(None, {"x": "a"}, {"x": "b"})
    assert one.before is None
    assert one.proposed == ""
