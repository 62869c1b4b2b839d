"""What WooCommerce posts to a webhook."""

import hmac
from base64 import b64decode
from zoneinfo import ZoneInfo

from shop_samples import make_order

from sandbox.shops.store import Store
from sandbox.shops.webhooks import deliveries, ping


def test_updates_within_a_second_share_a_delivery_id_but_not_a_body():
    store, versions = Store(), []
    order_id = store.place(make_order(1))
    versions.append(store.get(order_id))
    for note in ("one", "two"):
        store.edit(order_id, store.get(order_id).updated_at, note=note)
        versions.append(store.get(order_id))
    sent = list(deliveries(versions, "secret", "https://shop.example", ZoneInfo("Europe/Berlin")))
    assert len({each.headers["X-WC-Webhook-Delivery-ID"] for each in sent}) == 1
    assert len({each.body for each in sent}) == 3
    assert [each.headers["X-WC-Webhook-Topic"] for each in sent] == ["order.created", "order.updated", "order.updated"]
    for each in sent:
        signature = b64decode(each.headers["X-WC-Webhook-Signature"])
        assert hmac.compare_digest(signature, hmac.digest(b"secret", each.body, "sha256"))


def test_the_first_delivery_is_an_unsigned_form():
    assert "X-WC-Webhook-Signature" not in ping().headers
    assert ping(7).body == b"webhook_id=7"
