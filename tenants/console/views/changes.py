"""Institutions renamed, re-coded, joined, a site moved: asked, shown, ordered; and undone."""

from __future__ import annotations

import typing
import uuid

import uuid_utils.compat
from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from tenants.changes.facts import CENTRE
from tenants.changes.ordered import PREFIX, UNDONE
from tenants.changes.running import NO_SUCH_CLINIC
from tenants.console import changes as kept
from tenants.console import clinics as known
from tenants.console import orders, standings
from tenants.console.blueprint import blueprint
from tenants.console.forms import ChangeForm, MergeForm, MoveSiteForm, RecodeForm, RenameForm
from tenants.console.guarding import opens, works
from tenants.console.order_kinds import about
from tenants.console.order_words import said
from tenants.console.register import ONBOARDING, VIEWER
from tenants.refusals import Refused

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from tenants.console.desk import Row

CANDIDATES = 20
"""How many institutions are offered when several fit what was typed."""

NOTES: dict[str, object] = {
    "renamed": lazy_gettext("A roster that still has the old names does not bring them back."),
    "recoded": lazy_gettext(
        "The old code goes on working: at the door, on printed slips and in rosters. Numbers on records stay."
    ),
    "merged": lazy_gettext(
        "No record and nobody moves. The institution can be read and printed for 30 days; its code and its "
        "sites go to the other one, where its people are added and its residents brought over."
    ),
    "site_moved": lazy_gettext(
        "No record and nobody moves. The site is closed here and opened there; its residents stay here until "
        "they are brought over."
    ),
}


@blueprint.get("/changes")
@opens(ONBOARDING, VIEWER)
def changes() -> ResponseReturnValue:
    """What was changed in the last 7 days; who may undo it, can."""
    may = works()
    return render_template(
        "operators/changes.html",
        changes=kept.of_late(),
        works=may,
        orders=orders.latest() if may else [],
        about=about,
        states_of_orders=orders.STATES,
    )


@blueprint.route("/clinics/<uuid:clinic_id>/rename", methods=["GET", "POST"])
@opens(ONBOARDING)
def clinic_rename(clinic_id: uuid.UUID) -> ResponseReturnValue:
    """Other names; an empty one stays."""
    clinic = _or_404(clinic_id)
    form = RenameForm(name_zh=clinic["name_zh"], name_ug=clinic["name_ug"])
    return _asked("renamed", clinic, form, ["name_zh", "name_ug"])


@blueprint.route("/clinics/<uuid:clinic_id>/recode", methods=["GET", "POST"])
@opens(ONBOARDING)
def clinic_recode(clinic_id: uuid.UUID) -> ResponseReturnValue:
    """Another code; the old one leads here."""
    return _asked("recoded", _or_404(clinic_id), RecodeForm(), ["code"])


@blueprint.route("/clinics/<uuid:clinic_id>/merge", methods=["GET", "POST"])
@opens(ONBOARDING)
def clinic_merge(clinic_id: uuid.UUID) -> ResponseReturnValue:
    """To go on as part of another institution."""
    clinic, form = _or_404(clinic_id), MergeForm()
    _find_other(form, clinic)
    return _asked("merged", clinic, form, ["other", "into"])


@blueprint.route("/clinics/<uuid:clinic_id>/move-site", methods=["GET", "POST"])
@opens(ONBOARDING)
def clinic_move_site(clinic_id: uuid.UUID) -> ResponseReturnValue:
    """A village clinic to another institution."""
    clinic, form = _or_404(clinic_id), MoveSiteForm()
    form.site.choices = [("", "")] + [
        (site.code, f"{site.code} {_apart(site.name_zh)} {_apart(site.name_ug)}".strip())
        for site in standings.sites_of(clinic_id)
        if site.kind != CENTRE and not site.closed
    ]
    _find_other(form, clinic)
    return _asked("site_moved", clinic, form, ["site", "other", "into"])


@blueprint.route("/changes/<uuid:change_id>/undo", methods=["GET", "POST"])
@opens(ONBOARDING)
def change_undo(change_id: uuid.UUID) -> ResponseReturnValue:
    """What undoing would do, and then doing it."""
    change, form = kept.find(change_id) or abort(404), ChangeForm()
    try:
        plan = kept.plan_undoing(change)
    except Refused as refusal:
        return _undo_page(change, form, None, said(refusal.told())), 422 if form.is_submitted() else 200
    if _is_ordered(form, plan):
        asked = {"change": change_id, "plan": plan.digest}
        return _placed(form, UNDONE, change["clinic_ids"][0], asked)
    return _undo_page(change, form, plan, "")


def _undo_page(change: Row, form: ChangeForm, plan: kept.Plan | None, refusal: str) -> str:
    return render_template(
        "operators/change_undo.html",
        form=_carrying(form, plan),
        change=change,
        what=kept.NAMES.get(change["kind"], change["kind"]),
        plan=plan,
        refusal=refusal,
    )


