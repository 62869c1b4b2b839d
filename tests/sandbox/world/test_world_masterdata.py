import csv
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from sandbox.world.masterdata import ean13, make_master_data
from sandbox.world.masterdata_csv import HEADERS, write_master_data

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    folder = tmp_path_factory.mktemp("masterdata")
    write_master_data(make_master_data(1), folder, DAY, 200)
    return {name: _read(folder / f"{name}.csv") for name in HEADERS}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_check_digit_of_a_published_example():
    assert ean13("629104150021") == "6291041500213"  # GS1's own example


def test_barcodes_are_valid_and_nobodys():
    for item in make_master_data(1).items:
        digits = [int(digit) for digit in item.barcode]
        assert (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0
        assert item.barcode.startswith("20")  # GS1: restricted circulation, never a real product


def test_every_reference_resolves(tables):
    customers = {row["customer_no"] for row in tables["customers"]} | {""}
    items = {row["item_no"] for row in tables["items"]}
    for rows in tables.values():
        assert all(row.get("customer_no", "") in customers for row in rows)
        assert all(row.get("item_no") in items for row in rows if "item_no" in row)


def test_keys_lead_to_one_customer(tables):
    keys = [(row["kind"], row["value"].casefold()) for row in tables["customer_keys"]]
    assert len(keys) == len(set(keys))


def test_every_list_prices_every_item_and_tiers_get_cheaper():
    data = make_master_data(1)
    assert set(data.prices) == {(name, item.number) for name in data.currencies for item in data.items}
    for tiers in data.prices.values():
        assert tiers[0][0] == 1
        assert all(price > 0 and price == price.quantize(Decimal("0.01")) for _, price in tiers)
        assert all(low[0] < high[0] and low[1] >= high[1] for low, high in pairwise(tiers))


def test_no_two_prices_hold_on_one_day(tables):
    spans: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for row in tables["prices"]:
        key = row["price_list"], row["currency"], row["item_no"], row["min_quantity"]
        spans.setdefault(key, []).append((row["valid_from"], row["valid_to"] or "9999"))
    for found in spans.values():
        assert all(first[1] <= second[0] for first, second in pairwise(sorted(found)))
        assert sum(start <= DAY.isoformat() < end for start, end in found) == 1


def test_nobody_is_real(tables):
    assert all(row["email"].endswith(".example") for row in tables["contacts"])
    assert {row["country"] for row in tables["addresses"]} == {"GB", "DE", "FR", "ES", "US", "CN"}


def test_some_customers_have_no_address_and_some_items_no_stock(tables):
    assert (
        0 < len({r["customer_no"] for r in tables["customers"]} - {r["customer_no"] for r in tables["addresses"]}) < 10
    )
    on_hand = [int(row["on_hand"]) for row in tables["stock"] if row["warehouse"] == "MAIN"]
    assert 5 <= sum(amount < 10 for amount in on_hand) <= 15
    assert sum(amount >= 100_000 for amount in on_hand) == len(on_hand) - sum(amount < 10 for amount in on_hand)


def test_same_seed_same_files_other_seed_others(tmp_path):
    def written(seed: int, name: str) -> dict[str, bytes]:
        write_master_data(make_master_data(seed), tmp_path / name, DAY, 200)
        return {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}

    assert written(1, "a") == written(1, "b")
    assert written(1, "a") != written(2, "c")
