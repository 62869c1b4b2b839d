"""A purchase order as a paper and as a spreadsheet, in the supplier's language."""

from datetime import date, datetime

from orderclerk.documents.addresses import address_lines
from orderclerk.documents.cleaning import clean_lines
from orderclerk.documents.facts import DeskFacts
from orderclerk.documents.paper import Box, Cell, Column, Paper, PaperTable, paper_pdf
from orderclerk.documents.purchase_facts import PurchaseFacts, PurchaseLineFacts
from orderclerk.documents.spreadsheet import Sheet, workbook_bytes
from orderclerk.documents.words import Words, language_of, words_for
from orderclerk.domain.reading import Address

_SHEET = (
    "number", "line_no", "item", "supplier_ref", "barcode", "description", "quantity", "unit", "unit_price", "amount",
    "currency", "wanted",
)  # fmt: skip


def purchase_pdf(desk: DeskFacts, order: PurchaseFacts, made_at: datetime) -> bytes:
    """The order as a PDF; same facts and time, same bytes."""
    return paper_pdf(purchase_paper(desk, order), made_at)


def purchase_paper(desk: DeskFacts, order: PurchaseFacts) -> Paper:
    """What the paper says."""
    words = words_for(language_of(order.language))
    say = words.phrases["purchase"]
    dates = {line.wanted_date for line in order.lines}
    columns = (
        Column(str(say["line_no"]), "right"), Column(str(say["item"])), Column(str(say["description"]), width="fill"),
        *((Column(str(say["wanted"])),) if len(dates) > 1 else ()),
        *(Column(str(say[name]), "right") for name in ("quantity", "unit_price", "amount")),
    )  # fmt: skip
    rows = [_row(line, order.currency, words, is_dated=len(dates) > 1) for line in order.lines]
    return Paper(
        str(say["title"]), order.po_no, house_lines(desk), words.language,
        boxes=(
            Box(str(say["buyer"]), (*house_lines(desk), desk.reply_to or desk.address)),
            Box(str(say["supplier"]), (order.supplier_name, *_address(order.supplier_address, words))),
            Box(str(say["deliver_to"]), (order.warehouse_name or order.warehouse, *_address(order.deliver_to, words))),
        ),
        facts=purchase_details(order, words),
        tables=(PaperTable(columns, rows),),
        totals=((str(say["total"]), words.money(order.total, order.currency)),),
        after=words.say_all("purchase", "paper_closing", po_no=order.po_no),
    )  # fmt: skip


def house_lines(desk: DeskFacts) -> tuple[str, ...]:
    """Our name, address and phone."""
    return tuple(filter(None, (desk.name, *clean_lines(desk.postal_address), desk.phone)))


def purchase_details(order: PurchaseFacts, words: Words) -> list[tuple[str, str]]:
    """What is said of the order as a whole, label and value."""
    say = words.phrases["purchase"]
    dates = sorted({line.wanted_date for line in order.lines if line.wanted_date})
    wanted = words.day(dates[0]) if len(dates) == 1 else str(say["wanted_per_line"]) if dates else ""
    found = [
        ("ordered_on", words.day(order.ordered_on)), ("our_reference", order.reference), ("wanted_by", wanted),
        ("currency", order.currency), ("terms", _terms(order, words)), ("customer_no", order.our_customer_no),
    ]  # fmt: skip
    return [(str(say[name]), value) for name, value in found if value]


def purchase_workbook(order: PurchaseFacts) -> bytes:
    """The order as a spreadsheet, a line a row, every row naming the order."""
    words = words_for(language_of(order.language))
    say = words.phrases["purchase"]
    rows = [
        [order.po_no, line.line_no, line.item_no, line.supplier_ref, line.barcode, line.description,
         float(line.quantity), line.unit, float(line.unit_price), float(line.amount), order.currency, line.wanted_date]
        for line in order.lines
    ]  # fmt: skip
    return workbook_bytes([Sheet(f"{say['sheet']} {order.po_no}", [str(say[name]) for name in _SHEET], rows)])


def _row(line: PurchaseLineFacts, currency: str, words: Words, *, is_dated: bool) -> list[str | Cell]:
    theirs = words.say("purchase", "your_no", ref=line.supplier_ref) if line.supplier_ref else ""
    wanted = [_short(line.wanted_date)] if is_dated else []
    return [
        str(line.line_no), Cell(line.item_no, theirs), line.description, *wanted,
        words.quantity(line.quantity, line.unit), words.money(line.unit_price.normalize(), currency),
        words.money(line.amount, currency),
    ]  # fmt: skip


def _short(day: date | None) -> str:
    return day.isoformat() if day else ""


def _terms(order: PurchaseFacts, words: Words) -> str:
    if order.payment_terms_days is None:
        return ""
    name = "terms_days" if order.payment_terms_days else "terms_at_once"
    return words.say("purchase", name, days=str(order.payment_terms_days))


def _address(address: Address, words: Words) -> tuple[str, ...]:
    return address_lines(address, words.locale)
