"""What a warehouse reports to have arrived: a table of purchase order, item and quantity, one receipt a row."""

from decimal import Decimal

from connectors.files import sniffing
from connectors.files.decoding import decode
from connectors.files.figures import parse_date, parse_number
from connectors.files.outcomes import no_order, quarantined, unreadable
from connectors.files.tables import Cell, Table, cell_text
from connectors.files.tabular import read_csv
from connectors.files.workbook import Unsafe, read_workbook
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import EnvelopeKind, Reading, ReceiptRead, Unreadable

_NAMES = {
    "po_no": "po_no po ponumber purchaseorder purchaseorderno orderno order ourorder bestellung bestellnummer "
    "采购订单 采购单号 订单号",
    "item": "item item_no itemno article articleno sku artikel artikelnummer product 货号 物料 商品编号 料号",
    "quantity": "quantity qty received quantityreceived receivedquantity menge anzahl 数量 实收数量 到货数量",
    "lot": "lot lotno batch batchno charge 批号 批次",
    "bin": "bin location place lagerplatz 库位 货位",
    "delivery_ref": "delivery deliverynote deliveryno deliveryref note lieferschein 送货单 送货单号",
    "day": "day date received_on receivedon receiveddate deliverydate datum 日期 到货日期 收货日期",
}
_COLUMN = {_name: field for field, names in _NAMES.items() for _name in names.split()}
_NEEDED = ("item", "quantity")


def read_receipts(envelope: Envelope, mapping: SenderMapping) -> Reading:
    """The receipts in a CSV or XLSX; never raises on bad input. `mapping.columns` may name the columns.

    A row without an order is kept: a person finds where it belongs. A row without a readable quantity is quarantined.
    """
    try:
        table = _table(envelope, mapping)
    except Unsafe as error:
        return quarantined("ENV-003", str(error))
    except ValueError as error:
        return quarantined("ENV-001", str(error))
    places = _places(table, mapping)
    if missing := [name for name in _NEEDED if name not in places]:
        reason = f"A report of receipts needs the columns po_no, item and quantity; it lacks {', '.join(missing)}"
        return quarantined("ENV-004", reason, " | ".join(table.headers))
    found = [_row(table, places, row, mapping) for row in range(len(table.rows))]
    left = (*table.unreadable, *(one for one in found if isinstance(one, Unreadable)))
    receipts = tuple(one for one in found if isinstance(one, ReceiptRead))
    if receipts:
        return Reading(EnvelopeKind.RECEIPTS, receipts=receipts, unreadable=left)
    if left:
        return Reading(EnvelopeKind.UNREADABLE, unreadable=left, reason=left[0].reason)
    return no_order("The report has a header and no rows")


def _table(envelope: Envelope, mapping: SenderMapping) -> Table:
    kind = sniffing.sniff(envelope.content)
    if kind == sniffing.XLSX:
        return read_workbook(envelope.content, mapping.sheet, mapping.skip_rows)
    if kind != sniffing.CSV:
        raise ValueError(f"A report of receipts is a CSV or XLSX, not {kind}")
    return read_csv(decode(envelope.content, mapping.encoding), mapping.delimiter, mapping.skip_rows)


def _places(table: Table, mapping: SenderMapping) -> dict[str, int]:
    """Field -> column; the first of several."""
    stated = {header.casefold(): field for field, header in mapping.columns.items()}
    found: dict[str, int] = {}
    for place, header in enumerate(table.headers):
        plain = "".join(header.casefold().replace(".", "").split())
        field = stated.get(header.casefold()) or _COLUMN.get(plain) or _COLUMN.get(plain.replace("_", "")) or ""
        field = {"order_ref": "po_no", "item_ref": "item"}.get(field, field)
        if field in _NAMES:
            found.setdefault(field, place)
    return found


def _row(table: Table, places: dict[str, int], row: int, mapping: SenderMapping) -> ReceiptRead | Unreadable:
    def cell(field: str) -> Cell:
        if field not in places:
            return ""
        column = table.columns[places[field]]
        value: Cell = column.values[column.codes[row]]
        return value

    where = f"row {table.rows[row]}"
    raw = " | ".join(cell_text(column.values[column.codes[row]]) for column in table.columns)
    try:
        quantity = _quantity(cell("quantity"), mapping.decimal)
        stated = cell_text(cell("day"))
        day = parse_date(stated, mapping.date_formats) if stated else None
    except ValueError as error:
        return unreadable(where, raw, "ROW-002", f"{where}: {error}")
    texts = {name: cell_text(cell(name)).strip() for name in ("po_no", "item", "lot", "bin", "delivery_ref")}
    if not texts["item"]:
        return unreadable(where, raw, "ROW-002", f"{where} names no item")
    return ReceiptRead(
        texts["po_no"].upper(), texts["item"], quantity, texts["lot"], texts["bin"], texts["delivery_ref"], day, where
    )


def _quantity(cell: Cell, decimal: str) -> Decimal:
    value = cell if isinstance(cell, Decimal) else parse_number(cell_text(cell), decimal)
    if value <= 0 or value != round(value, 3) or value > 10**9:
        raise ValueError(f"{value} is no quantity that can arrive")
    return value
