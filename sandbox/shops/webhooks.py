"""WooCommerce's webhook deliveries, as bytes and headers, for whoever wants to receive them.

Source: woocommerce.github.io/woocommerce-rest-api-docs (Webhooks). Seen in the wild: updates of one request leave under
one delivery id with different bodies, and the first delivery of a new webhook is an unsigned form, `webhook_id=1`.
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import md5, sha256
from zoneinfo import ZoneInfo

from sandbox.shops.orders import StoredOrder
from sandbox.shops.woocommerce_orders import order_json


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST that a shop would make."""

    headers: dict[str, str]
    body: bytes


def ping(webhook_id: int = 1) -> Delivery:
    """What comes first, when the webhook is made."""
    return Delivery({"Content-Type": "application/x-www-form-urlencoded"}, f"webhook_id={webhook_id}".encode())


def deliveries(
    versions: Iterable[StoredOrder], secret: str, source: str, site: ZoneInfo, webhook_id: int = 1
) -> Iterator[Delivery]:
    """A delivery for every version of orders; versions of one order in one second share their delivery id."""
    for version in versions:
        topic = "created" if version.updated_at == version.created_at and not version.is_edited else "updated"
        body = json.dumps(order_json(version, site, f"{source}/wp-json/wc/v3")).encode()
        named = md5(f"{webhook_id} {version.order_id} {version.updated_at}".encode(), usedforsecurity=False)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "WooCommerce/10.3.5 Hookshot (WordPress/6.8.3)",
            "X-WC-Webhook-Source": f"{source}/",
            "X-WC-Webhook-Topic": f"order.{topic}",
            "X-WC-Webhook-Resource": "order",
            "X-WC-Webhook-Event": topic,
            "X-WC-Webhook-Signature": b64encode(hmac.digest(secret.encode(), body, sha256)).decode(),
            "X-WC-Webhook-ID": str(webhook_id),
            "X-WC-Webhook-Delivery-ID": named.hexdigest(),
        }
        yield Delivery(headers, body)
