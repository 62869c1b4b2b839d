"""Demand to forecast: the real wholesaler's lines, and made-up histories of any size."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from tests.proofs.uci import FREIGHT

_COLUMNS = {
    "InvoiceNo": "str",
    "StockCode": "str",
    "Quantity": "int64",
    "InvoiceDate": "str",
    "UnitPrice": "float64",
    "CustomerID": "str",
}


def wholesale_lines(folder: Path) -> pd.DataFrame:
    """order_id, line_no, item_id, warehouse, day, known, quantity_e3 of all sales, and of cancellations (negative).

    A cancellation stands on the line it cancels: the customer's latest earlier one of that item with as much left; one
    that finds none is left out (what it undoes lies before the files begin). `known` is the day each row came.
    """
    whole = pd.concat(
        pd.read_csv(file, usecols=list(_COLUMNS), dtype=_COLUMNS) for file in sorted(folder.glob("*.csv"))
    )
    whole = whole[
        whole["StockCode"].str[:1].str.isdigit() & ~whole["StockCode"].isin(FREIGHT) & (whole["UnitPrice"] > 0)
    ]
    code = whole["StockCode"].str.upper()
    day = pd.to_datetime(whole["InvoiceDate"]).dt.normalize().astype("datetime64[s]")
    frame = pd.DataFrame(
        {
            "invoice": whole["InvoiceNo"], "item_id": code.rank(method="dense").astype("int64"), "warehouse": "MAIN",
            "customer": whole["CustomerID"].fillna(""), "day": day, "known": day, "quantity_e3": whole["Quantity"] * 1_000,
        }
    ).reset_index(drop=True)  # fmt: skip
    is_sale = (frame["quantity_e3"] > 0) & ~frame["invoice"].str.startswith("C")
    sales = frame[is_sale].assign(order_id=lambda f: f["invoice"].rank(method="dense").astype("int64"))
    sales = sales.assign(line_no=sales.groupby("order_id").cumcount() + 1)
    undone = frame[(frame["quantity_e3"] < 0) & frame["invoice"].str.startswith("C") & (frame["customer"] != "")]
    whole = pd.concat([sales, _placed(undone, sales)])
    return whole[["order_id", "line_no", "item_id", "warehouse", "day", "known", "quantity_e3"]].reset_index(drop=True)


def _placed(undone: pd.DataFrame, sales: pd.DataFrame) -> pd.DataFrame:
    """Cancellations as negative quantities on the lines they cancel, of the day of those lines."""
    left = sales["quantity_e3"].to_dict()
    by_buyer = {pair: rows.index[::-1] for pair, rows in sales.groupby(["customer", "item_id"])}
    found = []
    for row in undone.itertuples():
        for sale in by_buyer.get((row.customer, row.item_id), ()):
            if sales.at[sale, "day"] <= row.known and left[sale] >= -row.quantity_e3:
                left[sale] += row.quantity_e3
                found.append((sale, row.known, row.quantity_e3))
                break
    index, known, quantity = zip(*found, strict=True)
    return sales.loc[list(index)].assign(known=list(known), quantity_e3=list(quantity))


def made_up_history(items: int, as_of: date, days: int = 728, seed: int = 1) -> pd.DataFrame:
    """Two years of `items` items: most sold now and then, one in ten on most days, some with trend, season and bulk days."""
    rng = np.random.default_rng(seed)
    chance = np.clip(rng.beta(0.4, 4.0, items), 0.002, 0.95)
    size = rng.lognormal(1.0, 1.0, items)
    trend, season = rng.normal(0, 0.3, items), np.where(rng.random(items) < 0.2, 0.5, 0.0)
    start = pd.Timestamp(as_of).as_unit("s") - timedelta(days=days)
    parts = []
    for day in range(days):
        weekend = 0.2 if (start + timedelta(days=day)).weekday() >= 5 else 1.0
        level = weekend * np.exp(trend * day / days) * (1 + season * np.sin(2 * np.pi * day / 364))
        sold = np.flatnonzero(rng.random(items) < chance * np.clip(level, 0, 1 / 0.95))
        quantity = np.maximum(rng.lognormal(np.log(size[sold]), 0.6).round(), 1).astype("int64") * 1_000
        parts.append(
            pd.DataFrame(
                {"item_id": sold + 1, "day": np.datetime64(start + timedelta(days=day), "s"), "quantity_e3": quantity}
            )
        )
    rest = np.setdiff1d(np.arange(items), np.concatenate([part["item_id"].to_numpy() - 1 for part in parts]))
    parts.append(pd.DataFrame({"item_id": rest + 1, "day": np.datetime64(start, "s"), "quantity_e3": 1_000}))
    history = pd.concat(parts, ignore_index=True)
    return history.assign(
        warehouse=pd.Categorical(["MAIN"] * len(history)), is_stockout=False, is_bulk=rng.random(len(history)) < 0.001
    )
