"""Shopify's older shape of an order, as REST and webhooks (`orders/create`, `orders/updated` ...) still send it.

Source: shopify.dev/docs/api/admin-rest, resource Order. This file only renames: the values, however broken, go through
as they came, and `shopify_orders.py` reads them in one place.
"""

from decimal import Decimal
from typing import Any

from connectors.shops.fields import exact_number

Json = dict[str, Any]

_ORDER = {
    "id": "legacyResourceId", "name": "name", "created_at": "createdAt", "updated_at": "updatedAt",
    "cancelled_at": "cancelledAt", "cancel_reason": "cancelReason", "test": "test", "currency": "currencyCode",
    "presentment_currency": "presentmentCurrencyCode", "taxes_included": "taxesIncluded", "email": "email",
    "phone": "phone", "po_number": "poNumber", "note": "note", "customer_locale": "customerLocale",
    "note_attributes": "customAttributes", "payment_gateway_names": "paymentGatewayNames",
}  # fmt: skip
_LINE = {
    "id": "id", "sku": "sku", "title": "title", "variant_title": "variantTitle", "quantity": "quantity",
    "current_quantity": "currentQuantity", "properties": "customAttributes",
}  # fmt: skip
_ADDRESS = {
    "name": "name", "company": "company", "address1": "address1", "address2": "address2", "city": "city",
    "province": "province", "province_code": "provinceCode", "zip": "zip", "country": "country",
    "country_code": "countryCodeV2", "phone": "phone",
}  # fmt: skip
_CUSTOMER = {"id": "legacyResourceId", "first_name": "firstName", "last_name": "lastName", "email": "email"}


def as_graphql(order: Json) -> Json:
    """`order` of the older shape in the shape of GraphQL."""
    made = _renamed(order, _ORDER)
    made["displayFinancialStatus"] = _upper(order.get("financial_status"))
    if "payment_gateway_names" not in order and isinstance(order.get("gateway"), str):
        made["paymentGatewayNames"] = [order["gateway"]]
    made["customer"] = _object(order.get("customer"), _CUSTOMER)
    made["shippingAddress"] = _object(order.get("shipping_address"), _ADDRESS)
    made["billingAddress"] = _object(order.get("billing_address"), _ADDRESS)
    made["lineItems"] = _each(order.get("line_items"), lambda line: _line(line, order))
    made["shippingLines"] = _each(order.get("shipping_lines"), lambda line: _shipping(line, order))
    return {**made, **_amounts(order)}


def _amounts(order: Json) -> Json:
    """Total and tax as they are now. Before 2020 there were no `current_` amounts: then refunds are subtracted."""
    currency = order.get("currency")
    if "current_total_price" in order or not order.get("refunds"):
        prefix = "current_" if "current_total_price" in order else ""
        total, tax = _bag(order, f"{prefix}total_price", currency), _bag(order, f"{prefix}total_tax", currency)
    else:
        gone, gone_tax = _refunded(order, "subtotal"), _refunded(order, "total_tax")
        total = _less(order, "total_price", None if gone is None or gone_tax is None else gone + gone_tax)
        tax = _less(order, "total_tax", gone_tax)
    made = {"currentTotalPriceSet": total, "currentTotalTaxSet": tax, **_gone_discount(order)}
    for old, new in (
        ("current_total_duties_set", "currentTotalDutiesSet"),
        ("current_total_additional_fees_set", "currentTotalAdditionalFeesSet"),
    ):
        made[new] = _camel(order.get(old))
    has_tip_line = any(isinstance(line, dict) and line.get("tip") for line in _list(order.get("line_items")))
    return made if has_tip_line else {**made, "totalTipReceivedSet": _bag(order, "total_tip_received", currency)}


def _line(line: Json, order: Json) -> Json:
    made = _renamed(line, _LINE)
    if "current_quantity" not in line and order.get("refunds"):
        made["currentQuantity"] = _left(line, order)
    made["variant"] = {"id": line.get("variant_id")} if line.get("variant_id") else None
    made["originalUnitPriceSet"] = _bag(line, "price", order.get("currency"))
    made["discountAllocations"] = _discounts(line, order)
    made["taxLines"] = _taxes(line, order)
    return made


def _shipping(line: Json, order: Json) -> Json:
    """Freight before refunds; an allocated discount is taken off here, GraphQL's price is after it."""
    currency = order.get("currency")
    price = _bag(line, "price", currency)
    allocated = [_bag(a, "amount", currency) for a in _list(line.get("discount_allocations")) if isinstance(a, dict)]
    after = price if not allocated else _subtract(price, allocated)
    made = {
        "id": line.get("id"),
        "title": line.get("title"),
        "code": line.get("code"),
        "isRemoved": line.get("is_removed"),
    }
    return {**made, "currentDiscountedPriceSet": after, "discountedPriceSet": after, "taxLines": _taxes(line, order)}


