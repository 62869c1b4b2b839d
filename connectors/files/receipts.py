"""What a warehouse reports to have arrived: a table of purchase order, item and quantity, one receipt a row."""

from decimal import Decimal

from connectors.files.figures import parse_date, parse_number
from connectors.files.outcomes import no_order, unreadable
from connectors.files.reports import Report, open_report
from connectors.files.tables import Cell, cell_text
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
_NEEDED = ("item", "quantity")


def read_receipts(envelope: Envelope, mapping: SenderMapping) -> Reading:
    """The receipts in a CSV or XLSX; never raises on bad input. `mapping.columns` may name the columns.

    A row without an order is kept: a person finds where it belongs. A row without a readable quantity is quarantined.
    """
    report = open_report(envelope, mapping, _NAMES, _NEEDED, "receipts")
    if isinstance(report, Reading):
        return report
    receipts, left = report.each(lambda table, row: _row(table, row, mapping))
    if receipts:
        return Reading(EnvelopeKind.RECEIPTS, receipts=receipts, unreadable=left)
    if left:
        return Reading(EnvelopeKind.UNREADABLE, unreadable=left, reason=left[0].reason)
    return no_order("The report has a header and no rows")


def _row(report: Report, row: int, mapping: SenderMapping) -> ReceiptRead | Unreadable:
    where = report.where(row)
    try:
        quantity = _quantity(report.cell(row, "quantity"), mapping.decimal)
        stated = report.text(row, "day")
        day = parse_date(stated, mapping.date_formats) if stated else None
    except ValueError as error:
        return unreadable(where, report.raw(row), "ROW-002", f"{where}: {error}")
    texts = {name: report.text(row, name) for name in ("po_no", "item", "lot", "bin", "delivery_ref")}
    if not texts["item"]:
        return unreadable(where, report.raw(row), "ROW-002", f"{where} names no item")
    return ReceiptRead(
        texts["po_no"].upper(), texts["item"], quantity, texts["lot"], texts["bin"], texts["delivery_ref"], day, where
    )


def _quantity(cell: Cell, decimal: str) -> Decimal:
    value = cell if isinstance(cell, Decimal) else parse_number(cell_text(cell), decimal)
    if value <= 0 or value != round(value, 3) or value > 10**9:
        raise ValueError(f"{value} is no quantity that can arrive")
    return value
