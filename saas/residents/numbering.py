"""Record numbers: which place a site's numbers name, who gets the next one, whom one leads to."""

from __future__ import annotations

import dataclasses
import typing

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from saas.accounts.models import Site
from saas.db import Fixed, new_id, session, value_of
from saas.residents import stored
from saas.residents.models import Counter, ResidentKey
from saas.residents.rules import record_number

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from saas.residents.models import Resident
    from saas.web.keys import ClinicKeys

KIND = "record"


@dataclasses.dataclass(frozen=True)
class Place:
    """A site beside what its record numbers say; ``prefix`` is empty when its code tells no township."""

    site: Site
    prefix: str
    is_settled: bool
    last: int

    @property
    def third(self) -> str:
        """The third part, as numbers have it."""
        return self.prefix[9:]

    @property
    def left(self) -> int:
        """How many numbers are left."""
        return record_number.LAST - self.last


def give(residents: Iterable[Resident], keys: ClinicKeys) -> list[Resident]:
    """Give each who has none the next number of her site; those for whom none was left.

    A number stays with its person for good, wherever she moves, and is never given again.
    """
    waiting: dict[uuid.UUID, list[Resident]] = {}
    for resident in residents:
        if key_of(resident) is None:
            waiting.setdefault(resident.site_id, []).append(resident)
    without = []
    for site_id, group in waiting.items():
        prefix = _prefix_of(session.get_one(Site, site_id))
        serials = _serials(prefix, len(group)) if prefix else []
        for resident, serial in zip(group, serials, strict=False):
            _put(resident, f"{prefix}{serial:05d}", keys)
        without += group[len(serials) :]
    return without


def key_of(resident: Resident) -> ResidentKey | None:
    """The row of a resident's record number."""
    return next((key for key in resident.keys if key.kind == KIND), None)


def number_of(resident: Resident, keys: ClinicKeys) -> str:
    """The 17 digits; empty before they were given."""
    row = key_of(resident)
    return stored.opened(row, keys) if row else ""


def hashes(words: str, keys: ClinicKeys) -> list[bytes]:
    """What a record number is found by, typed long or short; none when the words are no such number."""
    if not record_number.is_one(words):
        return []
    code = session.scalars(sa.select(Site.code).where(Site.kind == "centre")).first() or ""
    number = record_number.read(words, record_number.township_of(code) or "")
    return [keys.hash(KIND, number)] if number else []


def places() -> list[Place]:
    """Every site with its part of the numbers: settled, or what it would be if somebody came now."""
    settled = _settled()
    taken: dict[str, set[int]] = {}
    sites = list(session.scalars(sa.select(Site).order_by(Site.kind, Site.code)))
    for code, place in settled.items():
        taken.setdefault(record_number.township_of(code) or "", set()).add(place)
    found = []
    for site in sites:
        township = record_number.township_of(site.code) or ""
        others = taken.setdefault(township, set())
        third = settled.get(site.code) or record_number.place_of(site.code, others)
        others.add(third or 0)
        prefix = f"{township}{third:03d}" if township and third else ""
        found.append(Place(site, prefix, site.code in settled, _last(_counter(prefix))))
    return found


def _prefix_of(site: Site) -> str | None:
    """The first 12 digits of a site's numbers; settled with the first number, and never changed."""
    township = record_number.township_of(site.code)
    if township is None:
        return None
    third: int | None = _last(f"place {site.code}") or _settle(site, township)
    return f"{township}{third:03d}" if third else None


def _settle(site: Site, township: str) -> int | None:
    """Choose the site's third part and keep it. Two doctors at once settle one after the other."""
    _add(f"places {township}", 1, record_number.LAST)
    settled = _settled()
    if site.code in settled:
        return settled[site.code]
    taken = {third for code, third in settled.items() if record_number.township_of(code) == township}
    third = record_number.place_of(site.code, taken)
    if third is not None:
        session.execute(insert(Counter).values(prefix=f"place {site.code}", last=third))
    return third


def _settled() -> dict[str, int]:
    """The third part of each site that has given a number."""
    query = sa.select(Counter.prefix, Counter.last).where(Counter.prefix.startswith("place "))
    return {prefix.removeprefix("place "): last for prefix, last in session.execute(query)}


def _serials(prefix: str, count: int) -> Sequence[int]:
    """The next serials of a place, as many as are left; the row that counts them is held until commit."""
    last = _add(_counter(prefix), count, record_number.LAST)
    if last is not None:
        return range(last - count + 1, last + 1)
    if count == 1:
        return []
    return [serial for _ in range(count) for serial in _serials(prefix, 1)]


_COUNTER = sa.bindparam("counter", type_=sa.Text, required=True)
_COUNT = sa.bindparam("count", type_=sa.Integer, required=True)
_ADD = Fixed(
    insert(Counter)
    .values(prefix=_COUNTER, last=_COUNT)
    .on_conflict_do_update(
        index_elements=["prefix"],
        set_={"last": Counter.last + _COUNT},
        where=Counter.last + _COUNT <= sa.bindparam("most", type_=sa.Integer, required=True),
    )
    .returning(Counter.last)
)
_LAST = Fixed(sa.select(Counter.last).where(Counter.prefix == _COUNTER))


def _add(counter: str, count: int, most: int) -> int | None:
    """Count on, unless it would go beyond ``most``."""
    return typing.cast("int | None", value_of(_ADD.of(counter=counter, count=count, most=most)))


def _counter(prefix: str) -> str:
    return f"record {prefix}"


def _last(counter: str) -> int:
    return value_of(_LAST.of(counter=counter)) or 0


def _put(resident: Resident, number: str, keys: ClinicKeys) -> None:
    row = ResidentKey(id=new_id(), kind=KIND, position=0)
    stored.seal_number(row, number, keys)
    resident.keys.append(row)
