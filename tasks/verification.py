"""From orders that came in to orders that are accepted or held: one chunk claimed, checked, decided and committed.

Everything is decided on frames; the only waiting is for the rows of stock, which are locked last and in key order.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from expectations.orders import line_rules, order_rules
from expectations.runner import ROW, Expected, run_suite
from orderclerk.database import checking, moves, reference_data
from orderclerk.database.engine import Connection, Engine
from orderclerk.database.outbox import enqueue_order_mails
from orderclerk.domain.checks import (
    HOLD,
    holds_of,
    item_holds,
    no_holds,
    party_holds,
    reading_holds,
    without_explained,
    without_waived,
)
from orderclerk.domain.confidence import unmatched_holds, unsure_holds, without_answered
from orderclerk.domain.duplicates import suspected_duplicates
from orderclerk.domain.identity import fingerprints
from orderclerk.domain.lineframe import PRICE_SCALE, QUANTITY_SCALE, decimal_texts
from orderclerk.domain.matching import match_customers
from orderclerk.domain.policy import Policy
from orderclerk.domain.pricing import list_prices, price_holds
from orderclerk.domain.returns import match_returns
from orderclerk.domain.rules import NOT_WAIVABLE, RULES
from orderclerk.domain.stock import allocate_stock
from tasks.item_matching import Catalogue, with_choices, with_items

CHUNK = 2000  # orders: bounds memory and how long stock rows stay locked
ACTOR = "orderclerk"


@dataclass(frozen=True)
class Verified:
    """A chunk with everything known about it: `orders` and `lines` completed, `holds` found so far."""

    orders: pd.DataFrame
    lines: pd.DataFrame
    holds: pd.DataFrame
    waived: pd.DataFrame


def check_chunk(engine: Engine, policy: Policy, as_of: datetime, count: int = CHUNK) -> Counter[str] | None:
    """Check up to `count` orders in one transaction; counts by outcome, or None when nothing is due."""
    with engine.begin() as conn:
        return check_claimed(conn, checking.claim_unchecked(conn, count), policy, as_of)


def check_claimed(conn: Connection, claimed: checking.Claimed, policy: Policy, as_of: datetime) -> Counter[str] | None:
    """Check what this transaction has claimed; counts by outcome, or None for nothing."""
    if claimed.orders.empty:
        return None
    known = _completed(conn, claimed)
    known = replace(known, lines=with_choices(conn, known.lines, policy.min_confidence))
    found = replace(known, holds=_objections(known, policy))
    return _decide(conn, found, policy, as_of)


def _completed(conn: Connection, claimed: checking.Claimed) -> Verified:
    """Match what is still unmatched, add customers' and items' data and list prices, and keep what is new."""
    orders, lines = claimed.orders, claimed.lines
    verdict = match_customers(orders, reference_data.customer_keys(conn))
    before = orders[["customer_id", "currency", "fingerprint"]]
    orders = orders.assign(**{name: verdict[name] for name in verdict})
    orders = _with_customers(conn, orders)
    lines = lines.assign(
        order=lines["order_id"],
        customer_id=orders.set_index("order_id")["customer_id"].reindex(lines["order_id"]).to_numpy(),
    )
    catalogue = reference_data.items(conn)
    newly_known = orders.loc[orders["customer_id"] != before["customer_id"], "order_id"]
    received = orders.loc[orders["state"] == "received", "order_id"]
    lines = with_items(conn, lines, newly_known, received, Catalogue(catalogue, reference_data.item_keys(conn)))
    moved = orders["order_id"].isin(lines.loc[lines["is_new"], "order_id"]) | orders["order_id"].isin(newly_known)
    moved |= orders["fingerprint"] == ""  # its lines were revised
    again = lines[lines["order"].isin(orders.loc[moved, "order_id"])]
    orders.loc[moved, "fingerprint"] = fingerprints(orders[moved].set_index("order_id"), again).to_numpy()
    lines = _with_prices(conn, orders, lines)
    changed = (before != orders[before.columns]).any(axis=1)
    new = lines[lines["is_new"]]
    checking.keep_matches(
        conn, orders[changed], new.assign(unit_price=decimal_texts(new["unit_price_e4"], PRICE_SCALE))
    )
    return Verified(orders, lines, no_holds(), claimed.waived)


def _with_customers(conn: Connection, orders: pd.DataFrame) -> pd.DataFrame:
    customers = reference_data.customers(conn, [int(i) for i in orders["customer_id"].unique()])
    orders = orders.join(customers, on="customer_id")
    texts = ["home_language", "home_currency", "price_list", "contact"]
    orders[texts] = orders[texts].fillna("")
    orders["contact"] = orders["contact"].where(orders["contact"] != "", orders["customer_email"])
    orders["has_home_address"] = orders["has_home_address"].fillna(False).astype(bool)
    orders["currency"] = orders["currency"].where(orders["currency"] != "", orders["home_currency"])
    return orders


def _with_prices(conn: Connection, orders: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Add list_price_e4 and `priced` (a list price counts); a line without a price gets the list's."""
    of = orders.set_index("order_id")[["price_list", "currency", "day", "kind", "channel"]]
    lines = lines.join(of, on="order_id")
    lines["priced"] = (lines["kind"] == "order") & ~lines["is_charge"] & (lines["item_id"] > 0)
    prices = reference_data.prices(conn, [int(i) for i in lines.loc[lines["priced"], "item_id"].unique()])
    lines["list_price_e4"] = list_prices(lines, prices)
    filled = lines["priced"] & lines["unit_price_e4"].isna() & lines["list_price_e4"].notna()
    lines["unit_price_e4"] = lines["unit_price_e4"].where(~filled, lines["list_price_e4"])
    lines["is_new"] = lines["is_new"] | filled
    return lines


