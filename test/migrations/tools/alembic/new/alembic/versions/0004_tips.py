"""tips"""
import sqlalchemy as sa
from alembic import op

revision = "0004_tips"
down_revision = "0003_ride_status"


def upgrade():
    op.add_column("rides", sa.Column("tip", sa.Numeric(10, 2), nullable=False, server_default="0"))


def downgrade():
    op.drop_column("rides", "tip")
