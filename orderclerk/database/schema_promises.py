"""What customers have been promised, and how long couriers take.

A promise stands for one line; the stock and supplies it stands on are the line's active reservations.
"""

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Index, Integer, PrimaryKeyConstraint, Table, Text
from sqlalchemy import Column as C
from sqlalchemy.dialects.postgresql import JSONB

from orderclerk.database.schema_base import QUANTITY, instant, key, metadata, one_of, refers, text

PROMISE_STATES = ("current", "kept", "slipped", "replaced", "withdrawn")

transit = Table(
    "transit",
    metadata,
    C("warehouse", Text, nullable=False),
    text("country"),  # ISO; "" for all that have no row of their own
    C("days", Integer, nullable=False),  # working days of the courier
    PrimaryKeyConstraint("warehouse", "country"),
    ForeignKeyConstraint(["warehouse"], ["warehouses.code"]),
    CheckConstraint("country = '' OR country ~ '^[A-Z]{2}$'", name="country_iso"),
    CheckConstraint("days >= 0", name="days_positive"),
)

promises = Table(
    "promises",
    metadata,
    key(),
    refers("order_id", "orders.id"),
    C("line_no", Integer, nullable=False),  # no foreign key: an old promise outlives its line
    C("revision", Integer, nullable=False),
    C("quantity", QUANTITY, nullable=False),
    C("ship_date", Date, nullable=False),
    C("promised_date", Date, nullable=False),  # at the customer's door
    instant("made_at"),
    instant("valid_until", null=True),  # an offer's; null: it holds
    text("state", server_default="current"),
    instant("ended_at", null=True),
    C("why", JSONB, nullable=False, server_default="{}"),  # the pieces: warehouse, supply, quantity, dates
    one_of("state", PROMISE_STATES),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("promised_date >= ship_date", name="leaves_before_it_arrives"),
    CheckConstraint("(state = 'current') = (ended_at IS NULL)", name="ended_has_time"),
    Index(
        "uq_promises_current",
        "order_id",
        "line_no",
        unique=True,
        postgresql_where="state = 'current'",
    ),
    Index("ix_promises_order", "order_id"),
)
