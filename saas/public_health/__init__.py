"""The room of public health: the record, programmes, forms of the national services; so far its forms."""

from __future__ import annotations

from saas.public_health.forms import FORMS

__all__ = ["FORMS"]
