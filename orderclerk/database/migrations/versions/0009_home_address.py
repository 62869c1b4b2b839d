"""Whether an order's address is the one on file, taken because the customer stated none."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("is_home_address", sa.Boolean(), nullable=False, server_default="false"))


def downgrade() -> None:
    op.drop_column("orders", "is_home_address")
