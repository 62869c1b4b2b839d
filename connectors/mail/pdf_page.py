"""One page of a PDF as pdfium sees it: its letters upright and in their places, and its ruled lines.

What the eye does not see (text drawn invisibly, as the recognised text below a scan; text outside the page) is not
read. Coordinates are points from the upper left corner of the page as it is shown.
"""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

MAX_OBJECTS, MAX_SEGMENTS = 60_000, 20_000
_THIN = 3.0  # points: a filled rectangle this thin is a ruled line
_UNREADABLE = {0xFFFE, 0xFFFF, 0xFFFD}
_HYPHENS = {2, 0xAD}  # pdfium gives 2 for a hyphen at a line's end


@dataclass(slots=True)
class Letter:
    """One character: its box, its baseline, its height."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float

    @property
    def height(self) -> float:
        """Points from descender to ascender."""
        return self.bottom - self.top


@dataclass(slots=True)
class Page:
    """`rules` are edges (x0, top, x1, bottom); `turned` are words that stand in another direction than most."""

    letters: list[Letter] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    turned: str = ""
    has_picture: bool = False
    is_unmapped: bool = False  # its font does not say which characters its shapes are


def read_page(page: Any, most_letters: int) -> Page:
    """The letters and rules of a pdfium page. Raises OverflowError if there are more than `most_letters`."""
    text_page = pdfium.FPDFText_LoadPage(page)
    try:
        found = list(_letters(text_page, most_letters))
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    usual = Counter(angle for angle, *_ in found).most_common(1)
    upright = usual[0][0] if usual else 0
    frame = _Frame(upright // 90 if upright % 90 == 0 else 0)
    read = Page(turned="".join(item[1] for item in found if item[0] != upright)[:80])
    read.letters = [letter for item in found if item[0] == upright and (letter := frame.letter(*item[1:]))]
    read.is_unmapped = sum(letter.text == "\ufffd" for letter in read.letters) * 10 > len(read.letters)
    read.rules = [frame.box(*rule) for rule in _rules(page, read)]
    return read


@dataclass(slots=True)
class _Frame:
    """From pdfium's coordinates (upwards from below) to those of a reader who holds the page so that words are level.

    `turn` counts quarters clockwise. The origin may lie anywhere: only differences count.
    """

    turn: int

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Rightwards, downwards."""
        return {1: (-y, -x), 2: (-x, y), 3: (y, x)}.get(self.turn, (x, -y))

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """x0, top, x1, bottom."""
        (ax, ay), (bx, by) = self.point(left, bottom), self.point(right, top)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def letter(self, text: str, box: tuple[float, float, float, float], x: float, y: float) -> Letter | None:
        x0, top, x1, bottom = self.box(*box)
        if bottom - top < 0.5 or abs(x0) > 20_000 or abs(top) > 20_000:
            return None
        return Letter(text, x0, x1, top, bottom, self.point(x, y)[1])


def _letters(text_page: Any, most: int) -> Iterator[tuple[int, str, tuple[float, float, float, float], float, float]]:
    """Angle in whole degrees clockwise, character, box (left, bottom, right, top), origin."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count > most:
        raise OverflowError(f"A page of it has {count} letters")
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    unseen: dict[int, bool] = {}
    for nth in range(max(count, 0)):
        if pdfium.FPDFText_IsGenerated(text_page, nth) == 1:
            continue
        code = pdfium.FPDFText_GetUnicode(text_page, nth)
        if code in (10, 13) or not pdfium.FPDFText_GetLooseCharBox(text_page, nth, box):
            continue
        if _is_unseen(text_page, nth, unseen):
            continue
        pdfium.FPDFText_GetCharOrigin(text_page, nth, x, y)
        angle = pdfium.FPDFText_GetCharAngle(text_page, nth)
        degrees = round(math.degrees(angle)) % 360 if angle > 0.01 else 0
        yield degrees, _character(code), (box.left, box.bottom, box.right, box.top), x.value, y.value


def _character(code: int) -> str:
    if code in _HYPHENS:
        return "-"
    is_none = code < 32 or code in _UNREADABLE or 0xD800 <= code < 0xE000 or code > 0x10FFFF
    return "\ufffd" if is_none else chr(code)


def _is_unseen(text_page: Any, nth: int, known: dict[int, bool]) -> bool:
    drawn = pdfium.FPDFText_GetTextObject(text_page, nth)
    address = ctypes.cast(drawn, ctypes.c_void_p).value or 0
    if address not in known:
        mode = pdfium.FPDFTextObj_GetTextRenderMode(drawn) if address else -1
        known[address] = mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
    return known[address]


def _rules(page: Any, read: Page) -> Iterator[tuple[float, float, float, float]]:
    """Ruled lines and the edges of boxes as left, bottom, right, top; notes pictures on the way."""
    segments = 0
    for drawn, matrix in _objects(page, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, None, 0):
        kind = pdfium.FPDFPageObj_GetType(drawn)
        read.has_picture = read.has_picture or kind == pdfium.FPDF_PAGEOBJ_IMAGE
        if kind != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        count = pdfium.FPDFPath_CountSegments(drawn)
        segments += max(count, 0)
        if segments > MAX_SEGMENTS:
            return
        yield from _edges(list(_points(drawn, count, matrix)))


def _objects(parent: Any, count: Any, get: Any, outer: Any, depth: int) -> Iterator[tuple[Any, Any]]:
    for nth in range(min(count(parent), MAX_OBJECTS)):
        drawn = get(parent, nth)
        if pdfium.FPDFPageObj_GetType(drawn) == pdfium.FPDF_PAGEOBJ_FORM and depth < 5:
            matrix = _times(_matrix(drawn), outer)
            yield from _objects(drawn, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, matrix, depth + 1)
        else:
            yield drawn, _times(_matrix(drawn), outer)


def _matrix(drawn: Any) -> tuple[float, ...]:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(drawn, found):
        return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(inner: tuple[float, ...], outer: tuple[float, ...] | None) -> tuple[float, ...]:
    """First `inner`, then `outer`."""
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _points(drawn: Any, count: int, matrix: tuple[float, ...]) -> Iterator[tuple[int, float, float, bool]]:
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    for nth in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(drawn, nth)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        is_closed = bool(pdfium.FPDFPathSegment_GetClose(segment))
        yield kind, a * x.value + c * y.value + e, b * x.value + d * y.value + f, is_closed


def _edges(points: list[tuple[int, float, float, bool]]) -> Iterator[tuple[float, float, float, float]]:
    """The upright and level segments of a path; a box thinner than a rule counts as one line along it."""
    start = last = (0.0, 0.0)
    edges: list[tuple[float, float, float, float]] = []
    for kind, x, y, is_closed in points:
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = (x, y)
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            edges.append((*last, x, y))
        last = (x, y)
        if is_closed:
            edges.append((*last, *start))
            last = start
    if len(edges) in (3, 4) and (thin := _thin(points)):
        edges = [thin]
    for ax, ay, bx, by in edges:
        if (abs(ax - bx) < 0.5) != (abs(ay - by) < 0.5):
            yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _thin(points: list[tuple[int, float, float, bool]]) -> tuple[float, float, float, float] | None:
    xs, ys = [x for _, x, _, _ in points], [y for _, _, y, _ in points]
    left, right, low, high = min(xs), max(xs), min(ys), max(ys)
    if high - low <= _THIN < right - left:
        return left, (low + high) / 2, right, (low + high) / 2
    if right - left <= _THIN < high - low:
        return (left + right) / 2, low, (left + right) / 2, high
    return None
