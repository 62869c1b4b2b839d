"""The book beside the truth of a corpus: what was found, what is right, and what was accepted though it is untrue."""

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import text as sql

from orderclerk.database.engine import Engine

ACCEPTED = ("offered", "confirmed")
DOZENS = {"DZN": 12, "DPC": 12, "DZ": 12, "GRO": 144, "CEN": 100, "MIL": 1000}
PACKS = {"CT", "XCT", "CS", "XCS", "BX", "XBX", "PK", "XPK", "CA", "PA", "XPA", "BG"}
FIELDS = ("order_ref", "customer", "requested_date", "delivery", "currency", "payment_method")


@dataclass(frozen=True)
class Line:
    """A line in the item's own unit, as true or as booked."""

    item: str | None
    quantity: Decimal | None
    price: Decimal | None
    confidence: float = 1.0
    said: str = ""
    listed: Decimal | None = None  # what the price list says, where the customer states no price


@dataclass
class Verdict:
    """What became of one mail."""

    true: dict[str, Any]
    kind: str
    state: str
    lines: int = 0
    found: int = 0
    right: int = 0
    orders_right: int = 0
    accepted_lines: int = 0
    wrong: list[str] = field(default_factory=list)  # accepted lines that are untrue
    fields: Counter[str] = field(default_factory=Counter)
    holds: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    sure: list[tuple[float, bool]] = field(default_factory=list)  # confidence of a line, and whether it is right
    accepted_orders: int = 0
    booked_orders: int = 0

    @property
    def kind_right(self) -> bool:
        """Whether it was filed as a person would."""
        return self.kind == self.true["kind"]

    @property
    def untouched(self) -> bool:
        """Every order of the mail accepted without a hold, as it was meant."""
        count = len(self.true["orders"])
        return (
            bool(count)
            and self.accepted_orders == count
            and not self.holds
            and not self.wrong
            and self.orders_right == count
        )

    @property
    def disposed(self) -> bool:
        """Whether the mail ended as it should: accepted, held or filed."""
        expect = self.true["expect"]
        if expect == "file":
            return not self.booked_orders
        held = not self.accepted_orders and (self.booked_orders > 0 or self.state == "quarantined")
        if expect == "hold":
            return held
        return self.untouched or (self.true["may_hold"] and held)


def judge(engine: Engine, corpus: Path, truth: list[dict[str, Any]]) -> list[Verdict]:
    """A verdict for each mail of the corpus."""
    goods, parties = _master(corpus / "masterdata")
    book = _book(engine, goods)
    return [_verdict(true, book, parties) for true in truth]


def _verdict(true: dict[str, Any], book: "Book", parties: "Parties") -> Verdict:
    envelope = book.envelopes.get(true["file"], {"state": "absent", "kind": ""})
    verdict = Verdict(true, envelope["kind"] or "", envelope["state"])
    orders = list(book.orders.get(true["file"], ()))
    verdict.booked_orders = len(orders)
    verdict.holds = [hold for order in orders for hold in order["holds"]]
    for wanted, booked in _paired(true["orders"], orders):
        _compare(verdict, true, wanted, booked, parties)
    if not orders and true["orders"]:
        verdict.differences.append(
            f"no order in the book: {envelope['state']}, {envelope['kind']}: {envelope.get('reason')}"
        )
    if not true["orders"] and orders:
        verdict.differences.append("an order out of what is none")
    if not verdict.kind_right:
        verdict.differences.append(f"kind {verdict.kind!r}, not {true['kind']!r}")
    return verdict


