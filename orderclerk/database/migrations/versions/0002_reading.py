"""Where each field stood and how sure its reading is; every mail as correspondence."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MONEY = sa.Numeric(precision=18, scale=4)
_KINDS = """('order', 'reply', 'status question', 'change', 'cancellation', 'complaint', 'return', 'statement reply', 'payment advice', 'courier notice', 'newsletter', 'bounce', 'out of office', 'spam', 'other')"""


def _text(name: str, default: str = "") -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _confidence() -> "sa.Column[float]":
    return sa.Column("confidence", sa.Float(), server_default="1", nullable=False)


def upgrade() -> None:
    for table, money in (("orders", ("tax", "freight", "discount")), ("order_lines", ("line_total",))):
        for name in money:
            op.add_column(table, sa.Column(name, _MONEY))
        op.add_column(table, _confidence())
        op.add_column(table, sa.Column("evidence", postgresql.JSONB()))
    op.add_column("orders", _text("repeats"))
    op.add_column("orders", _text("thread_ref"))
    op.create_table(
        "letters",
        sa.Column("envelope_id", sa.BigInteger(), nullable=False),
        _text("kind"),
        _text("sender"),
        _text("subject"),
        _text("language"),
        _text("message_ref"),
        _text("thread_ref"),
        _text("their_ref"),
        _confidence(),
        sa.Column("order_id", sa.BigInteger()),
        sa.Column("customer_id", sa.BigInteger()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _text("state", "open"),
        sa.CheckConstraint(f"kind IN {_KINDS}", name=op.f("ck_letters_kind_known")),
        sa.CheckConstraint("state IN ('open', 'handled')", name=op.f("ck_letters_state_known")),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelopes.id"], name=op.f("fk_letters_envelope_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_letters_order_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_letters_customer_id")),
        sa.PrimaryKeyConstraint("envelope_id", name=op.f("pk_letters")),
    )
    op.create_index("ix_letters_thread", "letters", ["thread_ref"])
    op.create_index("ix_letters_order", "letters", ["order_id"])


def downgrade() -> None:
    op.drop_table("letters")
    op.drop_column("orders", "thread_ref")
    op.drop_column("orders", "repeats")
    for table, money in (("orders", ("tax", "freight", "discount")), ("order_lines", ("line_total",))):
        for name in (*money, "confidence", "evidence"):
            op.drop_column(table, name)
