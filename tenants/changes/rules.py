"""The four changes and their undoing: from what stands to what will stand. Pure; ``Refused`` says why not."""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing

from tenants.changes.facts import CENTRE, LIVE, READS_ONLY, SUSPENDED, VILLAGE, Standing
from tenants.names import LONGEST_NAME, character_fault, trimmed
from tenants.placing import MAIN
from tenants.refusals import Refused

if typing.TYPE_CHECKING:
    import uuid

    from tenants.changes.facts import Institution, Site

UNDOABLE_FOR = datetime.timedelta(days=7)
_CODE = re.compile(r"[0-9]{9}|[0-9]{12}")

N_ = str
"""Marks a text for the catalogues: the console says it in the language of the page."""


def renamed(standing: Standing, which: uuid.UUID, name_zh: str, name_ug: str) -> Standing:
    """A clinic under new names; an empty one stays as it is.

    The name counts as the clinic's own from then on: a roster that has the old one brings it not back. The
    centre goes by the clinic's name as long as it had the same.
    """
    one = _working(standing, which)
    name_zh, name_ug = trimmed(name_zh) or one.name_zh, trimmed(name_ug) or one.name_ug
    for name in (name_zh, name_ug):
        if len(name) > LONGEST_NAME or character_fault(name):
            raise Refused(
                N_("a name has at most 100 signs, none of them hidden, and no =, +, - or @ in front")
            )
    if (name_zh, name_ug) == (one.name_zh, one.name_ug):
        raise Refused(N_("the clinic has these names already"))
    centres = [
        dataclasses.replace(site, name_zh=name_zh, name_ug=name_ug)
        for site in one.sites.values()
        if site.kind == CENTRE and (site.name_zh, site.name_ug) == (one.name_zh, one.name_ug)
    ]
    new = dataclasses.replace(
        one,
        name_zh=name_zh,
        name_ug=name_ug,
        name_zh_own=one.name_zh_own or name_zh != one.name_zh,
        name_ug_own=one.name_ug_own or name_ug != one.name_ug,
    )
    return standing.with_institutions(new.with_sites(*centres))


def recoded(standing: Standing, which: uuid.UUID, code: str) -> Standing:
    """A clinic under a new code; the old one leads to it. Its sites and records keep the codes they carry."""
    one = _working(standing, which)
    if not _CODE.fullmatch(code):
        raise Refused(N_("a code is 9 or 12 digits"))
    if code == one.code:
        raise Refused(N_("the clinic has this code already"))
    others = {other.code for key, other in standing.institutions.items() if key != which}
    if code in standing.taken | others or standing.old_codes.get(code, which) != which:
        raise Refused(N_("another clinic has this code, or had it, and it leads there"))
    moved = standing.with_institutions(dataclasses.replace(one, code=code))
    return moved.without_old_codes(code).with_old_codes([one.code], which)


def merged(standing: Standing, which: uuid.UUID, into: uuid.UUID) -> Standing:
    """A clinic that goes on as part of another: it reads for 30 days, its code and sites go there.

    Nobody's record moves (rights N5, N9): the two clinics bring over who agrees, by list or archive.
    """
    if which == into:
        raise Refused(N_("a clinic cannot be merged into itself"))
    one, other = _working(standing, which), _working(standing, into)
    sites = [site for site in one.sites.values() if not site.closed]
    for site in sites:
        known = other.sites.get(site.code)
        if known is not None and not known.closed:
            raise Refused(N_("both clinics have an open site with the code %(site)s"), site=site.code)
    arriving = [dataclasses.replace(site, kind=VILLAGE) for site in sites]
    leaving = [dataclasses.replace(site, closed=True) for site in sites if site.kind != CENTRE]
    ended = dataclasses.replace(one.with_sites(*leaving), state=SUSPENDED, successor=into)
    codes = [one.code, *(code for code, to in standing.old_codes.items() if to == which)]
    changed = standing.with_institutions(ended, other.with_sites(*arriving))
    return changed.with_old_codes(codes, into)


def site_moved(standing: Standing, code: str, which: uuid.UUID, to: uuid.UUID) -> Standing:
    """A village clinic of another clinic from now on; its residents stay until they are brought over."""
    if which == to:
        raise Refused(N_("the site is there already"))
    one, other = _working(standing, which), _working(standing, to)
    site, known = one.sites.get(code), other.sites.get(code)
    if site is None or site.closed:
        raise Refused(
            N_("the clinic %(code)s has no open site with the code %(site)s"), code=one.code, site=code
        )
    if site.kind == CENTRE:
        raise Refused(N_("the centre is the clinic itself; merge the clinic"))
    if known is not None and not known.closed:
        raise Refused(N_("the clinic %(code)s has an open site with this code already"), code=other.code)
    return standing.with_institutions(
        one.with_sites(dataclasses.replace(site, closed=True)), other.with_sites(site)
    )


