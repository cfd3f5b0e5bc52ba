"""The person: identity and contact. No column tells script or language of a name, or descent."""

from __future__ import annotations

import datetime
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from saas.db import Key, Model, key_column, observes
from saas.residents import sounding
from saas.residents.rules import names

_TEXTS = postgresql.ARRAY(sa.Text)

_CHANGED_LATER = (
    "sex_code",
    "birth_date",
    "birth_precision",
    "placeholder",
    "placeholder_number",
    "site_id",
    "province",
    "prefecture",
    "county",
    "township",
    "village",
    "address_detail",
    "contact_name",
    "print_language",
    "standing",
    "ended_on",
    "ended_note",
    "merged_into_id",
    "updated_at",
    "updated_by",
    "version",
)

STANDINGS = ("here", "moved", "died", "left", "merged", "undone")
"""Where a person stands with the clinic. ``merged``: she is another row now; ``undone``: an import that
was taken back. These two are nobody's line in a list; nothing is ever deleted."""


class Resident(Model):
    """A person who lives in the clinic's area or came for care."""

    __tablename__ = "resident"
    __table_args__ = (
        sa.CheckConstraint("sex_code in ('0', '1', '2', '9')", name="sex_code"),
        sa.CheckConstraint("birth_precision in ('day', 'month', 'year')", name="birth_precision"),
        sa.CheckConstraint("placeholder in ('', 'newborn', 'unknown')", name="placeholder"),
        sa.CheckConstraint("(placeholder = '') = (placeholder_number is null)", name="placeholder_number"),
        sa.CheckConstraint("print_language in ('ug', 'zh')", name="print_language"),
        sa.CheckConstraint(
            "standing in ('here', 'moved', 'died', 'left', 'merged', 'undone')", name="standing"
        ),
        sa.CheckConstraint("(standing = 'merged') = (merged_into_id is not null)", name="merged_into"),
        # One form makes one resident, however often it is sent.
        sa.UniqueConstraint("form_id"),
        sa.Index("ix_resident_site_id_id", "site_id", "id"),
        sa.Index(
            "ix_resident_merged_into_id",
            "merged_into_id",
            postgresql_where=sa.text("merged_into_id is not null"),
        ),
        sa.Index(
            "ix_resident_import_batch_id",
            "import_batch_id",
            postgresql_where=sa.text("import_batch_id is not null"),
        ),
        {"info": {"update": _CHANGED_LATER}, "comment": "The person; nothing is ever deleted"},
    )

    id: Key = key_column()
    sex_code: Mapped[str]
    birth_date: Mapped[datetime.date | None]
    birth_precision: Mapped[str] = mapped_column(server_default="day")
    placeholder: Mapped[str] = mapped_column(server_default="")
    placeholder_number: Mapped[int | None]
    site_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("site.id"))
    province: Mapped[str] = mapped_column(server_default="")
    prefecture: Mapped[str] = mapped_column(server_default="")
    county: Mapped[str] = mapped_column(server_default="")
    township: Mapped[str] = mapped_column(server_default="")
    village: Mapped[str] = mapped_column(server_default="")
    address_detail: Mapped[str] = mapped_column(server_default="")
    contact_name: Mapped[str] = mapped_column(server_default="")
    print_language: Mapped[str]
    standing: Mapped[str] = mapped_column(server_default="here")
    ended_on: Mapped[datetime.date | None]
    ended_note: Mapped[str] = mapped_column(server_default="")
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("resident.id"))
    import_batch_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("import_batch.id"))
    created_at: Mapped[datetime.datetime]
    created_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff.id"))
    updated_at: Mapped[datetime.datetime]
    updated_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff.id"))
    form_id: Mapped[uuid.UUID]
    version: Mapped[int] = mapped_column(server_default="1")

    names: Mapped[list[ResidentName]] = relationship(
        order_by="ResidentName.position", cascade="all, delete-orphan", lazy="selectin"
    )
    keys: Mapped[list[ResidentKey]] = relationship(
        order_by="ResidentKey.kind, ResidentKey.position",
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class ResidentName(Model):
    """One written form of a resident's name: position 0 as on the document, 1 and 2 other forms."""

    __tablename__ = "resident_name"
    __table_args__ = (
        sa.CheckConstraint("position between 0 and 2", name="position"),
        sa.UniqueConstraint("resident_id", "position"),
        sa.Index(
            "ix_resident_name_search_key",
            "search_key",
            postgresql_using="gin",
            postgresql_ops={"search_key": "gin_trgm_ops"},
        ),
        sa.Index("ix_resident_name_sounds", "sounds", postgresql_using="gin"),
        # Every search reads the whole list of what is not yet sorted in, so that stays short.
        sa.Index(
            "ix_resident_name_find_keys",
            "find_keys",
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": 256},
        ),
        {
            "info": {
                "update": ("text", "search_key", "sounds", "find_keys", "key_version"),
                "delete": True,
            },
            "comment": "Every written form of a name",
        },
    )

    id: Key = key_column()
    resident_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("resident.id"))
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    text: Mapped[str]
    search_key: Mapped[str]
    sounds: Mapped[list[str]] = mapped_column(_TEXTS, server_default="{}")
    find_keys: Mapped[list[str]] = mapped_column(_TEXTS, server_default="{}")
    key_version: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")

    @observes("text")
    def follow_text(self, text: str) -> None:
        """Every name has all its keys, computed from what was typed and from nothing else (rights N2)."""
        self.search_key = names.search_key(text)
        self.sounds = sounding.sound_keys(text)
        self.find_keys = sounding.find_keys(text)
        self.key_version = sounding.VERSION


class ResidentKey(Model):
    """A number that leads to a resident: document, phone, record number or health card.

    Encrypted, found by its keyed hash and by those of its last four and six characters.
    """

    __tablename__ = "resident_key"
    __table_args__ = (
        sa.CheckConstraint("kind in ('document', 'phone', 'contact_phone', 'record', 'card')", name="kind"),
        sa.UniqueConstraint("resident_id", "kind", "position"),
        sa.Index("ix_resident_key_hash", "hash"),
        sa.Index("ix_resident_key_tail_four", "tail_four"),
        sa.Index("ix_resident_key_tail_six", "tail_six"),
        {
            "info": {
                "update": (
                    "type_code",
                    "value",
                    "hash",
                    "tail_four",
                    "tail_six",
                    "voided_at",
                    "voided_by",
                ),
                "delete": True,
                "restore": {"set_once": [("voided_at", "voided_by")]},
            },
            "comment": "Documents, phones, record numbers and health cards, encrypted",
        },
    )

    id: Key = key_column()
    resident_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("resident.id"))
    kind: Mapped[str]
    position: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    type_code: Mapped[str] = mapped_column(server_default="")
    value: Mapped[bytes]
    hash: Mapped[bytes]
    tail_four: Mapped[bytes | None]
    tail_six: Mapped[bytes | None]
    voided_at: Mapped[datetime.datetime | None]
    voided_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("staff.id"))


class Counter(Model):
    """The last number given out per prefix; never goes back."""

    __tablename__ = "counter"
    __table_args__ = (
        {
            "info": {"update": ("last",), "restore": {"later_rows": {}, "greatest": ["last"]}},
            "comment": "Last number per prefix",
        },
    )

    prefix: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
