"""The clinic's places of work, for its administrator."""

from __future__ import annotations

import typing
import uuid

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError

from saas.accounts import people, seen
from saas.accounts.blueprint import blueprint
from saas.accounts.models import Site
from saas.accounts.seen import changed_fields
from saas.accounts.staff_forms import NewSiteForm, SiteForm
from saas.db import new_id, session
from saas.web import clock
from saas.web.guard import needs
from saas.web.log import note
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_EDIT = "accounts/site_edit.html"
_CENTRE = "centre"


@blueprint.get("/sites")
@needs("sites.manage")
def site_list() -> ResponseReturnValue:
    """The centre and its village clinics."""
    return render_template("accounts/site_list.html", sites=people.all_sites())


@blueprint.get("/sites/new")
@needs("sites.manage")
def site_add() -> ResponseReturnValue:
    """The form for a village clinic that the roster does not have."""
    return render_template("accounts/site_add.html", form=NewSiteForm())


@blueprint.post("/sites/new")
@needs("sites.manage")
def site_add_submit() -> ResponseReturnValue:
    """Add a village clinic."""
    form = NewSiteForm()
    if not form.arrived():
        return render_template("accounts/site_add.html", form=form)
    if not (form.validate() and _is_there(form)):
        return render_template("accounts/site_add.html", form=form), 422
    flash(gettext("Saved."), "done")
    return redirect(url_for("accounts.site_list"), code=303)


@blueprint.get("/sites/<uuid:site_id>/edit")
@needs("sites.manage")
def site_edit(site_id: uuid.UUID) -> ResponseReturnValue:
    """The form for a site's names."""
    site = people.site_or_404(site_id)
    form = SiteForm(**_values(site))
    form.seen.data = seen.pack(_values(site))
    return render_template(_EDIT, form=form, site=site)


@blueprint.post("/sites/<uuid:site_id>/edit")
@needs("sites.manage")
def site_edit_submit(site_id: uuid.UUID) -> ResponseReturnValue:
    """Rename. A Chinese name that the clinic chose is not overwritten by a later roster."""
    site, form = people.site_or_404(site_id, for_change=True), SiteForm()
    if not form.arrived():
        return render_template(_EDIT, form=form, site=site)
    if not form.validate():
        return render_template(_EDIT, form=form, site=site), 422
    before, theirs, mine = seen.unpack(form.seen.data), _values(site), form.values()
    if theirs not in (before, mine):
        rows = [(form[name].label.text, before.get(name, ""), theirs[name], mine[name]) for name in mine]
        form.seen.data = seen.pack(theirs)
        return render_template(_EDIT, form=form, site=site, conflict=rows), 409
    changed = changed_fields(theirs, mine)
    site.name_zh, site.name_ug = form.name_zh.data, form.name_ug.data
    site.name_zh_own = site.name_zh_own or "name_zh" in changed
    _note("site.changed", code=site.code, fields=changed)
    flash(gettext("Saved."), "done")
    return redirect(url_for("accounts.site_list"), code=303)


@blueprint.post("/sites/<uuid:site_id>/close")
@needs("sites.manage")
def site_close(site_id: uuid.UUID) -> ResponseReturnValue:
    """No more work at this village clinic; its residents and records stay."""
    site = people.site_or_404(site_id, for_change=True)
    if site.kind == _CENTRE:
        abort(404)
    site.closed_at = site.closed_at or clock.now()
    _note("site.closed", code=site.code)
    flash(gettext("The site is closed."), "done")
    return redirect(url_for("accounts.site_list"), code=303)


@blueprint.post("/sites/<uuid:site_id>/reopen")
@needs("sites.manage")
def site_reopen(site_id: uuid.UUID) -> ResponseReturnValue:
    """Work again at this site."""
    site = people.site_or_404(site_id, for_change=True)
    site.closed_at = None
    _note("site.reopened", code=site.code)
    flash(gettext("The site is open again."), "done")
    return redirect(url_for("accounts.site_list"), code=303)


def _values(site: Site) -> dict[str, str | list[str]]:
    return {"name_zh": site.name_zh, "name_ug": site.name_ug}


def _by_code(code: str) -> Site | None:
    return session.scalars(sa.select(Site).where(Site.code == code)).one_or_none()


def _is_there(form: NewSiteForm) -> bool:
    """Add the site. A second submit of the same form finds its own code, and adds nothing."""
    code = form.code.data or f"{here.clinic.code}-{form.form_uuid}"
    there = _by_code(code) or _added(code, form.values())
    if _values(there) == form.values():
        return True
    form.code.errors = [gettext("Another site has this code.")]
    return False


def _added(code: str, values: seen.Values) -> Site:
    """The new site, or the one that a submit of the same moment has added."""
    site = Site(id=new_id(), code=code, kind="village_clinic", name_zh_own=True, **values)
    try:
        with session.begin_nested():
            session.add(site)
    except IntegrityError:
        return _by_code(code) or abort(409)
    _note("site.added", code=code)
    return site


def _note(act: str, **detail: object) -> None:
    note(act, purpose="administration", detail=detail)
