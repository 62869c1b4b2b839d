"""What people said of letters, and what language models said of mails."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TEXTS = ("order_no", "filed_by", "note")


def upgrade() -> None:
    for name in _TEXTS:
        op.add_column("letters", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("letters", sa.Column("handled_at", sa.DateTime(timezone=True)))
    op.create_index("ix_letters_open", "letters", ["kind", "at"], postgresql_where=sa.text("state = 'open'"))
    op.create_table(
        "model_answers",
        sa.Column("envelope_id", sa.BigInteger(), nullable=False),
        sa.Column("model", sa.Text(), server_default="", nullable=False),
        sa.Column("answer", postgresql.JSONB(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelopes.id"], name=op.f("fk_model_answers_envelope_id")),
        sa.PrimaryKeyConstraint("envelope_id", name=op.f("pk_model_answers")),
    )


def downgrade() -> None:
    op.drop_table("model_answers")
    op.drop_index("ix_letters_open", "letters")
    for name in ("handled_at", *_TEXTS):
        op.drop_column("letters", name)
