"""Made-up orders for previews: no customer, address or item here exists."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from orderclerk.documents.facts import DeskFacts, LineFacts, OrderFacts, QuestionFacts
from orderclerk.documents.kinds import MailKind
from orderclerk.domain.reading import Address

SENT_AT = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
DESK = DeskFacts(
    name="Northgate Trading",
    address="orders@northgate.example",
    postal_address="14 Quay Street\nBristol BS1 4XX",
    phone="+44 117 496 0100",
    timezone="Europe/London",
)


def sample_order(language: str) -> OrderFacts:
    """An order of four lines and freight, in English or Chinese."""
    return _chinese() if language == "zh_CN" else _english()


def sample_change(language: str) -> OrderFacts:
    """The same after its customer asked for changes: the first line less, the second not at all."""
    order = sample_order(language)
    first, second, *rest = order.lines
    quantity = (first.quantity or Decimal(0)) / 2
    amount = (quantity * (first.unit_price or Decimal(0))).quantize(Decimal("0.01"))
    lines = (
        replace(first, quantity=quantity, amount=amount, outcome="changed", was_quantity=first.quantity,
                was_amount=first.amount),
        replace(second, line_no=0, outcome="rejected", was_quantity=second.quantity, was_amount=second.amount),
        *(replace(line, line_no=line.line_no - 1, outcome="accepted") for line in rest),
    )  # fmt: skip
    left = [line for line in lines if line.outcome != "rejected" and line.amount is not None]
    goods, charges = (
        sum((line.amount or Decimal(0) for line in left if line.is_charge is c), Decimal(0)) for c in (False, True)
    )
    return replace(
        order, revision=2, lines=lines, change="asked", was_total=order.total, goods_total=goods, charges_total=charges,
        total=goods + charges,
    )  # fmt: skip


def sample_questions(language: str) -> OrderFacts:
    """The same with a quantity, an item and a date that could not be read."""
    order = sample_order(language)
    gloves, wire = (line.description for line in order.lines[1:3])
    open_ = {"zh_CN": ("若干", "2 月 31 日", "裸铜线 2.5 mm")}.get(
        language, ("a few", "31 February", "Copper wire, bare, 2.5 mm")
    )
    lines = (
        order.lines[0],
        replace(order.lines[1], quantity=None, amount=None, stated_quantity=None),
        *order.lines[2:],
    )
    questions = (
        QuestionFacts(1, "LIN-001", {"line": "2", "item": gloves, "read": open_[0]}),
        QuestionFacts(2, "ITM-004", {"line": "3", "item": wire}, (f"B-0310 {wire}", f"B-0311 {open_[2]}")),
        QuestionFacts(3, "ORD-002", {"read": open_[1]}),
    )
    return replace(order, lines=lines, questions=questions, requested_date=None, promised_date=None)


def sample_delay(language: str) -> OrderFacts:
    """The same when its third line comes a week later than promised."""
    order = sample_order(language)
    late = (order.promised_date or SENT_AT.date()) + timedelta(days=7)
    about = {"item": order.lines[2].description, "read": str(order.promised_date), "limit": str(late)}
    instead = f"B-0311 {order.lines[2].description}"
    question = QuestionFacts(1, "STK-002", about, ("wait", "split", instead, "cancel"))
    return replace(order, questions=(question,), promised_date=late, answer_by=None)


def sample_of(kind: MailKind, language: str) -> OrderFacts:
    """The sample that a mail of `kind` is about."""
    if kind is MailKind.DELAY:
        return sample_delay(language)
    if kind.asks_questions:
        return sample_questions(language)
    changed = (MailKind.COUNTER_OFFER, MailKind.CHANGE_CONFIRMED, MailKind.PARTIAL_CANCELLATION)
    return sample_change(language) if kind in changed else sample_order(language)


def _english() -> OrderFacts:
    lines = (
        _line(1, "A-1001", "Hex bolt M8 × 40, stainless steel A2", "200", "EA", "0.1234", "24.68", "4711-08"),
        _in_cartons(_line(2, "A-2040", "Nitrile gloves, powder free, size L, box of 100", "12", "BX", "6.95", "83.40")),
        _line(3, "B-0310", "Copper wire, bare, 1.5 mm", "37.5", "KGM", "11.20", "420.00", "CU-15"),
        _line(4, "C-7700", "Cargo net with hooks, 3 × 2 m, for vans and trailers, with bag", "1", "EA", "39", "39.00"),
        _line(5, "", "Freight", "1", "EA", "9.5", "9.50", is_charge=True),
    )
    return OrderFacts(
        "SO100042", 1, "SO100042-1-k7xq2mzt", "GBP", lines, Decimal("567.08"), Decimal("9.50"), Decimal("576.58"),
        language="en", their_ref="PO-4500017923", customer_name="Harbour & Sons Ltd", contact_name="Anna Whitfield",
        order_date=date(2026, 11, 23), requested_date=date(2026, 11, 27), promised_date=date(2026, 11, 30),
        delivery=Address("Harbour & Sons Ltd, goods in", "7 Mill Lane", "Leeds", "", "LS1 4XX", "GB"),
        payment_method="invoice", payment_terms_days=30, answer_by=datetime(2026, 11, 26, 9, 42, tzinfo=UTC),
        remarks="Please deliver before noon.\nRamp at the back of the building.",
    )  # fmt: skip


def _chinese() -> OrderFacts:
    lines = (
        _line(1, "A-1001", "六角螺栓 M8×40，A2 不锈钢", "2000", "EA", "1.085", "2170.00", "LJ-0088"),
        _in_cartons(_line(2, "A-2040", "丁腈手套，无粉，L 码，每盒 100 只", "12", "PK", "61.5", "738.00")),
        _line(3, "B-0310", "裸铜线 1.5 mm", "37.5", "KGM", "98.2", "3682.50", "CU-15"),
        _line(4, "", "运费", "1", "EA", "85", "85.00", is_charge=True),
    )
    return OrderFacts(
        "SO100043", 1, "SO100043-1-p4dw6hqa", "CNY", lines, Decimal("6590.50"), Decimal("85.00"), Decimal("6675.50"),
        language="zh_CN", their_ref="采购-2026-1187", customer_name="示例五金贸易有限公司", contact_name="李明",
        order_date=date(2026, 11, 23), requested_date=date(2026, 11, 28), promised_date=date(2026, 12, 1),
        delivery=Address("示例五金贸易有限公司 仓库", "样本路 88 号 3 栋", "苏州市", "江苏省", "215000", "CN"),
        payment_method="invoice", payment_terms_days=30, answer_by=datetime(2026, 11, 26, 9, 42, tzinfo=UTC),
        remarks="请在上午送货。",
    )  # fmt: skip


def _line(
    no: int, item: str, text: str, quantity: str, unit: str, price: str, amount: str, theirs: str = "", *,
    is_charge: bool = False,
) -> LineFacts:  # fmt: skip
    return LineFacts(no, item, text, Decimal(quantity), unit, Decimal(price), Decimal(amount), theirs, is_charge)


def _in_cartons(line: LineFacts) -> LineFacts:
    """The same, ordered as one carton of them."""
    return replace(line, stated_quantity=Decimal(1), stated_unit="CT")
