"""What a customer counts in, turned into what the item is sold in: 5 cartons of 12 are 60 pieces. Never a guess.

Codes are UN/ECE Recommendation 20 and 21 (the latter with a leading X in EDI). A unit that the item's own unit and pack
size do not explain is QTY-004: a carton of an item without a pack may hold anything.
"""

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from orderclerk.domain.checks import HOLD
from orderclerk.domain.lineframe import PRICE_SCALE, QUANTITY_SCALE, unscaled

EACH = frozenset({"EA", "C62", "H87", "PCE", "NAR"})
_COUNTED = {"DZN": 12, "DPC": 12, "GRO": 144, "CEN": 100, "MIL": 1000}
_SINGLE = frozenset({"BO", "CA", "TU", "RO", "SET", "KT"})  # what people call one piece of such goods
_INNER = frozenset({"BX", "PK", "PA", "CT", "CS"})
_BOX_OR_CARTON = re.compile(r"(?<![^\W\d_])(?:cajas?|cjs?|scatol[ae]|kisten?)(?![^\W\d_])", re.IGNORECASE)
_OUTER = frozenset({"CT", "CS"})
_MEASURES: dict[str, tuple[str, Fraction]] = {
    "MGM": ("g", Fraction(1, 1000)),
    "GRM": ("g", Fraction(1)),
    "KGM": ("g", Fraction(1000)),
    "TNE": ("g", Fraction(10**6)),
    "MMT": ("m", Fraction(1, 1000)),
    "CMT": ("m", Fraction(1, 100)),
    "MTR": ("m", Fraction(1)),
    "KMT": ("m", Fraction(1000)),
    "MLT": ("l", Fraction(1, 1000)),
    "CLT": ("l", Fraction(1, 100)),
    "LTR": ("l", Fraction(1)),
    "HLT": ("l", Fraction(100)),
}


def unit_factor(unit: str, item_unit: str, pack_size: Fraction) -> Fraction | None:
    """How many of `item_unit` one `unit` is; None where nobody can tell. An empty unit is the item's own."""
    stated, own = _plain(unit), _plain(item_unit) or "EA"
    is_each = own in EACH
    if stated in ("", own) or (is_each and (stated in EACH or stated in _SINGLE)):
        return Fraction(1)
    if stated in _COUNTED and is_each:
        return Fraction(_COUNTED[stated])
    if pack_size > 1 and (
        (is_each and stated in _INNER) or (stated in _OUTER and own not in _OUTER | _MEASURES.keys())
    ):
        return pack_size
    if stated in _MEASURES and own in _MEASURES and _MEASURES[stated][0] == _MEASURES[own][0]:
        return _MEASURES[stated][1] / _MEASURES[own][1]
    return None


def in_item_units(lines: pd.DataFrame, names: Mapping[int, str] | None = None) -> pd.DataFrame:
    """`lines` counted in their items' own units: quantity_e3 and unit replaced where another unit stood there.

    `lines` has item_id (0: unknown), is_charge, unit, item_unit, pack_size_e3, quantity_e3. Adds `factor` (item units
    in one stated unit, a Fraction) and `stated` (what stood there), None where nothing changed; and `is_unit_unknown`.
    A quantity that does not come out even is unknown too. Prices are left as they stand. `names` (item id -> its names
    in all languages) tells packs from things that are called so: six storage boxes are no six boxes; `lines` then has
    `evidence` (JSON text), in which the unit stands as written.
    """
    nothing = pd.Series([None] * len(lines), index=lines.index, dtype="object")
    lines = lines.assign(factor=nothing, stated=nothing, is_unit_unknown=False)
    own = lines["item_unit"].where(lines["item_unit"] != "", "EA")
    other = (lines["item_id"] > 0) & ~lines["is_charge"] & (lines["unit"] != "") & (lines["unit"] != own)
    for row in lines[other].itertuples():
        pack = Fraction(int(row.pack_size_e3), 10**QUANTITY_SCALE)
        factor = unit_factor(row.unit, row.item_unit, pack)
        if factor not in (None, 1) and names and _is_called(row.evidence, names.get(int(row.item_id), "")):
            factor = None
        quantity = None if factor is None or pd.isna(row.quantity_e3) else int(row.quantity_e3) * factor
        if factor is None or (quantity is not None and quantity.denominator != 1):
            lines.at[row.Index, "is_unit_unknown"] = True
        elif quantity is not None and factor != 1:
            lines.at[row.Index, "factor"] = factor
            lines.at[row.Index, "stated"] = {"quantity": _text(row.quantity_e3, QUANTITY_SCALE), "unit": row.unit}
            lines.at[row.Index, "quantity_e3"] = int(quantity)
            lines.at[row.Index, "unit"] = own[row.Index]
    if "evidence" in lines:  # read in a mail: the word that stood for the unit is known
        boxed = (lines["item_id"] > 0) & (lines["unit"] == own) & own.isin(_INNER) & ~lines["is_charge"]
        boxed &= lines["pack_size_e3"] > 10**QUANTITY_SCALE
        lines.loc[boxed & lines["evidence"].where(boxed, "").map(_may_be_carton).astype(bool), "is_unit_unknown"] = True
    return lines