def _discounts(line: Json, order: Json) -> Any:
    """`discount_allocations` hold all discounts of a line; `total_discount`, older, those of the line alone."""
    given = line.get("discount_allocations")
    if given is None:
        total = line.get("total_discount")
        return [{"allocatedAmountSet": _bag(line, "total_discount", order.get("currency"))}] if total else []
    return _each(given, lambda one: {"allocatedAmountSet": _bag(one, "amount", order.get("currency"))})


def _gone_discount(order: Json) -> Json:
    """An order from before `discount_allocations`: a discount on the whole of it stands nowhere in its lines."""
    lines = [line for line in _list(order.get("line_items")) if isinstance(line, dict)]
    if any("discount_allocations" in line for line in lines):
        return {}
    whole = exact_number(order.get("total_discounts"))
    in_lines = sum((exact_number(line.get("total_discount")) or Decimal(0) for line in lines), Decimal(0))
    if whole is None or whole <= in_lines:
        return {}
    return {"unallocatedDiscountSet": {"shopMoney": {"amount": str(whole - in_lines)}}}


def _taxes(line: Json, order: Json) -> Any:
    return _each(line.get("tax_lines"), lambda tax: {"priceSet": _bag(tax, "price", order.get("currency"))})


def _left(line: Json, order: Json) -> Any:
    """Quantity less what refunds took back; as it came where either is no number."""
    ordered, gone = exact_number(line.get("quantity")), Decimal(0)
    for refunded in _refund_lines(order):
        if str(refunded.get("line_item_id")) == str(line.get("id")):
            count = exact_number(refunded.get("quantity"))
            if count is None:
                return {"unreadable": "quantity of a refund"}
            gone += count
    return line.get("quantity") if ordered is None else str(ordered - gone)


def _refunded(order: Json, name: str) -> Decimal | None:
    """What the refunds come to in `name`; None if one does not say, or gave money back beside the lines."""
    amounts = [exact_number(refunded.get(name)) for refunded in _refund_lines(order)]
    beside = any(isinstance(r, dict) and r.get("order_adjustments") for r in _list(order.get("refunds")))
    return None if beside or None in amounts else sum(filter(None, amounts), Decimal(0))


def _refund_lines(order: Json) -> list[Json]:
    refunds = [refund for refund in _list(order.get("refunds")) if isinstance(refund, dict)]
    lines = [line for refund in refunds for line in _list(refund.get("refund_line_items"))]
    return [line for line in lines if isinstance(line, dict)]


def _less(order: Json, name: str, gone: Decimal | None) -> Any:
    amount = exact_number(order.get(name))
    return None if amount is None or gone is None else {"shopMoney": {"amount": str(amount - gone)}}


def _bag(source: Any, name: str, currency: Any) -> Any:
    """The money of field `name` in all currencies given: `name_set` if there, else the bare amount."""
    if not isinstance(source, dict):
        return source
    if isinstance(source.get(f"{name}_set"), dict):
        return _camel(source[f"{name}_set"])
    return None if source.get(name) is None else {"shopMoney": {"amount": source[name], "currencyCode": currency}}


def _camel(bag: Any) -> Any:
    if not isinstance(bag, dict):
        return bag
    money = {"amount": "amount", "currency_code": "currencyCode"}
    return {
        "shopMoney": _object(bag.get("shop_money"), money),
        "presentmentMoney": _object(bag.get("presentment_money"), money),
    }


def _subtract(bag: Any, parts: list[Any]) -> Any:
    """The first currency's amount less the same of `parts`; None where one of them is no number."""
    amounts = [exact_number(_amount(one)) for one in (bag, *parts)]
    if None in amounts:
        return None
    first, *rest = (amount for amount in amounts if amount is not None)
    return {"shopMoney": {"amount": str(first - sum(rest, Decimal(0)))}}


def _amount(bag: Any) -> Any:
    for side in ("presentmentMoney", "shopMoney"):
        if isinstance(bag, dict) and isinstance(bag.get(side), dict):
            return bag[side].get("amount")
    return None


def _renamed(source: Json, names: dict[str, str]) -> Json:
    return {new: source[old] for old, new in names.items() if old in source}


def _object(value: Any, names: dict[str, str]) -> Any:
    return _renamed(value, names) if isinstance(value, dict) else value


def _each(value: Any, make: Any) -> Any:
    return [make(item) if isinstance(item, dict) else item for item in value] if isinstance(value, list) else value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value
