"""riders"""
import sqlalchemy as sa
from alembic import op

revision = "0001_riders"
down_revision = None


def upgrade():
    op.create_table(
        "riders",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False, unique=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade():
    op.drop_table("riders")
