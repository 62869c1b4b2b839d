"""Master data as the CSVs of docs/contracts.md."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from sandbox.world.entities import MasterData
from sandbox.world.suppliers import HEADERS as SUPPLIER_HEADERS
from sandbox.world.suppliers import supplier_tables

HEADERS = {
    "customers": "customer_no name language currency payment_terms_days credit_limit payment_methods price_list",
    "customer_keys": "kind value customer_no",
    "contacts": "customer_no name email phone",
    "addresses": "customer_no kind recipient street city region postal_code country",
    "items": "item_no name name_zh unit pack_size weight_g is_goods is_active barcode",
    "item_keys": "customer_no value item_no",
    "prices": "price_list currency item_no min_quantity unit_price valid_from valid_to",
    "stock": "warehouse item_no on_hand",
    **SUPPLIER_HEADERS,
}  # fmt: skip


def write_master_data(data: MasterData, folder: Path, day: date, orders: int) -> None:
    """Write all files; stock is plentiful for a day of `orders` orders but for the items that are short."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in _tables(data, day, orders).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADERS[name].split())
            writer.writerows(rows)


def _tables(data: MasterData, day: date, orders: int) -> dict[str, Iterable[tuple[object, ...]]]:
    people = data.customers
    return {
        "customers": [
            (c.number, c.name, c.language, c.currency, c.terms_days, c.credit_limit, "|".join(c.payment_methods),
             c.price_list) for c in people
        ],
        "customer_keys": _customer_keys(data),
        "contacts": [(c.number, c.contact, c.email, c.phone) for c in people],
        "addresses": [
            (c.number, kind, p.recipient, p.street, p.city, p.region, p.postal_code, p.country)
            for c in people if c.place
            for kind, p in (("delivery", c.place), ("billing", c.place), ("delivery", c.branch)) if p
        ],
        "items": [
            (i.number, i.name, i.name_zh, "EA", i.pack, i.weight_g, 1, int(i.is_active), i.barcode) for i in data.items
        ],
        "item_keys": [
            *((customer, own, item) for (customer, item), own in data.own_numbers.items()),
            *(("", alias, item) for item, alias in data.aliases.items()),
        ],
        "prices": _prices(data, day),
        "stock": _stock(data, orders),
        **supplier_tables(data, day),
    }  # fmt: skip


def _customer_keys(data: MasterData) -> Iterator[tuple[object, ...]]:
    for c in data.customers:
        stated = {"number": c.number, "email": c.email, "domain": c.domain, "name": c.name, **c.keys}
        yield from ((kind, value, c.number) for kind, value in stated.items())


def _prices(data: MasterData, day: date) -> Iterator[tuple[object, ...]]:
    """This year's prices, and for every fifth item last year's, five percent lower."""
    this_year, last_year = day.replace(month=1, day=1), date(day.year - 1, 1, 1)
    for nth, ((name, item), tiers) in enumerate(data.prices.items()):
        for least, price in tiers:
            yield name, data.currencies[name], item, least, price, this_year, ""
            if nth % 5 == 0:
                yield name, data.currencies[name], item, least, (price * 95 / 100).quantize(price), last_year, this_year


def _stock(data: MasterData, orders: int) -> Iterator[tuple[object, ...]]:
    plenty = 100_000 + 50 * orders
    for nth, item in enumerate(data.items):
        yield "MAIN", item.number, nth % 4 if item.is_short else plenty
        if nth % 3 == 0 and not item.is_short:
            yield "EAST", item.number, 500 + nth
