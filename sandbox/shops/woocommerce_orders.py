"""An order of the store as WooCommerce's REST API v3 shows it.

Source: woocommerce.github.io/woocommerce-rest-api-docs (Orders, Order refunds) and WooCommerce's controllers:
amounts are strings, `price` is a float, `sku` is null once the product is deleted, refunds are negative.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.faults import chance
from sandbox.shops.orders import Refund, ShopAddress, ShopLine, StoredLine, StoredOrder

ZERO = Decimal(0)
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


class _Shown:
    def __init__(self, stored: StoredOrder, site: ZoneInfo, places: int) -> None:
        self.stored, self.order, self.site = stored, stored.order, site
        self._unit = Decimal(1).scaleb(-places)
        self.lines = [line for line in stored.lines if line.line.quantity]

    def money(self, value: Decimal) -> str:
        return format(value.quantize(self._unit, ROUND_HALF_UP), "f")

    def local(self, at: datetime | None) -> str | None:
        return None if at is None else at.astimezone(self.site).isoformat()[:19]

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

    def line_taxes(self) -> list[Decimal]:
        """The order's taxes spread over its lines, to the cent."""
        goods, left = sum((line.line.total for line in self.lines), ZERO), self.order.tax_total
        shares = []
        for line in self.lines[:-1]:
            share = (self.order.tax_total * line.line.total / goods).quantize(self._unit) if goods else ZERO
            shares.append(share)
            left -= share
        return [*shares, left] if self.lines else []

    def line(self, line: StoredLine, tax: Decimal) -> dict[str, Any]:
        product = line.line
        return {
            "id": line.line_id,
            "name": product.title,
            "product_id": 0 if product.is_deleted else product_id(product),
            "variation_id": 0,
            "quantity": product.quantity,
            "tax_class": "",
            "subtotal": self.money(product.unit_price * product.quantity),
            "subtotal_tax": self.money(tax),
            "total": self.money(product.total),
            "total_tax": self.money(tax),
            "taxes": [{"id": 1, "total": str(tax), "subtotal": str(tax)}] if tax else [],
            "meta_data": [],
            "sku": None if product.is_deleted else product.sku,
            "global_unique_id": "",
            "price": php_number(product.total / product.quantity),
            "image": {"id": "", "src": ""},
            "parent_name": None,
        }

    def tax_lines(self) -> list[dict[str, Any]]:
        return [
            {
                "id": self.stored.order_id * 10 + n,
                "rate_code": f"{tax.title.upper()}-{n}",
                "rate_id": n,
                "label": tax.title,
                "compound": False,
                "tax_total": self.money(tax.amount),
                "shipping_tax_total": self.money(ZERO),
                "rate_percent": php_number(tax.rate * 100),
                "meta_data": [],
            }
            for n, tax in enumerate(self.order.taxes, 1)
        ]

    def shipping_lines(self) -> list[dict[str, Any]]:
        if self.order.shipping_address is None:
            return []
        line = {
            "id": self.stored.order_id * 10 + 9,
            "method_title": self.order.shipping_title,
            "method_id": "flat_rate",
            "instance_id": "1",
            "total": self.money(self.order.shipping_price),
            "total_tax": self.money(ZERO),
            "taxes": [],
            "tax_status": "taxable",
            "meta_data": [],
        }
        return [line]

    def fee_lines(self) -> list[dict[str, Any]]:
        return [
            {
                "id": self.stored.order_id * 10 + 5 + n,
                "name": title,
                "tax_class": "",
                "tax_status": "none",
                "amount": str(amount),
                "total": self.money(amount),
                "total_tax": self.money(ZERO),
                "taxes": [],
                "meta_data": [],
            }
            for n, (title, amount) in enumerate(self.order.fees)
        ]

    def coupon_lines(self) -> list[dict[str, Any]]:
        discount = sum((line.line.discount for line in self.lines), ZERO)
        if not self.order.discount_code:
            return []
        coupon = {
            "id": self.stored.order_id * 10 + 8,
            "code": self.order.discount_code.lower(),
            "discount": self.money(discount),
            "discount_tax": self.money(ZERO),
            "meta_data": [],
            "discount_type": "fixed_cart",
            "nominal_amount": php_number(discount),
            "free_shipping": False,
        }
        return [coupon]

    def refund_note(self, refund: Refund) -> dict[str, Any]:
        return {"id": refund.refund_id, "reason": refund.note, "total": f"-{self.money(refund.amount)}"}

    def refund(self, refund: Refund, base: str) -> dict[str, Any]:
        lines = {line.line_id: line for line in self.stored.lines}
        here = f"{base}/orders/{self.stored.order_id}"
        return {
            "id": refund.refund_id,
            "parent_id": self.stored.order_id,
            "date_created": self.local(refund.at),
            "date_created_gmt": refund.at.isoformat()[:19],
            "amount": self.money(refund.amount),
            "reason": refund.note,
            "refunded_by": 1,
            "refunded_payment": False,
            "meta_data": [],
            "line_items": [
                self.refunded_line(refund, n, lines[line_id], quantity, amount)
                for n, (line_id, quantity, amount) in enumerate(refund.lines)
            ],
            "shipping_lines": [],
            "tax_lines": [],
            "fee_lines": [],
            "_links": {"self": [{"href": f"{here}/refunds/{refund.refund_id}"}], "up": [{"href": here}]},
        }

    def refunded_line(self, refund: Refund, n: int, line: StoredLine, quantity: int, amount: Decimal) -> dict[str, Any]:
        shown, number = self.line(line, ZERO), refund.refund_id * 100 + n
        origin = {"id": number, "key": "_refunded_item_id", "value": str(line.line_id)}
        value = self.money(-amount)
        return {
            **shown,
            "id": number,
            "quantity": -quantity,
            "subtotal": value,
            "total": value,
            "meta_data": [origin],
            "price": php_number(amount / quantity),
        }

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
    shown = _Shown(stored, site, places)
    return [shown.refund(refund, base) for refund in reversed(stored.refunds)]


def php_number(value: Decimal) -> float | int:
    """A number as PHP divides and prints it: a float, whole ones without a point."""
    number = float(value)
    return int(number) if number.is_integer() else number


def product_id(line: ShopLine) -> int:
    """The shop's id of a product, from its sku."""
    return 10 + int(chance(line.sku) * 90_000)
