"""Does what it is told, a line each, and answers how many seconds it took.

``setup``, ``create NAME``, ``column TABLE NAME``, ``migrate``: one process for all, so that no start of a
process is counted on the peer's side.
"""

import json
import os
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

FOLDER = Path(os.environ["SHIPA_BENCH_FOLDER"])
"""Where its migrations are written."""


def configure() -> None:
    """The settings of a small project with the library as its documentation has it."""
    sys.path.insert(0, str(FOLDER))
    (FOLDER / "written").mkdir(exist_ok=True)
    (FOLDER / "written" / "__init__.py").touch()
    shared = ["django_tenants", "django.contrib.contenttypes", "tests.bench.peer.house"]
    settings.configure(
        DATABASES={"default": {"ENGINE": "django_tenants.postgresql_backend", **_address()}},
        DATABASE_ROUTERS=["django_tenants.routers.TenantSyncRouter"],
        SHARED_APPS=shared,
        TENANT_APPS=["tests.bench.peer.clinic"],
        INSTALLED_APPS=[*shared, "tests.bench.peer.clinic", "django.contrib.postgres"],
        MIGRATION_MODULES={"clinic": "written.clinic", "house": "written.house"},
        TENANT_MODEL="house.Clinic",
        TENANT_DOMAIN_MODEL="house.Domain",
        PUBLIC_SCHEMA_NAME="public",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        SILENCED_SYSTEM_CHECKS=["models.W045"],
    )
    django.setup()


def _address() -> dict:
    return json.loads(os.environ["SHIPA_BENCH_ADDRESS"])


def setup() -> None:
    """The first migrations, and the shared tables."""
    call_command("makemigrations", "house", "clinic", verbosity=0)
    call_command("migrate_schemas", shared=True, verbosity=0)


def create(name: str) -> None:
    """One tenant, as the library's documentation makes it."""
    from tests.bench.peer.house.models import Clinic

    Clinic(schema_name=name).save(verbosity=0)


def column(table: str, name: str) -> None:
    """Write a migration that adds a text column; running it is another word."""
    folder = FOLDER / "written" / "clinic"
    after = max(path.stem for path in folder.glob("0*.py"))
    number = int(after[:4]) + 1
    text = (
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
        f'    dependencies = [("clinic", "{after}")]\n'
        f'    operations = [migrations.AddField("{table}", "{name}", models.TextField(null=True))]\n'
    )
    (folder / f"{number:04d}_{name}.py").write_text(text, encoding="utf-8")


def migrate() -> None:
    """All tenants, by its quickest executor."""
    call_command("migrate_schemas", tenant=True, executor="multiprocessing", verbosity=0)


WORDS = {"setup": setup, "create": create, "column": column, "migrate": migrate}


def main() -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what the library prints is no answer
    configure()
    for line in sys.stdin:
        word, *rest = line.split()
        began = time.perf_counter()
        WORDS[word](*rest)
        answers.write(f"{time.perf_counter() - began}\n")


if __name__ == "__main__":
    main()
