"""The shops' doors: their servers, and what the desk must know to come in."""

from collections.abc import Mapping
from pathlib import Path

from sandbox.configuration import Shop
from sandbox.faults import Faults
from sandbox.httpd import Server
from sandbox.shops.serving import start_shop
from sandbox.shops.shopify import shopify_shop
from sandbox.shops.store import Store
from sandbox.shops.woocommerce import woocommerce_shop

TOKEN = "shpat_sandbox"  # noqa: S105 - opens nothing but the sandbox
KEY, SECRET = "ck_sandbox", "cs_sandbox"


def open_shops(
    stores: Mapping[str, Store], faults: Faults, tls: tuple[Path, Path], ports: Mapping[str, int]
) -> tuple[list[Shop], list[Server]]:
    """Start a server for each shop."""
    shopify = shopify_shop(stores["shopify"], TOKEN, faults, system="shopify", currency="GBP")
    woo = woocommerce_shop(stores["woo"], KEY, SECRET, faults, system="woo")
    servers = [start_shop(name, shop, faults, tls, ports[name]) for name, shop in (("shopify", shopify), ("woo", woo))]
    known = [
        Shop("shopify", "shopify", servers[0].url, "GBP", {"TOKEN": TOKEN}),
        Shop("woo", "woocommerce", servers[1].url, "EUR", {"KEY": KEY, "SECRET": SECRET}),
    ]
    return known, servers
