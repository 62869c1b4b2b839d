"""X12 850 and 860."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files.reading import read_file
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, Kind

ISA = "ISA*00*          *00*          *01*123456789      *ZZ*DESK           *261123*0800*U*00401*000000055*0*P*>~"
BODY = (
    "BEG*00*SA*PO-1**20261123~CUR*BY*USD~PER*BD*Ann~DTM*002*20261201~N9*ZZ*1~MSG*Ring the bell~"
    "N1*BY*Blue Barn*UL*4012345000009~PER*BD*Ann*TE*555*EM*ann@bluebarn.example~"
    "N1*ST*Blue Barn Shop*92*17~N3*1 High St*Dock 2~N4*Boston*MA*01890*US~"
    "PO1*1*10*EA*2.5**VN*A100*UP*012345678905*BP*K7~PID*F****Pencil~"
    "PO1*2*3*CA*120*HP*BP*B200~CTT*2*13~AMT*TT*28.6~"
)


def transaction_set(body: str = BODY, kind: str = "850", ref: str = "0001") -> str:
    return f"ST*{kind}*{ref}~{body}SE*{body.count('~') + 2}*{ref}~"


def interchange(*sets: str, isa: str = ISA) -> str:
    return f"{isa}GS*PO*A*B*20261123*0800*1*X*004010~{''.join(sets)}GE*{len(sets)}*1~IEA*1*000000055~"


def read(text: str | bytes):
    content = text.encode() if isinstance(text, str) else text
    return read_file(Envelope("files", "acme/x@1", content, "", "acme"), {})


def order(text: str | bytes):
    reading = read(text)
    assert reading.kind is EnvelopeKind.ORDERS
    assert reading.unreadable == ()
    (only,) = reading.orders
    return only


def test_an_order_with_everything():
    got = order(interchange(transaction_set()))
    assert (got.source, got.order_ref, got.kind, got.currency) == ("files:acme", "PO-1", Kind.ORDER, "USD")
    assert (got.order_date, got.requested_date, got.total) == (date(2026, 11, 23), date(2026, 12, 1), Decimal("28.6"))
    assert (got.customer.key, got.customer.email) == ("gln:4012345000009", "ann@bluebarn.example")
    assert (got.delivery.street, got.delivery.region, got.delivery.country) == ("1 High St, Dock 2", "MA", "US")
    assert got.remarks == "Ring the bell"
    first, second = got.lines
    assert (first.item_ref, first.barcode, first.description) == ("A100", "012345678905", "Pencil")
    assert (first.quantity, first.unit, first.unit_price) == (Decimal(10), "EA", Decimal("2.5"))
    assert (second.item_ref, second.unit_price) == ("B200", Decimal("1.2"))
    assert not got.problems
    assert not any(line.problems for line in got.lines)


def changed(text: str, element: str, component: str, terminator: str) -> str:
    return text.replace("*", element).replace(">", component).replace("~", terminator)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + interchange(transaction_set()),
        interchange(transaction_set()).replace("~", "~\r\n\t"),
        changed(interchange(transaction_set()), "*", ">", "\n"),
        changed(interchange(transaction_set()), "*", ">", "\r\n"),
        changed(interchange(transaction_set()), "|", ":", "^"),
        interchange(transaction_set(), isa=" ".join(ISA.split())).replace("* *", "**"),
        interchange(transaction_set(), isa=ISA.replace(">", "")).replace("~", "~\n"),
    ],
    ids=["bom", "indented", "newline", "crlf", "others", "stripped blanks", "no ISA16"],
)
def test_separators_are_taken_from_the_isa_segment(text):
    assert order(text).lines == order(interchange(transaction_set())).lines


@pytest.mark.parametrize(
    ("purpose", "kind", "rules"),
    [("00", Kind.ORDER, []), ("05", Kind.ORDER, []), ("01", Kind.CANCELLATION, []), ("04", Kind.ORDER, ["AMD-001"]),
     ("06", Kind.ORDER, ["AMD-001"])],
)  # fmt: skip
def test_the_purpose_says_what_is_asked(purpose, kind, rules):
    got = order(interchange(transaction_set(BODY.replace("BEG*00", f"BEG*{purpose}"))))
    assert (got.kind, [problem.rule for problem in got.problems]) == (kind, rules)
    assert (got.lines == ()) == (kind is Kind.CANCELLATION)


def test_an_860_changes_an_order():
    body = "BCH*04*SA*PO-1**2*20261123~POC*1*QI*20*10*EA*2.5**VN*A100~POC*2*DI*3*3*EA***VN*B200~CTT*2~"
    got = order(interchange(transaction_set(body, "860")))
    assert (got.order_ref, got.lines[0].quantity, got.lines[0].item_ref) == ("PO-1", Decimal(20), "A100")
    assert [problem.rule for problem in got.problems] == ["AMD-001"]
    assert [problem.rule for problem in got.lines[1].problems] == ["AMD-001"]


def test_a_release_of_a_blanket_order_has_a_reference_of_its_own():
    assert order(interchange(transaction_set(BODY.replace("PO-1**", "PO-1*12*")))).order_ref == "PO-1-12"


def test_several_sets_of_which_some_are_orders():
    reading = read(interchange(transaction_set(), transaction_set(kind="810", ref="0002"), transaction_set(ref="0003")))
    assert [got.order_ref for got in reading.orders] == ["PO-1", "PO-1"]
    assert "810 set 0002" in reading.reason


@pytest.mark.parametrize("kind", ["810", "855", "856", "997", "820"])
def test_other_sets_are_no_orders(kind):
    reading = read(interchange(transaction_set(kind=kind)))
    assert (reading.kind, reading.orders) == (EnvelopeKind.OTHER, ())


def test_an_information_copy_is_no_order():
    assert read(interchange(transaction_set(BODY.replace("BEG*00", "BEG*22")))).kind is EnvelopeKind.OTHER


@pytest.mark.parametrize(
    ("before", "after", "rule", "field"),
    [
        ("CTT*2", "CTT*3", "ORD-003", "CTT01"),
        ("CTT*2*13", "CTT*2*14", "ORD-003", "CTT02"),
        ("AMT*TT*28.6", "AMT*TT*29.6", "ORD-003", "total"),
        ("SE*18*", "SE*19*", "ORD-003", "SE"),
        ("20261201", "20261301", "ORD-002", "requested_date"),
        ("*P*>", "*T*>", "ORD-006", "test"),
        ("PID*F", "SDQ*EA*92*001*5~PID*F", "ADR-001", "delivery"),
    ],
)
def test_what_does_not_add_up_is_a_problem_of_the_order(before, after, rule, field):
    text = interchange(transaction_set())
    assert before in text
    problems = order(text.replace(before, after, 1)).problems
    assert (rule, field) in [(problem.rule, problem.field) for problem in problems]


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [("*10*EA", "*ten*EA", "LIN-001"), ("*10*EA", "**EA", "LIN-001"), ("*2.5*", "*2,5*", "LIN-002"),
     ("PID*F****Pencil", "SAC*A*C310***100", "LIN-002")],
)  # fmt: skip
def test_what_cannot_be_read_is_a_problem_of_the_line(before, after, rule):
    line = order(interchange(transaction_set().replace(before, after))).lines[0]
    assert rule in [problem.rule for problem in line.problems]


def test_charges_of_the_order_become_lines_with_two_implied_decimals():
    body = BODY + "SAC*C*G830***600**********Freight~SAC*A*C310***150~"
    got = order(interchange(transaction_set(body)))
    assert [(line.description, line.unit_price) for line in got.lines[2:]] == [
        ("Freight", Decimal("6.00")), ("allowance C310", Decimal("-1.50")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "rule"), [("REF*ZZ*1~", "ENV-001"), ("BEG*00*SA~PO1*1*1*EA*1~", "ROW-001"), ("BEG*00*BK*PO-1~", "ENV-002")]
)
def test_a_set_that_names_no_order_is_quarantined(body, rule):
    reading = read(interchange(transaction_set(body)))
    assert (reading.kind, reading.orders, reading.unreadable[0].rule) == (EnvelopeKind.UNREADABLE, (), rule)


@pytest.mark.parametrize("text", [ISA, ISA[:50], ISA + "GS*PO~GE*0*1~IEA*1*1~", "ISA*00*" + "*" * 50])
def test_an_interchange_without_sets_is_quarantined(text):
    assert read(text).kind is EnvelopeKind.UNREADABLE


def test_a_lost_end_is_told():
    reading = read(interchange(transaction_set()).partition("GE*")[0])
    assert len(reading.orders) == 1
    assert reading.unreadable[0].ref == "IEA"


def test_wherever_a_file_ends_what_is_not_there_whole_is_quarantined_and_no_order():
    text = interchange(transaction_set(), transaction_set(BODY.replace("PO-1", "PO-2"), ref="0002"))
    whole = read(text).orders
    for end in range(text.index("ST*"), len(text)):
        reading = read(text[:end])
        assert reading.orders == whole[: len(reading.orders)], f"read otherwise than it is: {text[end - 20 : end]}"
        if len(reading.orders) < 2:
            assert "ENV-001" in {found.rule for found in reading.unreadable}, f"nobody hears of it: {text[:end]}"
    assert "ends within set 0002" in read(text[: text.rindex("SE*")]).unreadable[0].reason


@given(st.integers(0, 2**31), st.integers(1, 12))
def test_a_broken_interchange_is_read_without_an_exception(seed, cuts):
    text = interchange(transaction_set(), transaction_set(ref="0002"))
    for step in range(cuts):
        place = (seed * (step + 7) * 2654435761) % len(text)
        text = text[:place] + "~*>\n\x00ü9"[(seed + step) % 7] + text[place + (seed + step) % 4 :]
    reading = read(text)
    assert reading.kind in set(EnvelopeKind)
    assert "report this" not in reading.reason
