"""The chain: each way of tampering is found and the row named."""

import datetime
import uuid
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.audit import chain
from saas.audit.chain import Fault, Row, Seal
from saas.audit.writing import Author, chained
from saas.web.log import Entry

KEY = b"k" * 32
AT = datetime.datetime(2026, 3, 1, 8, 0, 0, 123456, tzinfo=datetime.UTC)
STAFF = uuid.UUID(int=7)
AUTHOR = Author(STAFF, "ayshe", 200, AT)

Rows = list[Row]


def with_column(row: Row, column: str, value: object) -> Row:
    return Row(**{**row._asdict(), column: value})


def entry(position: int) -> Entry:
    return Entry("resident.read", (uuid.UUID(int=position),), "care", {"position": position, "d": 0.5})


def whole(count: int, key: bytes = KEY) -> Rows:
    entries = [entry(position) for position in range(count)]
    return chained(0, chain.GENESIS, key=key, author=AUTHOR, entries=entries)


def seal_at(rows: Rows, number: int) -> Seal:
    row = rows[number - 1]
    assert row.hash is not None
    return Seal(number, row.hash, AT)


def named(faults: list[Fault]) -> list[tuple[int, str]]:
    return [(fault.number, fault.kind) for fault in faults]


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_a_whole_chain_has_no_fault(count: int) -> None:
    assert chain.verify(whole(count), KEY) == []


@pytest.mark.parametrize("sealed", [1, 25, 50])
def test_a_whole_chain_fits_any_of_its_seals(sealed: int) -> None:
    rows = whole(50)
    assert chain.verify(rows, KEY, seal_at(rows, sealed)) == []


def test_a_chain_continues_over_several_appends() -> None:
    first = whole(3)
    head = first[-1].hash
    assert head is not None
    more = chained(3, head, key=KEY, author=AUTHOR, entries=[entry(9), entry(10)])
    assert chain.verify(first + more, KEY) == []
    assert [row.number for row in first + more] == [1, 2, 3, 4, 5]


def test_the_seal_of_an_empty_chain_asks_nothing() -> None:
    assert chain.verify(whole(5), KEY, Seal(0, chain.GENESIS, AT)) == []


_CHANGES: dict[str, object] = {
    "at": AT + datetime.timedelta(microseconds=1),
    "staff_id": str(uuid.UUID(int=8)),
    "staff_name": "another",
    "act": "resident.edit",
    "status": 404,
    "resident_ids": [],
    "purpose": "audit",
    "detail": {"position": 5},
    "previous": bytes(32),
    "hash": bytes(32),
}


def test_every_column_but_the_number_has_its_change() -> None:
    assert set(_CHANGES) == set(Row._fields) - {"number"}


@pytest.mark.parametrize("column", _CHANGES)
@pytest.mark.parametrize("number", [1, 5, 9])
def test_a_change_of_any_column_names_the_row(column: str, number: int) -> None:
    rows = whole(10)
    rows[number - 1] = with_column(rows[number - 1], column, _CHANGES[column])
    if (column, number) == ("previous", 1):
        rows[0] = rows[0]._replace(previous=b"x" * 32)
    assert named(chain.verify(rows, KEY)) == [(number, "changed")]


@pytest.mark.parametrize("column", [name for name in Row._fields if name != "number"])
def test_a_column_made_null_names_the_row(column: str) -> None:
    rows = whole(10)
    rows[4] = with_column(rows[4], column, None)
    assert named(chain.verify(rows, KEY)) == [(5, "changed")]


def test_a_changed_number_names_the_row_and_the_gap() -> None:
    rows = whole(10)
    seal = seal_at(rows, 10)
    moved = rows.pop(4)._replace(number=77)
    expected = [(5, "deleted"), (77, "reordered")]
    assert named(chain.verify([*rows, moved], KEY)) == expected
    assert named(chain.verify([*rows, moved], KEY, seal)) == expected


def test_a_made_up_row_far_beyond_the_end_does_not_hide_a_cut() -> None:
    rows = whole(10)
    made_up = rows[9]._replace(number=77)
    expected = [(6, "deleted"), (77, "reordered")]
    assert named(chain.verify([*rows[:5], made_up], KEY, seal_at(rows, 10))) == expected


def test_a_changed_newest_row_is_named_changed_when_it_was_sealed() -> None:
    rows = whole(10)
    seal = seal_at(rows, 10)
    rows[9] = rows[9]._replace(act="other")
    assert named(chain.verify(rows, KEY, seal)) == [(10, "changed")]
    assert named(chain.verify(rows, KEY)) == [(10, "foreign")]


@pytest.mark.parametrize(("first", "last"), [(1, 1), (4, 4), (3, 7)])
def test_deleted_rows_are_named(first: int, last: int) -> None:
    rows = [row for row in whole(10) if not first <= row.number <= last]
    found = chain.verify(rows, KEY)
    assert found == [Fault(first, "deleted", found[0].text, last)]


def test_a_row_put_in_at_the_end_is_named() -> None:
    rows = whole(10)
    rows.append(rows[-1]._replace(number=11, previous=rows[-1].hash, hash=b"?" * 32))
    assert named(chain.verify(rows, KEY)) == [(11, "foreign")]


def test_a_copied_row_put_in_at_the_end_is_named() -> None:
    rows = whole(10)
    rows.append(rows[3]._replace(number=11))
    assert named(chain.verify(rows, KEY)) == [(11, "foreign")]


