"""EDIFACT ORDERS and ORDCHG messages into orders.

Source: UNTDID message ORDERS and ORDCHG, D.93A to D.01B, and the EANCOM guide to them: BGM 1225 (message function),
C507 (dates), C082 and 3055 (who issued a party's number), 7143 (whose item number), 5125 (which price).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from connectors.files.drafts import TEST_RULE, Draft, DraftLine, duns_key, gln_key, joined, no_reference
from connectors.files.outcomes import unreadable
from connectors.files.segments import Segment
from orderclerk.domain.reading import Address, CustomerRef, Kind, OrderRead, Problem, Unreadable

if TYPE_CHECKING:
    from connectors.files.edifact import Message

MARKS = ".,"  # ISO 9735: comma and point have equal status as decimal mark
_CANCELS = {"1", "3", "17"}
_REPLACES = {"", "9", "5", "7", "31", "43"}  # original, replacement, duplicate, copy, additional transmission
_BLANKET = {"221", "315"}
_DATE_FORMATS = {"101": "%y%m%d", "102": "%Y%m%d", "201": "%y%m%d%H%M", "203": "%Y%m%d%H%M", "204": "%Y%m%d%H%M%S"}
_OUR_NUMBERS, _THEIR_NUMBERS = ("SA", "VN", "VP"), ("IN", "BP", "")
_BARCODES = ("EN", "SRV", "UP", "EAN", "UA")
_NET_PRICES, _GROSS_PRICES = ("AAA", "NTP", "INV"), ("AAB", "GRP", "")
_DELETED = "2"  # LIN 1229


def read_order(message: "Message", source: str, version_at: datetime | None) -> OrderRead | Unreadable | str:
    """The order of one message; `Unreadable` if it has no number, a sentence if it asks for nothing."""
    bgm = next((segment for segment in message.segments if segment.tag == "BGM"), None)
    raw = "'".join(map(str, message.segments))
    if bgm is None:
        return unreadable(message.ref, raw, "ENV-001", f"The {message.ref} has no BGM: it names no order")
    if bgm.get(1) in _BLANKET:
        reason = f"The {message.ref} is a blanket order: it calls nothing off by itself"
        return unreadable(message.ref, raw, "ENV-002", reason)
    draft = Draft(source, version_at)
    _read_kind(draft, message, bgm)
    if not draft.order_ref:
        return unreadable(message.ref, raw, "ROW-001", no_reference(message.ref))
    _read_parties(draft, message)
    for segment in _heading(message):
        _read_heading(draft, segment)
    if draft.kind is not Kind.CANCELLATION:
        _read_lines(draft, message)
    _check_controls(draft, message)
    return draft.finish()


def _read_kind(draft: Draft, message: "Message", bgm: Segment) -> None:
    """Number and purpose. A change or cancellation names the order by RFF+ON where its own number is another."""
    function, number = bgm.get(3), bgm.get(2)
    original = next((s.get(1, 1) for s in _heading(message) if s.tag == "RFF" and s.get(1) == "ON"), "")
    is_change = message.type == "ORDCHG" or function in _CANCELS or function in ("4", "5")
    draft.order_ref = (original or number) if is_change else number
    if function in _CANCELS:
        draft.kind, draft.original_ref = Kind.CANCELLATION, draft.order_ref
    elif function == "4" or function not in _REPLACES:
        reason = "The message states only what changes" if function == "4" else "The message is no plain order"
        draft.problems.append(Problem("AMD-001", "function", function, f"{reason}: compare it with the order"))
    if message.is_test:
        draft.problems.append(Problem(TEST_RULE, "test", "1", "The interchange is marked as a test"))


def _heading(message: "Message") -> Iterator[Segment]:
    """The segments before the first line and after the section control."""
    in_lines = False
    for segment in message.segments:
        in_lines = (in_lines or segment.tag == "LIN") and segment.tag != "UNS"
        if not in_lines:
            yield segment


def _read_heading(draft: Draft, segment: Segment) -> None:
    code = segment.get(1)
    match segment.tag:
        case "DTM" if code in ("137", "4"):
            draft.order_date = draft.order_date or _day(draft, "order_date", segment)
        case "DTM" if code in ("2", "63", "64"):
            draft.requested_date = draft.requested_date or _day(draft, "requested_date", segment)
        case "CUX" if code in ("2", "") and not draft.currency:
            draft.currency = segment.get(1, 1)
        case "FTX":
            draft.notes.append(joined(*(segment.get(4, part) for part in range(5))))
        case "PAI":
            draft.payment_method = draft.payment_method or segment.get(1, 2) or segment.get(1)
        case "MOA" if code in ("86", "128"):
            draft.total = draft.total or draft.figure("ORD-003", "total", segment.get(1, 1), MARKS)
        case "TAX":
            draft.tax = None  # the amounts are stated in as many ways as there are countries
        case "MOA" if code == "79":
            draft.goods_total = draft.figure("ORD-003", "total", segment.get(1, 1), MARKS)


def _day(draft: Draft, name: str, segment: Segment) -> date | None:
    text, code = segment.get(1, 1), segment.get(1, 2)

    def parse(stated: str) -> date:
        pattern = _DATE_FORMATS.get(code or "102")
        if pattern is None:
            raise ValueError(f"The date format {code} is no single day")
        try:
            return datetime.strptime(stated, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            raise ValueError(f"{stated!r} is no date in the format {code or '102'}") from None

    return draft.day(name, text, parse)


def _read_parties(draft: Draft, message: "Message") -> None:
    """Who orders (BY, else OB, else the interchange's sender) and where it goes (DP, else ST, UC, CN)."""
    parties = {party[0].get(1): party for party in reversed(list(_party_groups(message)))}
    buyer = next((parties[code] for code in ("BY", "OB") if code in parties), None)
    draft.customer = _customer(buyer) if buyer else CustomerRef()
    if not draft.customer.key and not draft.customer.number:
        key = _key(message.sender, {"14": "9", "1": "16"}.get(message.sender_qualifier, ""))
        draft.customer = replace(draft.customer, key=key)
    place = next((parties[code] for code in ("DP", "ST", "UC", "CN") if code in parties), None)
    if place:
        draft.delivery = _address(place[0])
        number = place[0].get(2)
        if not draft.delivery and number and (not buyer or number != buyer[0].get(2)):
            name = joined(draft.delivery.recipient, f"(location {number})")
            draft.delivery = replace(draft.delivery, recipient=name)


def _party_groups(message: "Message") -> Iterator[list[Segment]]:
    """Each NAD of the heading with the contacts and references under it."""
    group: list[Segment] = []
    for segment in _heading(message):
        if segment.tag == "NAD":
            if group:
                yield group
            group = [segment]
        elif group and segment.tag in ("RFF", "CTA", "COM", "LOC", "FII"):
            group.append(segment)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _customer(group: list[Segment]) -> CustomerRef:
    nad = group[0]
    number, agency = nad.get(2), nad.get(2, 2)
    contacts = {s.get(1, 1): s.get(1) for s in group if s.tag == "COM"}
    ours = next((s.get(1, 1) for s in group if s.tag == "RFF" and s.get(1) in ("IT", "API")), "")
    key = _key(number, agency)
    return CustomerRef(
        number=ours or ("" if key else number), email=contacts.get("EM", ""), name=_name(nad), key=key,
        phone=contacts.get("TE", ""),
    )  # fmt: skip


def _key(number: str, agency: str) -> str:
    """3055: 9 is GS1, 16 Dun & Bradstreet."""
    return {"9": gln_key, "16": duns_key}.get(agency, lambda _: "")(number)


def _name(nad: Segment) -> str:
    return joined(*(nad.get(4, part) for part in range(5))) or nad.get(3)


def _address(nad: Segment) -> Address:
    street = joined(*(nad.get(5, part) for part in range(4)), by=", ")
    if not street and not nad.get(4):
        street = joined(*(nad.get(3, part) for part in range(1, 5)), by=", ")
    country = nad.get(9).upper()
    return Address(
        recipient=_name(nad), street=street, city=nad.get(6), region=nad.get(7), postal_code=nad.get(8),
        country=country if len(country) == 2 else "",
    )  # fmt: skip


def _read_lines(draft: Draft, message: "Message") -> None:
    groups: list[list[Segment]] = []
    for segment in message.segments:
        if segment.tag == "LIN":
            groups.append([])
        if segment.tag == "UNS" and groups:
            break
        if groups:
            groups[-1].append(segment)
    draft.lines += [_line(draft, group) for group in groups]
    charges = _allowances(segment for segment in _heading(message) if segment.tag != "UNT")
    for name, is_charge, amount, place in charges:
        value = draft.figure("ORD-003", "charge", amount, MARKS)
        draft.add_charge(name, value if value is None or is_charge else -value, f"ALC segment {place}")


def _allowances(segments: Iterator[Segment]) -> list[tuple[str, bool, str, int]]:
    """Charges (C) and allowances (A) of the order: what, which, amount (MOA 8, 23, 204), where."""
    found: list[tuple[str, bool, str, int]] = []
    open_alc: Segment | None = None
    for segment in segments:
        if segment.tag == "ALC" and segment.get(1) in ("A", "C"):
            open_alc = segment
            name = segment.get(5, 3) or segment.get(5) or {"A": "allowance", "C": "charge"}[segment.get(1)]
            found.append((name, segment.get(1) == "C", "", segment.place))
        elif segment.tag == "MOA" and open_alc and segment.get(1) in ("8", "23", "204"):
            found[-1] = (*found[-1][:2], segment.get(1, 1), found[-1][3])
            open_alc = None
        elif segment.tag in ("UNS", "NAD"):
            open_alc = None
    return found


def _line(draft: Draft, group: list[Segment]) -> DraftLine:
    lin = group[0]
    line = DraftLine(line_ref=lin.get(1), row=f"LIN segment {lin.place}")
    if lin.get(2) == _DELETED:
        line.problems.append(Problem("AMD-001", "action", "2", "The customer deletes this line"))
    numbers = _item_numbers(group)
    _name_item(line, numbers)
    for segment in group:
        _read_line_segment(draft, line, segment)
    _read_price(line, group)
    return line


def _item_numbers(group: list[Segment]) -> dict[str, str]:
    """Item numbers by whose they are (7143), LIN before PIA."""
    numbers: dict[str, str] = {}
    for segment in group:
        places = [3] if segment.tag == "LIN" else list(range(2, 7)) if segment.tag == "PIA" else []
        for place in places:
            if segment.get(place):
                numbers.setdefault(segment.get(place, 1), segment.get(place))
    return numbers


def _name_item(line: DraftLine, numbers: Mapping[str, str]) -> None:
    line.barcode = next((numbers[code] for code in _BARCODES if code in numbers), "")
    named = [code for code in (*_OUR_NUMBERS, *_THEIR_NUMBERS) if code in numbers]
    others = [code for code in numbers if code not in named and code not in _BARCODES]
    line.item_ref = next((numbers[code] for code in (*named, *others)), "")


def _read_line_segment(draft: Draft, line: DraftLine, segment: Segment) -> None:
    code = segment.get(1)
    match segment.tag:
        case "IMD":
            text = joined(segment.get(3, 3), segment.get(3, 4)) or segment.get(3)
            line.description = joined(line.description, text)
        case "QTY" if code == "21" or (code == "1" and line.quantity is None):
            line.quantity = line.figure("LIN-001", "quantity", segment.get(1, 1), MARKS)
            line.unit = segment.get(1, 2) or line.unit
        case "MOA" if code == "203":
            line.stated_total = line.figure("LIN-002", "line_total", segment.get(1, 1), MARKS)
        case "DTM" if code in ("2", "63", "64"):
            line.requested_date = line.requested_date or _day(draft, "requested_date", segment)
        case "FTX":
            note = joined(*(segment.get(4, part) for part in range(5)))
            draft.notes.append(f"Line {line.line_ref}: {note}" if note else "")


def _read_price(line: DraftLine, group: list[Segment]) -> None:
    """The net price; the gross price where nothing is taken off it."""
    prices = {segment.get(1): segment for segment in reversed(group) if segment.tag == "PRI"}
    code = next((code for code in (*_NET_PRICES, *_GROSS_PRICES) if code in prices), None)
    if code is None:
        return
    if code in _GROSS_PRICES and any(segment.tag == "ALC" for segment in group):
        stated = prices[code].get(1, 1)
        line.problems.append(
            Problem("LIN-002", "unit_price", stated, "A gross price with allowances, and no net price")
        )
        return
    pri = prices[code]
    price = line.figure("LIN-002", "unit_price", pri.get(1, 1), MARKS)
    line.unit_price = line.price_of(price, line.figure("LIN-002", "price_basis", pri.get(1, 4), MARKS))


def _check_controls(draft: Draft, message: "Message") -> None:
    """UNT counts the segments, CNT 2 the lines, CNT 1 the quantities."""
    end = message.segments[-1]
    if end.tag == "UNT":
        draft.expect("UNT", end.get(1), len(message.segments))
    else:
        draft.problems.append(Problem("ORD-003", "UNT", "", "The message has no end (UNT): lines may be missing"))
    goods = [line for line in draft.lines if not line.is_charge]
    quantities = [line.quantity for line in goods]
    total = None if None in quantities else sum(quantity for quantity in quantities if quantity is not None)
    for segment in message.segments:
        if segment.tag == "CNT" and draft.kind is not Kind.CANCELLATION:
            counted = {"2": len(goods), "1": total}.get(segment.get(1))
            draft.expect(f"CNT {segment.get(1)}", segment.get(1, 1), counted)
