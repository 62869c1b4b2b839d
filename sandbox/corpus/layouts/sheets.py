"""Orders attached as CSV and XLSX, as exports and hand-made sheets look."""

import csv
import io
import zipfile
from datetime import datetime
from decimal import Decimal
from random import Random

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from sandbox.corpus.entities import Content, Draft, Layout
from sandbox.corpus.layouts.pairs import header_pairs
from sandbox.corpus.layouts.tables import grid
from sandbox.corpus.layouts.typed import dressed
from sandbox.corpus.letters import address, letter
from sandbox.corpus.wording import item_key, line_sum, title

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMES = {"en": "order", "de": "Bestellung", "fr": "commande", "es": "pedido", "it": "ordine", "zh_CN": "采购订单"}
FIXED = (2026, 11, 20, 8, 0, 0)


def covering(draft: Draft, rng: Random, *, says_all: bool) -> Content:
    """The mail around an attachment; it says reference, date and place itself unless the attachment does."""
    return dressed(draft, rng, letter(draft, rng, "", "attached", header=says_all))


def file_stem(draft: Draft, rng: Random) -> str:
    """A file's name without its ending."""
    ref = draft.order_ref.replace("/", "-")
    return f"{NAMES[draft.language]}{rng.choice(('_', ' ', '-'))}{ref or rng.randrange(100, 999)}"


def csv_attached(draft: Draft, rng: Random) -> Content:
    """A CSV: comma, semicolon or tab, in the character set of whatever wrote it; head data as columns now and then."""
    rows, language = grid(draft, rng, style=0), draft.language
    in_columns = rng.random() < 0.5
    if in_columns:
        rows = _with_head_columns(rows, draft, rng)
    comma_lands = language in ("en", "zh_CN")
    delimiter = rng.choice((",", ",", ";", "\t") if comma_lands else (";", ";", ";", "\t"))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=rng.choice(("\r\n", "\n"))).writerows(rows)
    charset = rng.choice(
        ("utf-8-sig", "utf-8", "gb18030") if language == "zh_CN" else ("utf-8-sig", "utf-8", "windows-1252", "utf-16")
    )
    data = out.getvalue().encode(charset, "replace")
    content = covering(draft, rng, says_all=True)
    kind = rng.choice(("text/csv", "text/csv", "application/vnd.ms-excel", "application/octet-stream"))
    content.attachments.append((file_stem(draft, rng) + ".csv", kind, data))
    return content


def _with_head_columns(rows: list[list[str]], draft: Draft, rng: Random) -> list[list[str]]:
    """The order's head repeated in every row, as exports do."""
    extra = [(title("order_no", draft.language, rng), draft.order_ref)] if draft.order_ref else []
    extra += [(title("wanted", draft.language, rng), draft.requested_text)] if draft.requested else []
    return [[label for label, _ in extra] + rows[0], *([value for _, value in extra] + row for row in rows[1:])]


def xlsx_attached(draft: Draft, rng: Random) -> Content:
    """A sheet with a title, head pairs above the table, a total row below it and notes: numbers as numbers, or as text."""
    book = Workbook()
    sheet = book.active
    sheet.title = {"zh_CN": "订单", "de": "Tabelle1", "fr": "Feuil1", "es": "Hoja1", "it": "Foglio1"}.get(
        draft.language, "Sheet1"
    )
    _head(sheet, draft, rng)
    _table(sheet, draft, rng)
    if rng.random() < 0.3:
        notes = book.create_sheet(title("note", draft.language, rng)[:20])
        notes["A1"] = address(draft.customer.places[0]).replace("\n", ", ")
    content = covering(draft, rng, says_all=False)
    content.attachments.append((file_stem(draft, rng) + ".xlsx", XLSX, steady(book)))
    return content


