"""The price and the total in the cells of a row, and whether they agree with its quantity."""

import re
from collections.abc import Sequence
from decimal import Decimal

from connectors.mail.amounts import CURRENCY, NUMBER, currency_code, read_number
from connectors.mail.lines.model import TypedLine
from connectors.mail.speech import Speech
from connectors.mail.tables.headers import Header
from orderclerk.domain.reading import Problem

MONEY = re.compile(
    rf"(?:(?P<c1>{CURRENCY})\s*)?(?P<s>-?)\s*(?P<p>{NUMBER})\s*(?P<c2>{CURRENCY})?(?:\s*/\s*\w+)?", re.IGNORECASE
)
NOTHING = re.compile(r"[-–—/\s]*|\s*0*[.,]?0*\s*|n/?a|none|nil|无", re.IGNORECASE)
TOLERANCE = Decimal("0.02")  # of rounding in a line's total


def add_prices(line: TypedLine, header: Header, cells: Sequence[str], speech: Speech) -> None:
    """Give `line` the price and total of its row, with a doubt or a Problem (LIN-002) where they do not agree."""
    price, currency = _money(line, "unit_price", header.cell("unit_price", cells), speech)
    total, other = _money(line, "line_total", header.cell("line_total", cells), speech)
    line.currency, line.total = currency or other or header.currency, total
    is_dozen = "dozens with a price" in line.doubts
    line.doubts.discard("dozens with a price")
    if price is not None and is_dozen:
        line.problems.append(Problem("LIN-002", "unit_price", str(price), "A price by the dozen or by the piece"))
        return
    line.price = _per(price, header.cell("price_per", cells))
    discount = header.cell("discount", cells)
    if discount.strip(" 0.,%-"):
        _discount(line, discount, speech)
    if total is None or line.price is None or line.quantity is None:
        return
    off = abs(line.price * line.quantity - total)
    if off <= TOLERANCE:
        line.doubts.add("arithmetic agrees")
    else:
        line.doubts.add("columns contradict")


def _per(price: Decimal | None, per: str) -> Decimal | None:
    """A price by the hundred or thousand (Preiseinheit) as that of one."""
    return price / int(per) if price is not None and re.fullmatch(r"10{1,3}", per) else price


def _discount(line: TypedLine, text: str, speech: Speech) -> None:
    """A discount in percent is reckoned where the line's total proves it."""
    found = re.fullmatch(rf"-?\s*({NUMBER})\s*%?", text.strip())
    try:
        percent = read_number(found[1], speech.decimal) if found else None
    except ValueError:
        percent = None
    if percent is not None and None not in (line.price, line.total, line.quantity):
        reduced = line.price * (100 - percent) / 100  # type: ignore[operator]
        if abs(reduced * line.quantity - line.total) <= TOLERANCE:  # type: ignore[operator]
            line.price = reduced
            return
    line.problems.append(Problem("LIN-002", "discount", text[:40], "A discount is not reckoned here"))


def _money(line: TypedLine, name: str, text: str, speech: Speech) -> tuple[Decimal | None, str]:
    if NOTHING.fullmatch(text) and "0" not in text:
        return None, ""
    found = MONEY.fullmatch(text.strip())
    try:
        if not found or found["s"]:
            raise ValueError(f"{text[:40]!r} is no price")
        return read_number(found["p"], speech.decimal), currency_code(found["c1"] or found["c2"] or "")
    except ValueError as error:
        line.problems.append(Problem("LIN-002", name, text[:40], str(error)))
    return None, ""