def _objections(known: Verified, policy: Policy) -> pd.DataFrame:
    """Every objection that needs no lock, the reader's words first, less what a person has released."""
    orders = known.orders[known.orders["state"] == "received"]
    lines = known.lines[known.lines["order_id"].isin(orders["order_id"])]
    goods = lines[~lines["is_charge"]]
    ours = goods["priced"] & (goods["customer_id"] > 0) & goods["quantity_e3"].notna()
    found = [
        reading_holds(orders),
        without_answered(reading_holds(lines), lines),
        party_holds(orders),
        item_holds(goods),
        unmatched_holds(goods),
        unsure_holds(goods, policy.min_confidence),
        price_holds(goods[ours], policy.price_tolerance_percent),
        _expected_of_lines(goods, policy),
        _expected_of_orders(orders, lines),
    ]
    holds = pd.concat([frame for frame in found if not frame.empty] or [no_holds()], ignore_index=True)
    holds = without_explained(holds)
    return without_waived(holds.drop_duplicates(HOLD[:3]), known.waived, NOT_WAIVABLE)


def _expected_of_lines(goods: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    named = (goods["item_ref"] != "") | (goods["barcode"] != "") | (goods["description"] != "")
    return _expected("order-lines", goods.assign(named=named), line_rules(policy.max_quantity),
                     {"item": "item_ref", "quantity": "quantity"})  # fmt: skip


def _expected_of_orders(orders: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    count = lines.groupby("order_id").size().reindex(orders["order_id"]).fillna(0).astype("int64").to_numpy()
    return _expected("orders", orders.assign(line_count=count), order_rules(), {"currency": "currency"})


def _expected(name: str, frame: pd.DataFrame, rules: list[Expected], shown: dict[str, str]) -> pd.DataFrame:
    """Great Expectations' verdict as objections."""
    if frame.empty:
        return no_holds()
    columns = {column for rule in rules for column in _columns(rule)}
    frame = frame.reset_index(drop=True)
    findings = run_suite(name, frame[sorted(columns)].assign(**{ROW: range(len(frame))}), rules)
    if "quantity" in shown.values() and findings:
        frame = frame.assign(quantity=decimal_texts(frame["quantity_e3"], QUANTITY_SCALE).fillna("none"))
    broken = [
        holds_of(frame.iloc[list(finding.row_ids)], finding.rule, RULES[finding.rule].title.lower(), shown)
        for finding in findings
    ]
    return pd.concat(broken, ignore_index=True) if broken else no_holds()


def _columns(rule: Expected) -> list[str]:
    """The columns a rule reads; one about the frame as a whole reads none."""
    one = rule.arguments.get("column")
    return rule.arguments.get("column_list") or ([one] if one else [])


def _decide(conn: Connection, found: Verified, policy: Policy, as_of: datetime) -> Counter[str]:
    """Accept what nobody objects to, hold the rest, and write it all down."""
    orders = found.orders[found.orders["state"] == "received"]
    back = orders[(orders["kind"] == "return") & ~orders["is_blocked"]]
    returns = _returns(conn, back, found)
    held = pd.concat([frame for frame in (found.holds, returns) if not frame.empty] or [no_holds()], ignore_index=True)
    sound = orders[(orders["kind"] == "order") & ~orders["is_blocked"] & ~orders["order_id"].isin(held["order_id"])]
    accepted, late = _accept(conn, sound, found, policy, as_of)
    held = pd.concat(
        [frame for frame in (held, late, _orphans(found.orders, policy)) if not frame.empty] or [no_holds()]
    )
    moves.open_holds(conn, held, as_of, checked=[int(i) for i in orders["order_id"]])
    agreed = back[~back["order_id"].isin(held["order_id"])]
    moves.move_orders(
        conn, "commercial", agreed["order_id"].tolist(), "confirmed", at=as_of, actor=ACTOR, kind="return matched"
    )
    checking.checked(conn, found.orders["order_id"].tolist())
    checking.recheck_returns(conn, orders.loc[orders["kind"] == "order", "customer_id"].unique().tolist())
    return accepted + Counter(held=held["order_id"].nunique(), returns=len(agreed))


def _orphans(orders: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    stray = orders[(orders["kind"] == "cancellation") & ~orders["channel"].isin(policy.binding)]
    return holds_of(stray, "CAN-001", "no order with this reference is known", {"reference": "order_ref"})


def _returns(conn: Connection, returns: pd.DataFrame, found: Verified) -> pd.DataFrame:
    """Tie returned goods to their originals; objections to those that find none and that nobody has waived."""
    sound = returns[~returns["order_id"].isin(found.holds["order_id"])]
    if sound.empty:
        return no_holds()
    waived = _keys(found.waived[found.waived["rule"] == "RET-001"])
    goods = found.lines[found.lines["order_id"].isin(sound["order_id"]) & ~found.lines["is_charge"]]
    goods = goods[~_keys(goods).isin(waived)]
    returned, bought = checking.open_purchases(conn, sound["order_id"].tolist())
    matched = match_returns(returned[_keys(returned).isin(_keys(goods))], bought)
    lost = goods[~_keys(goods).isin(_keys(matched))]
    checking.keep_returns(conn, matched[~matched["order_id"].isin(lost["order_id"])])
    reason = "no earlier order of this customer has this item at this price and quantity"
    return holds_of(lost, "RET-001", reason, {"item": "item_ref"})


def _keys(lines: pd.DataFrame) -> "pd.Series[str]":
    return lines["order_id"].astype(str) + "-" + lines["line_no"].astype(str)


def _accept(
    conn: Connection, sound: pd.DataFrame, found: Verified, policy: Policy, as_of: datetime
) -> tuple[Counter[str], pd.DataFrame]:
    """Reserve and answer what can be; objections to what cannot, for want of stock or because it is there twice.

    Two writings of one order want the same stock: its rows, locked first, make their checks wait for each other.
    """
    goods = found.lines[found.lines["is_goods"] & found.lines["order_id"].isin(sound["order_id"])]
    levels = checking.lock_stock(conn, goods["item_id"].unique().tolist())
    doubles = _doubles(conn, sound, found.waived, policy)
    sound = sound[~sound["order_id"].isin(doubles["order_id"])]
    allocation = allocate_stock(goods[goods["order_id"].isin(sound["order_id"])], levels)
    sound = sound[~sound["order_id"].isin(allocation.short["order_id"])]
    checking.take_home_addresses(conn, sound["order_id"].tolist())
    binding = sound["channel"].isin(policy.binding) | sound["is_agreed"]
    _answer(conn, sound[binding], "confirmed", "confirmation", as_of)
    _answer(conn, sound[~binding], "offered", "offer", as_of, policy.deadlines(as_of))
    taken = allocation.taken.assign(quantity=decimal_texts(allocation.taken["quantity_e3"], QUANTITY_SCALE))
    checking.reserve(conn, taken.drop(columns="quantity_e3"), ACTOR, as_of)
    objections = pd.concat([doubles, allocation.short], ignore_index=True)
    return Counter(confirmed=int(binding.sum()), offered=int((~binding).sum())), objections


def _doubles(conn: Connection, sound: pd.DataFrame, waived: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    alike = checking.look_alikes(conn, sound["fingerprint"].tolist())
    twice = suspected_duplicates(sound["order_id"], alike, policy.duplicate_window_days)
    shown = {"other order": "other_no", "its source": "other_source", "its reference": "other_ref"}
    holds = holds_of(twice, "DUP-001", "the same customer ordered the same goods through another channel", shown)
    return without_waived(holds, waived, NOT_WAIVABLE)


def _answer(
    conn: Connection,
    orders: pd.DataFrame,
    state: str,
    mail: str,
    as_of: datetime,
    deadlines: tuple[datetime | None, datetime | None] = (None, None),
) -> None:
    ids, (remind_at, answer_by) = orders["order_id"].tolist(), deadlines
    moves.move_orders(
        conn, "commercial", ids, state, at=as_of, actor=ACTOR, kind=state, answer_by=answer_by, remind_at=remind_at
    )
    enqueue_order_mails(conn, mail, ids, as_of)
