"""Sample orders, and a client that speaks to a shop over a socket."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import requests

from sandbox.shops.orders import ShopAddress, ShopLine, ShopOrder, ShopTax

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
BERLIN = ShopAddress(
    "Ada", "Lovelace", "Kontor GmbH", "Hauptstr. 1", "", "Berlin", "Berlin", "BE", "10115", "DE", "+49"
)


def make_order(number: int, **changes) -> ShopOrder:
    """Order `number` of the day: a minute after the one before, one to three lines."""
    lines = [
        ShopLine(f"SKU-{number % 7}-{n}", f"Article {n}", n + 1, Decimal("9.99"), Decimal("1.00") if n else Decimal(0))
        for n in range(1 + number % 3)
    ]
    usual = {
        "at": NOON + timedelta(minutes=number),
        "lines": tuple(lines),
        "customer_id": 207119551 + number if number % 4 else 0,
        "email": f"buyer{number}@example.com",
        "name": "Ada Lovelace",
        "shipping_address": BERLIN,
        "shipping_price": Decimal("4.90"),
        "taxes": (ShopTax("VAT", Decimal("0.19"), Decimal("3.17")),),
        "po_number": f"PO-{number}" if number % 2 else "",
    }
    return ShopOrder(number, **{**usual, **changes})


class Client:
    """A client of its own, typed from the vendors' documentation. It retries nothing."""

    def __init__(self, url, ca):
        self.url, self.session = url, requests.Session()
        self.session.trust_env, self.session.verify = False, str(ca)

    def shopify(self, document, /, token="shpat_secret", version="2026-07", **variables):
        return self.session.post(
            f"{self.url}/admin/api/{version}/graphql.json",
            json={"query": document, "variables": variables},
            headers={"X-Shopify-Access-Token": token},
            timeout=5,
        )

    def woo(self, path, auth=("ck_key", "cs_secret"), **params):
        return self.session.get(f"{self.url}/wp-json/wc/v3{path}", params=params, auth=auth, timeout=5)
