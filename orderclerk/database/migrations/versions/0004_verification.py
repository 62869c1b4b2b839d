"""What the checks need to know of customers and items."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_QUANTITY = sa.Numeric(precision=18, scale=3)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def upgrade() -> None:
    op.add_column("customers", _text("vat_number"))
    op.add_column("customers", _text("country"))
    op.create_check_constraint(op.f("ck_customers_country_iso"), "customers", "country = '' OR country ~ '^[A-Z]{2}$'")
    op.add_column("items", sa.Column("min_order_quantity", _QUANTITY))
    op.add_column("items", sa.Column("order_multiple", _QUANTITY))
    op.add_column("items", sa.Column("lead_time_days", sa.Integer()))
    op.add_column("items", _text("export_class"))
    for name in ("min_order_quantity", "order_multiple"):
        op.create_check_constraint(op.f(f"ck_items_{name}_positive"), "items", f"{name} > 0")
    op.create_check_constraint(op.f("ck_items_lead_time_positive"), "items", "lead_time_days >= 0")
    digits = sa.Computed(r"regexp_replace(order_ref, '\D', '', 'g')", persisted=True)
    op.add_column("orders", sa.Column("ref_digits", sa.Text(), digits))
    op.create_index("ix_orders_customer_received", "orders", ["customer_id", "received_at"])


def downgrade() -> None:
    op.drop_index("ix_orders_customer_received")
    op.drop_column("orders", "ref_digits")
    for name in ("lead_time_positive", "order_multiple_positive", "min_order_quantity_positive"):
        op.drop_constraint(op.f(f"ck_items_{name}"), "items")
    for name in ("export_class", "lead_time_days", "order_multiple", "min_order_quantity"):
        op.drop_column("items", name)
    op.drop_constraint(op.f("ck_customers_country_iso"), "customers")
    for name in ("country", "vat_number"):
        op.drop_column("customers", name)
