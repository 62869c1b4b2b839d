"""Purchase orders on the terminal."""

import json

from orderclerk.cli_book import book_engine, rows_table, terminal
from orderclerk.database.purchase_views import list_purchases, purchase_status
from orderclerk.database.purchasing import PurchaseError

_LONG = ("approved_by", "made_at", "sent_at", "answered_at", "name")


def print_purchases(order: str, supplier: str, *, is_open: bool, as_json: bool) -> None:
    """The orders as a table, or one of them whole. Raises PurchaseError for a number there is not."""
    with book_engine().connect() as conn:
        if order:
            found = purchase_status(conn, order)
            if found is None:
                raise PurchaseError(f"There is no purchase order {order}; `orderclerk purchases --all` lists them")
        else:
            rows = list_purchases(conn, is_open=is_open, supplier=supplier)
    if as_json:
        terminal().print_json(json.dumps(found if order else rows, default=str, ensure_ascii=False))
    elif order:
        head = found["head"] if found else {}
        terminal().print(
            f"[bold]{head['po_no']}[/]  {head['state']}  {head['supplier']}, {head['total']:.2f} {head['currency']}"
        )
        for name, part in (found or {}).items():
            if name != "head" and part:
                terminal().print(rows_table(name, part))
    elif rows:
        terminal().print(
            rows_table(
                f"{len(rows)} purchase orders", [{k: v for k, v in row.items() if k not in _LONG} for row in rows]
            )
        )
    else:
        terminal().print("No purchase order is open." if is_open else "There is no purchase order.")
