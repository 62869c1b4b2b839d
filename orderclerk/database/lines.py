"""Order lines into the book."""

import pandas as pd
from sqlalchemy import Connection

from orderclerk.database.engine import copy_frame

LINE_COLUMNS = (
    "order_id", "line_no", "line_ref", "row", "item_ref", "barcode", "description", "item_id", "quantity", "unit",
    "unit_price", "is_charge", "problems", "line_total", "confidence", "evidence",
)  # fmt: skip


def copy_lines(conn: Connection, lines: pd.DataFrame, ids: dict[int, int]) -> None:
    """COPY the lines of the orders in `ids` (the column `order` -> order id) into the book."""
    frame = lines.assign(order_id=lines["order"].map(ids))
    copy_frame(conn, "order_lines", frame[list(LINE_COLUMNS)])
