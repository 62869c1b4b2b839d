"""Whether a document's amounts fit each other: lines, discount, freight, tax, total. Exact, to the currency's rounding.

Amounts are integers: prices and totals in ten-thousandths, products of quantity and price in ten-millionths (`_e7`).
A document may state its total with or without tax; only what fits no reading at all is an objection.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from orderclerk.domain.checks import HOLD
from orderclerk.domain.lineframe import PRICE_SCALE, unscaled
from orderclerk.domain.tax_rates import usual_rates

_DECIMALS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF",
                     "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}  # fmt: skip
_TOO_LARGE = 9e17  # products beyond would not fit; such figures break other rules
_MANY = 8  # lines of one order whose rates are tried in every combination


def smallest_unit_e4(currencies: "pd.Series[str]") -> "pd.Series[int]":
    """The smallest amount of each currency in ten-thousandths: 100 for EUR, 10000 for JPY. Source: ISO 4217."""
    return currencies.map(lambda code: 10 ** (4 - _DECIMALS.get(code, 2))).astype("int64")


def line_total_holds(lines: pd.DataFrame) -> pd.DataFrame:
    """ORD-009 for lines whose stated total is not quantity times price.

    `lines` has order_id, line_no, currency, quantity_e3, unit_price_e4, line_total_e4. A price with more decimals than
    the currency may itself be rounded.
    """
    stated = lines[lines[["quantity_e3", "unit_price_e4", "line_total_e4"]].notna().all(axis=1)]
    if stated.empty:
        return pd.DataFrame(columns=HOLD)
    stated = stated[_fits(stated)]
    quantity, price = stated["quantity_e3"].astype("int64"), stated["unit_price_e4"].astype("int64")
    unit = smallest_unit_e4(stated["currency"])
    slack = unit * 500 + np.where(price % unit != 0, quantity / 2, 0)
    off = stated[(quantity * price - stated["line_total_e4"].astype("int64") * 1000).abs() > slack]
    return pd.DataFrame([_wrong_line(row) for row in off.itertuples()], columns=HOLD)


def amount_holds(orders: pd.DataFrame, lines: pd.DataFrame, desk_country: str = "") -> pd.DataFrame:
    """ORD-003, ORD-010, ORD-011, ORD-012: what an order says of its amounts, against its lines and each other.

    `orders` has order_id, currency, total_e4, tax_e4, freight_e4, discount_e4, country, home_country; `lines` has
    order_id, quantity_e3, unit_price_e4, line_total_e4, is_charge. An order with a line of unknown worth says nothing.
    """
    amounts = ["total_e4", "tax_e4", "freight_e4", "discount_e4"]
    stated = orders[orders[amounts].notna().any(axis=1)]
    if stated.empty:
        return pd.DataFrame(columns=HOLD)
    sums = _sums(stated, lines[lines["order_id"].isin(stated["order_id"])])
    rates = {
        pair: usual_rates((*pair, desk_country))
        for pair in set(zip(sums["country"], sums["home_country"], strict=True))
    }
    sums["rates"] = [rates[pair] for pair in zip(sums["country"], sums["home_country"], strict=True)]
    found = [_part_holds(sums), _total_holds(sums), _tax_holds(sums, lines)]
    return pd.concat([part for part in found if not part.empty] or [pd.DataFrame(columns=HOLD)], ignore_index=True)


def _sums(orders: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Per order of known worth: goods, net (all but tax), slack, and the parts that stand beside its lines."""
    lines = lines.merge(orders[["order_id", "currency"]], on="order_id", suffixes=("_line", ""))
    given = lines["line_total_e4"].notna()
    known = given | (lines[["quantity_e3", "unit_price_e4"]].notna().all(axis=1) & _fits(lines))
    orders = orders[
        ~orders["order_id"].isin(lines.loc[~known, "order_id"]) & orders["order_id"].isin(lines["order_id"])
    ]
    lines = lines[known]
    priced = lines["quantity_e3"].fillna(0).astype("int64") * lines["unit_price_e4"].fillna(0).astype("int64")
    unit_e7 = smallest_unit_e4(lines["currency"]) * 1000
    worth = (lines["line_total_e4"].fillna(0).astype("int64") * 1000).where(given, priced)
    rounded = (~given & (priced % unit_e7 != 0)) * (unit_e7 // 2)
    goods, charges = worth.where(~lines["is_charge"], 0), worth.where(lines["is_charge"], 0)
    parts = pd.DataFrame({"goods": goods, "charges": charges, "slack": rounded, "lines": 1})
    per_order = parts.groupby(lines["order_id"]).sum()
    sums = orders.join(per_order, on="order_id").reset_index(drop=True)
    charged = set(zip(lines.loc[lines["is_charge"], "order_id"], worth[lines["is_charge"]], strict=True))
    for name, sign in (("freight", 1), ("discount", -1), ("tax", 1)):
        amount = sums[f"{name}_e4"].fillna(0).astype("int64") * 1000
        among = [(order, sign * value) in charged for order, value in zip(sums["order_id"], amount, strict=True)]
        sums[name] = amount
        sums[f"extra_{name}"] = amount.where(~np.array(among, dtype=bool), 0)
    sums["unit"] = smallest_unit_e4(sums["currency"]) * 1000
    sums["net"] = sums["goods"] + sums["charges"] + sums["extra_freight"] - sums["extra_discount"]
    sums["net"] -= sums["tax"] - sums["extra_tax"]
    return sums


def _part_holds(sums: pd.DataFrame) -> pd.DataFrame:
    """A discount or freight that cannot be: below zero, or more taken off than there is."""
    much = sums[
        (sums["discount"] < 0) | (sums["discount"] > sums["goods"].clip(lower=0) + sums["freight"].clip(lower=0))
    ]
    less = sums[sums["freight"] < 0]
    rows = [
        _hold(r, "ORD-011", f"a discount of {_money(r.discount)} on goods of {_money(r.goods)}")
        for r in much.itertuples()
    ]
    rows += [_hold(r, "ORD-012", f"a freight of {_money(r.freight)}") for r in less.itertuples()]
    return pd.DataFrame(rows, columns=HOLD)


def _total_holds(sums: pd.DataFrame) -> pd.DataFrame:
    stated = sums[sums["total_e4"].notna()]
    total = stated["total_e4"].astype("int64") * 1000
    off = stated[~_explained(stated, total - stated["net"])]
    rows = []
    for row in off.itertuples():
        total_e7 = int(row.total_e4) * 1000
        parts = (("ORD-011", "discount", -row.extra_discount), ("ORD-012", "freight", row.extra_freight))
        left_out = [(rule, name) for rule, name, part in parts if part and _explains(row, total_e7 - row.net + part)]
        rule, name = left_out[0] if left_out else ("ORD-003", "")
        come_to = f"its parts come to {_money(row.net)} without tax"
        reason = (
            f"the total of {_money(total_e7)} leaves out the {name}"
            if name
            else f"the document says {_money(total_e7)}, {come_to}"
        )
        rows.append(_hold(row, rule, reason))
    return pd.DataFrame(rows, columns=HOLD)


def _explained(sums: pd.DataFrame, difference: "pd.Series[int]") -> "pd.Series[bool]":
    """Whether what the total has more than the net amounts is nothing or tax."""
    near = (difference.abs() <= sums["slack"]) | ((difference - sums["tax"]).abs() <= sums["slack"])
    untold = sums["tax_e4"].isna()
    for rates, group in _by_rates(sums[~near & untold]):
        more = difference.loc[group.index]
        # where nobody can say what the tax would be, up to a quarter may be
        near.loc[group.index] = more.between(0, group["net"] / 4) if rates is None else _is_added(group, more, rates)
    return near


def _explains(row: Any, difference: int) -> bool:
    """`_explained` for one order whose total leaves something out."""
    if abs(difference) <= row.slack or abs(difference - row.tax) <= row.slack:
        return True
    return bool(pd.isna(row.tax_e4) and row.rates is not None and _is_added(row, difference, row.rates))


def _tax_holds(sums: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """ORD-010 for a stated tax that no usual rate gives, on the net amount, on the goods, or line by line."""
    taxed = sums[sums["tax_e4"].notna() & (sums["tax"] != 0)]
    rows = []
    for row in taxed[~_at_one_rate(taxed)].itertuples():
        if row.tax < 0 or (row.rates is not None and not _is_mixed(row, lines)) or row.tax > max(row.net, 0):
            rates = (
                "" if row.rates is None else f", where {', '.join(f'{rate / 10:g} %' for rate in row.rates)} are usual"
            )
            rows.append(_hold(row, "ORD-010", f"a tax of {_money(row.tax)} on {_money(row.net)}{rates}"))
    return pd.DataFrame(rows, columns=HOLD)


def _at_one_rate(sums: pd.DataFrame) -> "pd.Series[bool]":
    found = pd.Series(False, index=sums.index)
    for rates, group in _by_rates(sums):
        found.loc[group.index] = _is_tax(group, group["tax"], rates or ())
    return found


def _by_rates(sums: pd.DataFrame) -> Iterator[tuple[tuple[int, ...] | None, pd.DataFrame]]:
    for rates in set(sums["rates"]):
        yield rates, sums[np.array([own == rates for own in sums["rates"]], dtype=bool)]


def _is_added(order: Any, amount: Any, rates: Sequence[int]) -> Any:
    """Whether `amount` is a tax that nobody mentions, on top of the net amount."""
    slack = order.slack + order.unit * (order.lines + 1) / 2  # the tax of each line may have been rounded
    found = amount != amount
    for rate in rates:
        found = found | ((rate > 0) & (abs(order.net * rate / 1000 - amount) <= slack))
    return found


def _is_tax(order: Any, amount: Any, rates: Sequence[int]) -> Any:
    """Whether `amount` is one usual rate of the net amount or the goods, on top or contained; of orders or of one."""
    slack = order.slack + order.unit * (order.lines + 1) / 2  # the tax of each line may have been rounded
    found = amount != amount
    for base in (order.net, order.goods, order.goods - order.discount, order.goods + order.freight):
        for rate in rates:
            found = found | (abs(base * rate / 1000 - amount) <= slack)
            found = found | (abs(base * rate / (1000 + rate) - amount) <= slack)
    return found


def _is_mixed(row: Any, lines: pd.DataFrame) -> bool:
    """Whether the tax may come of different rates for different lines; of many lines any tax up to the highest may."""
    highest, slack = max(row.rates), row.slack + row.unit * (row.lines + 2) / 2
    top = max(row.net, row.goods) * highest / 1000
    if not 0 <= row.tax <= top + slack:
        return False
    if row.lines > _MANY:
        return True
    own = lines[lines["order_id"] == row.order_id]
    parts = [*_worth(own), row.extra_freight, -row.extra_discount]
    return _reachable([int(part) for part in parts if part], row.rates, int(row.tax), slack)


def _worth(lines: pd.DataFrame) -> Sequence[int]:
    return [
        int(r.line_total_e4) * 1000 if pd.notna(r.line_total_e4) else int(r.quantity_e3) * int(r.unit_price_e4)
        for r in lines.itertuples()
    ]


def _reachable(parts: list[int], rates: Sequence[int], tax: int, slack: float) -> bool:
    """Whether some choice of a rate for each part sums to `tax`; at most two rates beside zero in one document."""
    for pair in {tuple(sorted({0, a, b})) for a, b in product(rates, rates)}:
        if any(abs(sum(part * rate for part, rate in zip(parts, chosen, strict=True)) - tax * 1000) <= slack * 1000
               for chosen in product(pair, repeat=len(parts))):  # fmt: skip
            return True
    return False


def _fits(lines: pd.DataFrame) -> "pd.Series[bool]":
    product_e7 = lines["quantity_e3"].astype("float64") * lines["unit_price_e4"].astype("float64")
    return product_e7.fillna(0).abs() < _TOO_LARGE


def _hold(row: Any, rule: str, reason: str) -> tuple[Any, ...]:
    parts = {
        "goods": row.goods,
        "charges": row.charges,
        "freight": row.freight,
        "discount": row.discount,
        "tax": row.tax,
    }
    evidence = {name: _money(value) for name, value in parts.items() if value}
    if pd.notna(row.total_e4):
        evidence["total"] = _money(int(row.total_e4) * 1000)
    return row.order_id, 0, rule, reason, evidence


def _wrong_line(row: Any) -> tuple[Any, ...]:
    quantity, price = unscaled(row.quantity_e3, 3).normalize(), unscaled(row.unit_price_e4, PRICE_SCALE)
    stated, right = _money(int(row.line_total_e4) * 1000), _money(int(row.quantity_e3) * int(row.unit_price_e4))
    reason = f"{quantity:f} times {price.normalize():f} is {right}, the line says {stated}"
    return row.order_id, row.line_no, "ORD-009", reason, {"line total": stated, "quantity times price": right}


def _money(value_e7: float) -> str:
    exact = unscaled(int(value_e7), 7).normalize()
    return f"{exact:.2f}" if exact == round(exact, 2) else f"{exact:f}"
