"""EDIFACT ORDERS and ORDCHG."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydifact.segmentcollection import Interchange
from pydifact.segments import Segment as TheirSegment

from connectors.files.reading import read_file
from connectors.files.segments import Separators, split_segments
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, Kind

UNB = "UNB+UNOC:3+4012345000009:14+4098765000003:14+261123:0800+77'"
LINES = (
    "LIN+1++4006381333931:EN'PIA+5+A100:SA+K-7:IN'IMD+F++:::Pencil:HB'QTY+21:10:PCE'MOA+203:25.00'PRI+AAA:2.50'"
    "LIN+2++B200:SA'QTY+21:3:PCE'PRI+AAA:120:::100'"
)
HEAD = (
    "BGM+220+PO-1+9'DTM+137:20261123:102'DTM+2:20261201:102'FTX+AAI+++Call before delivery'"
    "NAD+BY+4012345000009::9++Blue Barn Ltd'CTA+PD'COM+buy@bluebarn.example:EM'COM+4420123:TE'"
    "NAD+SU+4098765000003::9'NAD+DP+++Blue Barn Shop+High Street 1+Leeds++LS1 1AA+GB'CUX+2:GBP:9'"
)


def message(
    body: str = HEAD + LINES + "UNS+S'MOA+79:28.60'CNT+2:2'", kind: str = "ORDERS:D:96A:UN:EAN008", ref: int = 1
):
    count = body.count("'") - body.count("?'") + 2
    return f"UNH+{ref}+{kind}'{body}UNT+{count}+{ref}'"


def interchange(*messages: str, unb: str = UNB) -> str:
    return f"{unb}{''.join(messages)}UNZ+{len(messages)}+77'"


def read(text: str | bytes):
    content = text.encode() if isinstance(text, str) else text
    return read_file(Envelope("files", "acme/x@1", content, "", "acme"), {})


def order(text: str | bytes):
    reading = read(text)
    assert reading.kind is EnvelopeKind.ORDERS
    (only,) = reading.orders
    return only


def test_an_order_with_everything():
    got = order(interchange(message()))
    assert (got.source, got.order_ref, got.kind, got.currency) == ("files:acme", "PO-1", Kind.ORDER, "GBP")
    assert (got.order_date, got.requested_date) == (date(2026, 11, 23), date(2026, 12, 1))
    assert (got.customer.key, got.customer.name) == ("gln:4012345000009", "Blue Barn Ltd")
    assert (got.customer.email, got.customer.phone) == ("buy@bluebarn.example", "4420123")
    assert (got.delivery.street, got.delivery.city, got.delivery.postal_code) == ("High Street 1", "Leeds", "LS1 1AA")
    assert (got.delivery.recipient, got.delivery.country, got.remarks) == (
        "Blue Barn Shop",
        "GB",
        "Call before delivery",
    )
    first, second = got.lines
    assert (first.item_ref, first.barcode, first.description) == ("A100", "4006381333931", "Pencil HB")
    assert (first.quantity, first.unit, first.unit_price) == (Decimal(10), "PCE", Decimal("2.50"))
    assert (second.item_ref, second.unit_price, second.row) == ("B200", Decimal("1.2"), "LIN segment 20")
    assert not got.problems
    assert not any(line.problems for line in got.lines)


@pytest.mark.parametrize(
    ("function", "kind", "rules"),
    [("9", Kind.ORDER, []), ("", Kind.ORDER, []), ("5", Kind.ORDER, []), ("7", Kind.ORDER, []),
     ("1", Kind.CANCELLATION, []), ("4", Kind.ORDER, ["AMD-001"]), ("16", Kind.ORDER, ["AMD-001"])],
)  # fmt: skip
def test_the_message_function_says_what_is_asked(function, kind, rules):
    got = order(interchange(message(HEAD.replace("+9'", f"+{function}'", 1) + LINES)))
    assert (got.kind, [problem.rule for problem in got.problems]) == (kind, rules)
    assert (got.lines == ()) == (kind is Kind.CANCELLATION)


def test_a_change_names_the_order_it_changes():
    body = "BGM+230+CHG-9+5'RFF+ON:PO-1'NAD+BY+4012345000009::9'" + LINES
    assert order(interchange(message(body, "ORDCHG:D:01B:UN"))).order_ref == "PO-1"


def test_several_messages_of_which_some_are_orders():
    second = message(HEAD.replace("PO-1", "PO-2") + LINES, ref=2)
    invoice = message("BGM+380+INV-1+9'LIN+1'QTY+47:5'", "INVOIC:D:96A:UN", ref=3)
    reading = read(interchange(message(), second, invoice))
    assert [got.order_ref for got in reading.orders] == ["PO-1", "PO-2"]
    assert reading.reason == "INVOIC message 3 (segment 49) is no order"
    assert reading.unreadable == ()


@pytest.mark.parametrize("kind", ["INVOIC:D:96A:UN", "ORDRSP:D:96A:UN", "DESADV:D:96A:UN", "DELFOR:D:96A:UN"])
def test_other_messages_are_no_orders(kind):
    reading = read(interchange(message(kind=kind)))
    assert (reading.kind, reading.orders) == (EnvelopeKind.OTHER, ())


def test_own_separators_and_decimal_comma():
    text = interchange(message()).replace("2.50", "2,50").replace("'", "\n").replace("+", "|").replace(":", "^")
    assert order("UNA^|,* \n" + text).lines[0].unit_price == Decimal("2.50")


def test_released_characters_are_plain():
    body = HEAD.replace("High Street 1", "Via dell?'UNA 5 ?+ 7 ??").replace("Blue Barn Ltd", "A?:B") + LINES
    got = order(interchange(message(body)))
    assert (got.delivery.street, got.customer.name) == ("Via dell'UNA 5 + 7 ?", "A:B")


@pytest.mark.parametrize(
    ("syntax", "encoding"),
    [("UNOC", "latin-1"), ("UNOC", "utf-8"), ("UNOW", "utf-8"), ("UNOD", "iso8859-2"), ("UNOA", "cp1252")],
)
def test_characters_follow_the_syntax_identifier(syntax, encoding):
    text = interchange(message(HEAD.replace("Leeds", "Köln") + LINES), unb=UNB.replace("UNOC", syntax))
    assert order(text.encode(encoding)).delivery.city == "Köln"


@pytest.mark.parametrize(
    ("before", "after", "rule", "field"),
    [
        ("CNT+2:2", "CNT+2:3", "ORD-003", "CNT 2"),
        ("MOA+79:28.60", "MOA+79:99", "ORD-003", "total"),
        ("MOA+79:28.60", "MOA+86:128.60", "ORD-003", "total"),
        ("UNT+25", "UNT+26", "ORD-003", "UNT"),
        ("UNT+25+1'", "", "ORD-003", "UNT"),
        ("20261201:102", "2026W49:716", "ORD-002", "requested_date"),
        ("+77'UNH", "+77++++++1'UNH", "ORD-006", "test"),
    ],
)
def test_what_does_not_add_up_is_a_problem_of_the_order(before, after, rule, field):
    text = interchange(message())
    assert before in text
    problems = order(text.replace(before, after, 1)).problems
    assert (rule, field) in [(problem.rule, problem.field) for problem in problems]


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("QTY+21:3:PCE'", "", "LIN-001"),
        ("QTY+21:3", "QTY+21:drei", "LIN-001"),
        ("QTY+21:3", "QTY+21:-3", "LIN-007"),
        ("PRI+AAA:120:::100", "PRI+AAA:1.2.0", "LIN-002"),
        ("PRI+AAA:120:::100", "PRI+AAA:1:::3", "LIN-002"),
        ("PRI+AAA:120:::100", "ALC+A'PRI+AAB:120", "LIN-002"),
        ("LIN+2++", "LIN+2+2+", "AMD-001"),
    ],
)
def test_what_cannot_be_read_is_a_problem_of_the_line(before, after, rule):
    text = interchange(message())
    assert before in text
    assert rule in [problem.rule for problem in order(text.replace(before, after)).lines[1].problems]


def test_the_stated_amount_of_a_line_is_handed_over():
    got = order(interchange(message().replace("MOA+203:25.00", "MOA+203:26.00")))
    assert got.lines[0].line_total == Decimal("26.00")


def test_charges_and_allowances_of_the_order_become_lines():
    head = HEAD + "ALC+C++++FC:::Freight'MOA+8:12.5'ALC+A'MOA+8:2'"
    got = order(interchange(message(head + LINES)))
    assert [(line.description, line.unit_price, line.is_charge) for line in got.lines[2:]] == [
        ("Freight", Decimal("12.5"), True), ("allowance", Decimal(-2), True),
    ]  # fmt: skip


def test_a_delivery_place_known_only_by_number_is_told():
    head = HEAD.replace("NAD+DP+++Blue Barn Shop+High Street 1+Leeds++LS1 1AA+GB'", "NAD+DP+4012345000047::9'")
    got = order(interchange(message(head + LINES)))
    assert got.delivery.recipient == "(location 4012345000047)"
    assert "4012345000047" in got.remarks


def test_the_interchange_says_when_messages_are_missing():
    reading = read(interchange(message()).replace("UNZ+1", "UNZ+2"))
    assert len(reading.orders) == 1
    assert "says 2 messages, 1 are there" in reading.unreadable[0].reason
    assert read(interchange(message()).replace("UNZ+1+77'", "")).unreadable[0].ref == "UNZ"


@pytest.mark.parametrize("end", ["UNT+25+2'", "LIN+2", "MOA+79"])
def test_a_file_that_ends_within_a_message_is_quarantined_and_what_came_before_is_read(end):
    text = interchange(message(), message(ref=2))
    reading = read(text[: text.rindex(end)])
    assert len(reading.orders) == 1
    assert [found.ref.partition(" (")[0] for found in reading.unreadable] == ["message 2", "UNZ"]
    assert {found.rule for found in reading.unreadable} == {"ENV-001"}
    alone = interchange(message())
    assert read(alone[: alone.rindex(end.replace("+2'", "+1'"))]).orders == ()


def test_wherever_a_file_ends_what_is_not_there_whole_is_quarantined_and_no_order():
    text = interchange(message(), message(ref=2))
    whole = read(text).orders
    for end in range(text.index("UNH+1"), len(text)):
        reading = read(text[:end])
        assert reading.orders == whole[: len(reading.orders)], f"read otherwise than it is: {text[end - 20 : end]}"
        if len(reading.orders) < 2:
            assert "ENV-001" in {found.rule for found in reading.unreadable}, f"nobody hears of it: {text[:end]}"


@pytest.mark.parametrize(
    ("body", "rule"),
    [("DTM+137:20261123:102'", "ENV-001"), ("BGM+220++9'" + LINES, "ROW-001"), ("BGM+221+F-1+9'" + LINES, "ENV-002")],
)
def test_a_message_that_names_no_order_is_quarantined(body, rule):
    reading = read(interchange(message(body)))
    assert (reading.kind, reading.orders, reading.unreadable[0].rule) == (EnvelopeKind.UNREADABLE, (), rule)


@pytest.mark.parametrize(
    "text", ["UNB+UNOC:3'", "UNA:+.? '", "UNA++++++UNB+", "UNB+UNOA:1+A+B\nUNH+1+ORDERS:D:96A:UN\n"]
)
def test_an_interchange_without_messages_is_quarantined(text):
    assert read(text).kind is EnvelopeKind.UNREADABLE


WORDS = st.text(st.sampled_from("AB1 +:'?"), min_size=1, max_size=6).map(str.strip).filter(bool)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_segments_another_library_writes_come_back(elements):
    """pydifact as the other side: what it serialises, the splitter reads."""
    theirs = Interchange(sender="A", recipient="B", control_reference="1", syntax_identifier=("UNOC", 3))
    theirs.add_segment(TheirSegment("FTX", *[parts if len(parts) > 1 else parts[0] for parts in elements]))
    segments = list(split_segments(theirs.serialize().removeprefix("UNA:+,? '"), Separators(":", "+", "'", "?")))
    (mine,) = [segment for segment in segments if segment.tag == "FTX"]
    assert [list(parts) for parts in mine.elements] == elements


@given(st.integers(0, 2**31), st.integers(1, 12))
def test_a_broken_interchange_is_read_without_an_exception(seed, cuts):
    text = interchange(message(), message(HEAD.replace("PO-1", "PO-2") + LINES, ref=2))
    for step in range(cuts):
        place = (seed * (step + 7) * 2654435761) % len(text)
        text = text[:place] + "'+:?\x00ü9"[(seed + step) % 7] + text[place + (seed + step) % 4 :]
    reading = read(text)
    assert reading.kind in set(EnvelopeKind)
    assert "report this" not in reading.reason
