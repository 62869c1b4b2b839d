"""X12 850 (purchase order) and 860 (purchase order change, buyer initiated) into orders.

Source: ASC X12 850 and 860, release 004010, and retailers' public guides to them: BEG01 (353, purpose), BEG02 (92,
order type), PO106 ff. (235, whose item number), N103 (66, who issued a party's number), PO105 (639, price basis).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from connectors.files.drafts import TEST_RULE, Draft, DraftLine, duns_key, gln_key, joined, no_reference
from connectors.files.figures import parse_date
from connectors.files.outcomes import unreadable
from connectors.files.segments import Segment
from orderclerk.domain.reading import Address, CustomerRef, Kind, OrderRead, Problem, Unreadable

if TYPE_CHECKING:
    from connectors.files.x12 import TransactionSet

_CANCELS = {"01", "03"}
_REPLACES = {"", "00", "05", "07", "18"}  # original, replace, duplicate, reissue
_COPY = "22"  # information copy: somebody else was asked
_BLANKET = {"BK", "BL"}
_OUR_NUMBERS, _THEIR_NUMBERS = ("VN", "VP", "VC", "VA", "SK"), ("BP", "IN", "PI", "CB", "IT")
_BARCODES = ("UP", "EN", "UK", "UI", "UA", "UE", "EO")
_PRICE_BASES = {"HP": Decimal(100), "HF": Decimal(100), "TP": Decimal(1000), "TF": Decimal(1000)}
_REQUESTED = ("002", "106", "074", "063", "064", "067")
_DELETED = {"DI"}  # POC02: delete item


def read_order(item: "TransactionSet", source: str, version_at: datetime | None) -> OrderRead | Unreadable | str:
    """The order of one set; `Unreadable` if it has no number, a sentence if it asks for nothing."""
    begin = next((segment for segment in item.segments if segment.tag in ("BEG", "BCH")), None)
    raw = "~".join(map(str, item.segments))
    if begin is None:
        return unreadable(item.ref, raw, "ENV-001", f"The {item.ref} has no BEG: it names no order")
    if begin.get(2) in _BLANKET:
        return unreadable(
            item.ref, raw, "ENV-002", f"The {item.ref} is a blanket order: it calls nothing off by itself"
        )
    if begin.get(1) == _COPY:
        return f"The {item.ref} is an information copy"
    draft = Draft(source, version_at, order_ref=joined(begin.get(3), begin.get(4), by="-") if begin.get(3) else "")
    if not draft.order_ref:
        return unreadable(item.ref, raw, "ROW-001", no_reference(item.ref))
    _read_begin(draft, item, begin)
    head, loops, tail = _sections(item.segments)
    _read_parties(draft, head, item)
    for segment in (*head, *tail):
        _read_heading(draft, segment)
    if draft.kind is not Kind.CANCELLATION:
        draft.lines += [_line(draft, loop) for loop in loops]
        _read_charges(draft, (*head, *tail))
    _check_controls(draft, item, tail)
    return draft.finish()


def _read_begin(draft: Draft, item: "TransactionSet", begin: Segment) -> None:
    purpose = begin.get(1)
    ordered = begin.get(6) if begin.tag == "BCH" else begin.get(5)
    draft.order_date = draft.day("order_date", ordered, _day)
    if purpose in _CANCELS:
        draft.kind, draft.original_ref = Kind.CANCELLATION, draft.order_ref
    elif purpose == "04" or purpose not in _REPLACES:
        reason = "The set states only what changes" if purpose == "04" else "The set is no plain order"
        draft.problems.append(Problem("AMD-001", "purpose", purpose, f"{reason}: compare it with the order"))
    if item.is_test:
        draft.problems.append(Problem(TEST_RULE, "test", "T", "The interchange is marked as a test (ISA15)"))


def _sections(segments: Iterable[Segment]) -> tuple[list[Segment], list[list[Segment]], list[Segment]]:
    """Heading, one list a line (PO1 or POC and what is under it), summary (from CTT on)."""
    head: list[Segment] = []
    loops: list[list[Segment]] = []
    tail: list[Segment] = []
    for segment in segments:
        if tail or segment.tag in ("CTT", "SE"):
            tail.append(segment)
        elif segment.tag in ("PO1", "POC"):
            loops.append([segment])
        else:
            (loops[-1] if loops else head).append(segment)
    return head, loops, tail


def _day(text: str) -> date:
    """CCYYMMDD, or YYMMDD before release 004010."""
    return parse_date(text, ("%y%m%d",) if len(text) == 6 else ())


def _read_heading(draft: Draft, segment: Segment) -> None:
    match segment.tag:
        case "CUR":
            draft.currency = draft.currency or segment.get(2)
        case "DTM" if segment.get(1) in _REQUESTED:
            draft.requested_date = draft.requested_date or draft.day("requested_date", segment.get(2), _day)
        case "DTM" if segment.get(1) == "004":
            draft.order_date = draft.order_date or draft.day("order_date", segment.get(2), _day)
        case "MSG" | "MTX":
            draft.notes.append(segment.get(1) if segment.tag == "MSG" else segment.get(2))
        case "NTE":
            draft.notes.append(segment.get(2))
        case "TXI" if draft.tax is not None:
            amount = draft.figure("ORD-003", "tax", segment.get(2))
            draft.tax = None if amount is None else draft.tax + amount
        case "AMT" if segment.get(1) == "TT":
            draft.total = draft.figure("ORD-003", "total", segment.get(2))


def _read_parties(draft: Draft, head: Iterable[Segment], item: "TransactionSet") -> None:
    """Who orders (BY, else BT, else the interchange's sender) and where it goes (ST)."""
    parties: dict[str, list[Segment]] = {}
    loop: list[Segment] = []
    for segment in head:
        if segment.tag == "N1":
            loop = parties.setdefault(segment.get(1), [])
        if segment.tag in ("N1", "N2", "N3", "N4", "PER", "REF"):
            loop.append(segment)
    buyer = parties.get("BY") or parties.get("BT")
    draft.customer = _customer(buyer) if buyer else CustomerRef()
    if not draft.customer.key and not draft.customer.number:
        key = {"01": duns_key, "14": duns_key, "07": gln_key}.get(item.sender_qualifier, lambda _: "")(item.sender)
        draft.customer = replace(draft.customer, key=key)
    if place := parties.get("ST"):
        draft.delivery = _address(place)
        if not draft.delivery and place[0].get(4):
            name = joined(draft.delivery.recipient, f"(location {place[0].get(4)})")
            draft.delivery = replace(draft.delivery, recipient=name)


def _customer(loop: list[Segment]) -> CustomerRef:
    name = loop[0]
    number = name.get(4)
    key = {"1": duns_key, "9": duns_key, "UL": gln_key}.get(name.get(3), lambda _: "")(number)
    contacts = {s.get(place): s.get(place + 1) for s in loop if s.tag == "PER" for place in (3, 5, 7) if s.get(place)}
    return CustomerRef(
        number="" if key else number, email=contacts.get("EM", ""), name=name.get(2), key=key,
        phone=contacts.get("TE", ""),
    )  # fmt: skip


def _address(loop: list[Segment]) -> Address:
    street = joined(*(s.get(place) for s in loop if s.tag == "N3" for place in (1, 2)), by=", ")
    town = next((s for s in loop if s.tag == "N4"), Segment("N4", (), 0))
    country = town.get(4).upper()
    return Address(
        recipient=loop[0].get(2), street=street, city=town.get(1), region=town.get(2), postal_code=town.get(3),
        country=country if len(country) == 2 else "",
    )  # fmt: skip


def _line(draft: Draft, loop: list[Segment]) -> DraftLine:
    first = loop[0]
    line = DraftLine(line_ref=first.get(1), row=f"{first.tag} segment {first.place}")
    quantity, unit, price, basis, pairs = (2, 3, 4, 5, 6) if first.tag == "PO1" else (3, 5, 6, 7, 8)
    if first.tag == "POC" and first.get(2) in _DELETED:
        line.problems.append(Problem("AMD-001", "action", first.get(2), "The customer deletes this line"))
    line.quantity = line.figure("LIN-001", "quantity", first.get(quantity))
    line.unit = first.get(unit)
    stated = line.figure("LIN-002", "unit_price", first.get(price))
    line.unit_price = line.price_of(stated, _PRICE_BASES.get(first.get(basis)))
    last = len(first.elements)
    _name_item(line, {first.get(place): first.get(place + 1) for place in range(last - 1, pairs - 1, -1)
                      if (place - pairs) % 2 == 0 and first.get(place + 1)})  # fmt: skip
    for segment in loop[1:]:
        _read_line_segment(draft, line, segment)
    return line


def _name_item(line: DraftLine, numbers: Mapping[str, str]) -> None:
    """Item numbers by whose they are (235), the first of a kind counts."""
    line.barcode = next((numbers[code] for code in _BARCODES if code in numbers), "")
    named = [code for code in (*_OUR_NUMBERS, *_THEIR_NUMBERS) if code in numbers]
    others = [code for code in numbers if code not in named and code not in _BARCODES]
    line.item_ref = next((numbers[code] for code in (*named, *reversed(others))), "")


def _read_line_segment(draft: Draft, line: DraftLine, segment: Segment) -> None:
    match segment.tag:
        case "PID":
            line.description = joined(line.description, segment.get(5))
        case "DTM" if segment.get(1) in _REQUESTED:
            line.requested_date = line.requested_date or draft.day("requested_date", segment.get(2), _day)
        case "AMT" if segment.get(1) == "1":
            line.stated_total = line.figure("LIN-002", "line_total", segment.get(2))
        case "CUR":
            draft.currency = draft.currency or segment.get(2)
            if segment.get(2) != draft.currency:
                draft.problems.append(Problem("ORD-004", "currency", segment.get(2), "Lines differ in currency"))
        case "MSG":
            draft.notes.append(f"Line {line.line_ref}: {segment.get(1)}")
        case "SAC" if segment.get(1) in ("A", "C"):
            reason = "The line has an allowance or charge of its own"
            line.problems.append(Problem("LIN-002", "unit_price", segment.get(5), reason))
        case "SDQ" | "N1" if segment.tag == "SDQ" or segment.get(1) == "ST":
            reason = f"Line {line.line_ref} goes to places of its own"
            draft.problems.append(Problem("ADR-001", "delivery", str(segment)[:200], reason))


def _read_charges(draft: Draft, segments: Iterable[Segment]) -> None:
    """Allowances and charges of the whole order; SAC05 has two implied decimals (type N2)."""
    for segment in segments:
        if segment.tag == "SAC" and segment.get(1) in ("A", "C"):
            amount = draft.figure("ORD-003", "charge", segment.get(5), "")
            if amount is not None and "." not in segment.get(5):
                amount = amount.scaleb(-2)
            name = segment.get(15) or joined({"A": "allowance", "C": "charge"}[segment.get(1)], segment.get(2))
            sign = -1 if segment.get(1) == "A" else 1
            draft.add_charge(name, None if amount is None else sign * amount, f"SAC segment {segment.place}")


def _check_controls(draft: Draft, item: "TransactionSet", tail: list[Segment]) -> None:
    """SE counts the segments, CTT01 the lines, CTT02 the quantities; AMT TT is what the lines come to."""
    end = item.segments[-1]
    if end.tag == "SE":
        draft.expect("SE", end.get(1), len(item.segments))
    else:
        draft.problems.append(Problem("ORD-003", "SE", "", "The set has no end (SE): lines may be missing"))
    if draft.kind is Kind.CANCELLATION:
        return
    goods = [line for line in draft.lines if not line.is_charge]
    quantities = [line.quantity for line in goods]
    total = None if None in quantities else sum(quantity for quantity in quantities if quantity is not None)
    for segment in tail:
        if segment.tag == "CTT":
            draft.expect("CTT01", segment.get(1), len(goods))
            draft.expect("CTT02", segment.get(2), total)
