"""What an order of WooCommerce consists of: line items, taxes, shipping, fees, coupons, refunds.

Source: woocommerce.github.io/woocommerce-rest-api-docs (Orders, Order refunds) and its controllers: amounts are
strings, `price` is a float, `sku` is null once the product is deleted, refunds are negative.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.faults import chance
from sandbox.shops.orders import Refund, ShopLine, StoredLine, StoredOrder

ZERO = Decimal(0)


class Items:
    """The items of one order. `site` is the site's timezone, `places` the decimals of amounts."""

    def __init__(self, stored: StoredOrder, site: ZoneInfo, places: int) -> None:
        self.stored, self.order, self.site = stored, stored.order, site
        self._unit = Decimal(1).scaleb(-places)
        self.lines = [line for line in stored.lines if line.line.quantity]

    def money(self, value: Decimal) -> str:
        """An amount, as text."""
        return format(value.quantize(self._unit, ROUND_HALF_UP), "f")

    def local(self, at: datetime | None) -> str | None:
        """A time on the site's clock, without zone."""
        return None if at is None else at.astimezone(self.site).isoformat()[:19]

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
        """One of `line_items`."""
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
        """Taxes of the whole order."""
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
        """One, or none where nothing is shipped."""
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
        """What is neither goods nor shipping."""
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
        """One for the discount code."""
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
        """A refund as the order mentions it."""
        return {"id": refund.refund_id, "reason": refund.note, "total": f"-{self.money(refund.amount)}"}

    def refund(self, refund: Refund, base: str) -> dict[str, Any]:
        """A refund as its own resource."""
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
        """A line of a refund, which names the line it takes back."""
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


def php_number(value: Decimal) -> float | int:
    """A number as PHP divides and prints it: a float, whole ones without a point."""
    number = float(value)
    return int(number) if number.is_integer() else number


def product_id(line: ShopLine) -> int:
    """The shop's id of a product, from its sku."""
    return 10 + int(chance(line.sku) * 90_000)
