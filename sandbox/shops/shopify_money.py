"""How Shopify writes numbers, times, addresses and ids. Source: shopify.dev, scalars and objects of the Admin API."""

from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from babel import Locale

from sandbox.shops.orders import ShopAddress, ShopTax

Lazy = Callable[[Any], Any]


def decimal_text(value: Decimal) -> str:
    """A `Decimal`: shortest, but always with a decimal place, as Shopify answers: 11.0, 10.99, 0.0."""
    text = format(value.normalize(), "f")
    return text if "." in text else f"{text}.0"


def money_text(value: Decimal) -> str:
    """A `Money`, the older scalar: always two decimal places."""
    return format(value.quantize(Decimal("0.01"), ROUND_HALF_UP), "f")


def money(value: Decimal) -> Lazy:
    """`money_text`, made only if asked for."""
    return lambda _: money_text(value)


def cents(value: Decimal) -> Decimal:
    """Rounded as the shop rounds what it had to divide."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def money_bag(value: Decimal, currency: str) -> Lazy:
    """A `MoneyBag`, made only if asked for. The shop sells in one currency, so both moneys are the same."""

    def make(_: Any) -> dict[str, Any]:
        money = {"__typename": "MoneyV2", "amount": decimal_text(value), "currencyCode": currency}
        return {"shopMoney": money, "presentmentMoney": money}

    return make


def moment(at: datetime | None) -> str | None:
    """A `DateTime`: UTC, whole seconds, Z."""
    return None if at is None else f"{at.isoformat()[:19]}Z"


def gid(kind: str, number: int) -> str:
    """A global id."""
    return f"gid://shopify/{kind}/{number}"


def or_null(text: str) -> str | None:
    """What was not given is null, not empty."""
    return text or None


def tax_lines(taxes: tuple[ShopTax, ...], currency: str) -> list[dict[str, Any]]:
    """`TaxLine` for every tax; rate is a float as the schema says."""
    return [
        {
            "channelLiable": False,
            "price": money_text(tax.amount),
            "priceSet": money_bag(tax.amount, currency),
            "rate": float(tax.rate),
            "ratePercentage": float(tax.rate * 100),
            "source": "Shopify",
            "title": tax.title,
        }
        for tax in taxes
    ]


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    return dict(Locale("en").territories)


def mailing_address(address: ShopAddress | None, number: int) -> dict[str, Any] | None:
    """A `MailingAddress`; the id ends as Shopify's do, with the model's name."""
    if address is None:
        return None
    name = f"{address.first_name} {address.last_name}".strip()
    country = _countries().get(address.country)
    lines = [address.street, address.street2, f"{address.postal_code} {address.city}".strip(), country or ""]
    return {
        "__typename": "MailingAddress",
        "address1": or_null(address.street),
        "address2": or_null(address.street2),
        "city": or_null(address.city),
        "company": or_null(address.company),
        "coordinatesValidated": False,
        "country": country,
        "countryCode": or_null(address.country),
        "countryCodeV2": or_null(address.country),
        "firstName": or_null(address.first_name),
        "formatted": lambda asked: _formatted(asked, name, address.company, lines),
        "formattedArea": f"{address.city}, {country}",
        "id": f"gid://shopify/MailingAddress/{number}?model_name=Address",
        "lastName": or_null(address.last_name),
        "latitude": None,
        "longitude": None,
        "name": or_null(name),
        "phone": or_null(address.phone),
        "province": or_null(address.region),
        "provinceCode": or_null(address.region_code),
        "timeZone": None,
        "zip": or_null(address.postal_code),
    }


def _formatted(asked: dict[str, Any], name: str, company: str, lines: list[str]) -> list[str]:
    head = [name] * asked["withName"] + [company] * asked["withCompany"]
    return [line for line in (*head, *lines) if line]
