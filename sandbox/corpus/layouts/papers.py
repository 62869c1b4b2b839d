"""Purchase orders as PDF: forms, ruled tables, bare columns, two pages, and a scan that only eyes can read."""

import io
import re
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from sandbox.corpus.entities import DESK_NAME, Content, Draft, Layout
from sandbox.corpus.fonts import chinese_font
from sandbox.corpus.layouts.pairs import header_pairs
from sandbox.corpus.layouts.sheets import covering, file_stem
from sandbox.corpus.layouts.tables import grid
from sandbox.corpus.letters import address, legal
from sandbox.corpus.wording import title, total

WIDTH, HEIGHT = A4
LEFT, RIGHT, BOTTOM = 50, WIDTH - 50, 80


class Paper:
    """A page that is written from the top, with a new one where it ends."""

    def __init__(self, draft: Draft, rng: Random) -> None:
        self.draft, self.rng, self.out = draft, rng, io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=A4, invariant=1)
        self.font = chinese_font() if draft.language == "zh_CN" else rng.choice(("Helvetica", "Times-Roman"))
        self.y, self.page = HEIGHT - 60, 1

    def write(self, text: str, x: float = LEFT, size: float = 9, *, right: bool = False) -> None:
        """One piece of text on the present line."""
        self.canvas.setFont(self.font, size)
        (self.canvas.drawRightString if right else self.canvas.drawString)(x, self.y, text)

    def lines(self, text: str, x: float = LEFT, size: float = 9) -> None:
        """A block of lines."""
        for line in text.split("\n"):
            self.write(line, x, size)
            self.y -= size * 1.4

    def wide(self, text: str, size: float = 9) -> float:
        """How wide a text is in points."""
        return self.canvas.stringWidth(text, self.font, size)

    def next_page(self) -> None:
        """A footer, and a new page."""
        self.footer()
        self.canvas.showPage()
        self.y, self.page = HEIGHT - 60, self.page + 1

    def footer(self) -> None:
        """Register and tax numbers, and the page's own number."""
        self.y = 45
        self.write(legal(self.draft.customer, Random(self.draft.customer.number))[:110], size=7)
        self.write(f"{self.page}", RIGHT, 7, right=True)

    def finished(self) -> bytes:
        """The PDF's bytes."""
        self.footer()
        self.canvas.showPage()
        self.canvas.save()
        return self.out.getvalue()


def form(draft: Draft, rng: Random) -> Content:
    """Letterhead, a box of header data in two columns, then a ruled table."""
    paper = _headed(draft, rng)
    top = row = deepest = paper.y
    pairs = header_pairs(draft, rng)
    for nth, (label, value) in enumerate(pairs):
        if nth % 2 == 0:
            paper.y = row = deepest - 6
        x = LEFT if nth % 2 == 0 else LEFT + 250
        paper.write(label, x, 7)
        paper.y -= 11
        for line in wrapped(value, 46):
            paper.write(line, x, 9)
            paper.y -= 11
            deepest = min(deepest, paper.y)
        paper.y = row
    paper.y = deepest - 24
    paper.canvas.rect(LEFT - 6, paper.y + 16, RIGHT - LEFT + 12, top - paper.y + 4)
    _table(paper, grid(draft, rng), ruled=True)
    return _posted(paper)


def ruled(draft: Draft, rng: Random) -> Content:
    """Header lines, then a table with lines around every cell."""
    paper = _headed(draft, rng)
    _pairs(paper)
    _table(paper, grid(draft, rng), ruled=True)
    return _posted(paper)


def columns(draft: Draft, rng: Random) -> Content:
    """Header lines, then columns that only their alignment makes."""
    paper = _headed(draft, rng)
    _pairs(paper)
    _table(paper, grid(draft, rng), ruled=False)
    return _posted(paper)


def long_paper(draft: Draft, rng: Random) -> Content:
    """So many lines that the table goes on overleaf, its header repeated or not."""
    paper = _headed(draft, rng)
    _pairs(paper)
    _table(paper, grid(draft, rng), ruled=rng.random() < 0.5, step=rng.choice((26, 30, 34)))
    return _posted(paper)


