"""A model's answer compared with the mail: a field stays only where its quotation really stands. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.mail.amounts import read_number
from connectors.mail.normal import plain_line
from connectors.mail.orders import Head
from connectors.mail.sources import Source
from connectors.models.extractor import places
from orderclerk.domain.reading import CustomerRef, Evidence, LineRead, OrderRead, Problem

CEILING = 0.5  # no line that only a model read goes through without a person
MAX_LINES = 500
_FIELDS = ("item", "description", "quantity", "unit", "unit_price")

_Places = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class _Proven:
    value: str
    evidence: Evidence


def order_of_candidate(answer: Mapping[str, Any], sources: Sequence[Source], head: Head) -> OrderRead | None:
    """The order of `answer` as far as the mail itself says it; None where no line is left."""
    where = places(sources)
    listed = answer.get("lines")
    rows = [row for row in (listed if isinstance(listed, list) else [])[:MAX_LINES] if isinstance(row, dict)]
    lines = [line for number, row in enumerate(rows, start=1) if (line := _line(row, where, str(number)))]
    if not lines:
        return None
    ref = _proven("order_ref", answer.get("order_ref"), where)
    return OrderRead(
        source=f"mail:{head.sender}",
        order_ref=ref.value if ref else head.message_ref,
        has_own_ref=ref is not None,
        customer=CustomerRef(email=head.sender),
        customer_po=ref.value if ref else "",
        language=head.language,
        version_at=head.sent_at,
        thread_ref=head.thread_ref,
        lines=tuple(lines),
        confidence=CEILING,
        evidence=(ref.evidence,) if ref else (),
    )


def _line(row: Mapping[str, Any], where: _Places, number: str) -> LineRead | None:
    """An order line; None without a proven item or description."""
    found = {name: _proven(name, row.get(name), where) for name in _FIELDS}
    proven = {name: one for name, one in found.items() if one is not None}
    if not ({"item", "description"} & set(proven)):
        return None
    values = {name: one.value for name, one in proven.items()}
    quantity = _number(values.get("quantity", ""))
    missing = Problem("LIN-001", "quantity", values.get("quantity", ""), "the mail does not say it plainly")
    return LineRead(
        line_ref=number,
        item_ref=values.get("item", ""),
        quantity=quantity,
        unit_price=_number(values.get("unit_price", "")),
        description=values.get("description", ""),
        unit=values.get("unit", ""),
        row=next(iter(proven.values())).evidence.place,
        problems=() if quantity else (missing,),
        confidence=CEILING,
        evidence=tuple(one.evidence for one in proven.values()),
    )


def _proven(name: str, field: Any, where: _Places) -> _Proven | None:
    """A field whose quotation stands at the place it names, and holds its value."""
    if not isinstance(field, dict):
        return None
    given = [field.get(key) for key in ("value", "quote", "part", "place")]
    if not all(isinstance(one, str) and one for one in given):
        return None
    value, quote, part, place = (str(one) for one in given)
    text = where.get((part, place), "")
    start = text.find(quote)
    if start < 0 or not _holds(quote, value.strip()):
        return None
    evidence = Evidence(name, part, place, start, start + len(quote), quote, CEILING)
    return _Proven(plain_line(value), evidence)


def _holds(quote: str, value: str) -> bool:
    """Whether `value` stands in `quote` as a whole: 5 does not stand in 50."""
    start = quote.find(value) if value else -1
    while start >= 0:
        before, after = quote[start - 1 : start], quote[start + len(value) : start + len(value) + 1]
        is_cut = ((before + value[:1]).isalnum() and before) or ((value[-1:] + after).isalnum() and after)
        is_figure = (before in ".," and value[:1].isdigit() and before) or (
            after in ".," and quote[start + len(value) + 1 : start + len(value) + 2].isdigit() and after
        )
        if not is_cut and not is_figure:
            return True
        start = quote.find(value, start + 1)
    return False


def _number(text: str) -> Decimal | None:
    try:
        number = read_number(text)
    except (ValueError, InvalidOperation):
        return None
    return number if number.is_finite() and number > 0 else None
