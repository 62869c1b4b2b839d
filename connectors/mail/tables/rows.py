"""The rows of a table whose columns are known, into order lines and what the table says of the whole order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from connectors.mail.amounts import read_number, unit_code
from connectors.mail.lines.describing import tidy
from connectors.mail.lines.figures import Figure, find_figures
from connectors.mail.lines.items import find_item, is_barcode
from connectors.mail.lines.model import Span, TypedLine
from connectors.mail.lines.words import LEGAL, NUMBERING
from connectors.mail.normal import plain_line
from connectors.mail.sources import DITTO
from connectors.mail.speech import Speech
from connectors.mail.tables.headers import Header
from connectors.mail.tables.money import NOTHING, add_prices
from connectors.mail.tables.totals import RULER, SPACED_CODE, amount_of, is_code
from orderclerk.domain.reading import Problem

MIN_BLANK = 2  # rows without a quantity that make a table an order form
_DITTO = re.compile(rf"(?:{DITTO}|\"|''|do\.?|dto\.?|ditto|idem|id\.|同上|〃)", re.IGNORECASE)
_POINT = re.compile(r"^[-*•·▪●] +(?=\w)")  # a list whose points were taken for a table's rows
_BLANK_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d])")


@dataclass(slots=True)
class TableRead:
    """The lines of a table with the places of their rows; amounts of the order by field; rows that are neither."""

    lines: list[tuple[int, TypedLine]] = field(default_factory=list)
    amounts: dict[str, str] = field(default_factory=dict)
    left: list[tuple[int, str]] = field(default_factory=list)


def read_rows(header: Header, rows: Sequence[Sequence[str]], places: Sequence[str], speech: Speech) -> TableRead:
    """What stands in `rows` under `header`; `places` name the rows."""
    read, above = TableRead(), [""] * len(header.names)
    blank, heads = 0, _sub_heads(rows)
    for nth, written in enumerate(rows):
        cells = _filled([plain_line(cell.replace("\n", " ")) for cell in written], above)
        above = cells
        if not any(cells) or RULER.fullmatch("".join(cells)):
            continue
        if amount := amount_of(header, cells):
            _keep_amount(read.amounts, *amount)
            continue
        if nth in heads or (LEGAL.search(" ".join(cells)) and not is_code(header.cell("item_ref", cells))):
            read.left.append((nth, " | ".join(cell for cell in cells if cell)))
            continue
        line = _line(header, cells, places[nth], len(cells) > len(header.names), speech)
        if line is None and _continues(header, cells) and read.lines:
            _extend(read.lines[-1][1], header.cell("description", cells) or header.cell("item_ref", cells))
        elif line is None:
            read.left.append((nth, " | ".join(cell for cell in cells if cell)))
        elif _is_blank(header, cells):
            blank += 1
            read.lines.append((nth, line))
        else:
            read.lines.append((nth, line))
    if blank >= MIN_BLANK and blank * 2 >= len(read.lines):  # an order form: what has no quantity is not wanted
        read.lines = [(nth, line) for nth, line in read.lines if line.quantity is not None or line.unit != "?"]
    for _, line in read.lines:
        line.unit = "" if line.unit == "?" else line.unit
    return read


def _keep_amount(amounts: dict[str, str], name: str, value: str) -> None:
    """The first value of each name; two subtotals are those of groups, and neither is the order's."""
    if name == "subtotal" and amounts.get(name, value) != value:
        amounts[name] = ""
    amounts.setdefault(name, value)


def _sub_heads(rows: Sequence[Sequence[str]]) -> set[int]:
    """The rows that only name a group of goods: words in one cell, as the first row of the table has."""
    words = [nth for nth, row in enumerate(rows) if _names_group([plain_line(cell) for cell in row])]
    first = next((nth for nth, row in enumerate(rows) if any(cell.strip() for cell in row)), -1)
    are_apart = not any(second - one == 1 for one, second in pairwise(words))
    return set(words) if first in words and are_apart and len(words) * 2 <= len(rows) else set()


