"""ride status"""
from alembic import op

revision = "0003_ride_status"
down_revision = "0002_rides"


def upgrade():
    op.create_index("rides_status", "rides", ["status"])


def downgrade():
    op.drop_index("rides_status", "rides")
