"""Whom we buy from, what was ordered, what they answered, what arrived, and what moves between our warehouses."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    Date,
    ForeignKey,
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
from sqlalchemy.dialects.postgresql import JSONB

from orderclerk.database.schema_base import MONEY, PRICE, QUANTITY, instant, key, metadata, one_of, refers, text
from orderclerk.domain.states import PURCHASE, TRANSFER

suppliers = Table(
    "suppliers",
    metadata,
    key(),
    text("supplier_no", unique=True),
    text("name"),
    text("email"),  # where orders go, lower case; answers count from this address and its domain
    text("contact_name"),
    text("phone"),
    text("language", server_default="en"),
    text("currency"),
    text("our_customer_no"),  # what they call us
    text("gln"),
    text("street"),
    text("city"),
    text("region"),
    text("postal_code"),
    text("country"),
    C("payment_terms_days", Integer),  # null: not agreed
    C("lead_time_days", Integer, nullable=False, server_default="0"),  # calendar days from order to arrival
    C("lead_time_sd_days", Numeric(8, 2), nullable=False, server_default="0"),
    C("transit_days", Integer, nullable=False, server_default="0"),  # of them on the road: from their ship date to ours
    C("min_order_value", MONEY),
    C("wants_ubl", Boolean, nullable=False, server_default="false"),
    C("is_active", Boolean, nullable=False, server_default="true"),
    CheckConstraint("supplier_no <> ''", name="has_number"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_iso"),
    CheckConstraint("lead_time_days >= 0 AND lead_time_sd_days >= 0 AND transit_days >= 0", name="times_positive"),
    CheckConstraint("payment_terms_days >= 0", name="terms_positive"),
)
Index("ix_suppliers_email", suppliers.c.email)

supplier_items = Table(
    "supplier_items",
    metadata,
    refers("supplier_id", "suppliers.id"),
    refers("item_id", "items.id"),
    text("supplier_ref"),
    C("moq", QUANTITY),  # null: any
    C("order_multiple", QUANTITY),
    C("lead_time_days", Integer),  # null: the supplier's
    C("is_preferred", Boolean, nullable=False, server_default="false"),
    PrimaryKeyConstraint("supplier_id", "item_id"),
    CheckConstraint("moq > 0 AND order_multiple > 0", name="quantities_positive"),
    CheckConstraint("lead_time_days >= 0", name="lead_time_positive"),
    Index("uq_supplier_items_preferred", "item_id", unique=True, postgresql_where="is_preferred"),
)

# half-open validity as in `prices`; the migration adds that no two of one tier hold on the same day
supplier_prices = Table(
    "supplier_prices",
    metadata,
    key(),
    refers("supplier_id", "suppliers.id"),
    refers("item_id", "items.id"),
    text("currency"),
    C("min_quantity", QUANTITY, nullable=False, server_default="1"),
    C("unit_price", PRICE, nullable=False),
    C("valid_from", Date, nullable=False),
    C("valid_to", Date),
    CheckConstraint("unit_price >= 0", name="price_positive"),
    CheckConstraint("min_quantity > 0", name="tier_positive"),
    CheckConstraint("valid_to > valid_from", name="validity_ordered"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_iso"),
    Index("ix_supplier_prices_item", "item_id", "supplier_id"),
)

purchase_orders = Table(
    "purchase_orders",
    metadata,
    key(),
    C("po_no", Text, Computed("'PO' || (100000 + id)::text", persisted=True), unique=True),
    text("key", unique=True),  # of the decision that wanted it: the same decision twice buys once
    refers("supplier_id", "suppliers.id"),
    C("warehouse", Text, ForeignKey("warehouses.code"), nullable=False),
    text("currency"),
    C("total", MONEY, nullable=False),  # of the lines as ordered, each rounded to cents
    text("state", server_default="draft"),
    instant("made_at"),
    C("needs_person", Boolean, nullable=False, server_default="false"),  # above the limit when it was made
    text("approved_by"),  # "policy" or the person
    instant("approved_at", null=True),
    instant("sent_at", null=True),
    instant("answered_at", null=True),
    instant("answer_by", null=True),  # when it is chased next
    C("chased", Integer, nullable=False, server_default="0"),
    instant("chased_at", null=True),
    UniqueConstraint("id", "warehouse"),
    one_of("state", PURCHASE),
    CheckConstraint("key <> ''", name="has_key"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_iso"),
    CheckConstraint("(approved_at IS NULL) = (approved_by = '')", name="approved_has_approver"),
    CheckConstraint(
        "state IN ('draft', 'waiting', 'cancelled') OR approved_at IS NOT NULL", name="ordered_is_approved"
    ),
    CheckConstraint("state NOT IN ('sent', 'confirmed', 'received') OR sent_at IS NOT NULL", name="sent_has_time"),
)
Index("ix_purchase_orders_open", purchase_orders.c.state, postgresql_where="state NOT IN ('received', 'cancelled')")
Index("ix_purchase_orders_chased", purchase_orders.c.answer_by, postgresql_where="state = 'sent'")

purchase_lines = Table(
    "purchase_lines",
    metadata,
    refers("po_id", "purchase_orders.id"),
    C("line_no", Integer, nullable=False),
    refers("item_id", "items.id"),
    text("warehouse"),
    C("quantity", QUANTITY, nullable=False),
    C("unit_price", PRICE, nullable=False),
    C("wanted_date", Date),
    text("why"),
    C(
        "agreed_quantity", QUANTITY, nullable=False
    ),  # what is still counted on: as ordered until a person takes less or more
    C("confirmed_quantity", QUANTITY),  # what the supplier says, agreed to or not
    C("confirmed_price", PRICE),
    C("confirmed_date", Date),
    refers("supply_id", "supplies.id", null=True, unique=True),
    PrimaryKeyConstraint("po_id", "line_no"),
    ForeignKeyConstraint(
        ["po_id", "warehouse"], ["purchase_orders.id", "purchase_orders.warehouse"], name="fk_purchase_lines_place"
    ),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("unit_price >= 0 AND confirmed_price >= 0", name="price_positive"),
    CheckConstraint("agreed_quantity >= 0 AND confirmed_quantity >= 0", name="quantities_positive"),
    Index("ix_purchase_lines_item", "item_id", "warehouse"),
)

purchase_events = Table(
    "purchase_events",
    metadata,
    key(),
    refers("po_id", "purchase_orders.id"),
    instant("at"),
    text("actor"),
    text("kind"),
    text("from_state"),
    text("to_state"),  # "" for what changes no state
    C("cause", JSONB, nullable=False, server_default="{}"),
    Index("ix_purchase_events_po", "po_id"),
)

purchase_holds = Table(
    "purchase_holds",
    metadata,
    key(),
    refers("po_id", "purchase_orders.id"),
    C("line_no", Integer, nullable=False, server_default="0"),  # 0: the order as a whole
    text("rule"),
    text("severity", server_default="critical"),
    text("reason"),
    C("evidence", JSONB, nullable=False, server_default="{}"),
    text("owner"),
    instant("opened_at"),
    instant("due_at"),
    text("state", server_default="open"),  # open, accepted (by a person), resolved (no longer so)
    instant("closed_at", null=True),
    text("closed_by"),
    text("note"),
    one_of("state", ("open", "accepted", "resolved")),
    CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_time"),
    CheckConstraint("state <> 'accepted' OR closed_by <> ''", name="accepted_has_person"),
    Index("uq_purchase_holds_open", "po_id", "line_no", "rule", unique=True, postgresql_where="state = 'open'"),
)

supplier_answers = Table(
    "supplier_answers",
    metadata,
    key(),
    refers("envelope_id", "envelopes.id", unique=True),
    text("po_no"),  # as the answer names it
    refers("po_id", "purchase_orders.id", null=True),
    text("sender"),
    C("is_signed", Boolean, nullable=False),  # carries the reference that only this supplier got
    text("message_ref"),
    text("words"),
    C("stated", JSONB),  # what a structured answer (UBL) says; null for words
    instant("at"),
    text("state", server_default="open"),
    C("understood", JSONB, nullable=False, server_default="{}"),
    one_of("state", ("open", "applied", "held", "noted")),
    Index("ix_supplier_answers_open", "id", postgresql_where="state = 'open'"),
)

goods_receipts = Table(
    "goods_receipts",
    metadata,
    key(),
    text("key", unique=True),  # delivery note, order, item and lot; else file and row, or the form's run
    refers("envelope_id", "envelopes.id", null=True),
    text("row"),
    text("po_no"),
    text("item_ref"),
    C("quantity", QUANTITY, nullable=False),
    text("lot"),
    text("bin"),
    text("delivery_ref"),
    instant("at"),
    text("actor"),
    text("state", server_default="open"),  # open, posted, held (of `quantity` only `posted` went into stock), refused
    C("posted", QUANTITY, nullable=False, server_default="0"),
    refers("po_id", "purchase_orders.id", null=True),
    C("line_no", Integer),
    text("rule"),
    text("reason"),
    text("closed_by"),
    C("is_accepted", Boolean, nullable=False, server_default="false"),  # a person takes more than was ordered
    one_of("state", ("open", "posted", "held", "refused")),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("posted >= 0 AND posted <= quantity", name="posted_within"),
    CheckConstraint("state <> 'posted' OR posted = quantity", name="posted_whole"),
    Index("ix_goods_receipts_po", "po_id"),
    Index("ix_goods_receipts_open", "id", postgresql_where="state = 'open'"),
)

transfers = Table(
    "transfers",
    metadata,
    key(),
    C("transfer_no", Text, Computed("'TR' || (100000 + id)::text", persisted=True), unique=True),
    text("key", unique=True),
    C("from_warehouse", Text, ForeignKey("warehouses.code"), nullable=False),
    C("to_warehouse", Text, ForeignKey("warehouses.code"), nullable=False),
    text("state", server_default="draft"),
    instant("made_at"),
    C("expected_date", Date, nullable=False),
    text("why"),
    text("sent_by"),
    instant("sent_at", null=True),
    text("closed_by"),
    instant("closed_at", null=True),
    text("note"),
    one_of("state", TRANSFER),
    CheckConstraint("from_warehouse <> to_warehouse", name="goes_somewhere"),
    CheckConstraint("(sent_at IS NULL) = (sent_by = '')", name="sent_has_person"),
    CheckConstraint("(closed_at IS NULL) = (closed_by = '')", name="closed_has_person"),
    CheckConstraint(
        "(state IN ('sent', 'received')) <= (sent_at IS NOT NULL) AND (state IN ('received', 'cancelled')) = (closed_at IS NOT NULL)",
        name="state_has_times",
    ),
)

transfer_lines = Table(
    "transfer_lines",
    metadata,
    refers("transfer_id", "transfers.id"),
    C("line_no", Integer, nullable=False),
    refers("item_id", "items.id"),
    C("quantity", QUANTITY, nullable=False),
    C("supply_id", BigInteger, ForeignKey("supplies.id"), nullable=True, unique=True),
    C("sent", QUANTITY, nullable=False, server_default="0"),  # of it really left
    PrimaryKeyConstraint("transfer_id", "line_no"),
    UniqueConstraint("transfer_id", "item_id"),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("sent >= 0 AND sent <= quantity", name="sent_within"),
)
