import os

from alembic import context
from sqlalchemy import create_engine, pool

# SQLAlchemy knows the scheme by its long name only.
url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)

with create_engine(url, poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
