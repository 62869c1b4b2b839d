"""Stocktaking: counts that were planned, and what was counted line by line."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    Date,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy import Column as C

from orderclerk.database.schema_base import QUANTITY, instant, key, metadata, one_of, refers, text
from orderclerk.domain.counting import CAUSES, METHODS

COUNT_STATES = ("counting", "recounting", "waiting", "posted", "cancelled")
LINE_STATES = ("open", "right", "differs", "recount", "disputed", "posted")

counts = Table(
    "counts",
    metadata,
    key(),
    C("count_no", Text, Computed("'CT' || (100000 + id)::text", persisted=True), unique=True),
    text("key", unique=True),  # of what planned it: planned twice, it is planned once
    C("warehouse", Text, nullable=False),
    text("method"),
    C("planned_for", Date, nullable=False),
    text("state", server_default="counting"),
    text("sent_to"),  # who counts: the mail address the sheet went to
    instant("planned_at"),
    instant("sheet_at"),  # the sheet's: what is reserved or moves later is accounted for
    text("approved_by"),
    instant("approved_at", null=True),
    instant("closed_at", null=True),
    ForeignKeyConstraint(["warehouse"], ["warehouses.code"]),
    one_of("method", METHODS),
    one_of("state", COUNT_STATES),
    CheckConstraint("key <> ''", name="has_key"),
    CheckConstraint("(state IN ('posted', 'cancelled')) = (closed_at IS NOT NULL)", name="closed_has_time"),
    CheckConstraint("state <> 'posted' OR approved_by <> ''", name="posted_by_somebody"),
)

count_lines = Table(
    "count_lines",
    metadata,
    refers("count_id", "counts.id"),
    C("line_no", Integer, nullable=False),
    C("item_id", BigInteger, nullable=False),
    refers("location_id", "locations.id"),
    text("lot"),
    C("first_quantity", QUANTITY),
    text("first_by"),
    instant("first_at", null=True),
    C("first_expected", QUANTITY),  # what the book says was there at that moment
    C("second_quantity", QUANTITY),
    text("second_by"),
    instant("second_at", null=True),
    C("second_expected", QUANTITY),
    C("difference", QUANTITY),  # to be posted, or posted
    text("state", server_default="open"),
    text("cause"),
    text("note"),
    PrimaryKeyConstraint("count_id", "line_no"),
    ForeignKeyConstraint(["item_id"], ["items.id"]),
    one_of("state", LINE_STATES),
    one_of("cause", ("", *CAUSES)),
    CheckConstraint("first_quantity >= 0 AND second_quantity >= 0", name="quantity_positive"),
    CheckConstraint("(first_quantity IS NULL) = (first_at IS NULL)", name="first_has_time"),
    CheckConstraint("(second_quantity IS NULL) = (second_at IS NULL)", name="second_has_time"),
    CheckConstraint("second_quantity IS NULL OR first_quantity IS NOT NULL", name="first_comes_first"),
    CheckConstraint("second_quantity IS NULL OR second_by <> first_by", name="somebody_else_recounts"),
)
