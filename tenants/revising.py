"""Writing revisions (a developer's job): the first one of a tree from the tables as declared."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
import textwrap
import typing

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import render_python_code
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext

from tenants.naming import TEMPLATE_NUMBER, schema_of
from tenants.trees import FIRST_REVISION, Tree

if typing.TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tenants.connecting import Logins

VERSION_TABLE = "alembic_version"

_HEAD = '''"""{title}. Written by `shipa revision --first`; not edited by hand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "{revision}"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then the grants."""
{calls}
'''


def write_first(tree: Tree, metadata: sa.MetaData, title: str, statements: Iterable[str] = ()) -> Path:
    """Write the first revision of a tree: one function per table, then the statements."""
    grants = [textwrap.fill(statement, 80, break_long_words=False) for statement in statements]
    tables = metadata.sorted_tables
    names = [f"make_{table.name}" for table in tables] + ["grant"] * bool(grants)
    parts = [
        _HEAD.format(title=title, revision=FIRST_REVISION, calls="\n".join(f"    {name}()" for name in names))
    ]
    parts += [_make(table) for table in tables]
    if grants:
        body = "\n".join(f'    op.execute("""\n{grant}\n""")' for grant in grants)
        parts.append(f'def grant() -> None:\n    """Give the clinic\'s roles their rights."""\n{body}\n')
    path = tree.versions / f"{FIRST_REVISION}.py"
    path.write_text("\n\n".join(parts), encoding="utf-8")
    tree.head_file.write_text(f"{Tree(tree.folder).head}\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(path)], check=True)
    subprocess.run([sys.executable, "-m", "ruff", "check", "-q", "--fix", str(path)], check=False)
    return path


def _make(table: sa.Table) -> str:
    create = ops.CreateTableOp.from_table(table)
    # What the tables say to our own code (``info``) is no part of the database.
    create.info = {}
    operations: list[ops.MigrateOperation] = [create]
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    operations += [ops.CreateIndexOp.from_index(index) for index in indexes]
    code = render_python_code(
        ops.UpgradeOps(ops=operations),
        migration_context=MigrationContext.configure(dialect_name="postgresql"),
    )
    lines = (line for line in code.splitlines() if not line.lstrip().startswith("#"))
    body = "\n".join(lines).strip().replace("(astext_type=sa.Text())", "()")
    return f'def make_{table.name}() -> None:\n    """{table.comment or table.name}."""\n    {body}\n'


def write_next(tree: Tree, logins: Logins, metadata: sa.MetaData, subject: str) -> Path:
    """Write the next revision of the clinic tree: what the models have and the tree lacks.

    The tree is replayed in a schema that is taken back, and compared by Alembic.
    """
    slug = re.sub(r"[^a-z0-9]+", "_", subject.lower()).strip("_")
    number = int(tree.head[:4]) + 1
    engine = sa.create_engine(
        "postgresql+psycopg://",
        creator=functools.partial(logins.connect, "owner"),
        poolclass=sa.NullPool,
    )
    with engine.connect() as connection:
        replay(tree, connection)
        config = tree.config()
        config.attributes["connection"] = connection
        config.attributes["options"] = comparing(metadata)
        command.revision(config, subject, autogenerate=True, rev_id=f"{number:04d}_{slug}")
        connection.rollback()
    written = tree.versions / f"{number:04d}_{slug}.py"
    tree.head_file.write_text(f"{Tree(tree.folder).head}\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(written)], check=True)
    return written


def replay(tree: Tree, connection: sa.Connection) -> None:
    """Run the whole tree by Alembic in a template schema of the connection's open transaction."""
    template = schema_of(TEMPLATE_NUMBER)
    for statement in (
        f"SELECT platform.make_clinic_roles('{TEMPLATE_NUMBER:04d}')",
        f"CREATE SCHEMA {template}",
        f"SET LOCAL search_path = {template}, ref",
    ):
        connection.exec_driver_sql(statement)
    config = tree.config()
    config.attributes["connection"] = connection
    config.attributes["options"] = {"version_table": VERSION_TABLE}
    command.upgrade(config, "head")


def comparing(metadata: sa.MetaData) -> dict[str, object]:
    """Options by which Alembic compares all that it can see, names of indexes included."""
    return {
        "target_metadata": metadata,
        "version_table": VERSION_TABLE,
        "compare_type": True,
        "compare_server_default": True,
    }
