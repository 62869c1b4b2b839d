"""What is learned about how customers call our items, and how each line found its item."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KINDS = "'email', 'domain', 'gln', 'duns', 'shopify', 'woo', 'partner', 'name', 'number'"


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _item(table: str) -> "list[sa.Column[int] | sa.ForeignKeyConstraint]":
    return [
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f(f"fk_{table}_item_id")),
    ]


def _key_kinds(kinds: str) -> None:
    op.drop_constraint(op.f("ck_customer_keys_kind_known"), "customer_keys")
    op.create_check_constraint(op.f("ck_customer_keys_kind_known"), "customer_keys", f"kind IN ({kinds})")


def upgrade() -> None:
    op.create_table(
        "item_names",
        *_item("item_names"),
        _text("language"),
        _text("name"),
        sa.CheckConstraint("name <> ''", name=op.f("ck_item_names_has_name")),
        sa.PrimaryKeyConstraint("item_id", "language", "name", name=op.f("pk_item_names")),
    )
    op.create_table(
        "item_aliases",
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        _text("wording"),
        *_item("item_aliases"),
        _text("learned_from"),
        _text("person"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("wording <> ''", name=op.f("ck_item_aliases_has_wording")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_item_aliases_customer_id")),
        sa.PrimaryKeyConstraint("customer_id", "wording", name=op.f("pk_item_aliases")),
    )
    op.add_column("order_lines", sa.Column("match", postgresql.JSONB()))
    op.create_index("ix_orders_thread", "orders", ["thread_ref"], postgresql_where=sa.text("thread_ref <> ''"))
    _key_kinds(f"{_KINDS}, 'vat'")


def downgrade() -> None:
    op.execute("DELETE FROM customer_keys WHERE kind = 'vat'")
    _key_kinds(_KINDS)
    op.drop_index("ix_orders_thread", "orders")
    op.drop_column("order_lines", "match")
    op.drop_table("item_aliases")
    op.drop_table("item_names")