def test_a_row_put_in_between_is_named_and_so_are_the_shifted() -> None:
    rows = whole(6)
    new = rows[2]._replace(act="invented", number=3)
    shifted = [row._replace(number=row.number + 1) for row in rows[2:]]
    found = named(chain.verify([*rows[:2], new, *shifted], KEY))
    assert found == [(3, "inserted"), *((number, "reordered") for number in (4, 5, 6, 7))]


def test_a_doubled_number_is_named() -> None:
    rows = whole(6)
    assert named(chain.verify([*rows[:3], rows[2], *rows[3:]], KEY)) == [(3, "forked")]


@pytest.mark.parametrize("before", [True, False])
def test_a_false_row_beside_the_true_one_of_its_number_is_named(before: bool) -> None:  # noqa: FBT001
    rows = whole(6)
    false = rows[2]._replace(act="invented")
    pair = [false, rows[2]] if before else [rows[2], false]
    assert named(chain.verify([*rows[:2], *pair, *rows[3:]], KEY)) == [(3, "inserted")]


@pytest.mark.parametrize("number", [0, -3])
def test_a_row_before_the_first_is_named(number: int) -> None:
    rows = whole(3)
    found = chain.verify([rows[0]._replace(number=number), *rows], KEY)
    assert named(found) == [(number, "inserted")]


@pytest.mark.parametrize(("one", "other"), [(2, 3), (2, 8), (1, 10)])
def test_exchanged_rows_are_both_named(one: int, other: int) -> None:
    rows = whole(10)
    first, second = rows[one - 1], rows[other - 1]
    rows[one - 1], rows[other - 1] = second._replace(number=one), first._replace(number=other)
    assert named(chain.verify(rows, KEY)) == [(one, "reordered"), (other, "reordered")]


def test_a_fork_made_with_the_key_is_named() -> None:
    rows = whole(5)
    third = rows[2].hash
    assert third is not None
    other = chained(3, third, key=KEY, author=AUTHOR, entries=[entry(70)])
    assert named(chain.verify([*rows[:3], *other, rows[4]], KEY)) == [(5, "forked")]


def test_another_clinics_chain_does_not_fit() -> None:
    found = chain.verify(whole(4, key=b"z" * 32), KEY)
    assert [fault.number for fault in found] == [1, 2, 3, 4]


@pytest.mark.parametrize("left", [0, 1, 59])
def test_a_cut_before_the_newest_seal_is_named(left: int) -> None:
    rows = whole(60)
    found = chain.verify(rows[:left], KEY, seal_at(rows, 60))
    assert found == [Fault(left + 1, "cut", found[0].text, 60)]


def test_a_cut_of_rows_newer_than_the_seal_cannot_be_seen() -> None:
    rows = whole(60)
    assert chain.verify(rows[:50], KEY, seal_at(rows, 50)) == []
    assert chain.verify(rows[:50], KEY) == []


def test_a_chain_written_anew_with_the_key_is_seen_only_against_the_seal() -> None:
    rows = whole(20)
    entries = [entry(position + 1) for position in range(20)]
    anew = chained(0, chain.GENESIS, key=KEY, author=AUTHOR, entries=entries)
    assert chain.verify(anew, KEY) == []
    assert named(chain.verify(anew, KEY, seal_at(rows, 15))) == [(15, "rewritten")]


def test_rows_out_of_order_are_a_mistake_of_the_caller() -> None:
    rows = whole(4)
    with pytest.raises(ValueError, match="ordered"):
        chain.verify([rows[0], rows[1], rows[2], rows[1]], KEY)


def test_many_faults_are_named_up_to_a_limit_and_then_counted() -> None:
    count = chain.FAULT_LIMIT + 300
    found = chain.verify(whole(count, key=b"z" * 32), KEY)
    assert len(found) == chain.FAULT_LIMIT + 1
    assert found[-1].kind == "more"
    assert found[-1].text.startswith("300 ")


def _delete(rows: Rows, at: int) -> Rows:
    return rows[:at] + rows[at + 1 :]


def _double(rows: Rows, at: int) -> Rows:
    return [*rows[: at + 1], rows[at], *rows[at + 1 :]]


def _exchange(rows: Rows, at: int) -> Rows:
    if at == 0:
        return _flip(rows, at)
    one, other = rows[at - 1], rows[at]
    pair = [other._replace(number=one.number), one._replace(number=other.number)]
    return [*rows[: at - 1], *pair, *rows[at + 1 :]]


def _flip(rows: Rows, at: int) -> Rows:
    old = rows[at].hash
    assert old is not None
    flipped = bytes([old[0] ^ 1]) + old[1:]
    return [*rows[:at], rows[at]._replace(hash=flipped), *rows[at + 1 :]]


def _cut(rows: Rows, at: int) -> Rows:
    return rows[:at]


@given(
    count=st.integers(1, 30),
    where=st.floats(0, 1, exclude_max=True),
    tamper=st.sampled_from([_delete, _double, _exchange, _flip, _cut]),
)
def test_whatever_happens_to_a_sealed_chain_is_seen(
    count: int, where: float, tamper: Callable[[Rows, int], Rows]
) -> None:
    rows = whole(count)
    assert chain.verify(tamper(rows, int(where * count)), KEY, seal_at(rows, count))
