"""Invitations of first administrators: printed slips in both languages, a batch per county."""

from __future__ import annotations

import datetime
import json
import typing

from flask import flash, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext

from tenants.cell_desk import CellSilent
from tenants.console import clinics as known
from tenants.console import elsewhere
from tenants.console.blueprint import blueprint, console
from tenants.console.forms import LANGUAGE_BUTTON, Form
from tenants.console.guarding import me, opens
from tenants.console.paging import asked_text
from tenants.console.register import ONBOARDING
from tenants.placing import MAIN
from tenants.registry import WORKING

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from tenants.console.desk import Row

USERNAME = "head"
"""The first administrator's user name, the same everywhere: it stands on the slip."""
MOST = 50
VALID = datetime.timedelta(days=7)
KEEP = datetime.timedelta(minutes=15)


class LeftOut(typing.NamedTuple):
    """A cell that cannot be asked, and how many institutions of the county live in it."""

    cell: str
    why: str
    clinics: int

    def words(self) -> str:
        """In the language of the page."""
        left_out = gettext("Institutions left out for it: %(count)s", count=self.clinics)
        return f"{elsewhere.words_for(self.cell, self.why)} {left_out}"


@blueprint.get("/slips")
@opens(ONBOARDING)
def slips() -> ResponseReturnValue:
    """Choose a county; see which of its institutions have no administrator yet."""
    return _choose(Form())


@blueprint.post("/slips")
@opens(ONBOARDING)
def slips_print() -> ResponseReturnValue:
    """Make new codes for them, in place of older ones, and show the slips once, for printing."""
    form = Form()
    if LANGUAGE_BUTTON in request.form and (shown := _again()):
        return shown
    if not form.accepted():
        return _choose(form)
    waiting, left_out = _without_administrator(*_asked())
    made = [slip for clinic in _chosen(waiting) if (slip := _slip(clinic))]
    if not made:
        flash(gettext("No institution of this county waits for an invitation."), "warn")
        for one in left_out:
            flash(one.words(), "warn")
        prefecture, county = _asked()
        return redirect(url_for("operators.slips", prefecture=prefecture, county=county), code=303)
    return _sheet(made, left_out, console().shell.now())


def _chosen(waiting: list[Row]) -> list[Row]:
    """The next batch, or the one institution whose slip was lost: the slips of the others go on working."""
    alone = request.form.get("alone", "")
    return [clinic for clinic in waiting if str(clinic["id"]) == alone] if alone else waiting[:MOST]


def _asked() -> tuple[str, str]:
    """Prefecture and county: one choice of the list, or apart as the form of the slips carries them."""
    prefecture, _, county = asked_text("place", 201).partition("/")
    return (prefecture, county) if county else (asked_text("prefecture"), asked_text("county"))


def _choose(form: Form) -> str:
    places, (prefecture, county) = known.places(), _asked()
    waiting, left_out = _without_administrator(prefecture, county)
    return render_template(
        "operators/slips.html",
        form=form,
        places=places,
        prefecture=prefecture,
        county=county,
        is_known=county in dict(places).get(prefecture, []),
        waiting=waiting[:MOST],
        more=len(waiting) - MOST,
        left_out=[one.words() for one in left_out],
    )


def _without_administrator(prefecture: str, county: str) -> tuple[list[Row], list[LeftOut]]:
    """Institutions of a county in which people can work and nobody can sign in as administrator.

    Of a cell that cannot be asked nobody knows: the second list says which, and how many it leaves out.
    """
    if not county:
        return [], []
    there = console().desk.rows(
        "SELECT id, code, name_zh, name_ug, county_zh, prefecture_zh, invited_until, cell, administrators "
        "FROM platform.operator_clinic LEFT JOIN LATERAL platform.clinic_facts(id) ON true "
        "WHERE county_zh = %(county)s AND prefecture_zh = %(prefecture)s AND state = ANY (%(working)s) "
        # Whose slip works still comes last: else the second batch of a large county were the first anew.
        "ORDER BY coalesce(invited_until > %(now)s AND invitation_used_at IS NULL, false), code",
        county=county,
        prefecture=prefecture,
        working=list(WORKING),
        now=console().shell.now(),
    )
    left_out = []
    for cell in sorted({clinic["cell"] for clinic in there} - {MAIN}):
        some = [clinic for clinic in there if clinic["cell"] == cell]
        try:
            _ask(cell, some)
        except CellSilent as error:
            left_out.append(LeftOut(cell, elsewhere.why(error), len(some)))
    return [clinic for clinic in there if clinic["administrators"] == 0], left_out


def _ask(cell: str, clinics: list[Row]) -> None:
    """Put the cell's word, and how many administrators there are by it, into the rows of its clinics."""
    words = elsewhere.words_of(cell, [clinic["id"] for clinic in clinics])
    for clinic in clinics:
        clinic["word"] = words.get(clinic["id"], {})
        clinic["administrators"] = clinic["word"].get("administrators")


def _slip(clinic: Row) -> dict[str, str] | None:
    """A new code for one institution; ``None`` when it takes none any more."""
    code = console().shell.new_code()
    if not known.invite(clinic, console().shell.hash_password(code), USERNAME):
        return None
    names = ("code", "name_zh", "name_ug", "county_zh", "prefecture_zh")
    return {**{name: clinic[name] for name in names}, "once": console().shell.in_groups(code)}


def _sheet(made: list[dict[str, str]], left_out: list[LeftOut], at: datetime.datetime) -> str:
    """The slips; they are sealed into the page, so that its language can still change."""
    kept = json.dumps({"slips": made, "left_out": left_out, "at": at.isoformat()})
    shell = console().shell
    address = f"{shell.url}/invitation"
    return render_template(
        "operators/slips_print.html",
        slips=[{**one, "picture": shell.factor.picture(f"{address}?clinic={one['code']}")} for one in made],
        left_out=[one.words() for one in left_out],
        address=address,
        username=USERNAME,
        until=at + VALID,
        texts=[(tongue, _texts(tongue.locale)) for tongue in shell.tongues.values()],
        once=console().seal.close(kept, _context()).hex(),
    )


def _texts(locale: str) -> dict[str, str]:
    """What a slip says, in one language."""
    with force_locale(locale):
        return {
            "title": gettext("Invitation: first administrator"),
            "institution": gettext("Institution"),
            "address": gettext("Address"),
            "username": gettext("User name"),
            "code": gettext("Code for one use"),
            "until": gettext("Works until"),
            "zone": gettext("Beijing time"),
            "steps": gettext(
                "Open the address or read the picture, choose the institution, type the code, then set your "
                "own name, password and second step."
            ),
            "once": gettext(
                "Works once, for whoever comes first. Hand it over yourself; destroy it afterwards. If it "
                "was used without you, tell the operators of the platform at once."
            ),
        }


def _again() -> str:
    """The same slips in the other language of the frame, when they were shown minutes ago."""
    opened = console().seal.open_hex(request.form.get("once", ""), _context())
    if opened is None:
        return ""
    kept = json.loads(opened)
    at = datetime.datetime.fromisoformat(kept["at"])
    left_out = [LeftOut(*one) for one in kept["left_out"]]
    return _sheet(kept["slips"], left_out, at) if console().shell.now() - at <= KEEP else ""


def _context() -> str:
    return f"slips:{me().id}"
