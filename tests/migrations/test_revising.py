"""Writing revisions: what the models have and the tree lacks becomes the next one."""

from __future__ import annotations

import shutil
import typing

import sqlalchemy as sa

from saas.db import Base
from tenants.compiling import grants, revision_script
from tenants.revising import write_first, write_next
from tenants.trees import CLINIC, Tree
from tests.support import world

if typing.TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask


def copied(folder: Path) -> Tree:
    tree = Tree(folder / "clinic")
    shutil.copytree(CLINIC.folder, tree.folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tree


def test_the_next_revision_holds_what_is_new(app: Flask, tmp_path: Path) -> None:
    models = sa.MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        table.to_metadata(models)
    models.tables["site"].append_column(sa.Column("more", sa.Text, nullable=True))
    tree = copied(tmp_path)
    number = int(tree.head[:4]) + 1
    written = write_next(tree, world.caretaker(app).logins, models, "Add more, to sites!")
    after = Tree(tree.folder)
    assert written.name == f"{number:04d}_add_more_to_sites.py"
    assert after.head == written.stem
    assert after.head_file.read_text() == f"{written.stem}\n"
    (revision,) = after.after(tree.head)
    assert revision_script(revision).split(";")[0].strip() == "ALTER TABLE site ADD COLUMN more TEXT"


def test_the_first_revision_is_written_from_the_models(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "clinic")
    tree.versions.mkdir(parents=True)
    models = sa.MetaData(naming_convention=Base.metadata.naming_convention)
    sa.Table(
        "thing",
        models,
        sa.Column("code", sa.Text, primary_key=True),
        sa.Index("ix_thing_code", "code"),
        info={"delete": True},
        comment="A thing's home",
    )
    write_first(tree, models, "The tables of a test", grants(models))
    (revision,) = tree.after(None)
    sql = revision_script(revision)
    assert "CREATE TABLE thing" in sql
    assert "CREATE INDEX ix_thing_code" in sql
    assert "GRANT SELECT, INSERT, DELETE ON thing TO t_0000" in sql
