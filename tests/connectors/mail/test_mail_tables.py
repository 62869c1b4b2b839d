"""Tables as customers draw them, each as a grid, between tabs and aligned by blanks, and what a clerk reads in them.

fragments/tables.txt: `# language: name`, the rows, and behind `>` each line as quantity, unit, item number or words and
price (- for no unit, ? for a quantity that cannot be told, ! behind one that is not quite sure); `> held` if some line
must not pass.
"""

from datetime import date
from pathlib import Path

import pytest

from connectors.mail.body import read_body, read_source
from connectors.mail.gridding import lines_and_grids
from connectors.mail.lines.model import TypedLine
from connectors.mail.orders import Head, orders_of
from connectors.mail.parts import BodyRead
from connectors.mail.sources import Source

TABLES = Path(__file__).with_name("fragments") / "tables.txt"
TODAY = date(2026, 11, 25)
SURE = 0.97


def tables() -> list[tuple[str, str, list[list[str]], list[str]]]:
    found = []
    for block in TABLES.read_text(encoding="utf-8").split("\n\n"):
        head, *lines = block.strip().split("\n")
        rows = [[cell.strip() for cell in line.split("|")] for line in lines if not line.startswith(">")]
        told = [line[2:] for line in lines if line.startswith(">")]
        found.append((head[2:].partition(": ")[2], head[2:].partition(": ")[0], rows, told))
    return found


def as_grid(rows: list[list[str]], language: str) -> BodyRead:
    lines, grids = lines_and_grids([(f"row {nth}", row) for nth, row in enumerate(rows, start=1)], 0)
    return read_source(Source("order.xlsx", "xlsx", tuple(lines), tuple(grids)), language, TODAY)


def between_tabs(rows: list[list[str]], language: str) -> BodyRead:
    return read_body(["\t".join(row) for row in rows], language, TODAY)


def aligned(rows: list[list[str]], language: str) -> BodyRead:
    width = max(map(len, rows))
    full = [row + [""] * (width - len(row)) for row in rows]
    widths = [max(len(row[place]) for row in full) for place in range(width)]
    return read_body(
        ["  ".join(cell.ljust(widths[n]) for n, cell in enumerate(row)).rstrip() for row in full], language, TODAY
    )


def is_sure(line: TypedLine) -> bool:
    return line.quantity is not None and not line.problems and line.confidence >= SURE


def told(line: TypedLine, expected: str) -> str:
    quantity = "?" if line.quantity is None else f"{line.quantity.normalize():f}"
    doubt = "" if quantity == "?" or (is_sure(line) and "!" not in expected) else "!"
    words = f"{line.item or line.barcode} {line.description}".strip()
    wanted = expected.split(" @")[0].split(" ", 2)[2]
    price = f" @{line.price}" if "@" in expected else ""
    return f"{quantity}{doubt} {line.unit or '-'} {wanted if words.startswith(wanted) else words}{price}"


@pytest.mark.parametrize("drawn", [as_grid, between_tabs, aligned], ids=lambda how: how.__name__)
@pytest.mark.parametrize(("name", "language", "rows", "expected"), tables(), ids=lambda value: str(value)[:40])
def test_a_table_is_read_as_a_clerk_reads_it(name, language, rows, expected, drawn) -> None:
    lines = [one.line for one in drawn(rows, language).lines]
    if expected == ["held"]:
        assert lines
        assert not all(is_sure(line) for line in lines)
        return
    assert len(lines) == len(expected), [line.raw for line in lines]
    assert [told(line, want) for line, want in zip(lines, expected, strict=True)] == expected
    assert all(line.quantity is not None or line.problems for line in lines)


SEVERAL = {
    "a column of order numbers": (
        ["Order no. | Item | Qty", "PO-1 | AB-1001 | 3", "PO-1 | AB-1002 | 4", "PO-2 | AB-1001 | 5"],
        {"PO-1": ["AB-1001 3", "AB-1002 4"], "PO-2": ["AB-1001 5"]},
    ),
    "a row that names the order": (
        ["Item | Name | Qty", "Order PO-1 | |", "AB-1001 | Mug | 3", "Order PO-2 | |", "AB-1001 | Mug | 5"],
        {"PO-1": ["AB-1001 3"], "PO-2": ["AB-1001 5"]},
    ),
    "one order's number on every row": (
        ["合同编号 | No. | 商品编号 | 品名 | 采购数量", "EK2/6 | 10 | TO16-5 | 扎带 | 20", "EK2/6 | 20 | TO16-6 | 扎带 | 30"],
        {"EK2/6": ["TO16-5 20", "TO16-6 30"]},
    ),
    "a second header within": (
        ["PO number | PO-1", "Item | Name | Qty", "AB-1001 | Mug | 3", "Name | Code | Pcs", "Tub | AB-1002 | 5"],
        {"PO-1": ["AB-1001 3", "AB-1002 5"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SEVERAL)
def test_a_table_of_several_orders_is_taken_apart(name) -> None:
    rows, expected = SEVERAL[name]
    read = as_grid([[cell.strip() for cell in row.split("|")] for row in rows], "en")
    orders = orders_of([read], Head("Orders", "a@customer.example", "<1>"))
    found = {order.order_ref: [f"{line.item_ref} {line.quantity}" for line in order.lines] for order in orders}
    assert found == expected
    assert not any(order.problems or line.problems for order in orders for line in order.lines)
