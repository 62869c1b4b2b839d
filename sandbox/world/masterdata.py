"""Customers, items, prices and stock, made from a seed: plausible, consistent, and of nobody real."""

import csv
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from sandbox.world import names
from sandbox.world.entities import Customer, Item, MasterData, Place

CUSTOMERS = {"GB": 42, "DE": 16, "FR": 7, "ES": 5, "US": 22, "CN": 28}
PARTNERS = {"nordlager": "DE", "northgate": "GB"}  # drop-folder senders that are one customer each: folder -> country
_CURRENCY = {"GB": "GBP", "DE": "EUR", "FR": "EUR", "ES": "EUR", "US": "USD", "CN": "CNY"}
_SPEECH = {"GB": "en", "DE": "de", "FR": "fr", "ES": "es", "US": "en", "CN": "zh_CN"}
_RATE = {"GBP": Decimal("1"), "EUR": Decimal("1.15"), "USD": Decimal("1.27"), "CNY": Decimal("9.10")}
LISTS = {"GBP-STD": "GBP", "GBP-KEY": "GBP", "EUR-STD": "EUR", "EUR-KEY": "EUR", "USD-STD": "USD", "CNY-STD": "CNY"}
_TIERS = ((1, Decimal("1")), (50, Decimal("0.95")), (250, Decimal("0.90")))
_PLAIN = str.maketrans({"ö": "oe", "ü": "ue", "ä": "ae", "é": "e", ".": ""})
INACTIVE_EVERY, SHORT_EVERY = 60, 30
NO_ADDRESS_EVERY = 15  # customers of whom no delivery address is on file
BRANCH_EVERY = 4  # customers with a second one


def make_master_data(seed: int) -> MasterData:
    """The same master data for the same seed."""
    rng = random.Random(f"masterdata {seed}")
    items = tuple(_items())
    customers = tuple(_customers(rng))
    return MasterData(customers, items, _own_numbers(rng, customers, items), _aliases(items), _prices(items), LISTS)


def ean13(stem: str) -> str:
    """`stem` of twelve digits with its check digit. Source: GS1 General Specifications, 7.9."""
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(stem))
    return stem + str(-weighted % 10)