def _head(sheet, draft: Draft, rng: Random) -> None:
    if rng.random() < 0.7:
        sheet.append([f"{title('heading', draft.language, rng)} {draft.customer.name}"])
        sheet["A1"].font = Font(bold=True, size=14)
        sheet.merge_cells("A1:E1")
        sheet.append([])
    for label, value in header_pairs(draft, rng):
        is_date = value == draft.requested_text and "W" not in draft.requested and rng.random() < 0.5
        sheet.append([label, datetime.fromisoformat(draft.requested) if is_date else value])
        if is_date:
            sheet.cell(sheet.max_row, 2).number_format = "DD.MM.YYYY" if draft.language == "de" else "yyyy-mm-dd"
    if sheet.max_row > 1 and rng.random() < 0.8:
        sheet.append([])


def _table(sheet, draft: Draft, rng: Random) -> None:
    rows = grid(draft, rng, style=0)
    as_text = rng.random() < 0.2
    sheet.append(rows[0])
    head_row = sheet.max_row
    for cell in sheet[head_row]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDDDDD")
    for row, wish in zip(rows[1:], draft.wishes, strict=True):
        sheet.append(
            [
                cell if as_text else _typed(label, cell, wish, draft, rows[0])
                for label, cell in zip(rows[0], row, strict=True)
            ]
        )
    if draft.currency and (draft.total is not None or rng.random() < 0.6):
        blank = [None] * (len(rows[0]) - 2)
        value = draft.total if draft.total is not None else line_sum(draft)
        sheet.append([*blank, title("total", draft.language, rng), float(value)])
    if rng.random() < 0.25:
        sheet.append([])
        sheet.append([{"en": "Please deliver everything together.", "de": "Bitte alles zusammen liefern.", "fr": "Merci de livrer en une fois.",
                       "es": "Entregar todo junto, por favor.", "it": "Consegna unica, grazie.", "zh_CN": "请一次性发货。"}[draft.language]])  # fmt: skip


def _typed(label: str, text: str, wish, draft: Draft, head: list[str]) -> object:
    """A cell as Excel keeps it: quantities, prices, and numbers that are item numbers, as numbers."""
    if wish.price is not None and text and text != wish.ref:
        for value in (wish.price, wish.price * wish.quantity):
            if _plain(text) == value and (value != wish.quantity or label == head[-1]):
                return float(value)
    if text == wish.ref and text.isdigit() and item_key(draft) != "barcode":
        return int(text)
    if not wish.quantity_text and _plain(text) == wish.quantity and text != wish.ref:
        return wish.quantity
    if text.isascii() and text.isdigit() and text != wish.ref:
        return int(text)
    return text


def _plain(text: str) -> Decimal | None:
    digits = "".join(mark for mark in text if mark.isdigit() or mark in ".,")
    if not digits or any(mark.isalpha() for mark in text):
        return None
    whole, _, cents = digits.replace(",", ".").rpartition(".")
    if len(cents) == 2 and whole:
        return Decimal(whole.replace(".", "") + "." + cents)
    return Decimal(digits.replace(".", "").replace(",", "")) if digits.strip(".,") else None


def steady(book: Workbook) -> bytes:
    """The workbook's bytes without the clock in them."""
    book.properties.creator = "Microsoft Office User"
    out, again = io.BytesIO(), io.BytesIO()
    book.properties.created = datetime(*FIXED)  # noqa: DTZ001
    book.save(out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "docProps/core.xml":
                start, stop = data.index(b"<dcterms:modified"), data.index(b"</dcterms:modified>")
                data = data[:start] + b'<dcterms:modified xsi:type="dcterms:W3CDTF">2026-11-20T08:00:00Z' + data[stop:]
            new.writestr(zipfile.ZipInfo(entry.filename, FIXED), data, zipfile.ZIP_DEFLATED)
    return again.getvalue()


LAYOUTS = (
    Layout("csv attached", "csv", csv_attached, 2, prices=0.5, lines=(2, 12)),
    Layout("xlsx attached", "xlsx", xlsx_attached, 3, prices=0.6, lines=(2, 12), totals=True),
)