def _may_be_carton(evidence: str) -> bool:
    """Whether the word that stood for the unit names the box and the carton of boxes alike: dos cajas."""
    fields = json.loads(evidence or "[]")
    return any(field["field"] in ("unit", "quantity") and _BOX_OR_CARTON.search(field["text"]) for field in fields)


def _is_called(evidence: str, names: str) -> bool:
    """Whether the word that stood for the unit is part of what the item is called."""
    words = [field["text"] for field in json.loads(evidence or "[]") if field["field"] == "unit"]
    stems = [
        word[: max(len(word) - 2, min(len(word), 3))] for word in (w.casefold().strip(" .") for w in words) if word
    ]
    called = re.findall(r"\w+", names.casefold())
    return any(name.startswith(stem) or (not stem.isascii() and stem in name) for stem in stems for name in called)


def prices_per_item_unit(lines: pd.DataFrame) -> pd.DataFrame:
    """`lines` after `in_item_units`, their prices per item unit where they were per carton.

    The price beside a carton is the carton's unless the line's total or the price list (list_price_e4) says it is a
    piece's. One that does not come out even is kept as it stands, so that the check of prices finds it.
    """
    lines = lines.copy()
    for row in lines[lines["stated"].notna() & lines["unit_price_e4"].notna()].itertuples():
        price = Fraction(int(row.unit_price_e4))
        row.stated["unit_price"] = _text(row.unit_price_e4, PRICE_SCALE)
        each = price / row.factor
        if each.denominator == 1 and not _is_per_piece(row, price):
            lines.at[row.Index, "unit_price_e4"] = int(each)
    return lines


def unit_holds(lines: pd.DataFrame) -> pd.DataFrame:
    """QTY-004: objections to lines (after `in_item_units`) whose unit does not follow from the item's unit and pack."""
    unknown = lines[lines["is_unit_unknown"]]
    return pd.DataFrame([_objection(row) for row in unknown.itertuples()], columns=HOLD)


def _is_per_piece(row: Any, price: Fraction) -> bool:
    """Whether a price beside cartons is that of a piece: the line's total says so, or else the price list."""
    if not pd.isna(row.line_total_e4):
        stated = int(row.quantity_e3) / row.factor
        apart = [abs(price * q / 10**QUANTITY_SCALE - int(row.line_total_e4)) for q in (stated, int(row.quantity_e3))]
        return bool(apart[1] < apart[0])
    if pd.isna(row.list_price_e4) or int(row.list_price_e4) == 0:
        return False
    listed = int(row.list_price_e4)
    return bool(abs(price - listed) < abs(price / row.factor - listed))


def _plain(unit: str) -> str:
    code = unit.strip().upper()
    return code[1:] if len(code) == 3 and code.startswith("X") else code


def _objection(row: Any) -> tuple[Any, ...]:
    pack = _text(row.pack_size_e3, QUANTITY_SCALE)
    own = row.item_unit or "EA"
    what = row.item_ref or "the item"
    reason = f"{what} is sold by {own} in packs of {pack}; how many are meant by {row.unit} does not follow"
    quantity = "" if pd.isna(row.quantity_e3) else _text(row.quantity_e3, QUANTITY_SCALE)
    evidence = {"asked": "quantity", "quantity": quantity, "unit": row.unit, "item's unit": own, "pack": pack}
    return row.order_id, row.line_no, "QTY-004", reason, evidence


def _text(value: int, scale: int) -> str:
    return f"{unscaled(value, scale).normalize():f}"
