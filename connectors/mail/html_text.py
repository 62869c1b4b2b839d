"""HTML of a mail as lines of text: tables as rows of cells between tabs, quotations behind "> ". Loads nothing."""

import re
from html import unescape
from html.parser import HTMLParser

_SILENT = frozenset({"script", "style", "head", "title", "noscript", "template", "svg", "object"})
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "section", "article",
     "blockquote", "address", "dl", "dt", "dd", "center", "form", "header", "footer"}
)  # fmt: skip
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "wbr", "source"})
_QUOTES = re.compile(r"gmail_quote|yahoo_quoted|moz-cite|divRplyFwdMsg|appendonsend|OLK_SRC_BODY|includetail", re.I)
_UNCLOSED = re.compile(r"<[^<>]*(?=<)")  # the parser's time grows with the square of their number
_LONG_TAG = re.compile(r"<[^<>]{20000}")
MAX_UNCLOSED = 300
_DEEPEST = 200  # open elements; real mails stay under 60
QUOTED_BELOW = "-----Original Message-----"  # what the text form shows where HTML marks a quotation's start


def html_to_text(html: str) -> str:
    """The lines a reader would see; what cannot be parsed is stripped of its tags."""
    if is_malformed(html):
        return _stripped(html)
    lines = _Lines()
    try:
        lines.feed(html)
        lines.close()
    except Exception:  # the parser asserts on some malformed declarations
        return _stripped(html)
    return lines.text()


def is_malformed(html: str) -> bool:
    """Whether the parser would take unreasonably long over it."""
    return len(_UNCLOSED.findall(html)) > MAX_UNCLOSED or bool(_LONG_TAG.search(html))


def _stripped(html: str) -> str:
    return unescape(re.sub(r"<[^<>]{0,2000}>", " ", html))


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._silent = self._quoted = 0
        self._open: list[tuple[str, bool]] = []  # tag, whether it began a quotation
        self._rows: list[list[str]] = []  # cells of the rows that are open, innermost last
        self._cells: list[bool] = []  # for each of these rows: whether a cell is open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end_line()
        if tag in _SILENT:
            self._silent += 1
        is_quote = tag == "blockquote"
        if any(name in ("class", "id") and value and _QUOTES.search(value) for name, value in attrs):
            self._end_line()
            self._add(QUOTED_BELOW)
        self._quoted += is_quote
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append((tag, is_quote))
        if tag in ("tr", "table") and not self._rows:
            self._flush()
        if tag == "tr":
            self._rows.append([])
            self._cells.append(False)
        elif tag in ("td", "th"):
            self._end_cell()
            if self._cells:
                self._cells[-1] = True

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag == "tr":
            self._end_row()
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in _BLOCKS:
            self._end_line()
        places = [place for place, (name, _) in enumerate(self._open) if name == tag]
        if places:
            self._quoted -= sum(is_quote for _, is_quote in self._open[places[-1] :])
            del self._open[places[-1] :]

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._line.append(data)

    def text(self) -> str:
        """Everything seen so far."""
        while self._rows:
            self._end_row()
        self._flush()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines))

    def _words(self) -> str:
        words = " ".join("".join(self._line).split())
        self._line = []
        return words

    def _flush(self) -> None:
        """End a line only if it has words."""
        if words := self._words():
            self._add(words)

    def _end_line(self) -> None:
        if not self._rows:
            self._add(self._words())
        elif self._line and self._line[-1] != " ":
            self._line.append(" ")

    def _end_cell(self) -> None:
        if not self._rows:
            return
        words = self._words()
        if words or self._cells[-1]:
            self._rows[-1].append(words)
        self._cells[-1] = False

    def _end_row(self) -> None:
        if not self._rows:
            return
        self._end_cell()
        cells = self._rows.pop()
        self._cells.pop()
        if self._rows:  # a table for layout: its rows are lines of the cell they stand in
            self._lines.append("")
        self._add("\t".join(cells))

    def _add(self, line: str) -> None:
        if line or (self._lines and self._lines[-1]):
            self._lines.append("> " * min(self._quoted, 5) + line if line else "")
