"""One visit for both diseases (§8.3): the fields of two forms on one page, what both ask asked once."""

from __future__ import annotations

import dataclasses
import json
import typing

from flask_babel import gettext

from saas.formkit import desk as desks
from saas.formkit import filling, posting
from saas.formkit.declaring import enter_order, fields_of
from saas.public_health.forms import parts
from saas.public_health.forms.dm_followup import DiabetesFollowUp
from saas.public_health.forms.ht_followup import HypertensionFollowUp

if typing.TYPE_CHECKING:
    import datetime

    from saas.formkit.boxes import Box
    from saas.formkit.declaring import Form
    from saas.formkit.desk import Desk, Subject
    from saas.formkit.evaluating import Evaluation
    from saas.formkit.filling import Remark
    from saas.formkit.findings import Finding
    from saas.formkit.posting import Posted
    from saas.web.forms import Form as Page

FORMS: tuple[type[Form], type[Form]] = (HypertensionFollowUp, DiabetesFollowUp)
APART = ("symptoms", "symptoms_text", "danger_signs", "followup_class", "followup_class_reason")
"""Fields that both forms have and that mean something else in each; the page asks them twice."""
LAST = frozenset(name for part in (parts.Referral, parts.NextVisit) for name in fields_of(part))
"""What both visits end with; it stands once, at the end of the page."""
PREFIX = "dm_"
_HEADS = ("", posting.MISSING_PREFIX)


def title() -> str:
    """The page's title."""
    return str(gettext("Joint visit: hypertension and diabetes"))


@dataclasses.dataclass(frozen=True)
class Joint:
    """What was sent, as both forms read it."""

    sent: tuple[Posted, Posted]
    found: tuple[Evaluation, Evaluation]

    @property
    def next_due_on(self) -> datetime.date | None:
        """The earlier of the two days: one visit serves both."""
        return min((one.next_due_on for one in self.found if one.next_due_on), default=None)


def judged(subject: Subject, sent: Posted) -> Joint:
    """Both forms judged, each by its own rules and earlier records; both take the earlier day."""
    texts = (_of_first(sent), _of_second(sent))
    found = [desks.judged(form, subject, own) for form, own in zip(FORMS, texts, strict=True)]
    joint = Joint(texts, (found[0], found[1]))
    day = joint.next_due_on
    first, second = (dataclasses.replace(one, next_due_on=day) for one in found)
    return Joint(texts, (first, second))


def opening(subject: Subject, today: datetime.date) -> tuple[dict[str, list[str]], frozenset[str]]:
    """What a new page begins with, and which fields of the page are carried forward."""
    begun: dict[str, list[str]] = {}
    carried: set[str] = set()
    for place, form in enumerate(FORMS):
        texts, old = desks.opening_answers(form, subject, today, frozenset())
        untouched = desks.still_carried(form, old, texts)
        carried |= {_page_name(name, place) for name in untouched}
        for key, each in texts.items():
            begun.setdefault(_page_name(key, place), each)
    return begun, frozenset(carried)


def on_one_page(texts: typing.Mapping[str, Posted]) -> dict[str, list[str]]:
    """What both records hold, by form, as the one page sends it."""
    found: dict[str, list[str]] = {}
    for place, form in enumerate(FORMS):
        for key, each in texts[form.about.code].items():
            found.setdefault(_page_name(key, place), list(each))
    return found


def draft(subject: Subject) -> str:
    """The name of the page's draft."""
    return f"public_health.joint_visit:{subject.id}"


def _is_apart(key: str) -> bool:
    return key.removeprefix(posting.MISSING_PREFIX) in APART


def _of_first(sent: Posted) -> dict[str, list[str]]:
    return {key: list(texts) for key, texts in sent.items() if not _bare(key)}


def _of_second(sent: Posted) -> dict[str, list[str]]:
    shared = {key: list(texts) for key, texts in sent.items() if not _bare(key) and not _is_apart(key)}
    return shared | {_bare(key): list(texts) for key, texts in sent.items() if _bare(key)}


def _bare(key: str) -> str:
    """The second form's own name of a field that the page asks twice; nothing for any other."""
    for head in _HEADS:
        name = key.removeprefix(head + PREFIX)
        if key.startswith(head + PREFIX) and name in APART:
            return head + name
    return ""


