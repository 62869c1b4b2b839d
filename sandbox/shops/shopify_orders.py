"""An order of the store as Shopify's `Order`, every field of the schema. Source: shopify.dev, object Order."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sandbox.shops.graphql_engine import Parts, Value, fields_of
from sandbox.shops.orders import ShopOrder, StoredOrder
from sandbox.shops.shopify_lines import (
    ZERO,
    current_quantity,
    current_total,
    discount_applications,
    line_item,
    refund_of,
    shipping_lines,
    transaction,
)
from sandbox.shops.shopify_money import gid, moment, money, money_bag, or_null, tax_lines
from sandbox.shops.shopify_people import parties

GATEWAYS = {"card": ["shopify_payments"], "bank_transfer": ["Bank Deposit"], "cod": ["Cash on Delivery (COD)"]}
CANCEL_REASONS = ("customer", "declined", "fraud", "inventory", "staff", "other")


def order_of(stored: StoredOrder) -> Value:
    """All of `Order`, made in parts as they are asked for."""
    return Parts(_makers(), stored)


@lru_cache(maxsize=1)
def _makers() -> dict[str, Callable[..., Value]]:
    order = ShopOrder(0, datetime.max.replace(tzinfo=UTC), ())
    return fields_of(_PARTS, StoredOrder(0, order, (), order.at, order.at, ZERO))


def _identity(stored: StoredOrder) -> dict[str, Any]:
    order = stored.order
    return {
        "__typename": "Order",
        "id": gid("Order", stored.order_id),
        "legacyResourceId": str(stored.order_id),
        "name": f"#{order.number}",
        "number": order.number,
        "confirmationNumber": f"{stored.order_id * 7919 % 36**6:09X}",
        "createdAt": moment(stored.created_at),
        "processedAt": moment(stored.created_at),
        "updatedAt": moment(stored.updated_at),
        "note": or_null(order.note),
        "poNumber": or_null(order.po_number),
        "tags": sorted(order.tags),
        "customAttributes": [{"key": key, "value": value} for key, value in order.attributes.items()],
        "discountCode": or_null(order.discount_code),
        "discountCodes": [order.discount_code] if order.discount_code else [],
        "paymentGatewayNames": GATEWAYS.get(order.payment_method, []),
        "paymentTerms": _terms(stored) if order.payment_method == "invoice" else None,
    }


def _terms(stored: StoredOrder) -> dict[str, Any]:
    number = gid("PaymentTerms", stored.order_id)
    return {
        "__typename": "PaymentTerms",
        "dueInDays": 30,
        "id": number,
        "overdue": False,
        "paymentTermsName": "Net 30",
    }


def financial_status(stored: StoredOrder) -> str:
    """`OrderDisplayFinancialStatus`."""
    if not stored.order.is_paid:
        return "VOIDED" if stored.cancelled_at else "PENDING"
    if not stored.refunded:
        return "PAID"
    return "REFUNDED" if stored.refunded >= stored.order.total else "PARTIALLY_REFUNDED"


def is_closed(stored: StoredOrder) -> bool:
    """Shopify archives a cancelled order."""
    return stored.cancelled_at is not None


def _states(stored: StoredOrder) -> dict[str, Any]:
    is_cancelled = stored.cancelled_at is not None
    units = sum(current_quantity(stored, line) for line in stored.lines)
    reason = stored.cancel_reason if stored.cancel_reason in CANCEL_REASONS else "other"
    return {
        "cancelReason": reason.upper() if is_cancelled else None,
        "cancellation": {"staffNote": None} if is_cancelled else None,
        "cancelledAt": moment(stored.cancelled_at),
        "closed": is_closed(stored),
        "closedAt": moment(stored.cancelled_at),
        "displayFinancialStatus": financial_status(stored),
        "displayFulfillmentStatus": "UNFULFILLED",
        "edited": stored.is_edited,
        "fulfillable": units > 0,
        "fullyPaid": stored.order.is_paid,
        "unpaid": not stored.order.is_paid,
        "canMarkAsPaid": not stored.order.is_paid and not is_cancelled,
        "merchantEditable": not is_cancelled,
        "merchantEditableErrors": ["The order has been canceled."] if is_cancelled else [],
        "refundable": stored.order.is_paid and units > 0,
        "returnStatus": "RETURNED" if stored.refunds else "NO_RETURN",
        "currentSubtotalLineItemsQuantity": units,
        "subtotalLineItemsQuantity": sum(line.ordered - line.removed for line in stored.lines),
    }


def _totals(stored: StoredOrder) -> dict[str, Any]:
    order, bag = stored.order, _bags(stored.order.currency)
    subtotal = sum((line.line.total for line in stored.lines), ZERO)
    discounts = sum((line.line.discount for line in stored.lines), ZERO)
    return {
        "cartDiscountAmountSet": bag(discounts) if discounts else None,
        "originalTotalPriceSet": bag(stored.original_total),
        "subtotalPrice": money(subtotal),
        "subtotalPriceSet": bag(subtotal),
        "totalDiscounts": money(discounts),
        "totalDiscountsSet": bag(discounts),
        "totalPrice": money(order.total),
        "totalPriceSet": bag(order.total),
        "totalShippingPrice": money(order.shipping_price),
        "totalShippingPriceSet": bag(order.shipping_price),
        "totalTax": money(order.tax_total),
        "totalTaxSet": bag(order.tax_total),
    }


def _current_totals(stored: StoredOrder) -> dict[str, Any]:
    order, bag, is_off = stored.order, _bags(stored.order.currency), stored.cancelled_at is not None
    subtotal = sum((current_total(stored, line) for line in stored.lines), ZERO)
    discounts = ZERO if is_off else sum((line.line.discount for line in stored.lines), ZERO)
    return {
        "currentCartDiscountAmountSet": bag(discounts),
        "currentShippingPriceSet": bag(ZERO if is_off else order.shipping_price),
        "currentSubtotalPriceSet": bag(subtotal),
        "currentTotalDiscountsSet": bag(discounts),
        "currentTotalPriceSet": bag(ZERO if is_off else order.total - stored.refunded),
        "currentTotalTaxSet": bag(ZERO if is_off else order.tax_total),
    }


def _payments(stored: StoredOrder) -> dict[str, Any]:
    order, bag = stored.order, _bags(stored.order.currency)
    is_owed = not order.is_paid and stored.cancelled_at is None
    return {
        "netPaymentSet": bag(order.total - stored.refunded if order.is_paid else ZERO),
        "refundDiscrepancySet": bag(ZERO),
        "totalCapturableSet": bag(ZERO),
        "totalOutstandingSet": bag(order.total - stored.refunded if is_owed else ZERO),
        "totalReceivedSet": bag(order.total if order.is_paid else ZERO),
        "totalRefunded": money(stored.refunded),
        "totalRefundedSet": bag(stored.refunded),
        "totalRefundedShippingSet": bag(ZERO),
        "totalTipReceivedSet": bag(ZERO),
    }


def _bags(currency: str) -> Callable[[Decimal], Any]:
    return lambda value: money_bag(value, currency)


def _nested(stored: StoredOrder) -> dict[str, Any]:
    order = stored.order
    return {
        "refunds": lambda _: [refund_of(stored, each, order_of(stored)) for each in stored.refunds],
        "lineItems": lambda _: [line_item(stored, line) for line in stored.lines],
        "nonFulfillableLineItems": lambda _: [line_item(stored, line) for line in stored.lines if not line.current],
        "shippingLine": lambda _: next(iter(shipping_lines(stored)), None),
        "shippingLines": lambda _: shipping_lines(stored),
        "discountApplications": lambda _: discount_applications(stored),
        "taxLines": lambda _: tax_lines(order.taxes, order.currency),
        "currentTaxLines": lambda _: tax_lines(() if stored.cancelled_at else order.taxes, order.currency),
        "transactions": lambda asked: _transactions(stored)[: asked.get("first")],
        "transactionsCount": lambda _: {"count": len(_transactions(stored)), "precision": "EXACT"},
        "additionalFees": lambda _: _fees(stored),
        "originalTotalAdditionalFeesSet": money_bag(order.fee_total, order.currency) if order.fees else None,
        "currentTotalAdditionalFeesSet": money_bag(order.fee_total, order.currency) if order.fees else None,
        "currencyCode": order.currency,
        "presentmentCurrencyCode": order.currency,
        "statusPageUrl": f"https://sandbox.myshopify.com/orders/{stored.order_id}/authenticate",
    }


def _fees(stored: StoredOrder) -> list[dict[str, Any]]:
    return [
        {
            "__typename": "AdditionalFee",
            "id": gid("AdditionalFee", stored.order_id * 10 + n),
            "name": title,
            "price": money_bag(amount, stored.order.currency),
            "taxLines": (),
        }
        for n, (title, amount) in enumerate(stored.order.fees)
    ]


def _transactions(stored: StoredOrder) -> list[dict[str, Any]]:
    paid = [transaction(stored, "SALE", stored.order_id * 10, stored.original_total, moment(stored.created_at))]
    back = [transaction(stored, "REFUND", each.refund_id * 10, each.amount, moment(each.at)) for each in stored.refunds]
    return (paid if stored.order.is_paid else []) + back


def _constants(_: StoredOrder) -> dict[str, Any]:
    return _CONSTANTS


_CONSTANTS: dict[str, Any] = {
    **dict.fromkeys(("fulfillmentOrders", "fulfillments", "localizationExtensions"), ()),
    **dict.fromkeys(("localizedFields", "metafields", "returns"), ()),
    **dict.fromkeys(("capturable", "customerAcceptsMarketing", "dutiesIncluded", "estimatedTaxes"), False),
    **dict.fromkeys(("hasTimelineComment", "taxExempt", "taxesIncluded", "test"), False),
    **dict.fromkeys(("clientIp", "currentTotalDutiesSet", "metafield"), None),
    **dict.fromkeys(("originalTotalDutiesSet", "sourceIdentifier"), None),
    "app": {"id": "gid://shopify/App/580111", "name": "Online Store"},
    "confirmed": True,
    "currentTotalWeight": "0",
    "fulfillmentsCount": {"count": 0, "precision": "EXACT"},
    "restockable": True,
    "sourceName": "web",
    "totalWeight": "0",
}

_PARTS = (_identity, _states, parties, _totals, _current_totals, _payments, _nested, _constants)
