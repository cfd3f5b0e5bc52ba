"""Two forms side by side, field by field, with the differences marked."""

from __future__ import annotations

import dataclasses
import typing

from saas.residents import codes
from saas.residents.forms import site_name
from saas.residents.messages import FIELD_LABELS, placeholder_text
from saas.residents.rules import masks, names, phones
from saas.residents.rules.identity import NAMES, PHONES
from saas.residents.views.conflict import LEFT_TO_RIGHT, worded
from saas.web import i18n

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from saas.accounts.models import Site
    from saas.residents.models import Resident
    from saas.residents.rules.identity import Fields

_ADDRESS = ("village", "address_detail", "township", "county")


@dataclasses.dataclass(frozen=True)
class Line:
    """One row of the comparison. ``state``: differs, same, or empty where one of the two says nothing."""

    label: object
    left: list[str]
    right: list[str]
    state: str
    left_to_right: bool


@dataclasses.dataclass(frozen=True)
class Side:
    """One of the two forms; numbers of a stored one are shown by their ends only."""

    fields: Fields
    sites: Sequence[Site]
    resident: Resident | None = None

    def texts(self, group: Sequence[str]) -> list[str]:
        """What stands in these fields, the empty ones left out."""
        return [self.fields[field] for field in group if self.fields[field]]

    def called(self) -> list[str]:
        """Her names, or what stands in place of one."""
        told = self.texts(NAMES)
        if self.fields["placeholder"] and self.resident is not None:
            told.append(placeholder_text(self.fields["placeholder"], self.resident.placeholder_number))
        return told

    def document(self) -> list[str]:
        """The kind of document and its number."""
        number = self.fields["document_number"]
        kind = str(codes.DOCUMENT_LABELS.get(self.fields["document_type"], ""))
        return [kind, masks.masked(number) if self.resident else number] if number else []

    def phones(self) -> list[str]:
        """Her phones."""
        told = self.texts(PHONES)
        return [masks.tail(phones.normalised(phone)) for phone in told] if self.resident else told

    def site(self) -> list[str]:
        """Her place of care."""
        site = next((one for one in self.sites if str(one.id) == self.fields["site_id"]), None)
        return [site_name(site, i18n.current())] if site else []


def lines(left: Side, right: Side) -> list[Line]:
    """The rows that tell two people apart, the same for both."""
    return [
        _group("name_0", left.called(), right.called(), _shared(left, right, NAMES, names.search_key)),
        _plain("sex_code", left, right),
        _plain("birth", left, right),
        _group("document_number", left.document(), right.document(), _equal("document_number", left, right)),
        _group("phone_0", left.phones(), right.phones(), _shared(left, right, PHONES, phones.normalised)),
        _plain("contact_name", left, right),
        *[_plain(field, left, right) for field in _ADDRESS],
        _group("site_id", left.site(), right.site(), _equal("site_id", left, right)),
    ]


def _equal(field: str, left: Side, right: Side) -> bool:
    return left.fields[field] == right.fields[field]


def _shared(left: Side, right: Side, group: Sequence[str], alike: Callable[[str], str]) -> bool:
    """True when the two have one of these texts in common."""
    return bool(set(map(alike, left.texts(group))) & set(map(alike, right.texts(group))))


def _plain(field: str, left: Side, right: Side) -> Line:
    ours, theirs = (
        [str(worded(field, side.fields[field]))] if side.fields[field] else [] for side in (left, right)
    )
    return _group(field, ours, theirs, _equal(field, left, right))


def _group(field: str, left: list[str], right: list[str], same: bool) -> Line:  # noqa: FBT001 - the verdict
    state = "empty" if not left or not right else "same" if same else "differs"
    labels: Mapping[str, object] = FIELD_LABELS
    return Line(labels[field], left, right, state, field in LEFT_TO_RIGHT)