def _asked(kind: str, clinic: Row, form: ChangeForm, names: list[str]) -> ResponseReturnValue:
    """The form, what would be done, or the order: whatever of them the request is about."""
    if standings.refusal(clinic):
        return _form_page(kind, clinic, form, names), 422 if form.is_submitted() else 200
    if not form.is_submitted() or _back_to_the_form(form):
        return _form_page(kind, clinic, form, names)
    if not form.validate() or not _is_chosen(form):
        return _form_page(kind, clinic, form, names), 422
    asked = {name: (form[name].data or "").strip() for name in names}
    try:
        plan = kept.plan(kind, clinic["id"], asked)
    except (Refused, LookupError) as refusal:
        why = refusal.told() if isinstance(refusal, Refused) else {"text": NO_SUCH_CLINIC}
        form[names[0]].errors = [said(why)]
        return _form_page(kind, clinic, form, names), 422
    if _is_ordered(form, plan):
        return _placed(form, f"{PREFIX}{kind}", clinic["id"], {**asked, "plan": plan.digest})
    return render_template(
        "operators/change_preview.html",
        kind=kind,
        what=kept.NAMES[kind],
        note=NOTES[kind],
        clinic=clinic,
        plan=plan,
        is_other=bool(form.plan.data) and form.plan.data != plan.digest,
        form=_carrying(form, plan),
        carried={name: form[name].data or "" for name in names},
    )


def _back_to_the_form(form: ChangeForm) -> bool:
    """Whether she wants to correct what she typed, or switched the language before anything was shown."""
    if request.form.get("step") == "back":
        form.plan.data = ""
        return True
    return not form.arrived() and not form.plan.data


def _is_ordered(form: ChangeForm, plan: kept.Plan) -> bool:
    """Whether what was shown is ordered, and would be done as it was shown."""
    pressed = form.arrived() and request.form.get("step") == "order"
    return pressed and form.validate() and form.plan.data == plan.digest


def _placed(form: ChangeForm, kind: str, clinic_id: uuid.UUID, asked: Row) -> ResponseReturnValue:
    order_id = _number(form)
    orders.place(order_id, kind, clinic_id, asked)
    return redirect(url_for("operators.order", order_id=order_id), code=303)


def _carrying(form: ChangeForm, plan: kept.Plan | None) -> ChangeForm:
    """The form as the page that shows the plan sends it on: one order, however often it is sent."""
    form.order_id.data = str(_number(form))
    form.plan.data = plan.digest if plan else ""
    return form


def _number(form: ChangeForm) -> uuid.UUID:
    try:
        return uuid.UUID(form.order_id.data or "")
    except ValueError:
        return uuid_utils.compat.uuid7()


def _form_page(kind: str, clinic: Row, form: ChangeForm, names: list[str]) -> str:
    return render_template(
        "operators/change.html",
        kind=kind,
        what=kept.NAMES[kind],
        clinic=clinic,
        form=form,
        names=names,
        unchangeable=standings.refusal(clinic),
    )


def _find_other(form: MergeForm, clinic: Row) -> None:
    """Offer the institutions that fit what was typed and can be changed; a single one is chosen by that."""
    words = (form.other.data or "").strip()
    if not words:
        return
    rows, of = known.listed(known.Wanted(words=words), 1)
    others = [(row, standings.refusal(row)) for row in rows if row["id"] != clinic["id"]]
    fitting = [row for row, refusal in others if not refusal]
    form.elsewhere = next((refusal for _, refusal in others if refusal), "")
    too_many = gettext("Type more of it: %(of)s fit.", of=of) if of > CANDIDATES else ""
    form.other.description = too_many or form.elsewhere
    form.into.choices = [
        (
            str(row["id"]),
            " ".join([row["code"], *map(_apart, (row["name_zh"], row["name_ug"], row["county_zh"]))]),
        )
        for row in fitting[:CANDIDATES]
    ]
    if len(fitting) == 1:
        form.into.data = str(fitting[0]["id"])


def _apart(name: str) -> str:
    """A name in the text of a choice, where no element can keep its direction from the others."""
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}" if name else ""


def _is_chosen(form: ChangeForm) -> bool:
    """Whether one institution is chosen of those that fit; says so beside the field otherwise."""
    if not isinstance(form, MergeForm):
        return True
    offered = [value for value, _ in form.into.choices]
    if form.into.data in offered:
        return True
    if offered:
        form.into.errors = [gettext("Several fit. Choose one.")]
    else:
        form.other.errors = [form.elsewhere or gettext("No institution has this code or name.")]
    return False


def _or_404(clinic_id: uuid.UUID) -> Row:
    return known.find(clinic_id) or abort(404)
