"""Everything the desk checks of an order before it may be accepted: a list of checks, each a frame of objections.

A new check is a function `(Known, Policy) -> objections` and a line in CHECKS; what needs locked rows (stock, credit,
duplicates) is in `tasks.acceptance`.
"""

from collections.abc import Callable

import pandas as pd

from expectations.addresses import address_holds
from expectations.orders import line_rules, order_rules
from expectations.parties import party_number_holds
from expectations.runner import ROW, Expected, run_suite
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
from orderclerk.domain.lineframe import QUANTITY_SCALE, decimal_texts
from orderclerk.domain.policy import Policy
from orderclerk.domain.pricing import price_holds
from orderclerk.domain.rules import NOT_WAIVABLE, RULES
from orderclerk.domain.terms import date_holds, export_holds, payment_holds, quantity_holds
from orderclerk.domain.totals import amount_holds, line_total_holds
from orderclerk.domain.units import unit_holds
from tasks.completing import Known
from tasks.senders import sender_objections

Check = Callable[[Known, Policy], pd.DataFrame]
RULED = [*HOLD, "customer_no", "severity", "owner", "due_hours"]


def objections(known: Known, policy: Policy) -> pd.DataFrame:
    """Every objection of every check, the readers' words first, as the rules in force for each customer take it.

    Columns: RULED. Critical ones hold the order, warnings are noted on it. What a person has released is gone.
    """
    found = [frame for check in CHECKS if not (frame := check(known, policy)).empty]
    holds = pd.concat(found or [no_holds()], ignore_index=True).drop_duplicates(HOLD[:3])
    return ruled(without_explained(holds), known, policy)


def ruled(holds: pd.DataFrame, known: Known, policy: Policy) -> pd.DataFrame:
    """`holds` as the rules in force for their customers take them, less what a person has released."""
    if holds.empty:
        return pd.DataFrame(columns=RULED)
    holds = without_waived(holds, known.waived, NOT_WAIVABLE)
    customers = known.orders.set_index("order_id")["customer_no"]
    return policy.book.ruled(holds.assign(customer_no=holds["order_id"].map(customers).fillna("")))[RULED]


def _words_of_readers(known: Known, policy: Policy) -> pd.DataFrame:
    of_lines = without_answered(reading_holds(known.lines), known.lines)
    return pd.concat([reading_holds(known.orders), of_lines], ignore_index=True)


def _repeats(known: Known, policy: Policy) -> pd.DataFrame:
    unclear = known.orders[known.orders["repeat_reason"] != ""]
    found = [
        holds_of(group, "ORD-007", str(reason), {"read": "repeats"})
        for reason, group in unclear.groupby("repeat_reason")
    ]
    return pd.concat(found, ignore_index=True) if found else no_holds()


def _parties(known: Known, policy: Policy) -> pd.DataFrame:
    holds = party_holds(known.orders)
    choices = known.orders.set_index("order_id")["customer_choices"]
    for hold in holds[holds["rule"] == "CUS-001"].itertuples():
        hold.evidence.update(asked="customer", choices=choices[hold.order_id])
    return holds


def _senders(known: Known, policy: Policy) -> pd.DataFrame:
    return sender_objections(known.orders, known.senders, policy)


def _addresses(known: Known, policy: Policy) -> pd.DataFrame:
    orders = _wanted(known)
    stated = orders[~orders["is_home_address"]]  # what is on file was judged with the master data
    return address_holds(stated, stated["home_country"])


def _party_numbers(known: Known, policy: Policy) -> pd.DataFrame:
    return party_number_holds(_wanted(known))


def _items(known: Known, policy: Policy) -> pd.DataFrame:
    return item_holds(_goods(known))


def _unmatched(known: Known, policy: Policy) -> pd.DataFrame:
    return unmatched_holds(_goods(known))


def _unsure(known: Known, policy: Policy) -> pd.DataFrame:
    return unsure_holds(_goods(known), policy.min_confidence)


def _prices(known: Known, policy: Policy) -> pd.DataFrame:
    goods = _goods(known)
    ours = goods[goods["priced"] & (goods["customer_id"] > 0) & goods["quantity_e3"].notna()]
    tolerance = policy.book.parameter("PRC-001", "tolerance_percent", ours["customer_no"])
    return price_holds(ours, tolerance, known.prices)


def _amounts(known: Known, policy: Policy) -> pd.DataFrame:
    lines = known.lines[known.lines["kind"] == "order"]
    return pd.concat([line_total_holds(lines), amount_holds(_wanted(known), lines, policy.country)], ignore_index=True)


def _quantities(known: Known, policy: Policy) -> pd.DataFrame:
    goods = _goods(known)
    wanted = quantity_holds(goods[goods["kind"] == "order"])
    return pd.concat([unit_holds(goods), wanted], ignore_index=True)


def _payment(known: Known, policy: Policy) -> pd.DataFrame:
    return payment_holds(_wanted(known))


def _dates(known: Known, policy: Policy) -> pd.DataFrame:
    orders = _wanted(known)
    asked = orders[orders["requested_date"] != ""]
    if asked.empty:
        return no_holds()
    lead = _goods(known).groupby("order_id")["lead_days"].max().reindex(asked["order_id"]).to_numpy()
    more = policy.book.parameter("DAT-002", "handling_days", asked["customer_no"])
    asked = asked.assign(lead_days=pd.array(lead, dtype="Int64") + more.astype("int64").to_numpy())
    return date_holds(asked, policy.worktime)


def _exports(known: Known, policy: Policy) -> pd.DataFrame:
    goods = _goods(known)
    return export_holds(_wanted(known), goods[goods["kind"] == "order"], policy.exports)


def _expected_of_lines(known: Known, policy: Policy) -> pd.DataFrame:
    goods = _goods(known)
    named = (goods["item_ref"] != "") | (goods["barcode"] != "") | (goods["description"] != "")
    unit = goods["unit"].where(goods["unit"] != "", goods["item_unit"])  # unsaid, it is the item's: the same line twice
    return _expected("order-lines", goods.assign(named=named, unit=unit), line_rules(policy.max_quantity),
                     {"item": "item_ref", "quantity": "quantity"})  # fmt: skip


def _expected_of_orders(known: Known, policy: Policy) -> pd.DataFrame:
    orders = known.orders
    count = known.lines.groupby("order_id").size().reindex(orders["order_id"]).fillna(0).astype("int64").to_numpy()
    return _expected("orders", orders.assign(line_count=count), order_rules(), {"currency": "currency"})


CHECKS: tuple[Check, ...] = (
    _words_of_readers,
    _repeats,
    _parties,
    _senders,
    _addresses,
    _party_numbers,
    _items,
    _unmatched,
    _unsure,
    _prices,
    _amounts,
    _quantities,
    _payment,
    _dates,
    _exports,
    _expected_of_lines,
    _expected_of_orders,
)


def _wanted(known: Known) -> pd.DataFrame:
    return known.orders[known.orders["kind"] == "order"]


def _goods(known: Known) -> pd.DataFrame:
    return known.lines[~known.lines["is_charge"]]


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
