"""Line items, shipping lines, discounts and refunds of an order as Shopify shows them, every field of the schema.

Source: shopify.dev, objects LineItem, ShippingLine, DiscountCodeApplication, Refund, RefundLineItem.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sandbox.shops.graphql_engine import Parts, Value, fields_of
from sandbox.shops.orders import Refund, ShopLine, ShopOrder, StoredLine, StoredOrder
from sandbox.shops.shopify_money import cents, gid, moment, money, money_bag, or_null

ZERO = Decimal(0)


def current_quantity(stored: StoredOrder, line: StoredLine) -> int:
    """Units still wanted; a cancelled order wants none."""
    return 0 if stored.cancelled_at else max(line.current, 0)


def current_total(stored: StoredOrder, line: StoredLine) -> Decimal:
    """What the units still wanted cost after discounts."""
    if not line.line.quantity:
        return ZERO
    return cents(line.line.total * current_quantity(stored, line) / line.line.quantity)


def line_item(stored: StoredOrder, line: StoredLine) -> Value:
    """A `LineItem`. `quantity` includes what was removed or refunded, `currentQuantity` does not."""
    return Parts(_line_makers(), stored, line)


@lru_cache(maxsize=1)
def _line_makers() -> dict[str, Callable[..., Value]]:
    order = ShopOrder(0, datetime.max.replace(tzinfo=UTC), ())
    line = StoredLine(0, ShopLine("", "", 1, ZERO), 1)
    return fields_of(_LINE_PARTS, StoredOrder(0, order, (line,), order.at, order.at, ZERO), line)


def _goods(stored: StoredOrder, line: StoredLine) -> dict[str, Any]:
    product, current = line.line, current_quantity(stored, line)
    return {
        "__typename": "LineItem",
        "currentQuantity": current,
        "discountAllocations": lambda _: _allocations(stored, product.discount),
        "id": gid("LineItem", line.line_id),
        "merchantEditable": not stored.cancelled_at,
        "name": product.title,
        "nonFulfillableQuantity": line.ordered - current,
        "product": lambda _: _variant(product)["product"] if not product.is_deleted else None,
        "quantity": line.ordered,
        "refundableQuantity": current,
        "sku": or_null(product.sku),
        "taxable": bool(stored.order.taxes),
        "title": product.title,
        "unfulfilledQuantity": current,
        "variant": lambda _: _variant(product) if not product.is_deleted else None,
    }


def _original_prices(stored: StoredOrder, line: StoredLine) -> dict[str, Any]:
    price, currency = line.line.unit_price, stored.order.currency
    return {
        "originalTotal": money(price * line.ordered),
        "originalTotalSet": money_bag(price * line.ordered, currency),
        "originalUnitPrice": money(price),
        "originalUnitPriceSet": money_bag(price, currency),
        "unfulfilledOriginalTotalSet": money_bag(price * current_quantity(stored, line), currency),
    }


def _discounted_prices(stored: StoredOrder, line: StoredLine) -> dict[str, Any]:
    """Discounts by a code are left out of the discounted prices, unless a field says otherwise."""
    currency, original = stored.order.currency, line.line.unit_price * line.ordered
    listed = ZERO if stored.order.discount_code else line.line.discount
    after_all, units = original - line.line.discount, line.ordered or 1
    bags = {is_all: money_bag(after_all if is_all else original - listed, currency) for is_all in (True, False)}
    return {
        "discountedTotal": money(original - listed),
        "discountedTotalSet": lambda asked: bags[bool(asked["withCodeDiscounts"])](asked),
        "discountedUnitPrice": money(cents((original - listed) / units)),
        "discountedUnitPriceAfterAllDiscountsSet": money_bag(cents(after_all / units), currency),
        "discountedUnitPriceSet": money_bag(cents((original - listed) / units), currency),
        "priceAfterAllDiscountsBeforeTaxesSet": money_bag(current_total(stored, line), currency),
        "totalDiscount": money(listed),
        "totalDiscountSet": money_bag(listed, currency),
        "unfulfilledDiscountedTotalSet": money_bag(current_total(stored, line), currency),
    }


def _line_constants(_: StoredOrder, __: StoredLine) -> dict[str, Any]:
    return _LINE_CONSTANTS


_LINE_CONSTANTS: dict[str, Any] = {
    **dict.fromkeys(("canRestock", "requiresShipping", "restockable"), True),
    **dict.fromkeys(("customAttributes", "duties", "taxLines"), ()),
    **dict.fromkeys(("lineItemGroup", "sellingPlan", "variantTitle", "vendor"), None),
    "isGiftCard": False,
}
_LINE_PARTS = (_goods, _original_prices, _discounted_prices, _line_constants)


def _variant(line: ShopLine) -> dict[str, Any]:
    number = 40_000_000_000 + sum(ord(letter) * 131**n for n, letter in enumerate(line.sku)) % 10_000_000_000
    product = {
        "__typename": "Product",
        "handle": line.sku.lower(),
        "id": gid("Product", number + 1),
        "legacyResourceId": str(number + 1),
        "title": line.title,
        "vendor": "Sandbox",
    }
    return {
        "__typename": "ProductVariant",
        "barcode": None,
        "displayName": f"{line.title} - Default Title",
        "id": gid("ProductVariant", number),
        "legacyResourceId": str(number),
        "price": money(line.unit_price),
        "product": product,
        "sku": or_null(line.sku),
        "title": "Default Title",
    }


def discount_applications(stored: StoredOrder) -> list[dict[str, Any]]:
    """The one `DiscountApplication` behind all line discounts: by its code, or given by staff."""
    total = sum((line.line.discount for line in stored.lines), ZERO)
    if not total:
        return []
    value = money_bag(total, stored.order.currency)(None)["shopMoney"]
    application = {
        "__typename": "DiscountCodeApplication" if stored.order.discount_code else "ManualDiscountApplication",
        "allocationMethod": "ACROSS",
        "code": stored.order.discount_code,
        "description": None,
        "index": 0,
        "targetSelection": "ALL",
        "targetType": "LINE_ITEM",
        "title": "Discount",
        "value": value,
    }
    return [application]


def _allocations(stored: StoredOrder, discount: Decimal) -> list[dict[str, Any]]:
    if not discount:
        return []
    (application,) = discount_applications(stored)
    amount = money_bag(discount, stored.order.currency)
    return [{"allocatedAmountSet": amount, "discountApplication": application}]


def shipping_lines(stored: StoredOrder) -> list[dict[str, Any]]:
    """One `ShippingLine`, or none where nothing is shipped."""
    order, price = stored.order, money_bag(stored.order.shipping_price, stored.order.currency)
    if order.shipping_address is None and not order.shipping_price:
        return []
    line = {
        "carrierIdentifier": None,
        "code": order.shipping_title,
        "currentDiscountedPriceSet": price,
        "custom": False,
        "deliveryCategory": None,
        "discountAllocations": [],
        "discountedPriceSet": price,
        "id": gid("ShippingLine", stored.order_id * 2),
        "isRemoved": False,
        "originalPriceSet": price,
        "phone": None,
        "price": money(order.shipping_price),
        "shippingRateHandle": None,
        "source": "shopify",
        "taxLines": [],
        "title": order.shipping_title,
    }
    return [line]


def refund_of(stored: StoredOrder, refund: Refund, order: Value) -> dict[str, Any]:
    """A `Refund` with its line items."""
    return {
        "__typename": "Refund",
        "createdAt": moment(refund.at),
        "duties": None,
        "id": gid("Refund", refund.refund_id),
        "legacyResourceId": str(refund.refund_id),
        "note": or_null(refund.note),
        "order": order,
        "orderAdjustments": [],
        "refundLineItems": lambda _: _refund_lines(stored, refund),
        "refundShippingLines": [],
        "totalRefundedSet": money_bag(refund.amount, stored.order.currency),
        "transactions": lambda _: [transaction(stored, "REFUND", refund.refund_id, refund.amount, moment(refund.at))],
        "updatedAt": moment(refund.at),
    }


def _refund_lines(stored: StoredOrder, refund: Refund) -> list[dict[str, Any]]:
    lines, currency = {line.line_id: line for line in stored.lines}, stored.order.currency
    return [
        {
            "id": gid("RefundLineItem", refund.refund_id * 100 + n),
            "lineItem": line_item(stored, lines[line_id]),
            "price": money(cents(amount / quantity)),
            "priceSet": money_bag(cents(amount / quantity), currency),
            "quantity": quantity,
            "restockType": "RETURN",
            "restocked": True,
            "subtotal": money(amount),
            "subtotalSet": money_bag(amount, currency),
            "totalTaxSet": money_bag(ZERO, currency),
        }
        for n, (line_id, quantity, amount) in enumerate(refund.lines)
    ]


def transaction(stored: StoredOrder, kind: str, number: int, amount: Decimal, at: str | None) -> dict[str, Any]:
    """An `OrderTransaction` that succeeded."""
    return {
        "__typename": "OrderTransaction",
        "amountSet": money_bag(amount, stored.order.currency),
        "createdAt": at,
        "formattedGateway": "Shopify payments",
        "gateway": "shopify_payments",
        "id": gid("OrderTransaction", number),
        "kind": kind,
        "manualPaymentGateway": False,
        "processedAt": at,
        "status": "SUCCESS",
        "test": False,
    }