def _paired(
    wanted: list[dict[str, Any]], booked: list[dict[str, Any]]
) -> list[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Each true order with the booked one of its reference, else with the next that is left."""
    left, pairs = list(booked), []
    for order in wanted:
        same = next(
            (b for b in left if order["order_ref"] and _plain(b["order_ref"]) == _plain(order["order_ref"])), None
        )
        pairs.append([order, same])
        left = [b for b in left if b is not same]
    for pair in pairs:
        if pair[1] is None and left:
            pair[1] = left.pop(0)
    return [*((a, b) for a, b in pairs), *((None, b) for b in left)]


def _compare(
    verdict: Verdict,
    true: dict[str, Any],
    wanted: dict[str, Any] | None,
    booked: dict[str, Any] | None,
    parties: "Parties",
) -> None:
    lines = (
        [_true_line(line, parties.prices.get((true["customer_no"], line["item_no"]))) for line in wanted["lines"]]
        if wanted
        else []
    )
    verdict.lines += len(lines)
    if booked is None:
        return
    accepted = booked["commercial_state"] in ACCEPTED and booked["kind"] == "order"
    verdict.accepted_orders += accepted
    left, strays = list(lines), []
    for line in booked["lines"]:
        twin = next((one for one in left if _same(one, line)), None)
        if line.item is not None and line.quantity is not None and wanted:
            verdict.sure.append((line.confidence, any(_same_goods(one, line) for one in lines)))
        if twin is None:
            strays.append(line)
        else:
            left.remove(twin)
    items = Counter(line.item for line in booked["lines"])
    verdict.found += sum((Counter(line.item for line in lines if line.item) & items).values())
    verdict.right += len(lines) - len(left)
    verdict.differences += [f"missing {_shown(line)}" for line in left] + [f"instead {_shown(line)}" for line in strays]
    wrong_fields = _fields(verdict, true, wanted, booked, parties) if wanted else []
    verdict.orders_right += bool(wanted) and not left and not strays
    if not accepted:
        return
    verdict.accepted_lines += len(booked["lines"])
    if not wanted or true["expect"] != "accept" or "customer" in wrong_fields:
        why = "no order" if not wanted else "wrong customer" if "customer" in wrong_fields else ", ".join(true["traps"])
        verdict.wrong += [f"{_shown(line)} accepted: {why}" for line in booked["lines"]]
    else:
        verdict.wrong += [f"{_shown(line)} accepted, untrue" for line in strays]
        verdict.wrong += [f"{_shown(line)} lost from an accepted order" for line in left[len(strays) :]]


def _fields(
    verdict: Verdict, true: dict[str, Any], wanted: dict[str, Any], booked: dict[str, Any], parties: "Parties"
) -> list[str]:
    """Count the header fields that are right; the wrong ones."""
    own = {p["street"] for p in parties.places[true["customer_no"]]}
    place, stated = wanted["delivery"], booked["street"] + booked["city"] + booked["postal_code"]
    right = {
        "order_ref": _plain(booked["order_ref"]) == _plain(wanted["order_ref"]) if wanted["order_ref"] else not booked["has_own_ref"],
        "customer": (booked["customer_no"] or "") == true["customer_no"],
        "requested_date": _day_right(wanted["requested_date"], booked["requested_date"]),
        "delivery": _place_right(place, booked) if place else not stated or booked["street"] in own,
        "currency": booked["currency"] in (wanted["currency"], parties.currency.get(true["customer_no"], booked["currency"])),
        "payment_method": booked["payment_method"] == (wanted["payment_method"] or ""),
    }  # fmt: skip
    verdict.fields.update(name for name, ok in right.items() if ok)
    wrong = [name for name, ok in right.items() if not ok]
    shown = {
        name: (wanted.get(name, true.get("customer_no")), booked.get(name, booked["customer_no"])) for name in wrong
    }
    verdict.differences += [f"{name}: {is_!r}, not {should!r}" for name, (should, is_) in shown.items()]
    return wrong


def _day_right(wanted: str | None, booked: date | None) -> bool:
    """A week that was named is any day of it."""
    if not wanted or booked is None:
        return not wanted and booked is None
    year, week, _ = booked.isocalendar()
    return wanted in (booked.isoformat(), f"{year}-W{week:02}")


def _place_right(wanted: dict[str, str], booked: dict[str, Any]) -> bool:
    """Street and town are there, wherever the reader put them."""
    stated = _squeezed(" ".join(str(booked[name]) for name in ("recipient", "street", "city", "region", "postal_code")))
    return (
        all(_squeezed(wanted[name]) in stated for name in ("street", "postal_code"))
        and _squeezed(wanted["city"]) in stated
    )


def _true_line(line: dict[str, Any], listed: Decimal | None) -> Line:
    price = Decimal(line["unit_price"]) if line["unit_price"] is not None else None
    return Line(
        line["item_no"], Decimal(line["quantity"]) if line["quantity"] is not None else None, price, listed=listed
    )


def _same_goods(true: Line, booked: Line) -> bool:
    return true.item is not None and (true.item, true.quantity) == (booked.item, booked.quantity)


def _same(true: Line, booked: Line) -> bool:
    return _same_goods(true, booked) and booked.price in (
        (true.price,) if true.price is not None else (None, true.listed)
    )


def _shown(line: Line) -> str:
    price = f" at {line.price}" if line.price is not None else ""
    return f"{line.quantity} of {line.item}{price}" + (f" [{line.said}; {line.confidence:.3f}]" if line.said else "")


def _plain(text: str | None) -> str:
    return re.sub(r"^[#\s]+", "", unicodedata.normalize("NFKC", text or "")).strip().casefold()


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


@dataclass
class Book:
    """What the book has, by mail file."""

    envelopes: dict[str, dict[str, Any]]
    orders: dict[str, list[dict[str, Any]]]


@dataclass
class Parties:
    """The customers' addresses and currencies."""

    places: dict[str, list[dict[str, str]]]
    currency: dict[str, str]
    prices: dict[tuple[str, str], Decimal]  # of customer and item


def _master(folder: Path) -> tuple[dict[str, tuple[str, int]], Parties]:
    goods = {row["item_no"]: (row["unit"], int(row["pack_size"])) for row in _rows(folder / "items.csv")}
    places = defaultdict(list)
    for row in _rows(folder / "addresses.csv"):
        places[row["customer_no"]].append(row)
    listed: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for row in _rows(folder / "prices.csv"):
        listed[row["price_list"]].append((row["item_no"], Decimal(row["unit_price"])))
    customers = _rows(folder / "customers.csv")
    prices = {(row["customer_no"], item): price for row in customers for item, price in listed[row["price_list"]]}
    return goods, Parties(places, {row["customer_no"]: row["currency"] for row in customers}, prices)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _book(engine: Engine, goods: dict[str, tuple[str, int]]) -> Book:
    with engine.connect() as conn:
        envelopes = conn.execute(
            sql("""SELECT e.filename, e.state, e.reason, l.kind FROM envelopes e LEFT JOIN letters l ON l.envelope_id = e.id
                   WHERE e.channel = 'mail'""")
        ).mappings()
        by_file = {row["filename"]: dict(row) for row in envelopes}
        orders = conn.execute(
            sql("""SELECT o.*, c.customer_no, e.filename AS mail FROM orders o JOIN envelopes e ON e.id = o.envelope_id
                   LEFT JOIN customers c ON c.id = o.customer_id WHERE e.channel = 'mail' ORDER BY o.id""")
        ).mappings()
        found = {row["id"]: {**row, "lines": [], "holds": []} for row in orders}
        for row in conn.execute(
            sql("""SELECT l.*, i.item_no FROM order_lines l LEFT JOIN items i ON i.id = l.item_id
                   WHERE NOT l.is_charge ORDER BY l.order_id, l.line_no""")
        ).mappings():
            if row["order_id"] in found:
                found[row["order_id"]]["lines"].append(_booked_line(row, goods))
        for row in conn.execute(
            sql("SELECT order_id, line_no, rule, reason FROM holds WHERE state = 'open'")
        ).mappings():
            if row["order_id"] in found:
                found[row["order_id"]]["holds"].append(f"{row['rule']} line {row['line_no']}: {row['reason']}")
    grouped = defaultdict(list)
    for order in found.values():
        grouped[order["mail"]].append(order)
    return Book(by_file, grouped)


def _booked_line(row: Any, goods: dict[str, tuple[str, int]]) -> Line:
    """In the item's own unit: cartons of twelve become pieces, a price a carton a price a piece."""
    unit, pack = goods.get(row["item_no"] or "", ("EA", 1))
    stated = row["unit"].upper()
    factor = DOZENS.get(stated, pack if stated in PACKS and stated != unit else 1)
    quantity = Decimal(row["quantity"]) * factor if row["quantity"] is not None else None
    price = Decimal(row["unit_price"]) / factor if row["unit_price"] is not None else None
    said = f"{row['item_ref']} {row['description']} {row['quantity']} {row['unit']}".strip()
    return Line(row["item_no"], quantity, price, float(row["confidence"]), said)
