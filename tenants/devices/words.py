"""What kinds and states of devices are called, on the pages of a clinic as on those of the console."""

from __future__ import annotations

import typing

from flask_babel import lazy_gettext

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Mapping[str, object] = {
    "laptop": lazy_gettext("Laptop"),
    "tablet": lazy_gettext("Tablet"),
    "phone": lazy_gettext("Mobile phone"),
    "printer": lazy_gettext("Printer"),
    "id_reader": lazy_gettext("ID card reader"),
    "scanner": lazy_gettext("Scanner"),
    "blood_pressure": lazy_gettext("Blood pressure monitor"),
    "glucose": lazy_gettext("Glucose meter"),
    "ecg": lazy_gettext("ECG machine"),
}
STATES: Mapping[str, object] = {
    "stock": lazy_gettext("in the stock"),
    "shipped": lazy_gettext("on its way"),
    "received": lazy_gettext("received, not enrolled"),
    "enrolled": lazy_gettext("enrolled"),
    "in_use": lazy_gettext("in use"),
    "repair": lazy_gettext("in repair"),
    "lost": lazy_gettext("lost"),
    "retired": lazy_gettext("retired"),
}
GOALS: Mapping[str, object] = {
    "stock": lazy_gettext("It is back in the stock and belongs to no institution"),
    "received": lazy_gettext("The institution has received it"),
    "lost": lazy_gettext("It is lost"),
    "retired": lazy_gettext("It is retired for good; nothing brings it back"),
}
"""Where an operator moves a device, but for sending it."""