def undone(now: Standing, before: Standing, after: Standing) -> Standing:
    """What stood before, as long as nobody changed it since.

    A site that the change made is closed and not removed, since somebody may belong to it by now; a code
    that the change gave leads to its clinic on, since it may be printed.
    """
    if any(now.institutions.get(key) != one for key, one in after.institutions.items()):
        raise Refused(N_("the clinics, their names, codes or sites were changed since; change them by hand"))
    codes = dict(now.old_codes)
    for code in after.old_codes.keys() - before.old_codes.keys():
        codes.pop(code, None)
    codes |= before.old_codes
    back = []
    for key, one in before.institutions.items():
        later = after.institutions[key]
        made = later.sites.keys() - one.sites.keys()
        back.append(one.with_sites(*(dataclasses.replace(later.sites[c], closed=True) for c in made)))
        if later.code != one.code:
            codes[later.code] = key
    return dataclasses.replace(now.with_institutions(*back), old_codes=codes)


def differences(before: Standing, after: Standing) -> list[str]:
    """What a change does, in lines of a preview; of people numbers alone."""
    lines = []
    for key, one in before.institutions.items():
        lines += _of_one(one, after.institutions[key], after)
    for code, to in after.old_codes.items():
        if before.old_codes.get(code) != to:
            lines.append(f"code {code}: leads to {after.institutions[to].code}")
    for code in before.old_codes.keys() - after.old_codes.keys():
        lines.append(f"code {code}: leads nowhere else any more")
    return lines


def _of_one(one: Institution, new: Institution, after: Standing) -> list[str]:
    lines = []
    for word, name in (("code", "code"), ("Chinese name", "name_zh"), ("Uyghur name", "name_ug")):
        old_value, new_value = getattr(one, name), getattr(new, name)
        if old_value != new_value:
            lines.append(f"{one.code}: {word} {old_value or '-'} -> {new_value or '-'}")
    if one.state != new.state:
        lines.append(f"{one.code}: {one.state} -> {new.state}")
    if one.successor != new.successor:
        to = after.institutions[new.successor].code if new.successor else "-"
        lines.append(f"{one.code}: goes on as {to}")
    for code, site in new.sites.items():
        if one.sites.get(code) != site:
            was = "new" if code not in one.sites else _site_words(one.sites[code])
            lines.append(f"{one.code}: site {code} {was} -> {_site_words(site)}")
    if lines:
        lines.append(f"{one.code}: {one.people_here} members of staff and {one.residents} residents stay")
    return lines


def _site_words(site: Site) -> str:
    names = " ".join(filter(None, (site.name_zh, site.name_ug)))
    return f"{names} ({'closed' if site.closed else 'open'})"


def refuse_elsewhere(code: str, cell: str, between: str | None, *, alone: bool = False) -> None:
    """What moves sites is one transaction over registry and clinics, so all of it is in one database.

    Names and codes stand in the registry: a clinic that is changed alone may live anywhere.
    """
    if between is not None:
        raise Refused(
            N_("%(code)s is being moved between cells; finish that first: `shipa clinics move`"), code=code
        )
    if cell != MAIN and not alone:
        raise Refused(
            N_(
                "%(code)s lives in cell %(cell)s: several institutions together, and any in the console, "
                "are changed in cell %(main)s only; "
                "bring it there with `shipa clinics move %(code)s --to %(main)s`"
            ),
            code=code,
            cell=cell,
            main=MAIN,
        )


def refuse_late(undone_at: datetime.datetime | None, age: datetime.timedelta) -> None:
    """A change is undone once, and for 7 days."""
    if undone_at is not None:
        raise Refused(N_("this change is undone already"))
    if age >= UNDOABLE_FOR:
        raise Refused(N_("a change can be undone for %(days)s days"), days=UNDOABLE_FOR.days)


def _working(standing: Standing, which: uuid.UUID) -> Institution:
    one = standing.institutions[which]
    if one.is_practice:
        raise Refused(N_("%(code)s is a practice clinic"), code=one.code)
    if one.state in READS_ONLY or one.successor is not None:
        raise Refused(N_("%(code)s is suspended or closed; nothing new begins there"), code=one.code)
    return one


__all__ = [
    "LIVE",
    "Refused",
    "differences",
    "merged",
    "recoded",
    "refuse_elsewhere",
    "refuse_late",
    "renamed",
    "site_moved",
    "undone",
]
