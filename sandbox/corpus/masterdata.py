"""The desk's master data for the corpus, in the CSV formats of docs/contracts.md."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from sandbox.corpus.catalogue import RATES, catalogue, price_of
from sandbox.corpus.entities import Customer

VALID_FROM = "2026-01-01"
AMPLE = 10_000_000


def write_master_data(folder: Path, customers: Sequence[Customer]) -> None:
    """All files; a small stock would only hide whether the mail was understood, so there is plenty."""
    folder.mkdir(parents=True, exist_ok=True)
    items = catalogue()
    _write(folder / "customers.csv", "customer_no name language currency payment_terms_days credit_limit payment_methods price_list",
           ((c.number, c.name, "zh_CN" if c.language == "zh_CN" else "en", c.currency, 30, "", "invoice|prepaid", c.price_list)
            for c in customers))  # fmt: skip
    _write(folder / "customer_keys.csv", "kind value customer_no", (row for c in customers for row in _keys(c)))
    _write(folder / "contacts.csv", "customer_no name email phone",
           ((c.number, person.name, person.email, person.phone) for c in customers for person in c.contacts))  # fmt: skip
    _write(folder / "addresses.csv", "customer_no kind recipient street city region postal_code country",
           ((c.number, "delivery", p.recipient, p.street, p.city, p.region, p.postal_code, p.country)
            for c in customers for p in c.places))  # fmt: skip
    _write(folder / "items.csv", "item_no name name_zh unit pack_size weight_g is_goods is_active barcode",
           ((i.item_no, i.names["en"], i.names["zh_CN"], i.unit, i.pack, i.weight_g, 1, int(i.is_active), i.barcode)
            for i in items))  # fmt: skip
    _write(folder / "item_names.csv", "item_no language name",
           ((i.item_no, language, i.names[language]) for i in items for language in ("de", "fr", "es", "it")))  # fmt: skip
    _write(folder / "item_keys.csv", "customer_no value item_no",
           ((c.number, theirs, ours) for c in customers for ours, theirs in c.own_numbers.items()))  # fmt: skip
    _write(folder / "prices.csv", "price_list currency item_no min_quantity unit_price valid_from valid_to",
           ((f"{tier}-{currency.lower()}", currency, i.item_no, 1, price_of(i, currency, tier), VALID_FROM, "")
            for tier in ("standard", "dealer") for currency in RATES for i in items))  # fmt: skip
    _write(folder / "stock.csv", "warehouse item_no on_hand", (("MAIN", i.item_no, AMPLE) for i in items))


def _keys(customer: Customer) -> list[tuple[str, str, str]]:
    keys = [("number", customer.number), ("name", customer.name)]
    keys += [("email", person.email) for person in customer.contacts]
    keys += [("domain", customer.domain)] if customer.domain else []
    return [(kind, value, customer.number) for kind, value in keys]


def _write(path: Path, columns: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns.split(), *rows])
