"""The tables among the rows of a part: their order lines and what they state of the whole order."""

from collections.abc import Sequence

from connectors.mail.missed import row_names_goods
from connectors.mail.normal import plain_line
from connectors.mail.parts import BodyRead, Placed, Row
from connectors.mail.tables.finding import find_table
from connectors.mail.tables.rows import TableRead, read_rows, speech_of_columns
from connectors.mail.text_fields import label_name, read_fields


def stood_upright(rows: list[Row]) -> list[Row]:
    """A row of labels above a row of values as one labelled line each."""
    upright: list[Row] = []
    place = 0
    while place < len(rows):
        heads, values = _cells(rows[place]), _cells(rows[place + 1]) if place + 1 < len(rows) else []
        if len(heads) > 1 and len(values) in (len(heads), len(heads) + 1) and all(label_name(head) for head in heads):
            place_named = rows[place + 1].place
            upright += [Row(f"{head}: {value}", place_named) for head, value in zip(heads, values, strict=False)]
            upright.append(Row("", ""))
            place += 2
        else:
            upright.append(rows[place])
            place += 1
    return upright


def _cells(row: Row) -> list[str]:
    return [cell.strip() for cell in row.raw.split("\t")] if "\t" in row.raw else []


def add_table(read: BodyRead, place: int, cells: list[list[str]], places: Sequence[str]) -> None:
    """Read the table `cells` that stands at `place`; `places` name its rows."""
    found = find_table(cells)
    if not found:
        return
    header, start = found
    rows, names = cells[start:], list(places[start:])
    table = read_rows(header, rows, names, speech_of_columns(header, rows, read.speech))
    _take(read, place, start, table, rows, names)
    above = [Row("\t".join(row), "") for row in cells[: max(0, start - header.height)]]
    for one in stood_upright(above):
        _take_label(read, place, one.raw.split("\t"))


def _take(read: BodyRead, place: int, start: int, table: TableRead, rows: list[list[str]], names: list[str]) -> None:
    is_text = read.rows[place].grid is None
    for nth, line in table.lines:
        row = place + start + nth if is_text else place
        read.lines.append(Placed(row, names[nth], "\t".join(rows[nth]), line))
    read.has_table = read.has_table or bool(table.lines)
    for name, value in table.amounts.items():
        read.fields.add(name, value, place)
    for nth, _ in table.left:
        if not _take_label(read, place, rows[nth]):
            text = " ".join(cell for cell in rows[nth] if cell)
            read.left.append((place, text))
            read.missed += [text] if row_names_goods(rows[nth]) else []


def _take_label(read: BodyRead, place: int, cells: Sequence[str]) -> bool:
    """A row that states a labelled value: `Order number | 4711`."""
    filled = [plain_line(cell.replace("\n", " ")) for cell in cells if cell.strip()]
    text = "\t".join(filled) if len(filled) == 2 else "; ".join(filled)
    stated = read_fields([text], [text]).stated if filled else []
    for one in stated:
        read.fields.add(one.name, one.value, place)
    return bool(stated)