def _products() -> list[dict[str, str]]:
    with Path(__file__).with_name("products.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _items() -> list[Item]:
    made = []
    for family, product in enumerate(_products()):
        for step, size in enumerate(product["sizes"].split("|")):
            nth = family * 10 + step
            made.append(
                Item(
                    number=f"{product['code']}-{1000 + nth * 7}",
                    name=f"{product['name']} {size}", name_zh=f"{product['name_zh']} {size}",
                    pack=(1, 5, 10, 25)[nth % 4], weight_g=int(product["weight_g"]) * (step + 1),
                    barcode=ean13(f"2000{nth:08d}"),
                    is_active=nth % INACTIVE_EVERY != 41, is_short=nth % SHORT_EVERY == 17,
                )
            )  # fmt: skip
    return made


def _prices(items: tuple[Item, ...]) -> dict[tuple[str, str], tuple[tuple[int, Decimal], ...]]:
    prices, products = {}, _products()
    for nth, item in enumerate(items):
        base = Decimal(products[nth // 10]["pence"]) * (10 + 4 * (nth % 10)) / 1000
        for name, currency in LISTS.items():
            own = base * _RATE[currency] * (Decimal("0.94") if name.endswith("KEY") else 1) + Decimal("0.10")
            tiers = _TIERS if nth % 2 else _TIERS[:1]
            prices[name, item.number] = tuple(
                (least, (own * share).quantize(Decimal("0.01"))) for least, share in tiers
            )
    return prices


def _customers(rng: random.Random) -> list[Customer]:
    made: list[Customer] = []
    for country, count in CUSTOMERS.items():
        for nth in range(count):
            made.append(_customer(rng, country, nth, len(made)))
    return [_with_branch(rng, nth, customer) for nth, customer in enumerate(made)]


def _with_branch(rng: random.Random, nth: int, customer: Customer) -> Customer:
    """A second place of every fourth customer; the only one of those of whom none is on file."""
    if customer.place and nth % BRANCH_EVERY:
        return customer
    return replace(customer, branch=random_place(rng, country_of(customer), customer.name))


def country_of(customer: Customer) -> str:
    """Where a customer takes goods."""
    home = {"USD": "US", "CNY": "CN", "GBP": "GB"}
    return customer.place.country if customer.place else home.get(customer.currency, "DE")


def _customer(rng: random.Random, country: str, nth: int, serial: int) -> Customer:
    speech, currency = _SPEECH[country], _CURRENCY[country]
    name, slug = _company(country, nth, serial)
    role, *boxes = names.ROLES[speech]
    price_list = f"{currency}-{'KEY' if f'{currency}-KEY' in LISTS and nth % 4 == 0 else 'STD'}"
    return Customer(
        number=f"C{10001 + serial}", name=name, speech=speech, language="zh_CN" if speech == "zh_CN" else "en",
        currency=currency, price_list=price_list, terms_days=rng.choice((14, 30, 30, 60)),
        credit_limit=rng.randrange(50, 400) * 1000 * (10 if currency == "CNY" else 1),
        payment_methods=("invoice",) if nth % 3 else ("invoice", "prepaid"), contact=role,
        email=f"{rng.choice(boxes)}@{slug}.example", phone=f"{names.DIAL[country]}{serial:03d}",
        domain=f"{slug}.example",
        place=None if nth % NO_ADDRESS_EVERY == NO_ADDRESS_EVERY - 1 else random_place(rng, country, name),
        keys=_keys(country, nth, serial),
    )  # fmt: skip


def _company(country: str, nth: int, serial: int) -> tuple[str, str]:
    tails = names.COMPANY_TAILS[country]
    if country == "CN":
        return f"{names.CHINESE_HEADS[nth]}（示例）{tails[nth % len(tails)]}", f"cn-{serial:03d}"
    tail, heads = tails[nth % len(tails)], names.COMPANY_HEADS
    town = names.PLACES[country][nth % len(names.PLACES[country])][0] + " " if serial >= len(heads) else ""
    name = f"{heads[serial % len(heads)]} {town}{tail}"
    slug = name.lower().translate(_PLAIN).rpartition(" ")[0].replace(" ", "-")
    return name, slug if serial < len(heads) else f"{slug}-{serial}"


def random_place(rng: random.Random, country: str, recipient: str) -> Place:
    """A delivery address in `country`."""
    city, region, postal_code = rng.choice(names.PLACES[country])
    street, number = rng.choice(names.STREETS[country]), rng.randrange(1, 180)
    shown = {
        "GB": f"{number} {street}",
        "US": f"{number} {street}",
        "FR": f"{number} {street}",
        "CN": f"{street}{number}号",
    }
    return Place(recipient, shown.get(country, f"{street} {number}"), city, region, postal_code, country)


def _keys(country: str, nth: int, serial: int) -> dict[str, str]:
    keys = {"gln": ean13(f"9990{serial:08d}")}
    for folder, home in PARTNERS.items():
        if home == country and nth == [f for f, c in PARTNERS.items() if c == country].index(folder):
            keys["partner"] = folder
    if _CURRENCY[country] == "GBP" and 10 <= nth < 32:
        keys["shopify"] = str(6_940_000_001_000 + serial * 37)
    if _CURRENCY[country] == "EUR" and (country != "DE" or nth >= 4):
        keys["woo"] = str(100 + serial)
    return keys


def _own_numbers(
    rng: random.Random, customers: tuple[Customer, ...], items: tuple[Item, ...]
) -> dict[tuple[str, str], str]:
    """Every fourth customer, and every partner that sends files, has own numbers for forty items."""
    found = {}
    for nth, customer in enumerate(customers):
        if nth % 4 == 0 or "partner" in customer.keys:
            for place, item in enumerate(rng.sample(items, 40)):
                found[customer.number, item.number] = f"{customer.number[-3:]}/{70000 + place * 13}"
    return found


def _aliases(items: tuple[Item, ...]) -> dict[str, str]:
    return {item.number: item.number.replace("-", "") for item in items}
