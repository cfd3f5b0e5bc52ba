"""The two version trees: the platform's own tables, and the tables of every clinic."""

from __future__ import annotations

import dataclasses
import functools
import typing
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

if typing.TYPE_CHECKING:
    from alembic.script import Script

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
FIRST_REVISION = "0001_first_tables"


@dataclasses.dataclass(frozen=True)
class Tree:
    """One line of revisions; ``folder`` holds ``versions`` and the file that names the head."""

    folder: Path

    @property
    def versions(self) -> Path:
        """Where the revisions are."""
        return self.folder / "versions"

    @property
    def head_file(self) -> Path:
        """Names the head, so that two new revisions are a conflict in git and not two heads."""
        return self.folder / "head.txt"

    def config(self) -> Config:
        """The configuration that Alembic's commands take."""
        config = Config()
        places = {"script_location": MIGRATIONS, "version_locations": self.versions}
        for name, path in places.items():
            config.set_main_option(name, str(path).replace("%", "%%"))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("file_template", "%%(rev)s")
        return config

    @functools.cached_property
    def scripts(self) -> ScriptDirectory:
        """The revisions as Alembic reads them."""
        return ScriptDirectory.from_config(self.config())

    @functools.cached_property
    def head(self) -> str:
        """The newest revision. Raises when there are two."""
        head = self.scripts.get_current_head()
        if head is None:
            message = f"no revision in {self.versions}"
            raise LookupError(message)
        return head

    def after(self, revision: str | None) -> list[Script]:
        """The revisions that a schema at ``revision`` still lacks, oldest first.

        Raises ``LookupError`` for a revision that this release does not know, e.g. of a newer one.
        """
        newest_first = list(self.scripts.walk_revisions())
        if revision is None:
            return newest_first[::-1]
        names = [script.revision for script in newest_first]
        if revision not in names:
            message = f"revision {revision} is not one of this release"
            raise LookupError(message)
        return newest_first[: names.index(revision)][::-1]


PLATFORM = Tree(MIGRATIONS / "platform")
CLINIC = Tree(MIGRATIONS / "clinic")
