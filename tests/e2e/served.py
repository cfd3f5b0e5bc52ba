"""The application as gunicorn serves it to the browsers of these tests: over a database of their own."""

from __future__ import annotations

import json
import os
from pathlib import Path

from saas.app import create_app
from saas.config import Settings
from tenants import journal
from tenants.placing import Cell
from tenants.settings import TenantSettings


def place(words: str) -> TenantSettings:
    """The settings that ``told`` wrote."""
    values = json.loads(words)
    values |= {name: Path(values[name]) for name in ("data", "master_key_file")}
    values["clinic_numbers"] = tuple(values["clinic_numbers"])
    values["cells"] = tuple(Cell(name) for name in values["cells"])
    return TenantSettings(**values)


def told(settings: TenantSettings) -> str:
    """The settings as one word for the server's environment."""
    values = {
        "data": str(settings.data),
        "master_key_file": str(settings.master_key_file),
        "database": settings.database,
        "clinic_numbers": settings.clinic_numbers,
        "embedded_fast": settings.embedded_fast,
        "cells": settings.cell_names,
    }
    return json.dumps(values)


if "SHIPA_TEST_PLACE" in os.environ:
    journal.set_up()
    settings = Settings(hash_cost="test", watch_bind=os.environ.get("SHIPA_WATCH_BIND", ""))
    app = create_app(settings, place(os.environ["SHIPA_TEST_PLACE"]))
