"""Lines and charges of a WooCommerce order, as they are after its refunds.

`woocommerce_orders.py` says what the rules are and reads the rest of the order.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from connectors.shops.attributes import attribute_pairs, words
from connectors.shops.fields import Fields
from connectors.shops.pricing import ZERO, Priced, Rounding, charge, price_per_unit, smallest_unit, square_up, worth
from orderclerk.domain.reading import LineRead, Problem


@dataclass
class Refunded:
    """What all refunds of an order took back: units by line, money by charge, tax, and all the money together."""

    units: dict[str, Decimal] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    tax: Decimal = ZERO
    money: Decimal = ZERO


@dataclass
class WooLines:
    """The lines of one order; of a cancellation (`is_off`) as they were ordered, without charges."""

    order: Fields
    currency: str
    is_off: bool = False
    is_emptied: bool = False

    def __post_init__(self) -> None:
        self.rounding = Rounding(smallest_unit(self.currency))

    def read(self) -> tuple[list[LineRead], Decimal | None, list[Problem]]:
        """Lines, what the order costs now, and the Problem if the two differ."""
        goods = [
            self._goods(item.on_its_own(), n) for n, item in enumerate(self.order.items("line_items", "ORD-001"), 1)
        ]
        if self.is_off:
            return goods, None, []
        total = self.order.number("total", "ORD-003")
        lines, unequal = square_up([*goods, *self._charges()], total, self.rounding)
        if not self.order.data.get("refunds") and "refund_details" not in self.order.data:
            return lines, total, unequal
        if not isinstance(self.order.data.get("refund_details"), list):
            self.order.complain("refunds", "ORD-003", "money was given back, for which lines is not told")
            return lines, None, unequal
        return self._after_refunds(goods, lines, total, unequal)

    def _after_refunds(
        self, goods: list[LineRead], lines: list[LineRead], total: Decimal | None, unequal: list[Problem]
    ) -> tuple[list[LineRead], Decimal | None, list[Problem]]:
        gone = self._refunded()
        left = [_less(line, gone) for line in lines]
        kept = [line for line in left if line.is_charge or line.quantity != 0]
        self.is_emptied = bool(goods) and all(line.is_charge for line in kept)
        if self.is_emptied:
            return goods, None, []
        costs = None if total is None else total - gone.money
        come_to = worth(kept)
        if costs is None or come_to is None or unequal or costs == come_to:
            return kept, costs, unequal
        return [*kept, charge("refund", "Refunded beyond the lines", costs - come_to)], costs, []

    def _goods(self, item: Fields, number: int) -> LineRead:
        quantity, total = item.number("quantity", "LIN-001"), item.number("total", "LIN-002")
        price = self._price(item, quantity, total)
        item_ref = item.text("sku", "LIN-003") or _numbered(item)
        if not item_ref:
            item.complain("sku", "LIN-003", "the line has neither SKU nor product")
        chosen = words("", attribute_pairs(item, "meta_data")).replace("\n", "; ")
        name = item.text("name")
        return LineRead(
            line_ref=item.text("id") or str(number),
            item_ref=item_ref,
            quantity=quantity if quantity and quantity > 0 else None,
            unit_price=price.unit_price if price else None,
            description=f"{name} ({chosen})" if chosen else name,
            row=f"line item {number}",
            problems=tuple(item.problems),
        )

    def _price(self, item: Fields, quantity: Decimal | None, total: Decimal | None) -> Priced | None:
        """The line's total by the unit. Totals are shown to the cent, but kept finer with coupons and included tax."""
        if quantity is None or quantity <= 0:
            if not item.problems:
                rule = "LIN-007" if quantity else "LIN-004" if quantity == 0 else "LIN-001"
                item.complain("quantity", rule, "is no quantity to deliver")
            return None
        if total is None:
            item.complain("total", "LIN-002", "the line does not say what it costs")
            return None
        is_shown_rounded = self.order.is_true("prices_include_tax") or total != item.number("subtotal", "LIN-002")
        price = price_per_unit(total, quantity)
        price = replace(price, is_rounded=True) if is_shown_rounded else price
        self.rounding.note(price, quantity)
        return price

    def _charges(self) -> list[LineRead]:
        lines = [
            self._charge(
                part.on_its_own(), f"{ref}:{part.text('id') or number}", title, f"{title.lower()} line {number}"
            )
            for name, ref, title in (("shipping_lines", "shipping", "Freight"), ("fee_lines", "fee", "Fee"))
            for number, part in enumerate(self.order.items(name, "ORD-003"), 1)
        ]
        tax = self.order.number("total_tax", "ORD-003")
        return [line for line in lines if line.unit_price != 0] + ([charge("tax", "Tax", tax)] if tax else [])

    def _charge(self, part: Fields, ref: str, title: str, row: str) -> LineRead:
        amount = part.number("total", "LIN-002")
        made = charge(ref, part.text("method_title") or part.text("name") or title, amount or ZERO, row)
        if amount is not None:
            if self.order.is_true("prices_include_tax"):
                self.rounding.note(Priced(amount, is_rounded=True), Decimal(1))
            return made
        if not part.problems:
            part.complain("total", "LIN-002", "does not say what it costs")
        return replace(made, unit_price=None, problems=tuple(part.problems))

    def _refunded(self) -> Refunded:
        """The refunds summed up; their quantities and totals are negative, `_refunded_item_id` names the line."""
        gone = Refunded()
        for refund in self.order.items("refund_details", "ORD-003"):
            gone.money += refund.number("amount", "ORD-003") or ZERO
            for name, ref in (("line_items", ""), ("shipping_lines", "shipping:"), ("fee_lines", "fee:")):
                for part in refund.items(name, "ORD-003"):
                    self._sum_up(part, ref, gone)
        return gone

    def _sum_up(self, part: Fields, prefix: str, gone: Refunded) -> None:
        pairs = dict(attribute_pairs(part, "meta_data"))
        ref = f"{prefix}{pairs.get('_refunded_item_id', '')}"
        gone.tax += abs(part.number("total_tax", "ORD-003") or ZERO)
        if prefix:
            gone.amounts[ref] = gone.amounts.get(ref, ZERO) + abs(part.number("total", "ORD-003") or ZERO)
        else:
            gone.units[ref] = gone.units.get(ref, ZERO) + abs(part.number("quantity", "LIN-001") or ZERO)


def _less(line: LineRead, gone: Refunded) -> LineRead:
    """The line after refunds: fewer units of goods, less money of a charge. More back than was ordered is a Problem."""
    if line.is_charge:
        back = gone.tax if line.line_ref == "tax" else gone.amounts.get(line.line_ref, ZERO)
        return line if line.unit_price is None or not back else replace(line, unit_price=line.unit_price - back)
    back = gone.units.get(line.line_ref, ZERO)
    if line.quantity is None or not back:
        return line
    if back > line.quantity:
        problem = Problem("LIN-007", "quantity", str(line.quantity - back), "more was refunded than ordered")
        return replace(line, quantity=None, problems=(*line.problems, problem))
    return replace(line, quantity=line.quantity - back)


def _numbered(item: Fields) -> str:
    """The shop's own number for an item without SKU; 0 is none."""
    for name, kind in (("variation_id", "variant"), ("product_id", "product")):
        number = item.text(name)
        if number not in ("", "0"):
            return f"{kind}:{number}"
    return ""
