"""Who ordered, as Shopify shows them. Source: shopify.dev, objects Customer and MailingAddress."""

from typing import Any

from sandbox.shops.orders import ShopAddress, ShopOrder, StoredOrder
from sandbox.shops.shopify_money import gid, mailing_address, moment, or_null


def parties(stored: StoredOrder) -> dict[str, Any]:
    """The fields of `Order` about the customer and where things go; a guest is no customer."""
    order, customer = stored.order, _customer(stored)
    shipping = mailing_address(order.shipping_address, stored.order_id * 2)
    billing = mailing_address(_billing(order), stored.order_id * 2 + 1)
    return {
        "billingAddress": billing,
        "shippingAddress": shipping,
        "displayAddress": shipping or billing,
        "billingAddressMatchesShippingAddress": order.billing_address in (None, order.shipping_address),
        "customer": customer,
        "purchasingEntity": customer,
        "customerLocale": or_null(order.locale),
        "email": or_null(order.email),
        "phone": or_null(order.phone),
        "canNotifyCustomer": bool(order.email),
        "requiresShipping": order.shipping_address is not None,
    }


def _billing(order: ShopOrder) -> ShopAddress | None:
    return order.billing_address or order.shipping_address


def _customer(stored: StoredOrder) -> dict[str, Any] | None:
    order = stored.order
    if not order.customer_id:
        return None
    first, _, last = order.name.partition(" ")
    return {
        "__typename": "Customer",
        "createdAt": moment(stored.created_at),
        "defaultAddress": mailing_address(_billing(order), order.customer_id),
        "defaultEmailAddress": {"emailAddress": order.email} if order.email else None,
        "defaultPhoneNumber": {"phoneNumber": order.phone} if order.phone else None,
        "displayName": order.name or order.email,
        "email": or_null(order.email),
        "firstName": or_null(first),
        "id": gid("Customer", order.customer_id),
        "lastName": or_null(last),
        "legacyResourceId": str(order.customer_id),
        "locale": order.locale or "en",
        "metafield": None,
        "metafields": [],
        "note": None,
        "numberOfOrders": "1",
        "phone": or_null(order.phone),
        "state": "ENABLED",
        "tags": [],
        "taxExempt": False,
        "updatedAt": moment(stored.updated_at),
        "verifiedEmail": True,
    }
