"""Alembic's entry: migrates the connection that `orderclerk.database.migrate` hands over."""

from alembic import context

from orderclerk.database.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, compare_type=True, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
