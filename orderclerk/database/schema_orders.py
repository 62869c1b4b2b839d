"""Orders, their lines and revisions, what holds them up, and what happened to them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import Column as C
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from orderclerk.database.schema_base import MONEY, PRICE, QUANTITY, instant, key, metadata, one_of, refers, text
from orderclerk.domain.states import COMMERCIAL, FULFILMENT

orders = Table(
    "orders",
    metadata,
    key(),
    C("order_no", Text, Computed("'SO' || (100000 + id)::text", persisted=True), unique=True),
    text("kind"),
    text("channel"),
    text("source"),
    text("order_ref"),
    C(
        "ref_digits", Text, Computed(r"regexp_replace(order_ref, '\D', '', 'g')", persisted=True)
    ),  # however it is written
    C("has_own_ref", Boolean, nullable=False),
    refers("customer_id", "customers.id", null=True),
    C("stated_customer", JSONB, nullable=False, server_default="{}"),  # number, email, name, key, phone as read
    text("customer_po"),
    text("original_ref"),
    text("currency"),
    text("language"),
    C("order_date", Date),
    C("requested_date", Date),
    text("recipient"),
    text("street"),
    text("city"),
    text("region"),
    text("postal_code"),
    text("country"),
    C("is_home_address", Boolean, nullable=False, server_default="false"),  # taken from the file: none was stated
    text("payment_method"),
    text("remarks"),
    C("stated_total", MONEY),
    C("tax", MONEY),
    C("freight", MONEY),
    C("discount", MONEY),
    text("repeats"),  # "last" or the reference of the earlier order whose lines are meant
    text("thread_ref"),  # the first Message-ID of the conversation
    C("confidence", Float, nullable=False, server_default="1"),  # of the header as read
    C("evidence", JSONB),  # where each field stands in the document
    C("problems", JSONB),
    instant("version_at", null=True),
    C("revision", Integer, nullable=False, server_default="1"),
    refers("envelope_id", "envelopes.id"),
    text("fingerprint"),  # of customer, items and quantities: what a duplicate through another channel shares
    text("commercial_state", server_default="received"),
    text("fulfilment_state", server_default="open"),
    C("needs_check", Boolean, nullable=False, server_default="true"),
    instant("received_at"),
    instant("answer_by", null=True),
    instant("remind_at", null=True),
    instant("reminded_at", null=True),
    C("agreed_revision", Integer),  # the last one that both sides agreed to; it may be an earlier one
    UniqueConstraint("source", "order_ref"),
    one_of("kind", ("order", "return", "cancellation")),
    one_of("commercial_state", COMMERCIAL),
    one_of("fulfilment_state", FULFILMENT),
    CheckConstraint("revision >= 1", name="revision_positive"),
    CheckConstraint("agreed_revision IS NULL OR agreed_revision <= revision", name="agreed_before"),
    CheckConstraint("source <> '' AND order_ref <> ''", name="has_business_key"),
    CheckConstraint("(commercial_state = 'offered') = (answer_by IS NOT NULL)", name="offer_has_deadline"),
    CheckConstraint(
        "commercial_state NOT IN ('offered', 'confirmed') OR customer_id IS NOT NULL", name="accepted_has_customer"
    ),
    CheckConstraint(
        "commercial_state IN ('offered', 'confirmed') OR fulfilment_state <> 'reserved'", name="stock_only_if_accepted"
    ),
)
Index("ix_orders_needs_check", orders.c.id, postgresql_where=orders.c.needs_check)
Index("ix_orders_waiting", orders.c.answer_by, postgresql_where=orders.c.commercial_state == "offered")
Index("ix_orders_customer_received", orders.c.customer_id, orders.c.received_at)
Index("ix_orders_fingerprint", orders.c.fingerprint)
Index("ix_orders_thread", orders.c.thread_ref, postgresql_where=orders.c.thread_ref != "")
Index("ix_orders_customer", orders.c.customer_id, orders.c.order_date)

order_revisions = Table(
    "order_revisions",
    metadata,
    refers("order_id", "orders.id"),
    C("seq", Integer, nullable=False),
    text("content_hash"),
    refers("envelope_id", "envelopes.id"),
    instant("version_at", null=True),
    text("state"),  # applied, pending (a person decides), stale (older than what the book has)
    C("revision", Integer),  # the order's revision it became; null unless applied
    instant("received_at"),
    PrimaryKeyConstraint("order_id", "seq"),
    UniqueConstraint("order_id", "content_hash"),
    one_of("state", ("applied", "pending", "stale", "refused")),
    CheckConstraint("(state = 'applied') = (revision IS NOT NULL)", name="applied_has_revision"),
)

order_lines = Table(
    "order_lines",
    metadata,
    refers("order_id", "orders.id"),
    C("line_no", Integer, nullable=False),
    text("line_ref"),
    text("row"),
    text("item_ref"),
    text("barcode"),
    text("description"),
    refers("item_id", "items.id", null=True),
    C("quantity", QUANTITY),
    text("unit"),
    C("unit_price", PRICE),
    C("stated", JSONB),  # quantity, unit and price as written, where another unit than the item's was meant
    C("line_total", MONEY),  # as the document says
    C(
        "confidence", Float, nullable=False, server_default="1"
    ),  # that item, quantity and unit are what was meant: reading times matching
    C("match", JSONB),  # how the item was found where no number names it, and what else it might be: docs/contracts.md
    C("evidence", JSONB),
    C("is_charge", Boolean, nullable=False, server_default="false"),
    C("problems", JSONB),
    C("returned_quantity", QUANTITY, nullable=False, server_default="0"),
    C("origin_order_id", BigInteger),
    C("origin_line_no", Integer),
    PrimaryKeyConstraint("order_id", "line_no"),
    ForeignKeyConstraint(
        ["origin_order_id", "origin_line_no"],
        ["order_lines.order_id", "order_lines.line_no"],
        name="fk_order_lines_origin",
    ),
    CheckConstraint("quantity >= 0", name="quantity_positive"),
    CheckConstraint("returned_quantity >= 0", name="returned_positive"),
    CheckConstraint("returned_quantity <= quantity", name="returned_within_ordered"),
)

holds = Table(
    "holds",
    metadata,
    key(),
    refers("order_id", "orders.id"),
    C("line_no", Integer, nullable=False, server_default="0"),  # 0: the order as a whole
    C("revision", Integer, nullable=False),
    text("rule"),
    text("reason"),
    C("evidence", JSONB, nullable=False, server_default="{}"),
    text("owner"),
    instant("opened_at"),
    instant("due_at"),
    text("state", server_default="open"),  # open, released (waived by a person), resolved (no longer true)
    instant("closed_at", null=True),
    text("closed_by"),
    text("note"),
    one_of("state", ("open", "released", "resolved")),
    CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_time"),
    CheckConstraint("state <> 'released' OR closed_by <> ''", name="released_has_person"),
)
Index(
    "uq_holds_open",
    holds.c.order_id,
    holds.c.line_no,
    holds.c.rule,
    unique=True,
    postgresql_where=holds.c.state == "open",
)
Index("ix_holds_order", holds.c.order_id)

events = Table(
    "events",
    metadata,
    key(),
    refers("order_id", "orders.id"),
    instant("at"),
    text("actor"),
    text("kind"),
    text("axis"),  # commercial, fulfilment, or "" for what changes no state
    text("from_state"),
    text("to_state"),
    C("cause", JSONB, nullable=False, server_default="{}"),
    C("objects", JSONB, nullable=False, server_default=sql("'{}'")),  # type -> ids, for OCEL 2.0
    Index("ix_events_order", "order_id"),
    one_of("axis", ("", "commercial", "fulfilment")),
)
