"""Count sheets: what is to be counted, to print and to fill in. What the book expects does not stand on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage

from orderclerk.documents.enclosures import Attachment, enclose
from orderclerk.documents.facts import DeskFacts
from orderclerk.documents.mails import render_team_mail
from orderclerk.documents.paper import Column, Paper, PaperTable, paper_pdf
from orderclerk.documents.purchase_paper import house_lines
from orderclerk.documents.spreadsheet import Sheet, workbook_bytes
from orderclerk.documents.words import words_for

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIGURES = ("line_no", "quantity")
_BLANK = "_" * 12
_HEADER = (
    "number",
    "line_no",
    "bin",
    "item",
    "description",
    "lot",
    "unit",
    "quantity",
    "counted_by",
    "counted_at",
    "note",
)


@dataclass(frozen=True, slots=True)
class CountLineFacts:
    """A line of a sheet; `description` in the reader's language, `unit` a UN/ECE Rec 20 code."""

    line_no: int
    bin: str
    item_no: str
    description: str
    unit: str
    lot: str = ""


@dataclass(frozen=True, slots=True)
class CountFacts:
    """A count; `recount_after` names who counted first, where only what differed is counted again."""

    count_no: str
    warehouse: str
    method: str
    day: date
    lines: Sequence[CountLineFacts]
    language: str = "en"
    recount_after: str = ""


def count_pdf(desk: DeskFacts, count: CountFacts, made_at: datetime) -> bytes:
    """The sheet to print; same facts and time, same bytes."""
    return paper_pdf(count_paper(desk, count), made_at)


def count_paper(desk: DeskFacts, count: CountFacts) -> Paper:
    """What the printed sheet says."""
    words = words_for(count.language)
    say = words.phrases["count"]
    names = ("line_no", "bin", "item", "description", *(("lot",) if _has_lots(count) else ()), "unit", "quantity")
    columns = tuple(
        Column(str(say[name]), "right" if name in _FIGURES else "left", "fill" if name == "description" else "auto")
        for name in names
    )
    rows = [
        [str(line.line_no), line.bin or "–", line.item_no, line.description, *((line.lot,) if _has_lots(count) else ()),
         words.unit(line.unit), _BLANK]
        for line in count.lines
    ]  # fmt: skip
    facts = (
        (str(say["warehouse"]), count.warehouse),
        (str(say["day"]), words.day(count.day)),
        (str(say["method"]), str(say[f"method_{count.method}"])),
        (str(say["lines"]), str(len(count.lines))),
        (str(say["counted_by"]), _BLANK),
        (str(say["counted_at"]), _BLANK),
    )
    title = say["recount_title" if count.recount_after else "title"]
    before = words.say_all("count", "recount_closing", who=count.recount_after) if count.recount_after else ()
    return Paper(
        str(title), count.count_no, house_lines(desk), words.language, facts=facts, before=before,
        tables=(PaperTable(columns, rows),), after=words.say_all("count", "closing"),
    )  # fmt: skip


def count_workbook(count: CountFacts) -> bytes:
    """The sheet to fill in, a line a row, every row naming the count."""
    words = words_for(count.language)
    say = words.phrases["count"]
    rows = [
        [count.count_no, line.line_no, line.bin, line.item_no, line.description, line.lot, words.unit(line.unit),
         None, None, None, None]
        for line in count.lines
    ]  # fmt: skip
    return workbook_bytes([Sheet(f"{say['sheet']} {count.count_no}", [str(say[name]) for name in _HEADER], rows)])


def render_count_mail(desk: DeskFacts, count: CountFacts, to: str, key: str, sent_at: datetime) -> EmailMessage:
    """The mail that brings the sheet to whoever counts. Raises ValueError if `to` is no mail address."""
    words = words_for(count.language)
    kind = "recount" if count.recount_after else "mail"
    values = {
        "number": count.count_no, "warehouse": count.warehouse, "day": words.day(count.day),
        "lines": str(len(count.lines)), "who": count.recount_after,
    }  # fmt: skip
    subject = words.say("count", f"{kind}_subject", **values)
    paragraphs = words.say_all("count", "recount_mail" if count.recount_after else "mail", **values)
    message = render_team_mail(desk, subject, paragraphs, to, key, sent_at)
    files = [
        Attachment(f"{count.count_no}.pdf", PDF, count_pdf(desk, count, sent_at)),
        Attachment(f"{count.count_no}.xlsx", XLSX, count_workbook(count)),
    ]
    return enclose(message, [], files)


def _has_lots(count: CountFacts) -> bool:
    return any(line.lot for line in count.lines)
