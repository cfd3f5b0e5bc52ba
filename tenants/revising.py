"""Writing revisions (a developer's job): the first one of a tree from the tables as declared."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import typing

import sqlalchemy as sa
from alembic.autogenerate import render_python_code
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext

from tenants.trees import FIRST_REVISION, Tree

if typing.TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

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
