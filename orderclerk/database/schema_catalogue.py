"""Items, what others call them, and what they cost."""

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, PrimaryKeyConstraint, Table
from sqlalchemy import Column as C

from orderclerk.database.schema_base import PRICE, QUANTITY, instant, key, metadata, one_of, refers, text

items = Table(
    "items",
    metadata,
    key(),
    text("item_no", unique=True),
    text("name"),
    text("name_zh"),
    text("unit", server_default="EA"),
    C("pack_size", QUANTITY, nullable=False, server_default="1"),
    C("weight_g", Integer),
    C("is_goods", Boolean, nullable=False, server_default="true"),
    C("is_active", Boolean, nullable=False, server_default="true"),
    text("barcode"),
    C("min_order_quantity", QUANTITY),  # null: any
    C("order_multiple", QUANTITY),  # sold in whole packs of so many only; null: in any quantity
    C("lead_time_days", Integer),  # working days until it can be ready; null: not known
    text("export_class"),  # what export control calls it, as in [exports.classes]
    C("shelf_life_days", Integer),  # null: it keeps
    C("volume_cm3", Integer),
    C("is_lot_kept", Boolean, nullable=False, server_default="false"),
    text("abc_class"),  # "": not sorted yet
    CheckConstraint("item_no <> ''", name="has_number"),
    CheckConstraint("pack_size > 0", name="pack_positive"),
    CheckConstraint("weight_g >= 0", name="weight_positive"),
    CheckConstraint("min_order_quantity > 0", name="min_order_quantity_positive"),
    CheckConstraint("order_multiple > 0", name="order_multiple_positive"),
    CheckConstraint("lead_time_days >= 0", name="lead_time_positive"),
    CheckConstraint("shelf_life_days > 0", name="shelf_life_positive"),
    CheckConstraint("volume_cm3 >= 0", name="volume_positive"),
    one_of("abc_class", ("", "A", "B", "C")),
)
Index("uq_items_barcode", items.c.barcode, unique=True, postgresql_where=items.c.barcode != "")

# what an item is called: in the catalogue's languages, and synonyms; items.name and name_zh count as well
item_names = Table(
    "item_names",
    metadata,
    refers("item_id", "items.id"),
    text("language"),
    text("name"),
    PrimaryKeyConstraint("item_id", "language", "name"),
    CheckConstraint("name <> ''", name="has_name"),
)

# what a customer calls an item, learned once from a person or from the customer's own answer; one meaning a wording
item_aliases = Table(
    "item_aliases",
    metadata,
    refers("customer_id", "customers.id"),
    text("wording"),  # as orderclerk.domain.item_words.normal_wording gives it
    refers("item_id", "items.id"),
    text("learned_from"),  # "hold 17", "answer 4"
    text("person"),
    instant("at"),
    PrimaryKeyConstraint("customer_id", "wording"),
    CheckConstraint("wording <> ''", name="has_wording"),
)

item_keys = Table(
    "item_keys",
    metadata,
    key(),
    refers("customer_id", "customers.id", null=True),
    text("value"),
    refers("item_id", "items.id"),
    CheckConstraint("value <> ''", name="has_value"),
    Index("uq_item_keys_meaning", "customer_id", "value", "item_id", unique=True, postgresql_nulls_not_distinct=True),
)

# validity is the half-open interval [valid_from, valid_to); the migration adds the exclusion constraint
# that no two prices of one list, item, currency and tier hold on the same day
prices = Table(
    "prices",
    metadata,
    key(),
    text("price_list"),
    text("currency"),
    refers("item_id", "items.id"),
    C("min_quantity", QUANTITY, nullable=False, server_default="1"),
    C("unit_price", PRICE, nullable=False),
    C("valid_from", Date, nullable=False),
    C("valid_to", Date),
    CheckConstraint("unit_price >= 0", name="price_positive"),
    CheckConstraint("min_quantity > 0", name="tier_positive"),
    CheckConstraint("valid_to > valid_from", name="validity_ordered"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_iso"),
    Index("ix_prices_item", "item_id", "price_list"),
)
