"""The fence around a copy that nobody may write in any more, and taking it down again."""

from __future__ import annotations

import typing

from psycopg import sql

from tenants.compiling import grants
from tenants.naming import checked_role, for_clinic, gate_role_of, schema_of
from tenants.provisioning import guarding, mark

if typing.TYPE_CHECKING:
    import sqlalchemy as sa

    from tenants.cards import ClinicCard
    from tenants.connecting import Connection


def fence(connection: Connection, card: ClinicCard) -> None:
    """Nobody of the web may do anything in the clinic's schema any more; whoever waits for a lock neither."""
    schema = schema_of(card.number)
    names = [schema, gate_role_of(schema), checked_role(f"{schema}_fp")]
    there = connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)", (names,))
    roles = sql.SQL(", ").join(sql.Identifier(name) for (name,) in there)
    place = sql.Identifier(schema)
    connection.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}").format(place, roles))
    connection.execute(sql.SQL("REVOKE ALL ON SCHEMA {} FROM {}").format(place, roles))
    connection.execute(
        "UPDATE platform.clinic_revision SET standing = 'gone', number = %s WHERE clinic_id = %s",
        (card.number, card.id),
    )


def take_down(connection: Connection, card: ClinicCard, metadata: sa.MetaData) -> None:
    """Give the web its rights back; only for the copy that the registry names."""
    with connection.transaction():
        place = sql.Identifier(schema_of(card.number))
        connection.execute(sql.SQL("SET LOCAL search_path = {}").format(place))
        for grant in grants(metadata):
            connection.execute(for_clinic(grant, card.number).encode())
        for guard in guarding(connection, card.number):
            connection.execute(guard.encode())
        mark(connection, card.id, "here")