def _page_name(name: str, place: int) -> str:
    if place == 0 or not _is_apart(name):
        return name
    head = posting.MISSING_PREFIX if name.startswith(posting.MISSING_PREFIX) else ""
    return f"{head}{PREFIX}{name.removeprefix(posting.MISSING_PREFIX)}"


@dataclasses.dataclass(frozen=True)
class JointSheet(filling.Sheet):
    """The page's content; its title is its own."""

    words: str = ""

    @property
    def title(self) -> str:
        """The page's title."""
        return self.words

    @property
    def codes(self) -> list[str]:
        """The forms of which the page makes records."""
        return [form.about.code for form in FORMS]


def sheet(
    joint: Joint, marks: typing.Mapping[Finding, str], carried: frozenset[str], *, told: bool
) -> JointSheet:
    """The fields of the first form, then those that only the second one asks; all remarks, each once."""
    one, two = (
        filling.sheet(form, sent, found, filling.How(marks=marks, told=told))
        for form, sent, found in zip(FORMS, joint.sent, joint.found, strict=True)
    )
    groups = _groups(one, two, carried)
    others = ((_page_name(name, 1), label, text) for name, label, text in two.errors)
    errors = dict.fromkeys([*one.errors, *others])
    return JointSheet(
        FORMS[0],
        groups,
        _remarks([*one.remarks, *two.remarks]),
        list({str(each): each for each in (*one.results, *two.results)}.values()),
        list(errors),
        str(joint.next_due_on or ""),
        ",".join(_order(one, two, [box.name for _, boxes in groups for box in boxes])),
        one.reasons,
        json.dumps(json.loads(two.computed) | json.loads(one.computed)),
        words=title(),
    )


def _groups(one: filling.Sheet, two: filling.Sheet, carried: frozenset[str]) -> list[tuple[str, list[Box]]]:
    known = {box.name: box for _, boxes in one.groups for box in boxes}
    groups = [(section, list(boxes)) for section, boxes in one.groups]
    for _, boxes in two.groups:
        for box in boxes:
            shared = known.get(_page_name(box.name, 1))
            if shared is not None:
                shared.required = shared.required or box.required
    more = [
        (section, [_renamed(box) for box in boxes if box.name not in known or box.name in APART])
        for section, boxes in two.groups
    ]
    words = gettext("Diabetes")
    groups += [(f"{words}: {section}" if section else words, boxes) for section, boxes in more if boxes]
    groups.sort(key=lambda group: any(box.name in LAST for box in group[1]))
    for _, boxes in groups:
        for box in boxes:
            box.carried = box.name in carried
    return groups


def _renamed(box: Box) -> Box:
    when = box.when
    for name in APART:
        when = when.replace(f'"field": "{name}"', f'"field": "{PREFIX}{name}"')
    return dataclasses.replace(box, name=_page_name(box.name, 1), when=when, first=False)


def _remarks(remarks: list[Remark]) -> list[Remark]:
    """Each once; a note is asked for once for each code."""
    found: dict[tuple[str, str], Remark] = {}
    codes: set[str] = set()
    for each in remarks:
        if (each.code, each.text) not in found:
            found[each.code, each.text] = dataclasses.replace(each, is_first=each.code not in codes)
            codes.add(each.code)
    return list(found.values())


def _order(one: filling.Sheet, two: filling.Sheet, page: list[str]) -> list[str]:
    """Enter goes through what is measured on each visit, then to the next date, then through the rest."""
    firsts = [*_first_names(0), *_first_names(1)]
    last = "next_due_date"
    ahead = [name for name in dict.fromkeys(firsts) if name != last]
    shown = {*one.enter_order.split(","), *(_page_name(name, 1) for name in two.enter_order.split(","))}
    return [name for name in dict.fromkeys([*ahead, last, *page]) if name in shown and name in page]


def _first_names(place: int) -> list[str]:
    names = FORMS[place].about.keyboard_first or enter_order(FORMS[place])
    return [_page_name(name, place) for name in names]


def unseen(joint: Joint, page: Page, sent: Posted) -> bool:
    """True while an emergency or a question has not been shown on this page."""
    return any(desks.unseen(found, page.form_uuid, sent, frozenset()) for found in joint.found)


def marks_of(joint: Joint, page: Page) -> dict[Finding, str]:
    """The findings' marks in the page."""
    return {each: desks.mark_of(page.form_uuid, each) for found in joint.found for each in found.findings}


def may_sign(desk: Desk) -> bool:
    """Whether the signed-in person may sign both forms."""
    return all(desk.may_sign(form) for form in FORMS)
