"""What a change of institutions does, in the language of the page: a line for each thing that changes."""

from __future__ import annotations

import typing

from flask_babel import gettext

from tenants.console.checklist import STATES

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from tenants.changes.facts import Institution, Site, Standing


class Line(typing.NamedTuple):
    """One thing of one institution, before and after."""

    institution: Institution
    what: str
    code: str
    """Of the site or the old code that it is about; empty otherwise."""
    was: tuple[str, ...]
    """Its pieces: each of two names in its own script."""
    now: tuple[str, ...]


def rows(before: Standing, after: Standing) -> list[tuple[object, ...]]:
    """Every difference; of people nothing, since no change moves anybody."""
    found: list[tuple[object, ...]] = []
    for key, one in before.institutions.items():
        found += _of_one(one, after.institutions[key], after)
    for code, to in after.old_codes.items():
        was = before.old_codes.get(code)
        if was != to:
            old = _code(was, before)
            leads = after.institutions[to]
            found.append(Line(leads, gettext("Leads to"), code, (old,), (leads.code,)))
    for code in before.old_codes.keys() - after.old_codes.keys():
        led = before.institutions[before.old_codes[code]]
        found.append(Line(led, gettext("Leads to"), code, (led.code,), (gettext("nowhere else"),)))
    return found


def _of_one(one: Institution, new: Institution, after: Standing) -> Iterator[Line]:
    for what, was, now in (
        (gettext("Code"), one.code, new.code),
        (gettext("Chinese name"), one.name_zh, new.name_zh),
        (gettext("Uyghur name"), one.name_ug, new.name_ug),
        (gettext("Where it stands"), _standing(one.state), _standing(new.state)),
        (gettext("Goes on as"), _successor(one, after), _successor(new, after)),
    ):
        if was != now:
            yield Line(one, what, "", (was,), (now,))
    for code, site in new.sites.items():
        known = one.sites.get(code)
        if known != site:
            yield Line(one, gettext("Site"), code, _site(known), _site(site))


def _standing(state: str) -> str:
    return str(STATES.get(state, state))


def _successor(one: Institution, after: Standing) -> str:
    """The code of the institution that it is part of from now on; its own clinic until then."""
    return _code(one.successor, after)


def _code(which: uuid.UUID | None, standing: Standing) -> str:
    """The code of one of the institutions; empty for none of them."""
    found = standing.institutions.get(which) if which is not None else None
    return found.code if found is not None else ""


def _site(site: Site | None) -> tuple[str, ...]:
    if site is None:
        return ()
    return site.name_zh, site.name_ug, f"({gettext('closed') if site.closed else gettext('open')})"
