"""What a line's quantity was written as, where it was not in the item's own unit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_lines", sa.Column("stated", postgresql.JSONB()))


def downgrade() -> None:
    op.drop_column("order_lines", "stated")
