"""Customers: who they are, where they live, how to reach them, and by what they are known."""

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, Table, UniqueConstraint
from sqlalchemy import Column as C
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from orderclerk.database.schema_base import MONEY, key, metadata, one_of, refers, text

KEY_KINDS = ("email", "domain", "gln", "duns", "shopify", "woo", "partner", "name", "number", "vat")

customers = Table(
    "customers",
    metadata,
    key(),
    text("customer_no", unique=True),
    text("name"),
    text("language", server_default="en"),
    text("currency"),
    C("payment_terms_days", Integer, nullable=False, server_default="30"),
    C("credit_limit", MONEY),
    C("payment_methods", ARRAY(Text), nullable=False, server_default="{}"),
    text("price_list"),
    text("vat_number"),
    text("country"),
    text("ship_rule", server_default="complete"),  # complete: everything at once; split: as it comes
    C("may_substitute", Boolean, nullable=False, server_default="false"),
    C("priority", Integer, nullable=False, server_default="0"),  # the higher is served first
    one_of("ship_rule", ("complete", "split")),
    CheckConstraint("country = '' OR country ~ '^[A-Z]{2}$'", name="country_iso"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_iso"),
    CheckConstraint("customer_no <> ''", name="has_number"),
    CheckConstraint("payment_terms_days >= 0", name="terms_positive"),
    CheckConstraint("credit_limit >= 0", name="credit_positive"),
)

customer_keys = Table(
    "customer_keys",
    metadata,
    text("kind", primary_key=True),
    text("value", primary_key=True),
    refers("customer_id", "customers.id", primary_key=True),
    one_of("kind", KEY_KINDS),
    CheckConstraint("value <> ''", name="has_value"),
)

contacts = Table(
    "contacts",
    metadata,
    key(),
    refers("customer_id", "customers.id"),
    text("name"),
    text("email"),
    text("phone"),
    UniqueConstraint("customer_id", "name", "email"),
)

addresses = Table(
    "addresses",
    metadata,
    key(),
    refers("customer_id", "customers.id"),
    text("kind", server_default="delivery"),
    text("recipient"),
    text("street"),
    text("city"),
    text("region"),
    text("postal_code"),
    text("country"),
    one_of("kind", ("delivery", "billing")),
    CheckConstraint("country = '' OR country ~ '^[A-Z]{2}$'", name="country_iso"),
    Index("ix_addresses_customer_id", "customer_id", "kind"),
)
