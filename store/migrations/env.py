"""What Alembic runs: the connection is handed in by store.migrate, which holds the lock and the transaction."""

from alembic import context

from store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
