"""An order of the store as WooCommerce's REST API v3 shows it.

Source: woocommerce.github.io/woocommerce-rest-api-docs (Orders).
"""

from typing import Any
from zoneinfo import ZoneInfo

from sandbox.faults import chance
from sandbox.shops.orders import ShopAddress, StoredOrder
from sandbox.shops.woocommerce_items import ZERO, Items

METHODS = {
    "card": ("stripe", "Credit Card (Stripe)"),
    "bank_transfer": ("bacs", "Direct bank transfer"),
    "cod": ("cod", "Cash on delivery"),
    "invoice": ("invoice", "Pay by invoice"),
}
PO_NUMBER_KEY = "_po_number"  # WooCommerce has no field for it: plugins use order meta, each its own key
LANGUAGE_KEY = "wpml_language"
NULLABLE = ("company", "address_2", "state", "phone")  # empty as "" from WooCommerce, as null from some plugins


def order_status(stored: StoredOrder) -> str:
    """`status`, as WooCommerce moves it with payment, cancellation and full refund."""
    if stored.cancelled_at:
        return "cancelled"
    if stored.refunded and stored.refunded >= stored.order.total:
        return "refunded"
    if stored.order.is_paid or stored.order.payment_method in ("cod", "invoice"):
        return "processing"
    return "on-hold" if stored.order.payment_method == "bank_transfer" else "pending"


def order_json(stored: StoredOrder, site: ZoneInfo, base: str, places: int = 2) -> dict[str, Any]:
    """The whole order. `site` is the site's timezone, `base` the URL of the API, `places` its `dp`."""
    shown = _Shown(stored, site, places)
    return {
        **shown.head(),
        **shown.totals(),
        **shown.people(),
        **shown.dates(),
        "meta_data": shown.meta(),
        "line_items": [shown.line(line, tax) for line, tax in zip(shown.lines, shown.line_taxes(), strict=True)],
        "tax_lines": shown.tax_lines(),
        "shipping_lines": shown.shipping_lines(),
        "fee_lines": shown.fee_lines(),
        "coupon_lines": shown.coupon_lines(),
        "refunds": [shown.refund_note(refund) for refund in reversed(stored.refunds)],
        **shown.tail(base),
    }


class _Shown(Items):
    def head(self) -> dict[str, Any]:
        return {
            "id": self.stored.order_id,
            "parent_id": 0,
            "number": str(self.order.number),
            "order_key": f"wc_order_{self.stored.order_id * 2654435761 % 2**40:x}",
            "created_via": "checkout",
            "version": "10.3.5",
            "status": order_status(self.stored),
            "currency": self.order.currency,
            "prices_include_tax": False,
        }

    def totals(self) -> dict[str, Any]:
        discount = sum((line.line.discount for line in self.lines), ZERO)
        return {
            "discount_total": self.money(discount),
            "discount_tax": self.money(ZERO),
            "shipping_total": self.money(self.order.shipping_price),
            "shipping_tax": self.money(ZERO),
            "cart_tax": self.money(self.order.tax_total),
            "total": self.money(self.order.total),
            "total_tax": self.money(self.order.tax_total),
        }

    def people(self) -> dict[str, Any]:
        method, title = METHODS.get(self.order.payment_method, (self.order.payment_method,) * 2)
        billing = {**self.address(self.order.billing_address or self.order.shipping_address)}
        billing["email"] = self.order.email
        billing["phone"] = billing["phone"] or self.order.phone
        return {
            "customer_id": self.order.customer_id,
            "customer_ip_address": "203.0.113.7",
            "customer_user_agent": "Mozilla/5.0",
            "customer_note": self.order.note,
            "billing": self.with_nulls(billing),
            "shipping": self.with_nulls(self.address(self.order.shipping_address)),
            "payment_method": method,
            "payment_method_title": title,
            "transaction_id": "",
        }

    def address(self, given: ShopAddress | None) -> dict[str, Any]:
        where = given or ShopAddress()
        first, _, last = self.order.name.partition(" ") if given is None and self.order.name else ("", "", "")
        return {
            "first_name": where.first_name or first,
            "last_name": where.last_name or last,
            "company": where.company,
            "address_1": where.street,
            "address_2": where.street2,
            "city": where.city,
            "state": where.region_code or where.region,
            "postcode": where.postal_code,
            "country": where.country,
            "phone": where.phone,
        }

    def with_nulls(self, address: dict[str, Any]) -> dict[str, Any]:
        if chance(f"null {self.stored.order_id}") < 0.2:
            address.update({key: None for key in NULLABLE if not address[key]})
        return address

    def dates(self) -> dict[str, Any]:
        paid = self.stored.created_at if self.order.is_paid else None
        dates = {"created": self.stored.created_at, "modified": self.stored.updated_at, "paid": paid, "completed": None}
        shown: dict[str, Any] = {}
        for name, at in dates.items():
            shown[f"date_{name}"] = self.local(at)
            shown[f"date_{name}_gmt"] = at.isoformat()[:19] if at else None
        return shown

    def meta(self) -> list[dict[str, Any]]:
        order = self.order
        language = {"zh-cn": "zh-hans"}.get(order.locale.lower(), order.locale[:2].lower())
        pairs = {"_wc_order_attribution_source_type": "typein", LANGUAGE_KEY: language, **order.attributes}
        if order.po_number:
            pairs[PO_NUMBER_KEY] = order.po_number
        first = self.stored.order_id * 20
        return [{"id": first + n, "key": key, "value": value} for n, (key, value) in enumerate(pairs.items())]

    def tail(self, base: str) -> dict[str, Any]:
        here = f"{base}/orders/{self.stored.order_id}"
        is_open = order_status(self.stored) in ("pending", "on-hold")
        return {
            "cart_hash": "",
            "payment_url": f"{base.removesuffix('/wp-json/wc/v3')}/checkout/order-pay/{self.stored.order_id}/",
            "is_editable": is_open,
            "needs_payment": order_status(self.stored) == "pending",
            "needs_processing": True,
            "currency_symbol": {"EUR": "€", "USD": "$", "GBP": "£", "CNY": "¥"}.get(self.order.currency, ""),
            "_links": {"self": [{"href": here}], "collection": [{"href": f"{base}/orders"}]},
        }


def refunds_json(stored: StoredOrder, site: ZoneInfo, base: str, places: int = 2) -> list[dict[str, Any]]:
    """The order's refunds as their own resource, newest first."""
    shown = Items(stored, site, places)
    return [shown.refund(refund, base) for refund in reversed(stored.refunds)]
