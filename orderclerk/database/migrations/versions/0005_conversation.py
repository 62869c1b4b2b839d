"""Questions to customers, and what they answer line by line."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _text(name: str, default: str = "") -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _id(name: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _number(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=False)


def _instant(name: str, *, null: bool = False) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _id("order_id"),
        _number("revision"),
        _id("document_id"),
        _number("round"),
        _number("number"),
        _number("line_no"),
        _text("rule"),
        _text("field"),
        sa.Column("choices", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("about", postgresql.JSONB(), server_default="{}", nullable=False),
        _text("state", "open"),
        _instant("asked_at"),
        _text("asked_by"),
        _instant("remind_at"),
        _instant("answer_by"),
        _instant("reminded_at", null=True),
        _instant("closed_at", null=True),
        _id("envelope_id", null=True),
        _text("words"),
        sa.CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name=op.f("ck_questions_state_known")),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f("ck_questions_closed_has_time")),
        sa.CheckConstraint(
            "state <> 'answered' OR envelope_id IS NOT NULL", name=op.f("ck_questions_answered_has_mail")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_questions_order_id")),
        sa.ForeignKeyConstraint(["document_id"], ["envelopes.id"], name=op.f("fk_questions_document_id")),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelopes.id"], name=op.f("fk_questions_envelope_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index("ix_questions_order", "questions", ["order_id"])
    op.create_index(
        "uq_questions_open",
        "questions",
        ["order_id", "line_no", "rule", "field"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_questions_due", "questions", ["answer_by"], postgresql_where=sa.text("state = 'open'"))
    op.add_column("orders", sa.Column("agreed_revision", sa.Integer()))
    op.add_column("orders", _instant("remind_at", null=True))
    op.create_check_constraint(
        op.f("ck_orders_agreed_before"), "orders", "agreed_revision IS NULL OR agreed_revision <= revision"
    )
    op.add_column("answers", sa.Column("understood", postgresql.JSONB(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("answers", "understood")
    op.drop_constraint(op.f("ck_orders_agreed_before"), "orders")
    op.drop_column("orders", "remind_at")
    op.drop_column("orders", "agreed_revision")
    op.drop_table("questions")
