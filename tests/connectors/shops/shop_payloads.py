"""Orders as the vendors' documentation shows them, built small; tests change what they are about."""

from decimal import Decimal


def bag(amount, currency="EUR"):
    money = {"amount": str(amount), "currencyCode": currency}
    return {"shopMoney": dict(money), "presentmentMoney": dict(money)}


def shopify_line(number, sku="TEA-100", quantity=2, price="10.00", **changes):
    return {
        "id": f"gid://shopify/LineItem/{number}",
        "sku": sku,
        "title": "Green tea",
        "variantTitle": "100 g",
        "quantity": quantity,
        "currentQuantity": quantity,
        "variant": {"id": "gid://shopify/ProductVariant/808950810", "sku": sku, "barcode": "4006381333931"},
        "customAttributes": [],
        "originalUnitPriceSet": bag(price),
        "discountedUnitPriceAfterAllDiscountsSet": bag(price),
        "discountAllocations": [],
        "taxLines": [],
        **changes,
    }


def shopify_order(number=1001, updated="2026-11-20T10:00:00Z", lines=None, total="25.00", **changes):
    lines = [shopify_line(11)] if lines is None else lines
    address = {
        "name": "Ada Byron", "company": "Byron & Co", "address1": "High Street 1", "address2": None, "city": "London",
        "province": "England", "provinceCode": "ENG", "zip": "N1 9GU", "country": "United Kingdom",
        "countryCodeV2": "GB", "phone": "+44 20 7946 0000",
    }  # fmt: skip
    freight = {
        "id": "gid://shopify/ShippingLine/7", "title": "Standard", "code": "std", "isRemoved": False, "taxLines": [],
        "discountedPriceSet": bag("5.00"), "currentDiscountedPriceSet": bag("5.00"),
    }  # fmt: skip
    return {
        "id": f"gid://shopify/Order/{number}",
        "legacyResourceId": str(number),
        "name": f"#{number}",
        "createdAt": "2026-11-20T09:58:11Z",
        "updatedAt": updated,
        "cancelledAt": None,
        "cancelReason": None,
        "test": False,
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "UNFULFILLED",
        "currencyCode": "EUR",
        "presentmentCurrencyCode": "EUR",
        "taxesIncluded": False,
        "email": "ada@byron.example",
        "phone": None,
        "poNumber": None,
        "note": None,
        "customerLocale": "en",
        "paymentGatewayNames": ["shopify_payments"],
        "customAttributes": [],
        "customer": {
            "id": "gid://shopify/Customer/207119551",
            "legacyResourceId": "207119551",
            "displayName": "Ada Byron",
        },
        "shippingAddress": address,
        "billingAddress": dict(address),
        "currentTotalPriceSet": bag(total),
        "currentTotalTaxSet": bag("0.00"),
        "currentTotalDutiesSet": None,
        "currentTotalAdditionalFeesSet": None,
        "totalTipReceivedSet": bag("0.0"),
        "shippingLines": {"nodes": [freight]},
        "lineItems": {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": lines},
        **changes,
    }


def webhook_order(**changes):
    """The older shape, with the fields that webhooks of today carry."""
    line = {
        "id": 466157049, "sku": "TEA-100", "title": "Green tea", "variant_title": "100 g", "variant_id": 808950810,
        "quantity": 3, "current_quantity": 2, "price": "12.00", "total_discount": "0.00", "properties": [],
        "price_set": {
            "shop_money": {"amount": "12.00", "currency_code": "GBP"},
            "presentment_money": {"amount": "14.00", "currency_code": "EUR"},
        },
        "discount_allocations": [
            {
                "amount": "6.00",
                "amount_set": {
                    "shop_money": {"amount": "6.00", "currency_code": "GBP"},
                    "presentment_money": {"amount": "6.00", "currency_code": "EUR"},
                },
            }
        ],
        "tax_lines": [],
    }  # fmt: skip
    return {
        "id": 820982911946154508, "admin_graphql_api_id": "gid://shopify/Order/820982911946154508", "name": "#9999",
        "created_at": "2026-11-20T23:30:00-05:00", "updated_at": "2026-11-21T01:00:00-05:00", "cancelled_at": None,
        "test": False, "financial_status": "partially_refunded", "currency": "GBP", "presentment_currency": "EUR",
        "taxes_included": False, "email": "ada@byron.example", "note": "ring twice", "customer_locale": "zh-CN",
        "note_attributes": [{"name": "Delivery date", "value": "2026-12-01"}, {"name": "Gate", "value": "B"}],
        "payment_gateway_names": ["Cash on Delivery (COD)"],
        "customer": {"id": 115310627314723954, "first_name": "Ada", "last_name": "Byron", "email": "ada@byron.example"},
        "billing_address": {"name": "Ada Byron", "company": None, "country_code": "GB", "city": "London"},
        "shipping_address": None, "line_items": [line], "shipping_lines": [],
        "refunds": [{"refund_line_items": [{"line_item_id": 466157049, "quantity": 1}]}],
        "total_price": "36.00", "current_total_price": "20.57", "total_tax": "0.00", "current_total_tax": "0.00",
        "current_total_price_set": {
            "shop_money": {"amount": "20.57", "currency_code": "GBP"},
            "presentment_money": {"amount": "24.00", "currency_code": "EUR"},
        },
        "current_total_tax_set": {
            "shop_money": {"amount": "0.00", "currency_code": "GBP"},
            "presentment_money": {"amount": "0.00", "currency_code": "EUR"},
        },
        **changes,
    }  # fmt: skip


def woo_line(number, sku="TEA-100", quantity=2, total="20.00", **changes):
    return {
        "id": number, "name": "Green tea", "product_id": 93, "variation_id": 0, "quantity": quantity, "tax_class": "",
        "subtotal": total, "subtotal_tax": "0.00", "total": total, "total_tax": "0.00", "taxes": [], "meta_data": [],
        "sku": sku, "price": float(Decimal(total)) / quantity if quantity else 0,
        **changes,
    }  # fmt: skip


def woo_order(number=727, modified="2026-11-20T10:00:00", lines=None, total="25.00", **changes):
    person = {
        "first_name": "Ada", "last_name": "Byron", "company": "", "address_1": "High Street 1", "address_2": "",
        "city": "London", "state": "", "postcode": "N1 9GU", "country": "GB", "phone": "+44 20 7946 0000",
    }  # fmt: skip
    return {
        "id": number, "parent_id": 0, "number": str(number), "order_key": "wc_order_58d2", "status": "processing",
        "currency": "EUR", "date_created": "2026-11-20T17:58:11", "date_created_gmt": "2026-11-20T09:58:11",
        "date_modified": "2026-11-20T18:00:00", "date_modified_gmt": modified, "discount_total": "0.00",
        "shipping_total": "5.00", "total": total, "total_tax": "0.00", "prices_include_tax": False, "customer_id": 26,
        "customer_note": "", "billing": {**person, "email": "ada@byron.example"}, "shipping": person,
        "payment_method": "cod", "payment_method_title": "Cash on delivery", "meta_data": [],
        "line_items": [woo_line(315)] if lines is None else lines, "tax_lines": [],
        "shipping_lines": [
            {"id": 317, "method_title": "Flat rate", "method_id": "flat_rate", "total": "5.00", "total_tax": "0.00"}
        ],
        "fee_lines": [], "coupon_lines": [], "refunds": [],
        **changes,
    }  # fmt: skip


def woo_refund(number, amount, units=(), shipping=(), tax="0.00"):
    """A refund: `units` are (line id, quantity, total), `shipping` (line id, total)."""

    def refunded(line, total, tax="0.00", **more):
        meta = [{"id": 1, "key": "_refunded_item_id", "value": str(line)}]
        return {"id": number * 10, "total": f"-{total}", "total_tax": f"-{tax}", "meta_data": meta, **more}

    return {
        "id": number,
        "amount": amount,
        "reason": "",
        "line_items": [refunded(line, total, tax, quantity=-quantity) for line, quantity, total in units],
        "shipping_lines": [refunded(line, total) for line, total in shipping],
        "fee_lines": [],
    }
