"""Both shops on real sockets over TLS, with a store each."""

import pytest
from shop_samples import Client

from sandbox.faults import Faults
from sandbox.shops.serving import start_shop
from sandbox.shops.shopify import FIRST_ORDER_ID, shopify_shop
from sandbox.shops.shopify_cost import Bucket
from sandbox.shops.store import Store
from sandbox.shops.woocommerce import woocommerce_shop
from sandbox.tls import make_ca_and_cert


@pytest.fixture(scope="session")
def pems(tmp_path_factory):
    return make_ca_and_cert(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def faults():
    return Faults(seed=1, hang_s=0.01, retry_after_s=0.05)


@pytest.fixture
def bucket():
    return Bucket(maximum=1_000_000, restore_rate=1_000_000)


@pytest.fixture
def shopify_store():
    return Store(FIRST_ORDER_ID)


@pytest.fixture
def woo_store():
    return Store(100)


@pytest.fixture
def shopify(shopify_store, faults, bucket, pems):
    server = start_shop("shopify", shopify_shop(shopify_store, "shpat_secret", faults, bucket=bucket), faults, pems[1:])
    yield Client(server.url, pems[0])
    server.stop()


@pytest.fixture
def woo(woo_store, faults, pems):
    handler = woocommerce_shop(woo_store, "ck_key", "cs_secret", faults)
    server = start_shop("woocommerce", handler, faults, pems[1:])
    yield Client(server.url, pems[0])
    server.stop()
