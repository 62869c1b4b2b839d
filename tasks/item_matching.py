"""Which item each line means: by number at once, by what the customer's words say where no number is known."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from orderclerk.database import item_habits
from orderclerk.database.engine import Connection
from orderclerk.domain.item_contradictions import opposed
from orderclerk.domain.item_index import ItemIndex, build_index
from orderclerk.domain.item_search import Found, How
from orderclerk.domain.line_search import alternatives, frames_of_habits, search_lines
from orderclerk.domain.match_confidence import match_probability
from orderclerk.domain.matching import match_items

_SETTLED = ("person", "repeat")  # matches that no search undoes
_indexes: dict[int, ItemIndex] = {}  # the last catalogue seen, by its content: chunks share it


@dataclass(frozen=True)
class Catalogue:
    """`items` and `item_keys` as `orderclerk.database.reference_data` gives them."""

    items: pd.DataFrame
    item_keys: pd.DataFrame


def with_items(
    conn: Connection, lines: pd.DataFrame, newly_known: "pd.Series[int]", received: "pd.Series[int]", known: Catalogue
) -> pd.DataFrame:
    """Match lines without an item, those found by their words before, and all of `newly_known` orders: the customer's
    own numbers come before ours. Only lines of `received` orders are looked for by their words.

    Adds item_rule, is_new, match (a dict or None), match_confidence, choices, is_goods, is_active.
    """
    settled = lines["match"].map(_is_settled)
    worded = lines["match"].notna() & lines["order_id"].isin(received)
    open_ = ((lines["item_id"] == 0) | lines["order_id"].isin(newly_known) | worded) & ~settled.astype(bool)
    before = lines["item_id"].copy()
    matched = match_items(lines[open_], known.item_keys, known.items)
    lines = lines.assign(item_rule="", match_confidence=1.0, choices=[[]] * len(lines))
    lines.loc[open_, "item_rule"] = matched["rule"]
    lines.loc[open_, "item_id"] = matched["item_id"]
    kept = lines["match"].notna() & ~open_
    lines.loc[kept, "match_confidence"] = [match["confidence"] for match in lines.loc[kept, "match"]]
    lines.loc[open_, "match"] = None
    lines = _searched(conn, lines, open_ & lines["order_id"].isin(received), known)
    lines = _contradicted(conn, lines, lines["order_id"].isin(received), known)
    lines["is_new"] = (lines["item_id"] != before) | (open_ & worded)
    lines["confidence"] = lines["reading"] * lines["match_confidence"]
    lines = lines.join(known.items.set_index("item_id")[["is_goods", "is_active"]], on="item_id")
    lines["is_active"] = lines["is_active"].fillna(True).astype(bool)
    lines["is_goods"] = lines["is_goods"].fillna(True).astype(bool) & ~lines["is_charge"]
    return lines


def with_choices(conn: Connection, lines: pd.DataFrame, min_confidence: float) -> pd.DataFrame:
    """`lines` with the choices of those that are unsure though their number is known: the item itself."""
    unsure = (lines["confidence"] < min_confidence) & (lines["item_id"] > 0) & ~lines["choices"].map(bool).astype(bool)
    if unsure.any():
        labels = _labels(conn, lines[unsure], lines.loc[unsure, "item_id"].map(lambda item: (item,)))
        lines.loc[unsure, "choices"] = pd.Series(
            [[labels[row.language][row.item_id]] for row in lines[unsure].itertuples()],
            index=lines.index[unsure], dtype="object",
        )  # fmt: skip
    return lines


def _searched(conn: Connection, lines: pd.DataFrame, open_: "pd.Series[bool]", known: Catalogue) -> pd.DataFrame:
    """What the words of lines say whose number is unknown or missing; nothing is loaded where there are none."""
    said = (lines["description"] != "") | (lines["item_ref"] != "")
    wanted = open_ & (lines["item_id"] == 0) & (lines["item_rule"] != "ITM-002") & ~lines["is_charge"]
    asked = lines[wanted & said]
    lines.loc[wanted & ~said & (lines["barcode"] == ""), "item_rule"] = ""  # names nothing at all: LIN-003
    if asked.empty:
        return lines
    customers = asked["customer_id"].unique().tolist()
    habits = frames_of_habits(item_habits.aliases(conn, customers), item_habits.purchases(conn, customers))
    found = search_lines(asked, _index(conn, known.items), _numbers(known), habits)
    labels = _labels(conn, asked, found.map(lambda one: (one.item_id, *one.others)))
    for place, one in found.items():
        _note(lines, place, one, alternatives(one, labels[str(lines.at[place, "language"])]))
    return lines


def _contradicted(conn: Connection, lines: pd.DataFrame, received: "pd.Series[bool]", known: Catalogue) -> pd.DataFrame:
    """ITM-002 where people wrote the number of one item and the words of another; what systems write is taken."""
    numbered = received & (lines["item_id"] > 0) & lines["match"].isna() & (lines["description"] != "")
    asked = lines[numbered & (lines["reading"] < 1) & ~lines["is_charge"]]
    if asked.empty:
        return lines
    pairs = pd.Series(list(zip(asked["item_id"], asked["description"], strict=True)), index=asked.index)
    meant = pairs.map(opposed(pairs, _index(conn, known.items)).get).dropna()
    labels = _labels(conn, lines.loc[meant.index], meant)
    for place, items in meant.items():
        of_language = labels[str(lines.at[place, "language"])]
        lines.at[place, "choices"] = [of_language[item] for item in items if item in of_language]
    lines.loc[meant.index, "item_rule"] = "ITM-002"
    lines.loc[meant.index, "item_id"] = 0
    return lines


def _note(lines: pd.DataFrame, place: Any, found: Found, choices: list[dict[str, str]]) -> None:
    confidence = match_probability(found.how, found.score)
    lines.at[place, "choices"] = choices
    lines.at[place, "item_id"] = found.item_id
    lines.at[place, "item_rule"] = _rule(found, str(lines.at[place, "item_ref"]), str(lines.at[place, "barcode"]))
    if found.item_id:
        lines.at[place, "match_confidence"] = confidence
        lines.at[place, "match"] = {
            "how": str(found.how), "score": round(found.score, 4), "confidence": confidence,
            "reading": float(lines.at[place, "reading"]), "alternatives": choices[1:], "wording": found.wording,
        }  # fmt: skip


def _rule(found: Found, item_ref: str, barcode: str) -> str:
    if found.item_id:
        return ""
    if found.how is How.SEVERAL:
        return "ITM-004"
    return "ITM-001" if item_ref or barcode else "ITM-005"


def _is_settled(match: dict[str, Any] | None) -> bool:
    return match is not None and match["how"] in _SETTLED and not match.get("forgotten")


def _numbers(known: Catalogue) -> pd.DataFrame:
    items, keys = known.items, known.item_keys
    return pd.concat(
        [
            items[["item_no", "item_id"]].set_axis(["value", "item_id"], axis=1),
            items[["barcode", "item_id"]].set_axis(["value", "item_id"], axis=1),
            keys,
        ]
    ).fillna({"customer_id": 0})


def _index(conn: Connection, items: pd.DataFrame) -> ItemIndex:
    names = item_habits.item_names(conn)
    content = hash((int(pd.util.hash_pandas_object(names, index=False).sum()),
                    int(pd.util.hash_pandas_object(items[["item_id", "is_active"]], index=False).sum())))  # fmt: skip
    if content not in _indexes:
        _indexes.clear()
        _indexes[content] = build_index(items, names)
    return _indexes[content]


def _labels(conn: Connection, lines: pd.DataFrame, ids: "pd.Series[Any]") -> dict[str, dict[int, dict[str, str]]]:
    """language -> item id -> its number and name, for the items that lines in that language may mean."""
    return {
        str(language): item_habits.item_labels(conn, {item for some in group for item in some}, str(language))
        for language, group in ids.groupby(lines["language"])
    }
