"""How good the data was, day by day, and what people said about documents the desk could not read."""

from sqlalchemy import CheckConstraint, Date, Float, Index, Integer, PrimaryKeyConstraint, Table
from sqlalchemy import Column as C
from sqlalchemy.dialects.postgresql import JSONB

from orderclerk.database.schema_base import instant, key, metadata, refers, text
from orderclerk.database.schema_inbox import envelopes
from orderclerk.database.schema_orders import orders

# one figure of one local day: `scope` says of what (channel:mail, source:files:acme, customer:C1001), `measure` which
# figure, `subject` of which field, rule or kind; `cases` is how many it was taken from
quality_days = Table(
    "quality_days",
    metadata,
    C("day", Date, nullable=False),
    text("scope"),
    text("measure"),
    text("subject"),
    C("value", Float, nullable=False),
    C("cases", Integer, nullable=False),
    PrimaryKeyConstraint("day", "scope", "measure", "subject"),
    CheckConstraint("cases >= 0", name="cases_positive"),
)

# what a person stated about a document: applied whenever it is interpreted, its envelope stays as it came
repairs = Table(
    "repairs",
    metadata,
    key(),
    refers("envelope_id", "envelopes.id"),
    C("statement", JSONB, nullable=False),
    text("person"),
    text("reason"),
    instant("at"),
    CheckConstraint("person <> ''", name="has_person"),
    Index("ix_repairs_envelope", "envelope_id"),
)

# arrivals of a day are found without reading those of all other days
Index("ix_orders_received", orders.c.received_at, postgresql_using="brin")
Index("ix_envelopes_received", envelopes.c.received_at, postgresql_using="brin")
