"""ratings"""
import sqlalchemy as sa
from alembic import op

revision = "0005_ratings"
down_revision = "0004_tips"


def upgrade():
    op.create_table(
        "ratings",
        sa.Column("ride_id", sa.BigInteger, sa.ForeignKey("rides.id"), primary_key=True),
        sa.Column("stars", sa.Integer, sa.CheckConstraint("stars between 1 and 5"), nullable=False),
    )


def downgrade():
    op.drop_table("ratings")
