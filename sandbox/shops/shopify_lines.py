"""Line items, shipping lines, discounts and refunds of an order as Shopify shows them, every field of the schema.

Source: shopify.dev, objects LineItem, ShippingLine, DiscountCodeApplication, Refund, RefundLineItem.
"""

from decimal import Decimal
from typing import Any

from sandbox.shops.orders import Refund, ShopLine, StoredLine, StoredOrder
from sandbox.shops.shopify_money import cents, gid, moment, money_bag, money_text, or_null

ZERO = Decimal(0)


def current_quantity(stored: StoredOrder, line: StoredLine) -> int:
    """Units still wanted; a cancelled order wants none."""
    return 0 if stored.cancelled_at else max(line.current, 0)


def current_total(stored: StoredOrder, line: StoredLine) -> Decimal:
    """What the units still wanted cost after discounts."""
    if not line.line.quantity:
        return ZERO
    return cents(line.line.total * current_quantity(stored, line) / line.line.quantity)


def line_item(stored: StoredOrder, line: StoredLine) -> dict[str, Any]:
    """A `LineItem`. `quantity` includes what was removed or refunded, `currentQuantity` does not."""
    product, currency, code = line.line, stored.order.currency, stored.order.discount_code
    original = product.unit_price * line.ordered
    listed = product.discount if not code else ZERO  # code discounts are not in the discounted prices by default
    after_all = original - product.discount
    units = line.ordered or 1
    current = current_quantity(stored, line)
    return {
        "__typename": "LineItem",
        "canRestock": True,
        "currentQuantity": current,
        "customAttributes": [],
        "discountAllocations": lambda _: _allocations(stored, product.discount),
        "discountedTotal": money_text(original - listed),
        "discountedTotalSet": lambda asked: money_bag(
            after_all if asked["withCodeDiscounts"] else original - listed, currency
        )(None),
        "discountedUnitPrice": money_text(cents((original - listed) / units)),
        "discountedUnitPriceAfterAllDiscountsSet": money_bag(cents(after_all / units), currency),
        "discountedUnitPriceSet": money_bag(cents((original - listed) / units), currency),
        "duties": [],
        "id": gid("LineItem", line.line_id),
        "isGiftCard": False,
        "lineItemGroup": None,
        "merchantEditable": not stored.cancelled_at,
        "name": product.title,
        "nonFulfillableQuantity": line.ordered - current,
        "originalTotal": money_text(original),
        "originalTotalSet": money_bag(original, currency),
        "originalUnitPrice": money_text(product.unit_price),
        "originalUnitPriceSet": money_bag(product.unit_price, currency),
        "priceAfterAllDiscountsBeforeTaxesSet": money_bag(current_total(stored, line), currency),
        "product": lambda _: _variant(product)["product"] if not product.is_deleted else None,
        "quantity": line.ordered,
        "refundableQuantity": current,
        "requiresShipping": True,
        "restockable": True,
        "sellingPlan": None,
        "sku": or_null(product.sku),
        "taxLines": [],
        "taxable": bool(stored.order.taxes),
        "title": product.title,
        "totalDiscount": money_text(listed),
        "totalDiscountSet": money_bag(listed, currency),
        "unfulfilledDiscountedTotalSet": money_bag(current_total(stored, line), currency),
        "unfulfilledOriginalTotalSet": money_bag(product.unit_price * current, currency),
        "unfulfilledQuantity": current,
        "variant": lambda _: _variant(product) if not product.is_deleted else None,
        "variantTitle": None,
        "vendor": None,
    }


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
        "price": money_text(line.unit_price),
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
        "price": money_text(order.shipping_price),
        "shippingRateHandle": None,
        "source": "shopify",
        "taxLines": [],
        "title": order.shipping_title,
    }
    return [line]


def refund_of(stored: StoredOrder, refund: Refund, order: dict[str, Any]) -> dict[str, Any]:
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
            "price": money_text(cents(amount / quantity)),
            "priceSet": money_bag(cents(amount / quantity), currency),
            "quantity": quantity,
            "restockType": "RETURN",
            "restocked": True,
            "subtotal": money_text(amount),
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
