"""What a claimed order lacks is completed before it is judged: customer, items, units, currency, list prices."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from orderclerk.database import checking, item_habits, reference_data
from orderclerk.database.engine import Connection
from orderclerk.database.repeats import add_lines
from orderclerk.domain.customer_names import suggest_customers
from orderclerk.domain.identity import fingerprints
from orderclerk.domain.lineframe import PRICE_SCALE, QUANTITY_SCALE, decimal_texts
from orderclerk.domain.matching import match_customers
from orderclerk.domain.pricing import list_prices
from orderclerk.domain.senders import Senders
from orderclerk.domain.units import in_item_units, prices_per_item_unit
from tasks.item_matching import Catalogue, with_choices, with_items
from tasks.repeating import with_repeats
from tasks.senders import known_senders, with_senders

ITEM_TERMS = ["item_unit", "pack_size_e3", "minimum_e3", "multiple_e3", "lead_days", "export_class"]


@dataclass(frozen=True)
class Known:
    """A chunk with everything known about it: `orders` and `lines` completed, the list `prices` of their items.

    `waived` has order_id, line_no, rule: what a person has released. `is_new` marks lines to be written back.
    `senders` is what is on file about who orders and where to.
    """

    orders: pd.DataFrame
    lines: pd.DataFrame
    prices: pd.DataFrame
    waived: pd.DataFrame
    senders: Senders


def complete(conn: Connection, claimed: checking.Claimed, today: str = "") -> Known:
    """Match what is still unmatched and add customers' and items' data and list prices; writes nothing.

    `today` (ISO) is the day the check stands for; without it each order's own, the day it came.
    """
    orders, lines = claimed.orders, claimed.lines
    keys = reference_data.customer_keys(conn, orders["thread_ref"].unique())
    verdict = match_customers(orders, keys)
    before = orders[["customer_id", "currency", "fingerprint"]]
    orders = orders.assign(**{name: verdict[name] for name in verdict}, today=today or orders["received_day"])
    orders = _with_suggestions(conn, with_senders(conn, _with_customers(conn, orders)))
    orders, lines = with_repeats(conn, orders, lines)
    lines = lines.assign(
        order=lines["order_id"],
        customer_id=orders.set_index("order_id")["customer_id"].reindex(lines["order_id"]).to_numpy(),
    )
    catalogue = reference_data.items(conn)
    newly_known = orders.loc[orders["customer_id"] != before["customer_id"], "order_id"]
    received = orders.loc[orders["state"] == "received", "order_id"]
    lines = with_items(conn, lines, newly_known, received, Catalogue(catalogue, reference_data.item_keys(conn)))
    lines = lines.join(catalogue.set_index("item_id")[ITEM_TERMS], on="item_id")
    lines[["item_unit", "export_class"]] = lines[["item_unit", "export_class"]].fillna("")
    lines = in_item_units(lines, _names_of_packed(conn, lines))
    lines["is_new"] = lines["is_new"] | lines["stated"].notna()
    moved = orders["order_id"].isin(lines.loc[lines["is_new"], "order_id"]) | orders["order_id"].isin(newly_known)
    moved |= orders["fingerprint"] == ""  # its lines were revised
    again = lines[lines["order"].isin(orders.loc[moved, "order_id"])]
    orders.loc[moved, "fingerprint"] = fingerprints(orders[moved].set_index("order_id"), again).to_numpy()
    lines, prices = _with_prices(conn, orders, lines)
    changed = (before != orders[before.columns]).any(axis=1)
    senders = known_senders(conn, orders, keys)
    return Known(orders.assign(is_new=changed), lines, prices, claimed.waived, senders)


def choose(conn: Connection, known: Known, min_confidence: float) -> Known:
    """`known` with the choices to put to the customer for lines that are less sure than `min_confidence`."""
    return replace(known, lines=with_choices(conn, known.lines, min_confidence))


def keep(conn: Connection, known: Known) -> None:
    """Write what completing found into the book."""
    new = known.lines[known.lines["is_new"] | known.lines["is_added"]]
    priced = new.assign(
        unit_price=decimal_texts(new["unit_price_e4"], PRICE_SCALE),
        quantity=decimal_texts(new["quantity_e3"], QUANTITY_SCALE),
    )
    checking.keep_matches(conn, known.orders[known.orders["is_new"]], priced[~priced["is_added"]])
    add_lines(conn, priced[priced["is_added"]])


def _with_customers(conn: Connection, orders: pd.DataFrame) -> pd.DataFrame:
    customers = reference_data.customers(conn, [int(i) for i in orders["customer_id"].unique()])
    orders = orders.join(customers, on="customer_id")
    texts = [name for name in customers if name != "has_home_address"]
    orders[texts] = orders[texts].fillna("")
    orders["contact"] = orders["contact"].where(orders["contact"] != "", orders["customer_email"])
    orders["has_home_address"] = orders["has_home_address"].fillna(False).astype(bool)
    orders["currency"] = orders["currency"].where(orders["currency"] != "", orders["home_currency"])
    orders["destination"] = orders["country"].where(orders["country"] != "", orders["home_country"])
    return orders


def _with_suggestions(conn: Connection, orders: pd.DataFrame) -> pd.DataFrame:
    """Add customer_choices: of unknown customers with a name, those called nearly so."""
    choices: list[list[dict[str, str]]] = [[] for _ in range(len(orders))]
    unknown = (orders["rule"] == "CUS-001") & (orders["customer_name"] != "")
    if unknown.any():
        near = suggest_customers(orders.loc[unknown, "customer_name"].tolist(), reference_data.customer_names(conn))
        for place, found in zip(np.flatnonzero(unknown), near, strict=True):
            choices[int(place)] = found
    return orders.assign(customer_choices=pd.Series(choices, index=orders.index, dtype="object"))


def _names_of_packed(conn: Connection, lines: pd.DataFrame) -> dict[int, str]:
    """All names of the items that a mail counts in another unit than their own, by item id."""
    packed = lines[(lines["unit"] != "") & (lines["unit"] != lines["item_unit"]) & (lines["evidence"] != "")]
    if packed.empty:
        return {}
    names = item_habits.item_names(conn)
    wanted = names[names["item_id"].isin(packed["item_id"])]
    return {int(item): " ".join(own) for item, own in wanted.groupby("item_id")["name"]}


def _with_prices(conn: Connection, orders: pd.DataFrame, lines: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add list_price_e4 and `priced` (a list price counts); a line without a price gets the list's."""
    of = orders.set_index("order_id")[["price_list", "currency", "day", "kind", "channel", "customer_no"]]
    lines = lines.join(of, on="order_id")
    lines["priced"] = (lines["kind"] == "order") & ~lines["is_charge"] & (lines["item_id"] > 0)
    prices = reference_data.prices(conn, [int(i) for i in lines.loc[lines["priced"], "item_id"].unique()])
    lines["list_price_e4"] = list_prices(lines, prices)
    lines = prices_per_item_unit(lines)
    filled = lines["priced"] & lines["unit_price_e4"].isna() & lines["list_price_e4"].notna()
    lines["unit_price_e4"] = lines["unit_price_e4"].where(~filled, lines["list_price_e4"])
    lines["is_new"] = lines["is_new"] | filled
    return lines, prices
