"""What a structured answer says: codes and figures of a supplier's system, understood as strictly as words are.

Codes: UNCL4343 for the order (AP accepted, AB received only, RE rejected, CA accepted with changes), UNCL1229 for a line
(5 accepted, 3 changed, 7 not accepted). Anything else is a doubt.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from orderclerk.domain.purchasing.answers import AnsweredLine, OrderedLine, SupplierAnswer

_TAKEN, _RECEIVED, _REFUSED = ("AP", "CA"), ("AB",), ("RE",)
_ACCEPTED, _CHANGED, _NONE = "5", "3", "7"


def read_stated(stated: Mapping[str, Any], lines: Sequence[OrderedLine], currency: str) -> SupplierAnswer:
    """The answer to an order of these lines in `currency`."""
    code = str(stated.get("code", ""))
    if code in _RECEIVED:
        return SupplierAnswer()
    if code in _REFUSED:
        return SupplierAnswer(is_refused=True)
    doubts = [f"response code {code or 'missing'}"] if code not in _TAKEN else []
    if stated.get("currency") not in ("", None, currency):
        doubts.append(f"in {stated['currency']} instead of {currency}")
    known = {str(line.line_no): line for line in lines}
    answered = []
    for one in stated.get("lines", ()):
        found = _line(one, known.get(str(one.get("line", "")).lstrip("0")), str(stated.get("day", "")), code)
        if isinstance(found, str):
            doubts.append(found)
        else:
            answered.append(found)
    if not stated.get("lines") and stated.get("day"):
        days = _day(str(stated["day"]))
        answered += [AnsweredLine(line.line_no, day=days) for line in lines]
    if len({one.line_no for one in answered}) != len(answered):
        doubts.append("a line is answered twice")
    return SupplierAnswer(not doubts, False, tuple(answered), tuple(doubts))


def _line(one: Mapping[str, Any], line: OrderedLine | None, day: str, code: str) -> AnsweredLine | str:
    """The line's answer, or why there is none."""
    name = f"line {one.get('line', '')}"
    if line is None:
        return f"{name} is none of the order"
    status = str(one.get("code", "")) or (_ACCEPTED if code == "AP" else "")
    if status == _NONE:
        return AnsweredLine(line.line_no, quantity=Decimal(0))
    if status not in (_ACCEPTED, _CHANGED) or one.get("has_substitute"):
        return f"{name} has status {status or 'missing'}{' and a substitute' if one.get('has_substitute') else ''}"
    try:
        quantity, price, per, later = (
            _figure(one.get(field, "")) for field in ("quantity", "price", "per", "backorder")
        )
        when = _day(str(one.get("day", "")) or day)
    except ValueError as error:
        return f"{name}: {error}"
    if later:
        return f"{name}: {later.normalize():f} come later, and it is not said when"
    if quantity is not None and not 0 <= quantity <= line.quantity:
        return f"{name}: {quantity} instead of {line.quantity}"
    unit_price = price / per if price is not None and per else price
    return AnsweredLine(line.line_no, quantity, unit_price, when)


def _figure(text: object) -> Decimal | None:
    if text in ("", None):
        return None
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        raise ValueError(f"{str(text)[:40]!r} is no number") from None
    if not value.is_finite():
        raise ValueError(f"{str(text)[:40]!r} is no number")
    return value


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
