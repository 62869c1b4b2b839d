"""Stock on the terminal: how much of an item is where, what is coming, and how it moved."""

import json
from collections.abc import Mapping
from typing import Any

from rich.markup import escape

from orderclerk.cli_book import rows_table, terminal


class UnknownItem(Exception):
    """No item has this number or barcode."""


def print_item(ref: str, found: Mapping[str, Any] | None, *, as_json: bool) -> None:
    """An item as `stock_view` gives it: its head, and each list as a table. Raises UnknownItem for None."""
    if found is None:
        raise UnknownItem(f"There is no item {ref}; give our number or its barcode")
    console = terminal()
    if as_json:
        console.print_json(json.dumps(found, default=str, ensure_ascii=False))
        return
    console.print(
        f"[bold]{escape(found['item_no'])}[/]  {escape(found['name'])} ({escape(found['unit'])})", highlight=False
    )
    head = f"[bold]{escape(found['item_no'])}[/]  {escape(found['name'])}, counted in {escape(found['unit'])}"
    console.print(head, highlight=False)
    tables = {title: rows for title, rows in found.items() if isinstance(rows, list) and rows}
    for title, rows in tables.items():
        console.print(rows_table(title, rows))
    if not tables:
        console.print("Nothing of it was ever kept.", highlight=False)
