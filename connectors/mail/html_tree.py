"""HTML of a mail as a tree of cells, lines and tables, whatever tags are missing. The page itself is the root cell."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from connectors.mail.html_text import QUOTED_BELOW

_SILENT = frozenset({"script", "style", "head", "title", "noscript", "template", "svg", "object"})
_STRUCK = frozenset({"s", "strike", "del"})
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "section", "article",
     "blockquote", "address", "dl", "dt", "dd", "center", "form", "header", "footer", "caption"}
)  # fmt: skip
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ul", "ol", "dl", "blockquote"})
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "wbr", "source"})
_QUOTES = re.compile(r"gmail_quote|yahoo_quoted|moz-cite|divRplyFwdMsg|appendonsend|OLK_SRC_BODY|includetail", re.I)
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)", re.I
)
_STRUCK_STYLE = re.compile(r"line-through", re.I)
_DEEPEST = 200  # open elements; real mails stay under 60
_DEEPEST_TABLE = 40
_MAX_SPAN = 1_000


@dataclass(slots=True)
class Cell:
    """What a cell (or the whole page) holds in sequence: its lines, and tables."""

    blocks: "list[str | Table]" = field(default_factory=list)
    colspan: int = 1
    rowspan: int = 1


@dataclass(slots=True)
class Table:
    """Rows of cells; `quoted` is how deep in quotations it stands."""

    quoted: int = 0
    rows: list[list[Cell]] = field(default_factory=list)
    is_row_open: bool = False
    is_cell_open: bool = False


@dataclass(slots=True)
class Tree:
    """The page; whether any words of it are struck out."""

    root: Cell
    is_struck: bool = False


def parse_tree(html: str) -> Tree | None:
    """The tree of `html`; None where the parser gives up."""
    parser = _Parser()
    try:
        parser.feed(html)
        parser.close()
    except Exception:  # it asserts on some malformed declarations
        return None
    return parser.finished()


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._root = Cell()
        self._tables: list[Table] = []
        self._words: list[str] = []
        self._open: list[tuple[str, bool, bool, bool]] = []  # tag, quotes, is unseen, is struck
        self._quoted = self._unseen = self._struck = self._pre = self._ignored_tables = 0
        self._is_struck = False

    def finished(self) -> Tree:
        """The tree, with all that was left open closed."""
        while self._tables:
            self._end_table()
        self._end_line()
        return Tree(self._root, self._is_struck)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._leave("head")
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._end_line(is_spaced=tag in _SPACED)
        if _QUOTES.search(f"{given.get('class', '')} {given.get('id', '')}"):
            self._end_line()
            self._add(QUOTED_BELOW)
        if tag == "table":
            self._start_table()
        elif tag == "tr":
            self._start_row()
        elif tag in ("td", "th"):
            self._start_cell(given)
        self._enter(tag, given)

    def _enter(self, tag: str, given: dict[str, str]) -> None:
        if tag in _VOID or len(self._open) >= _DEEPEST:
            return
        style = given.get("style", "")
        state = (
            tag == "blockquote",
            tag in _SILENT or "hidden" in given or bool(_UNSEEN.search(style)),
            tag in _STRUCK or bool(_STRUCK_STYLE.search(style)),
        )
        self._open.append((tag, *state))
        self._count(*state, 1)
        self._pre += tag == "pre"

    def _count(self, quotes: bool, unseen: bool, struck: bool, /, by: int) -> None:
        self._quoted += by * quotes
        self._unseen += by * unseen
        self._struck += by * struck

    def _leave(self, tag: str) -> None:
        """Close the innermost `tag` and what was left open within it, never beyond the cell that is open."""
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                for name, quotes, unseen, struck in self._open[place:]:
                    self._count(quotes, unseen, struck, -1)
                    self._pre -= name == "pre"
                del self._open[place:]
                return

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_line(is_spaced=tag in _SPACED)
        if tag == "table":
            if self._ignored_tables:
                self._ignored_tables -= 1
            elif self._tables:
                self._end_table()
        elif tag == "tr" and self._tables and not self._ignored_tables:
            self._end_row()
        elif tag in ("td", "th") and self._tables and not self._ignored_tables:
            self._end_cell()
        self._leave(tag)

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._struck:
            self._is_struck = self._is_struck or bool(data.strip())
            return
        if not self._pre:
            self._words.append(data)
            return
        first, *others = data.split("\n")
        self._words.append(first)
        for line in others:
            self._end_line()
            self._words.append(line)

    def _cell(self) -> Cell:
        """The innermost open cell; words between cells belong to the cell around the table."""
        for table in reversed(self._tables):
            if table.is_cell_open:
                return table.rows[-1][-1]
        return self._root

    def _add(self, line: str) -> None:
        blocks = self._cell().blocks
        if line:
            within = self._tables[-1].quoted if self._tables else 0
            blocks.append("> " * (min(self._quoted, 5) - within) + line)
        elif blocks and blocks[-1] != "":
            blocks.append("")

    def _end_line(self, is_spaced: bool = False) -> None:
        joined = "".join(self._words)
        words = joined.rstrip() if self._pre else " ".join(joined.split())
        self._words = []
        if words:
            self._add(words)
        if is_spaced or self._pre:
            self._add("")

    def _start_table(self) -> None:
        if len(self._tables) >= _DEEPEST_TABLE:
            self._ignored_tables += 1
            return
        self._end_line()
        self._tables.append(Table(min(self._quoted, 5)))

    def _start_row(self) -> None:
        if self._ignored_tables:
            return self._end_line()
        if not self._tables:
            self._start_table()
        self._end_row()
        self._tables[-1].rows.append([])
        self._tables[-1].is_row_open = True
        return None

    def _start_cell(self, given: dict[str, str]) -> None:
        if self._ignored_tables:
            return self._end_line()
        if not self._tables or not self._tables[-1].is_row_open:
            self._start_row()
        self._end_cell()
        self._tables[-1].rows[-1].append(Cell([], _span(given, "colspan"), _span(given, "rowspan")))
        self._tables[-1].is_cell_open = True
        return None

    def _end_cell(self) -> None:
        self._end_line()
        table = self._tables[-1]
        if table.is_cell_open:
            blocks = table.rows[-1][-1].blocks
            while blocks and blocks[-1] == "":
                blocks.pop()
        table.is_cell_open = False

    def _end_row(self) -> None:
        self._end_cell()
        self._tables[-1].is_row_open = False

    def _end_table(self) -> None:
        """A table of one cell, or of none but single cells, is a frame: what it holds belongs to the cell around it."""
        self._end_row()
        table = self._tables.pop()
        rows = [row for row in table.rows if row]
        blocks = self._cell().blocks
        if all(len(row) == 1 for row in rows):
            for row in rows:
                blocks += row[0].blocks
        else:
            table.rows = rows
            blocks.append(table)


def _span(given: dict[str, str], name: str) -> int:
    stated = given.get(name, "").strip()
    return max(1, min(int(stated), _MAX_SPAN)) if stated.isdecimal() and len(stated) < 9 else 1
