"""Alembic's entry for both trees; who runs it hands over the connection and the options."""

from alembic import context

connection = context.config.attributes["connection"]
options = context.config.attributes["options"]

context.configure(connection=connection, **options)
with context.begin_transaction():
    context.run_migrations()
