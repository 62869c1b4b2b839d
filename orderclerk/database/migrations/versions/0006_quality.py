"""How good the data was, day by day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def upgrade() -> None:
    op.create_table(
        "quality_days",
        sa.Column("day", sa.Date(), nullable=False),
        _text("scope"),
        _text("measure"),
        _text("subject"),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.CheckConstraint("cases >= 0", name=op.f("ck_quality_days_cases_positive")),
        sa.PrimaryKeyConstraint("day", "scope", "measure", "subject", name=op.f("pk_quality_days")),
    )
    op.create_table(
        "repairs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("envelope_id", sa.BigInteger(), nullable=False),
        sa.Column("statement", postgresql.JSONB(), nullable=False),
        _text("person"),
        _text("reason"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("person <> ''", name=op.f("ck_repairs_has_person")),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelopes.id"], name=op.f("fk_repairs_envelope_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repairs")),
    )
    op.create_index("ix_repairs_envelope", "repairs", ["envelope_id"])
    op.create_index("ix_orders_received", "orders", ["received_at"], postgresql_using="brin")
    op.create_index("ix_envelopes_received", "envelopes", ["received_at"], postgresql_using="brin")


def downgrade() -> None:
    op.drop_index("ix_envelopes_received", "envelopes")
    op.drop_index("ix_orders_received", "orders")
    op.drop_table("repairs")
    op.drop_table("quality_days")