def scan(draft: Draft, rng: Random) -> Content:
    """A picture of an order: nothing in it can be read as text."""
    image = Image.new("L", (820, 1100), 245)
    pen = ImageDraw.Draw(image)
    for nth, row in enumerate(grid(draft, rng)):
        pen.text((60, 200 + nth * 26), "   ".join(cell.encode("ascii", "replace").decode() for cell in row), fill=30)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.drawImage(ImageReader(image), 0, 0, WIDTH, HEIGHT)
    canvas.showPage()
    canvas.save()
    content = covering(draft, rng, says_all=False)
    content.attachments.append((f"scan{rng.randrange(1000, 9999)}.pdf", "application/pdf", out.getvalue()))
    for wish in draft.wishes:
        wish.item_known = wish.quantity_known = False
    draft.expect = "hold"
    draft.traps.append("only a scan")
    return content


def wrapped(text: str, width: int) -> list[str]:
    """A long value over several lines, broken after commas or blanks."""
    lines = [""]
    for piece in re.findall(r"[^,，\s]+[,，]?\s*", text):
        if len(lines[-1]) + len(piece) > width and lines[-1]:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _headed(draft: Draft, rng: Random) -> Paper:
    """Letterhead, our address, and the word that says what the paper is."""
    paper, customer = Paper(draft, rng), draft.customer
    paper.lines(address(customer.places[0]), size=8)
    paper.write(f"{customer.contacts[0].phone}", RIGHT, 8, right=True)
    paper.y -= 24
    if rng.random() < 0.7:
        paper.write(title("supplier", draft.language, rng) + ":", size=7)
        paper.y -= 12
        paper.lines(f"{DESK_NAME}\n12 Quayside\nLondon E14 9GE", size=9)
    paper.y -= 16
    paper.write(title("heading", draft.language, rng), size=15)
    paper.y -= 28
    return paper


def _pairs(paper: Paper) -> None:
    for label, value in header_pairs(paper.draft, paper.rng):
        paper.write(f"{label}:")
        for line in wrapped(value, 60):
            paper.write(line, LEFT + 150)
            paper.y -= 13
        paper.y -= 2
    paper.y -= 20


def _table(paper: Paper, rows: Sequence[Sequence[str]], *, ruled: bool, step: float = 19) -> None:
    """Words to the left, numbers to the right, each column as wide as its widest cell."""
    numeric = [all(not any(mark.isalpha() for mark in row[nth]) for row in rows[1:]) for nth in range(len(rows[0]))]
    widths = [max(paper.wide(row[nth]) for row in rows) + 14 for nth in range(len(rows[0]))]
    spare = max(0.0, (RIGHT - LEFT - sum(widths)) / len(widths))
    size = 9 * min(1.0, (RIGHT - LEFT) / sum(widths))
    widths = [(width + spare) * size / 9 if size < 9 else width + spare for width in widths]
    repeat = paper.rng.random() < 0.6
    for nth, row in enumerate(rows):
        if paper.y < BOTTOM + step:
            paper.next_page()
            if repeat:
                _row(paper, rows[0], widths, numeric, size, ruled, step)
        _row(paper, row, widths, numeric, size, ruled, step)
        if nth == 0 and not ruled:
            paper.canvas.line(LEFT, paper.y + step - 5, RIGHT, paper.y + step - 5)
    if paper.draft.currency:
        paper.y -= 8
        paper.write(
            f"{title('total', paper.draft.language, paper.rng)}: {total(paper.draft, 2)}", RIGHT, 10, right=True
        )
        paper.y -= 16


def _row(
    paper: Paper, row: Sequence[str], widths: list[float], numeric: list[bool], size: float, ruled: bool, step: float
) -> None:
    x = LEFT
    for cell, width, is_number in zip(row, widths, numeric, strict=True):
        paper.write(cell, x + width - 5 if is_number else x + 4, size, right=is_number)
        if ruled:
            paper.canvas.rect(x, paper.y - 5, width, step)
        x += width
    paper.y -= step


def _posted(paper: Paper) -> Content:
    """The PDF attached to a mail that says little."""
    draft, rng = paper.draft, paper.rng
    content = covering(draft, rng, says_all=False)
    kind = "application/octet-stream" if rng.random() < 0.15 else "application/pdf"
    content.attachments.append((file_stem(draft, rng) + ".pdf", kind, paper.finished()))
    return content


LAYOUTS = (
    Layout("pdf form", "pdf", form, 1.2, prices=0.6, lines=(2, 8), totals=True),
    Layout("pdf ruled", "pdf", ruled, 1.2, prices=0.6, lines=(2, 9), totals=True),
    Layout("pdf columns", "pdf", columns, 1.2, prices=0.6, lines=(2, 9), totals=True),
    Layout("pdf two pages", "pdf", long_paper, 0.6, prices=0.5, lines=(16, 23)),
    Layout("pdf scan", "pdf", scan, 0.12, prices=0.3, catches=False),
)
