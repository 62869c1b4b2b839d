"""The order book's tables. Every invariant that a constraint can state is a constraint.

One metadata; the tables stand in the `schema_*` modules by subject. Quantities are numeric(18,3) in the line's unit,
prices numeric(18,4) of the order's currency without tax, times `timestamptz`.
"""

from orderclerk.database.schema_base import metadata
from orderclerk.database.schema_catalogue import item_keys, items, prices
from orderclerk.database.schema_conversation import questions
from orderclerk.database.schema_counts import count_lines, counts
from orderclerk.database.schema_forecasts import forecasts
from orderclerk.database.schema_inbox import (
    answers,
    batches,
    channel_cursors,
    deliveries,
    envelopes,
    findings,
    letters,
    model_answers,
    outbox,
    quarantine,
    runs,
)
from orderclerk.database.schema_orders import events, holds, order_lines, order_revisions, orders
from orderclerk.database.schema_parties import addresses, contacts, customer_keys, customers
from orderclerk.database.schema_promises import promises, transit
from orderclerk.database.schema_purchasing import (
    goods_receipts,
    purchase_events,
    purchase_holds,
    purchase_lines,
    purchase_orders,
    supplier_answers,
    supplier_items,
    supplier_prices,
    suppliers,
    transfer_lines,
    transfers,
)
from orderclerk.database.schema_quality import quality_days, repairs
from orderclerk.database.schema_stock import (
    bin_levels,
    kits,
    locations,
    reservations,
    stock_levels,
    stock_moves,
    stock_rules,
    substitutes,
    supplies,
    warehouses,
)

__all__ = [
    "addresses",
    "answers",
    "batches",
    "bin_levels",
    "channel_cursors",
    "contacts",
    "count_lines",
    "counts",
    "customer_keys",
    "customers",
    "deliveries",
    "envelopes",
    "events",
    "findings",
    "forecasts",
    "goods_receipts",
    "holds",
    "item_keys",
    "items",
    "kits",
    "letters",
    "locations",
    "metadata",
    "model_answers",
    "order_lines",
    "order_revisions",
    "orders",
    "outbox",
    "prices",
    "promises",
    "purchase_events",
    "purchase_holds",
    "purchase_lines",
    "purchase_orders",
    "quality_days",
    "quarantine",
    "questions",
    "repairs",
    "reservations",
    "runs",
    "stock_levels",
    "stock_moves",
    "stock_rules",
    "substitutes",
    "supplier_answers",
    "supplier_items",
    "supplier_prices",
    "suppliers",
    "supplies",
    "transfer_lines",
    "transfers",
    "transit",
    "warehouses",
]
