"""Lines and charges of a Shopify order: quantities as they are now, prices after discounts and without tax.

`shopify_orders.py` says what the rules are and reads the rest of the order.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from connectors.shops.attributes import attribute_pairs, words
from connectors.shops.fields import Fields
from connectors.shops.pricing import ZERO, Priced, Rounding, charge, price_per_unit, smallest_unit
from orderclerk.domain.reading import LineRead

_EXTRAS = (
    ("currentTotalTaxSet", "tax", "Tax", 1),
    ("currentTotalDutiesSet", "duties", "Duties", 1),
    ("currentTotalAdditionalFeesSet", "fees", "Additional fees", 1),
    ("totalTipReceivedSet", "tip", "Tip", 1),
    ("unallocatedDiscountSet", "discount", "Discount", -1),  # of the older shape alone
)


@dataclass
class ShopifyLines:
    """The lines of one order; `currency` is the one its amounts must be in."""

    order: Fields
    currency: str
    rounding: Rounding = field(init=False)

    def __post_init__(self) -> None:
        self.rounding = Rounding(smallest_unit(self.currency))

    def line(self, item: Fields, number: int, is_off: bool) -> LineRead | None:
        """A line of goods; None if edits or refunds left nothing of it. Of a cancellation: as it was ordered."""
        ordered = _quantity(item, "quantity")
        now = _quantity(item, "currentQuantity") if "currentQuantity" in item.data and not is_off else ordered
        if now == 0 and not item.problems and not is_off:
            return None
        price = self._unit_price(item, ordered) if ordered else None
        if price is not None and now is not None:
            self.rounding.note(price, now)
        variant = item.inner("variant")
        item_ref = item.text("sku", "LIN-003") or variant.text("sku", "LIN-003") or _numbered(variant)
        if not item_ref:
            item.complain("sku", "LIN-003", "the line has neither SKU nor variant")
        return LineRead(
            line_ref=item.text("id").rpartition("/")[2] or str(number),
            item_ref=item_ref,
            quantity=now or None,
            unit_price=price.unit_price if price else None,
            description=_description(item),
            barcode=variant.text("barcode"),
            row=f"line item {number}",
            problems=tuple(item.problems),
        )

    def charges(self) -> list[LineRead]:
        """Freight, tax, duties, fees, tips: each a line of its own; what costs nothing is left out."""
        shipping = enumerate(self.order.items("shippingLines", "ORD-003"), 1)
        freight = [
            self._freight(line.on_its_own(), number) for number, line in shipping if not line.is_true("isRemoved")
        ]
        extras = [
            charge(ref, title, sign * amount)
            for name, ref, title, sign in _EXTRAS
            if (amount := self.money(self.order, name, "ORD-003"))
        ]
        return [line for line in freight if line.unit_price != 0] + extras

    def money(self, part: Fields, name: str, rule: str) -> Decimal | None:
        """The amount of money bag `name` in the order's currency; None if absent, or with a Problem."""
        bag = part.inner(name, rule)
        money = bag.inner("presentmentMoney" if bag.data.get("presentmentMoney") else "shopMoney", rule)
        amount, currency = money.number("amount", rule), money.text("currencyCode", rule)
        if amount is not None and currency and currency != self.currency:
            money.complain("currencyCode", "ORD-004", f"is not the order's currency {self.currency}")
            return None
        return amount

    def _unit_price(self, item: Fields, ordered: Decimal) -> Priced | None:
        original = self.money(item, "originalUnitPriceSet", "LIN-002")
        stated = self.money(item, "discountedUnitPriceAfterAllDiscountsSet", "LIN-002")
        discounts = [self.money(one, "allocatedAmountSet", "LIN-002") for one in item.items("discountAllocations")]
        taxes = self._taxes(item)
        if item.problems or None in discounts or taxes is None or (original is None and stated is None):
            if not item.problems:
                item.complain("originalUnitPriceSet", "LIN-002", "the line does not say what it costs")
            return None
        after = None if original is None else original * ordered - sum(filter(None, discounts), ZERO)
        if after is not None and (stated is None or abs(after / ordered - stated) <= self.rounding.unit):
            return price_per_unit(after - taxes, ordered)
        if discounts or stated is None:
            item.complain("discountAllocations", "LIN-002", f"do not lead to the stated unit price {stated}")
            return None
        price = price_per_unit(stated * ordered - taxes, ordered)
        return replace(price, is_rounded=True)  # Shopify calls this price approximate

    def _freight(self, line: Fields, number: int) -> LineRead:
        """Freight as it is after discounts and refunds, without tax; a tax included shrinks with the freight."""
        now, before = (self.money(line, f"{name}PriceSet", "LIN-002") for name in ("currentDiscounted", "discounted"))
        amount, tax = before if now is None else now, self._taxes(line)
        title, ref = line.text("title") or "Freight", f"shipping:{line.text('id').rpartition('/')[2] or number}"
        made = charge(ref, title, ZERO, row=f"shipping line {number}")
        if amount is None or tax is None or line.problems:
            if not line.problems:
                line.complain("currentDiscountedPriceSet", "LIN-002", "the freight does not say what it costs")
            return replace(made, unit_price=None, problems=tuple(line.problems))
        net = price_per_unit(amount - (tax * amount / before if before else tax), Decimal(1))
        self.rounding.note(net, Decimal(1))
        return replace(made, unit_price=net.unit_price)

    def _taxes(self, part: Fields) -> Decimal | None:
        """The tax inside the price of a line or of freight; 0 where prices are without tax. None if unreadable."""
        if not self.order.is_true("taxesIncluded"):
            return ZERO
        amounts = [self.money(tax, "priceSet", "LIN-002") for tax in part.items("taxLines", "LIN-002")]
        return None if None in amounts else sum(filter(None, amounts), ZERO)


def _quantity(item: Fields, name: str) -> Decimal | None:
    """A quantity; 0 is kept, what is below or unreadable becomes None with a Problem."""
    quantity = item.number(name, "LIN-001")
    if quantity is None and not item.problems:
        item.complain(name, "LIN-001", "the line has no quantity")
    if quantity is not None and quantity < 0:
        item.complain(name, "LIN-007", "is negative")
        return None
    return quantity


def _numbered(variant: Fields) -> str:
    number = variant.text("id").rpartition("/")[2]
    return f"variant:{number}" if number else ""


def _description(item: Fields) -> str:
    """Title, variant and what the customer had engraved or chosen."""
    title = " - ".join(filter(None, [item.text("title"), item.text("variantTitle")]))
    chosen = words("", attribute_pairs(item, "customAttributes")).replace("\n", "; ")
    return f"{title} ({chosen})" if chosen else title
