"""Transfers move: who sent them, who closed them, and how much of each line really left."""

from alembic import op

revision = "0019"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """ALTER TABLE transfers
            ADD COLUMN sent_by TEXT DEFAULT '' NOT NULL,
            ADD COLUMN sent_at TIMESTAMP WITH TIME ZONE,
            ADD COLUMN closed_by TEXT DEFAULT '' NOT NULL,
            ADD COLUMN closed_at TIMESTAMP WITH TIME ZONE,
            ADD COLUMN note TEXT DEFAULT '' NOT NULL,
            ADD CONSTRAINT ck_transfers_sent_has_person CHECK ((sent_at IS NULL) = (sent_by = '')),
            ADD CONSTRAINT ck_transfers_closed_has_person CHECK ((closed_at IS NULL) = (closed_by = '')),
            ADD CONSTRAINT ck_transfers_state_has_times CHECK ((state IN ('sent', 'received')) <= (sent_at IS NOT NULL)
                AND (state IN ('received', 'cancelled')) = (closed_at IS NOT NULL))"""
    )
    op.execute(
        """ALTER TABLE transfer_lines
            ADD COLUMN sent NUMERIC(18, 3) DEFAULT '0' NOT NULL,
            ADD CONSTRAINT uq_transfer_lines_transfer_id_item_id UNIQUE (transfer_id, item_id),
            ADD CONSTRAINT ck_transfer_lines_sent_within CHECK (sent >= 0 AND sent <= quantity)"""
    )


def downgrade() -> None:
    op.execute("ALTER TABLE transfer_lines DROP COLUMN sent, DROP CONSTRAINT uq_transfer_lines_transfer_id_item_id")
    op.execute(
        """ALTER TABLE transfers DROP COLUMN sent_by, DROP COLUMN sent_at, DROP COLUMN closed_by, DROP COLUMN closed_at,
            DROP COLUMN note"""
    )
