"""The sweep: every route, tried by one clinic's people with the other clinic's ids in every place."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import typing
import uuid

from saas.accounts import permissions
from tests.isolation import cases
from tests.isolation.routes import CHANGES, browser_at, csrf_token, routes
from tests.isolation.rows import changed_tables, rows_of
from tests.support import world
from tests.support.files import text_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.isolation.households import Household
    from tests.isolation.routes import Route
    from tests.support.world import Browser

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NOBODY = "nobody"
# Fields that hold what a page was made from: a second attempt needs them anew.
_OF_A_STATE = {"seen", "was"}

# Where the attacker's own clinic may keep what he sent: (table, column) is no use of the other's object.
_HIS_OWN_WORDS = {
    "access_log": "the id that was asked for and refused",
    "draft": "the name that he gave his own unfinished form",
}


@dataclasses.dataclass
class Attempt:
    """One request: where it carries the foreign ids, and all that is sent."""

    carrier: str
    path: str
    query: Mapping[str, str] = dataclasses.field(default_factory=dict)
    form: Mapping[str, str] = dataclasses.field(default_factory=dict)
    json: Mapping[str, str] | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    cookies: Mapping[str, str] = dataclasses.field(default_factory=dict)


class Sweep:
    """One person of the attacking clinic (or nobody) against every route."""

    def __init__(self, app: Flask, attacker: Household, victim: Household, role: str) -> None:
        self.app = app
        self.attacker = attacker
        self.victim = victim
        self.role = role
        self.attempts = 0
        self.found: list[str] = []
        self._bodies = [victim.canary.casefold(), *victim.secrets]

    def run(self, only: str = "") -> list[str]:
        """Try everything; return what leaked, changed or broke. ``only``: routes that begin so."""
        before = rows_of(self.app, self.victim.card)
        for route in routes(self.app):
            if route.rule.startswith(only):
                self._try(route)
        changed = changed_tables(before, rows_of(self.app, self.victim.card))
        if changed:
            self.found.append(f"{self.role} changed the victim's {sorted(changed)}")
        self.found += self._foreign_ids_kept()
        return self.found

    def _try(self, route: Route) -> None:
        prepared, number = self._prepared(route), 0
        while number < len(prepared):
            attempt = prepared[number]
            answer = self._answer(route, attempt)
            self._judge(route, attempt, answer)
            number += 1
            # What was refused has changed nothing that the form was made from.
            if answer.status_code < 400 and _OF_A_STATE & attempt.form.keys():
                prepared = self._prepared(route)

    def send_own(self, route: Route) -> int:
        """The status of the same request with one's own ids everywhere."""
        path, form = self._own(route)
        return self._answer(route, Attempt("own", path, form=form)).status_code

    def _prepared(self, route: Route) -> list[Attempt]:
        return list(self._attempts(route, *self._own(route)))

    def _own(self, route: Route) -> tuple[str, cases.Form]:
        """The address and the form as an honest browser would have them."""
        person = self.attacker.people.get(self.role)
        ids = dict(self.attacker.ids)
        if person is not None:
            ids["words"] = self.attacker.words(person.staff_id, "ئايگۈل")
        path = route.path(self.app, ids)
        if route.method not in CHANGES:
            return path, {}
        return path, cases.form_of(self._browser(route), route, path, self.attacker)

    def _browser(self, route: Route) -> Browser:
        if self.role == NOBODY:
            return world.Browser(self.app, self.app.response_class)
        person = self.attacker.people[self.role]
        if cases.uses_up_its_person(route):
            name = f"once.{uuid.uuid4().hex[:12]}"
            person = world.add_staff(self.app, person.card, name, self.role, password=self.attacker.password)
        return browser_at(self.app, person, route.stage)

    def _attempts(self, route: Route, path: str, form: cases.Form) -> Iterator[Attempt]:
        """The foreign ids in each place where a request can carry anything."""
        foreign = self.victim.ids
        named = {name: foreign[name] for name in cases.CARRIED}
        theirs = route.path(self.app, foreign)
        if set(route.arguments) - {"code"}:
            yield Attempt("path", theirs, form=form)
            yield Attempt("path and all", theirs, query=named, form=form | named)
        yield Attempt(
            "around",
            path,
            query=named | {"next": theirs, "back": theirs},
            form=named | form,
            headers=self._headers(theirs),
            cookies=self._cookies(named),
        )
        if route.method in CHANGES:
            yield from self._in_the_body(path, form)

    def _in_the_body(self, path: str, form: cases.Form) -> Iterator[Attempt]:
        """Foreign ids in place of one's own: all at once, one by one, as JSON, as the way back."""
        foreign = self.victim.ids
        instead = {name: foreign.get(name, value) for name, value in form.items()}
        yield Attempt("body", path, form=instead)
        for name in sorted(instead):
            if instead[name] != form[name]:
                yield Attempt(f"field {name}", path, form=form | {name: foreign[name]})
        yield Attempt("json", path, json=instead)
        for address in (f"/residents/{foreign['resident_id']}", f"//{self.victim.card.code}/"):
            yield Attempt(f"back={address}", path, form=form | {"next": address, "back": address})

    def _cookies(self, named: Mapping[str, str]) -> dict[str, str]:
        code = self.victim.card.code
        own = {"shipa_clinic": code, "clinic": code, "tenant": code, "shipa_schema": named["schema"]}
        return own | {name: named[name] for name in ("resident_id", "staff_id", "session_id")}

    def _headers(self, theirs: str) -> dict[str, str]:
        code, schema = self.victim.card.code, self.victim.ids["schema"]
        return {
            "X-Forwarded-Host": f"{code}.example",
            "X-Forwarded-For": "10.0.0.1",
            "X-Forwarded-Prefix": f"/{code}",
            "X-Forwarded-User": self.victim.ids["username"],
            "X-Original-URL": theirs,
            "X-Rewrite-URL": theirs,
            "X-HTTP-Method-Override": "DELETE",
            "X-Tenant": schema,
            "X-Clinic": code,
            "X-User": self.victim.ids["staff_id"],
            "Referer": f"{world.BASE_URL}{theirs}",
        }

    def _answer(self, route: Route, attempt: Attempt) -> TestResponse:
        answer = self._send(self._browser(route), route, attempt)
        if answer.status_code == 429:  # told to wait: a patient attacker comes back later
            self._wait()
            answer = self._send(self._browser(route), route, attempt)
        return answer

    def _wait(self) -> None:
        world.owner(self.app).execute("DELETE FROM platform.sign_in_failure")

    def _send(self, browser: Browser, route: Route, attempt: Attempt) -> TestResponse:
        self.attempts += 1
        for name, value in attempt.cookies.items():
            browser.set_cookie(name, value, domain="127.0.0.1")
        sent: dict[str, typing.Any] = {"query_string": attempt.query, "headers": dict(attempt.headers)}
        if route.method in CHANGES:
            token = csrf_token(self.app, browser)
            sent["headers"]["X-CSRFToken"] = token
            if attempt.json is not None:
                sent |= {"data": json.dumps(attempt.json), "content_type": "application/json"}
            else:
                files = cases.FILES.get(route.endpoint, {})
                sent["data"] = {**attempt.form, "csrf_token": token} | {
                    field: (io.BytesIO(body), name) for field, (name, body) in files.items()
                }
        return browser.open(attempt.path, method=route.method, **sent)

    def _judge(self, route: Route, attempt: Attempt, answer: TestResponse) -> None:
        where = f"{self.role}: {route} by {attempt.carrier}: {answer.status_code}"
        said = f"{answer.headers}\n{text_of(answer)}".casefold()
        self.found += [f"{where} tells {text}" for text in self._bodies if text in said]
        # Here no worker lives and no log is sealed, which is what /readyz has to say.
        if answer.status_code >= 500 and route.rule != "/readyz":
            self.found.append(f"{where} broke")
        goes = answer.headers.get("Location", "")
        if self.victim.card.code in goes:
            self.found.append(f"{where} leads to {goes}")
        if attempt.carrier.startswith("path"):
            # Whoever may use the page is told that there is no such thing; a 403 would say that there is one.
            told = {404} if self._may(route) else {403, 404}
            refused = answer.status_code in told or goes.startswith(("/sign-in", "/unlock"))
            if not refused:
                self.found.append(f"{where} is not refused")

    def _may(self, route: Route) -> bool:
        return permissions.may([self.role], route.entrance.permission or "")

    def _foreign_ids_kept(self) -> list[str]:
        """Ids of the victim's objects in rows of the attacker's clinic."""
        objects = {
            value for name, value in self.victim.ids.items() if _UUID.fullmatch(value) and name != "form_id"
        }
        kept = []
        for table, rows in rows_of(self.app, self.attacker.card).items():
            if table.partition(".")[2] not in _HIS_OWN_WORDS:
                kept += [f"{table} holds {one}" for one in objects for row in rows if one in row]
        return kept