def _names_group(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return len(filled) == 1 and not re.search(r"\d", filled[0]) and filled[0] != DITTO


def _filled(cells: list[str], above: list[str]) -> list[str]:
    return [above[place] if _DITTO.fullmatch(cell) and place < len(above) else cell for place, cell in enumerate(cells)]


def _continues(header: Header, cells: Sequence[str]) -> bool:
    """Whether a row only goes on with the description of the one above."""
    filled = [place for place, cell in enumerate(cells) if cell]
    told = {header.places.get("description"), header.places.get("item_ref")}
    return len(filled) == 1 and filled[0] in told and not re.search(r"\d{3}", cells[filled[0]])


def _extend(line: TypedLine, words: str) -> None:
    line.description = f"{line.description} {words}".strip()[:200]


def _is_blank(header: Header, cells: Sequence[str]) -> bool:
    return NOTHING.fullmatch(header.cell("quantity", cells)) is not None


def _line(header: Header, cells: Sequence[str], place: str, is_too_wide: bool, speech: Speech) -> TypedLine | None:
    item, barcode, words = (_POINT.sub("", header.cell(name, cells)) for name in ("item_ref", "barcode", "description"))
    quantity = header.cell("quantity", cells)
    raw = " | ".join(cells)
    if not (item or barcode or words) or (not item and not barcode and not quantity):
        return None
    line = TypedLine(raw[:400], "", None, form="inferred table" if header.is_inferred else "header table")
    line.doubts |= header.doubts
    _add_item(line, item, barcode, words)
    if not (line.names_item or line.description):
        return None
    for name in ("item_ref", "barcode", "description", "unit", "unit_price", "line_total", "quantity"):
        if cell := header.cell(name, cells):
            line.spans.append(Span(name, 0, len(cell), place=f"{place} {header.place_of(name)}", text=cell))
    if is_too_wide and any(cells[len(header.names) :]):
        reason = "The row has more cells than the table has columns"
        line.problems.append(Problem("LIN-001", "quantity", raw[:100], reason))
        return line
    _add_quantity(line, header, cells, speech)
    _doubt_progress(line, header, cells)
    add_prices(line, header, cells, speech)
    return line


def _doubt_progress(line: TypedLine, header: Header, cells: Sequence[str]) -> None:
    """What was delivered or is open already: whether all or the rest is ordered does not follow."""
    told = [cell for name, cell in zip(header.columns, cells, strict=False) if name == "progress"]
    if any(re.search(r"[1-9]", cell) for cell in told):
        line.doubts.add("two counts")


def _add_item(line: TypedLine, item: str, barcode: str, words: str) -> None:
    if (numbered := NUMBERING.match(item)) and numbered.end() < len(item):
        item = item[numbered.end() :]
    line.barcode = barcode.replace(" ", "")[:20] if barcode else ""
    line.description = words[:200]
    if item and is_barcode(item) and not line.barcode:
        line.barcode = item
    elif item and (" " not in item or SPACED_CODE.fullmatch(item)):
        if any(char.isdigit() for char in item) or item.isupper() or words:
            line.item = item[:60]
        else:
            line.description = item[:200]
    elif item:
        _split(line, item, words)
    if not line.item and not line.barcode and words and not item:
        _split(line, "", words)


def _split(line: TypedLine, item: str, words: str) -> None:
    """A cell that holds number and name together."""
    told = item or words
    found = find_item(told)
    if found:
        line.item = found.text
        rest = tidy(told[: found.start] + " " + told[found.end :])
        line.description = " ".join(part for part in (rest, words if item else "") if part)[:200]
    else:
        line.description = " ".join(part for part in (item, words) if part)[:200]


def _add_quantity(line: TypedLine, header: Header, cells: Sequence[str], speech: Speech) -> None:
    text = header.cell("quantity", cells)
    if header.rivals and not _settle_rivals(line, header, cells, speech):
        return
    if NOTHING.fullmatch(text):
        line.unit = "?"
        line.problems.append(Problem("LIN-001", "quantity", text[:40], "The line states no quantity"))
        return
    if header.rivals:
        return
    _take_figure(line, text, header.cell("unit", cells), header.unit, speech)


def _take_figure(line: TypedLine, text: str, unit: str, usual: str, speech: Speech) -> None:
    text = _BLANK_GROUPS.sub(lambda found: found[0].replace(" ", "'"), text)
    figures = find_figures(text, speech)
    first = figures[0] if figures else None
    if first is None or first.value is None or (len(figures) > 1 and not _is_packed(line, first, figures[1])):
        reason = first.why if first and first.why else f"{text[:40]!r} is not a number"
        line.problems.append(Problem("LIN-001", "quantity", text[:40], reason))
        return
    if re.search(r"[A-Za-z\u4e00-\u9fff]", text[: first.start]) and first.role not in ("labelled",):
        line.problems.append(Problem("LIN-001", "quantity", text[:40], f"{text[:40]!r} is not a number"))
        return
    line.doubts |= first.doubts
    if text.lstrip().startswith("-"):
        line.problems.append(Problem("LIN-007", "quantity", text[:40], "A negative quantity in an order"))
        return
    behind = "" if first.unit or len(figures) > 1 else text[max(first.end, first.unit_end) :].strip(" .,;()[]")
    line.unit = first.unit or behind[:10] or unit_code(unit) or unit[:10] or usual
    line.quantity = first.value
    if first.unit and unit_code(unit) not in ("", first.unit):
        line.doubts.add("columns contradict")
    if line.unit == "DZN":
        _count_out(line)


def _count_out(line: TypedLine) -> None:
    """Dozens as pieces: nothing is sold by the dozen that is not counted by the piece."""
    if line.quantity is not None:
        line.quantity, line.unit = line.quantity * 12, "EA"
        line.doubts.add("dozens with a price")


def _is_packed(line: TypedLine, first: Figure, second: Figure) -> bool:
    """`5 cartons of 12`, `10 (2 boxes)`: whether the second figure is only the pack."""
    if second.role != "pack" or second.value is None:
        return False
    line.pack = second.value
    line.doubts.add("pack stated")
    return first.value is not None


def _settle_rivals(line: TypedLine, header: Header, cells: Sequence[str], speech: Speech) -> bool:
    """Of two columns that say how many, the one in pieces if boxes times pack gives it; else a Problem."""
    said = [(place, cells[place]) for place in (header.places["quantity"], *header.rivals) if place < len(cells)]
    texts = [text for _, text in said]
    filled = [(place, text) for place, text in said if not NOTHING.fullmatch(text)]
    if len(filled) == 1:
        _take_figure(line, filled[0][1], header.cell("unit", cells), header.units.get(filled[0][0], ""), speech)
        return True
    try:
        values = [read_number(text, speech.decimal) for _, text in filled]
        pack = read_number(header.cell("pack", cells), speech.decimal) if header.cell("pack", cells) else None
    except ValueError:
        values, pack = [], None
    if len(values) == 2 and values[0] == values[1]:
        line.quantity, line.unit = values[0], header.unit
        return True
    if len(values) == 2 and pack is not None and min(values) * pack == max(values):
        line.quantity, line.unit, line.pack = max(values), "EA", pack
        line.doubts.add("pack stated")
        return True
    names = " and ".join(repr(header.names[place]) for place in (header.places["quantity"], *header.rivals))
    line.problems.append(Problem("LIN-001", "quantity", " ".join(texts)[:40], f"The columns {names} both say how many"))
    return False


def speech_of_columns(header: Header, rows: Sequence[Sequence[str]], speech: Speech) -> Speech:
    """`speech` with the decimal mark that the table's own prices show, if they show one."""
    cells = [header.cell(name, row) for row in rows for name in ("unit_price", "line_total")]
    text = " ; ".join(plain_line(cell) for cell in cells)
    commas = len(re.findall(r"\d,\d{1,2}(?!\d)", text))
    points = len(re.findall(r"\d\.\d{1,2}(?!\d)", text))
    if bool(commas) == bool(points):
        return speech
    return replace(speech, decimal="," if commas else ".", is_shown=True)
