"""The clinic's own names and choices, for its administrator."""

from __future__ import annotations

import typing

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from saas.accounts import entering, seen
from saas.accounts.blueprint import blueprint
from saas.accounts.seen import changed_fields
from saas.accounts.staff_forms import SettingsForm
from saas.db import session
from saas.web.door import door
from saas.web.guard import needs
from saas.web.log import note
from saas.web.models import ClinicSetting
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_PAGE = "accounts/settings.html"
_NAMES = ("name_zh", "name_ug")


@blueprint.get("/settings")
@needs("clinic.manage")
def settings() -> ResponseReturnValue:
    """The clinic's names, paper, language and lock time."""
    values = _values(here.clinic.setting)
    form = SettingsForm(**values)
    form.seen.data = seen.pack(values)
    return render_template(_PAGE, form=form)


@blueprint.post("/settings")
@needs("clinic.manage")
def settings_submit() -> ResponseReturnValue:
    """Save, unless somebody else saved meanwhile."""
    form, setting = SettingsForm(), _held_setting()
    if not form.arrived():
        return render_template(_PAGE, form=form)
    if not form.validate():
        return render_template(_PAGE, form=form), 422
    before, theirs, mine = seen.unpack(form.seen.data), _values(setting), form.values()
    if theirs not in (before, mine):
        rows = [(form[name].label.text, before.get(name, ""), theirs[name], mine[name]) for name in mine]
        form.seen.data = seen.pack(theirs)
        return render_template(_PAGE, form=form, conflict=rows), 409
    _save(setting, form, changed_fields(theirs, mine))
    flash(gettext("Saved."), "done")
    return redirect(url_for("accounts.settings"), code=303)


def _save(setting: ClinicSetting, form: SettingsForm, changed: list[str]) -> None:
    setting.paper = form.paper.data
    setting.default_language = form.default_language.data
    setting.lock_minutes = int(form.lock_minutes.data)
    session.flush()
    if any(name in changed for name in _NAMES):
        # The registry is the one home of the names; it is another login's and commits by itself.
        door().rename_clinic(entering.browser().token, form.name_zh.data, form.name_ug.data)
    note("clinic.changed", purpose="administration", detail={"fields": changed})


def _held_setting() -> ClinicSetting:
    query = sa.select(ClinicSetting).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()


def _values(setting: ClinicSetting) -> dict[str, str | list[str]]:
    return {
        "name_zh": here.clinic.name_zh,
        "name_ug": here.clinic.name_ug,
        "paper": setting.paper,
        "default_language": setting.default_language,
        "lock_minutes": str(setting.lock_minutes),
    }
