"""The stock ledger: where goods can be, how they moved, what is on hand, what is coming, and for whom it is kept.

Balances stand beside the moves and are equal to their sum; `stock_levels` is the row that is locked. Quantities are in
the item's own unit. What is coming is a supply; a reservation without a supply is on stock.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import Column as C

from orderclerk.database.schema_base import MONEY, QUANTITY, instant, key, metadata, one_of, refers, text
from orderclerk.domain.states import RESERVATION

LOCATION_KINDS = ("supplier", "warehouse", "customer", "transit", "loss", "count", "production")
SUPPLY_KINDS = ("purchase", "transfer", "return")
ACTIVE = "state IN ('soft', 'hard', 'picked')"


def _warehouse(null: bool = False) -> "C[str]":
    return text("warehouse", null=null)


warehouses = Table(
    "warehouses",
    metadata,
    text("code", primary_key=True),
    text("name"),
    text("country"),
    text("region"),
    text("city"),
    text("postal_code"),
    text("street"),
    text("timezone"),  # "": the desk's own
    text("cut_off", server_default="15:00"),  # local time until which an order leaves on the day
    C("handling_days", Integer, nullable=False, server_default="0"),  # working days from order to parcel
    C("parcels_a_day", Integer),  # null: no limit
    C("parcel_cost", MONEY, nullable=False, server_default="0"),
    C("priority", Integer, nullable=False, server_default="0"),  # the higher goes first where all else is equal
    C("is_active", Boolean, nullable=False, server_default="true"),
    CheckConstraint("country = '' OR country ~ '^[A-Z]{2}$'", name="country_iso"),
    CheckConstraint("cut_off ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'", name="cut_off_is_time"),
    CheckConstraint("handling_days >= 0", name="handling_positive"),
    CheckConstraint("parcels_a_day > 0", name="parcels_positive"),
    CheckConstraint("parcel_cost >= 0", name="parcel_cost_positive"),
)

# one row for every place that goods can come from or go to; a warehouse's bins are 'WH/BIN', the warehouse as such 'WH/'
locations = Table(
    "locations",
    metadata,
    key(),
    text("kind"),
    text("code"),
    C("warehouse", Text, nullable=True),
    text("bin"),
    UniqueConstraint("kind", "code"),
    ForeignKeyConstraint(["warehouse"], ["warehouses.code"]),
    one_of("kind", LOCATION_KINDS),
    CheckConstraint("(kind = 'warehouse') = (warehouse IS NOT NULL)", name="warehouse_if_one"),
    CheckConstraint("warehouse IS NULL OR code = warehouse || '/' || bin", name="code_says_bin"),
    Index("ix_locations_warehouse", "warehouse"),
)

stock_moves = Table(
    "stock_moves",
    metadata,
    key(),
    text("key", unique=True),  # of what was done: the same key again moves nothing
    refers("item_id", "items.id"),
    text("lot"),
    C("quantity", QUANTITY, nullable=False),
    refers("from_id", "locations.id"),
    refers("to_id", "locations.id"),
    text("reason"),
    text("document_kind"),
    text("document_ref"),
    refers("order_id", "orders.id", null=True),
    C("line_no", Integer),
    instant("at"),
    text("actor"),
    CheckConstraint("key <> ''", name="has_key"),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("from_id <> to_id", name="goes_somewhere"),
    Index("ix_stock_moves_item", "item_id", "at"),
    Index("ix_stock_moves_document", "document_kind", "document_ref"),
)

bin_levels = Table(
    "bin_levels",
    metadata,
    refers("item_id", "items.id"),
    refers("location_id", "locations.id"),
    text("lot"),
    C("on_hand", QUANTITY, nullable=False, server_default="0"),
    PrimaryKeyConstraint("item_id", "location_id", "lot"),
    CheckConstraint("on_hand >= 0", name="on_hand_positive"),
)

stock_levels = Table(
    "stock_levels",
    metadata,
    refers("item_id", "items.id"),
    _warehouse(),
    C("on_hand", QUANTITY, nullable=False, server_default="0"),
    C("reserved", QUANTITY, nullable=False, server_default="0"),
    C("incoming", QUANTITY, nullable=False, server_default="0"),
    PrimaryKeyConstraint("item_id", "warehouse"),
    ForeignKeyConstraint(["warehouse"], ["warehouses.code"]),
    CheckConstraint("reserved >= 0", name="reserved_positive"),
    CheckConstraint("reserved <= on_hand", name="never_oversold"),
    CheckConstraint("incoming >= 0", name="incoming_positive"),
)

# what is coming; more may be received than was expected, but no more of it can be promised than is still to come
supplies = Table(
    "supplies",
    metadata,
    key(),
    text("kind"),
    text("document_no"),
    C("line_no", Integer, nullable=False),
    C("item_id", BigInteger, nullable=False),
    _warehouse(),
    C("quantity", QUANTITY, nullable=False),
    C("received", QUANTITY, nullable=False, server_default="0"),
    C("pegged", QUANTITY, nullable=False, server_default="0"),
    C("expected_date", Date, nullable=False),
    C("first_expected_date", Date, nullable=False),
    text("state", server_default="open"),
    UniqueConstraint("kind", "document_no", "line_no"),
    ForeignKeyConstraint(
        ["item_id", "warehouse"], ["stock_levels.item_id", "stock_levels.warehouse"], name="fk_supplies_stock"
    ),
    one_of("kind", SUPPLY_KINDS),
    one_of("state", ("open", "closed")),
    CheckConstraint("document_no <> ''", name="has_document"),
    CheckConstraint("quantity >= 0 AND received >= 0", name="quantity_positive"),
    CheckConstraint("pegged >= 0 AND pegged <= greatest(quantity - received, 0)", name="never_overpromised"),
    CheckConstraint("state = 'open' OR pegged = 0", name="closed_promises_nothing"),
    Index("ix_supplies_open", "item_id", "warehouse", postgresql_where="state = 'open'"),
)

reservations = Table(
    "reservations",
    metadata,
    key(),
    refers("order_id", "orders.id"),
    C("line_no", Integer, nullable=False),  # no foreign key: what was released outlives its line
    C("item_id", BigInteger, nullable=False),  # of a kit: the component
    _warehouse(),
    refers("supply_id", "supplies.id", null=True),  # null: of the stock on hand
    C("quantity", QUANTITY, nullable=False),
    text("state", server_default="hard"),
    instant("expires_at", null=True),
    instant("made_at"),
    instant("closed_at", null=True),
    ForeignKeyConstraint(
        ["item_id", "warehouse"], ["stock_levels.item_id", "stock_levels.warehouse"], name="fk_reservations_stock"
    ),
    one_of("state", RESERVATION),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("(state IN ('consumed', 'released')) = (closed_at IS NOT NULL)", name="closed_has_time"),
    CheckConstraint("state <> 'soft' OR expires_at IS NOT NULL", name="soft_expires"),
    CheckConstraint("state IN ('soft', 'released') OR expires_at IS NULL", name="only_soft_expires"),
    CheckConstraint("state NOT IN ('picked', 'consumed') OR supply_id IS NULL", name="picked_from_stock"),
    Index(
        "uq_reservations_active",
        "order_id",
        "line_no",
        "item_id",
        "warehouse",
        "supply_id",
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=ACTIVE,
    ),
    Index("ix_reservations_expiring", "expires_at", postgresql_where="state = 'soft'"),
    Index("ix_reservations_supply", "supply_id", postgresql_where="supply_id IS NOT NULL"),
)

# a kit is sold as one and kept as its components; one level
kits = Table(
    "kits",
    metadata,
    refers("kit_id", "items.id"),
    refers("component_id", "items.id"),
    C("quantity", QUANTITY, nullable=False, server_default="1"),
    PrimaryKeyConstraint("kit_id", "component_id"),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("kit_id <> component_id", name="holds_others"),
)

substitutes = Table(
    "substitutes",
    metadata,
    refers("item_id", "items.id"),
    refers("substitute_id", "items.id"),
    C("ratio", QUANTITY, nullable=False, server_default="1"),  # so many of the substitute stand for one
    C("rank", Integer, nullable=False, server_default="1"),  # the lower is offered first
    C("needs_consent", Boolean, nullable=False, server_default="true"),
    PrimaryKeyConstraint("item_id", "substitute_id"),
    CheckConstraint("ratio > 0", name="ratio_positive"),
    CheckConstraint("item_id <> substitute_id", name="is_another"),
)

stock_rules = Table(
    "stock_rules",
    metadata,
    refers("item_id", "items.id"),
    _warehouse(),
    C("safety_stock", QUANTITY, nullable=False, server_default="0"),
    C("service_level", Numeric(5, 4)),  # null: the desk's own
    C("min_level", QUANTITY),
    C("max_level", QUANTITY),
    PrimaryKeyConstraint("item_id", "warehouse"),
    ForeignKeyConstraint(["warehouse"], ["warehouses.code"]),
    CheckConstraint("safety_stock >= 0", name="safety_positive"),
    CheckConstraint("service_level > 0 AND service_level < 1", name="service_level_share"),
    CheckConstraint("min_level >= 0", name="min_positive"),
    CheckConstraint("max_level >= coalesce(min_level, 0)", name="max_above_min"),
)
