"""How the document tests make files: by other libraries than those that read them, or by hand."""

import io
import struct
import zipfile
from collections.abc import Sequence
from html import escape

from openpyxl import Workbook
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from connectors.mail.unpacking import Unpacked, unpack_file

Rows = Sequence[Sequence[str]]
ROWS = (
    ("Item no.", "Description", "Quantity", "Price"),
    ("AB-1001", "Hex bolt M6 x 20", "100", "0.12"),
    ("AB-1002", "Washer 6.4", "2,000", "0.01"),
    ("AB-1003", "Nut M6 zinc plated", "150", "1.50"),
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def opened(name: str, content: bytes) -> Unpacked:
    return unpack_file(name, content)


def grids(name: str, content: bytes) -> list[tuple[tuple[str, ...], ...]]:
    """The grids of a file that nothing speaks against."""
    found = opened(name, content)
    assert not found.refused
    (source,) = found.sources
    return [grid.rows for grid in source.grids]


def words(name: str, content: bytes) -> list[str]:
    return [line.text for source in opened(name, content).sources for line in source.lines if line.text.strip()]


def workbook(rows: Sequence[Sequence[object]]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    return book


def saved(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def html_table(rows: Rows) -> str:
    return f"<table>{''.join(f'<tr>{_cells(row)}</tr>' for row in rows)}</table>"


def _cells(row: Sequence[str]) -> str:
    return "".join(f"<td>{escape(cell)}</td>" for cell in row)


def pdf_table(rows: Rows, *styles: tuple[object, ...], title: str = "Purchase order PO-4711") -> bytes:
    """A PDF with a title, the table, and a greeting."""
    written, sheet = io.BytesIO(), getSampleStyleSheet()
    table = Table([list(row) for row in rows])
    table.setStyle(TableStyle(list(styles)))
    parts = [Paragraph(title, sheet["Title"]), Spacer(1, 12), table, Spacer(1, 12)]
    SimpleDocTemplate(written, pagesize=A4, invariant=1).build([*parts, Paragraph("Kind regards", sheet["Normal"])])
    return written.getvalue()


RULED = ("GRID", (0, 0), (-1, -1), 0.5, "black")
HEADER_RULE = ("LINEBELOW", (0, 0), (-1, 0), 0.5, "black")
COLUMN_RULES = (("BOX", (0, 0), (-1, -1), 0.5, "black"), ("INNERGRID", (0, 0), (-1, 0), 0.5, "black"),
                ("LINEBEFORE", (1, 0), (-1, -1), 0.5, "black"))  # fmt: skip
TO_THE_RIGHT = ("ALIGN", (2, 0), (-1, -1), "RIGHT")


def drawn(*pieces: tuple[float, float, str], turn: int = 0, font: str = "Helvetica") -> bytes:
    """A page with these words at these places (points from the lower left)."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    if turn:
        canvas.translate(300, 400)
        canvas.rotate(turn)
        canvas.translate(-300, -400)
    canvas.setFont(font, 10)
    for x, y, text in pieces:
        canvas.drawString(x, y, text)
    canvas.save()
    return written.getvalue()


def form(labels: Sequence[str], values: Sequence[Sequence[str]]) -> bytes:
    """Small labels side by side, their values below in larger letters."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    canvas.drawString(72, 760, "Purchase order")
    for nth, row in enumerate([labels, *values]):
        canvas.setFont("Helvetica", 10 if nth else 7.5)
        for place, text in enumerate(row):
            canvas.drawString(72 + 200 * place, 700 - 11 * nth, text)
    canvas.save()
    return written.getvalue()


def docx(body: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>')
    return written.getvalue()


def docx_cell(text: str, more: str = "") -> str:
    return f"<w:tc><w:tcPr>{more}</w:tcPr>{docx_line(text)}</w:tc>"


def docx_line(text: str, style: str = "") -> str:
    return f"<w:p><w:r><w:rPr>{style}</w:rPr><w:t>{escape(text)}</w:t></w:r></w:p>"


def tnef(body: str, files: dict[str, bytes]) -> bytes:
    """A winmail.dat with plain words and files, as [MS-OXTNEF] lays it out."""
    objects = [_tnef_object(1, 0x9007, 6, struct.pack("<II", 1252, 0))]
    if body:
        objects.append(_tnef_object(1, 0x800C, 2, body.encode("cp1252") + b"\x00"))
    for name, content in files.items():
        objects.append(_tnef_object(2, 0x9002, 6, bytes(14)))
        objects.append(_tnef_object(2, 0x8010, 1, name.encode("cp1252") + b"\x00"))
        objects.append(_tnef_object(2, 0x800F, 6, content))
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(objects)


def _tnef_object(level: int, name: int, kind: int, content: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, kind, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)


def locked() -> bytes:
    """A PDF that asks for a password."""
    written = io.BytesIO()
    canvas = Canvas(written, encrypt=StandardEncryption("secret", "owner"))
    canvas.drawString(72, 700, "10 x AB-1234")
    canvas.save()
    return written.getvalue()
