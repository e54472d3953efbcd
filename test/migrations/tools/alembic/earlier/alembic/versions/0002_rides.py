"""rides"""
import sqlalchemy as sa
from alembic import op

revision = "0002_rides"
down_revision = "0001_riders"


def upgrade():
    op.create_table(
        "rides",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("rider_id", sa.BigInteger, sa.ForeignKey("riders.id"), nullable=False),
        sa.Column("fare", sa.Numeric(10, 2), nullable=False),
        sa.Column("status", sa.Text, nullable=False, server_default="asked"),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade():
    op.drop_table("rides")
