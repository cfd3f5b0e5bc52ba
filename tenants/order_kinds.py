"""Every kind of order that the house knows, with what carries it out: a line for each.

A kind is a function that takes a ``Task``. It reads what was ordered from ``task.order``, does it as
``task.order.operator``, and calls ``task.done(connection, ...)`` as the last statement of its transaction. It
raises ``Refused`` when it cannot be; then nothing has changed. Its words: ``tenants.console.order_kinds``.
"""

from __future__ import annotations

import typing

from tenants import closing_orders, practice_orders
from tenants.changes import ordered as changes

if typing.TYPE_CHECKING:
    from tenants.house_orders import Kind

KINDS: dict[str, Kind] = {**changes.KINDS, **practice_orders.KINDS, **closing_orders.KINDS}
