"""The partners that drop files: how each writes its orders, and what an operator configures to read them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.world.edi import edifact, ubl, x12
from sandbox.world.entities import Customer, MasterData
from sandbox.world.orders import Line, Order
from sandbox.world.sheets import comma, csv_bytes, xlsx_bytes

Row = Sequence[object]


@dataclass(frozen=True)
class Sender:
    """One folder of the drop. `settings` is its section of orderclerk.toml; `share` its part of the file orders."""

    name: str
    format: str
    share: float
    customers: Callable[[Customer], bool]
    settings: Mapping[str, object] = field(default_factory=dict)
    row: Callable[[Order, int, Line], Row] = lambda order, nth, line: ()
    delimiter: str = ","
    encoding: str = "utf-8"
    at_once: int = 40  # orders a file at the most

    def buyers(self, data: MasterData) -> list[Customer]:
        """The customers whose orders come this way."""
        return [customer for customer in data.customers if self.customers(customer)]

    def write(self, orders: Sequence[Order], at: datetime, number: int) -> bytes:
        """One file of these orders."""
        if self.format == "ubl":
            return ubl(orders[0])
        if self.format in ("edifact", "x12"):
            return {"edifact": edifact, "x12": x12}[self.format](orders, at, number)
        rows = [tuple(self.settings["columns"].values())]  # type: ignore[attr-defined]
        rows += [tuple(self.row(order, nth, line)) for order in orders for nth, line in enumerate(order.lines, start=1)]
        return xlsx_bytes(rows) if self.format == "xlsx" else csv_bytes(rows, self.delimiter, self.encoding)

    def file_name(self, at: datetime, number: int) -> str:
        """What the partner calls its file."""
        extension = {"ubl": "xml", "edifact": "edi", "x12": "x12"}.get(self.format, self.format)
        return f"{self.name}-{at:%Y%m%d-%H%M}-{number:04d}.{extension}"


def _ref(order: Order) -> str:
    return "" if "hidden_ref" in order.extra else order.order_ref


def _requested(order: Order, pattern: str) -> str:
    text = order.extra.get("requested_text")
    return text or (order.requested.strftime(pattern) if order.requested else "")


def _place(order: Order) -> tuple[str, str, str, str]:
    place = order.place
    return (place.recipient, place.street, place.postal_code, place.city) if place else ("", "", "", "")


def _northgate(order: Order, nth: int, line: Line) -> Row:
    quantity, price = line.quantity_text or line.quantity, line.price_text or line.price
    return order.order_ref, nth, line.ref, line.name, quantity, price, order.currency, *_place(order)


def _nordlager(order: Order, nth: int, line: Line) -> Row:
    quantity, price = line.quantity_text or f"{line.quantity},00", line.price_text or comma(line.price)
    day, wanted = f"{order.at:%d.%m.%Y}", _requested(order, "%d.%m.%Y")
    return _ref(order), nth, day, line.ref, line.name, quantity, price, wanted, *_place(order)


def _huadong(order: Order, nth: int, line: Line) -> Row:
    quantity, price = line.quantity_text or line.quantity, line.price_text or line.price
    number = order.customer.number if order.customer else ""
    where = (
        (order.place.recipient, order.place.region, order.place.city, order.place.street) if order.place else [""] * 4
    )
    return _ref(order), number, order.name, line.ref, line.name, quantity, price, f"{order.at:%Y/%m/%d}", *where


def _thameside(order: Order, nth: int, line: Line) -> Row:
    price = line.price_text or line.price
    number = order.customer.number if order.customer else ""
    quantity = line.quantity_text or (-line.quantity if order.kind == "return" else line.quantity)
    return _ref(order), line.ref, line.name, quantity, f"{order.at:%Y-%m-%d}", price, number


SENDERS = (
    Sender(
        "northgate", "xlsx", 0.15, lambda c: c.keys.get("partner") == "northgate", row=_northgate,
        settings={"columns": {
            "order_ref": "PO", "line_ref": "Line", "item_ref": "Part", "description": "Description", "quantity": "Qty",
            "unit_price": "Price", "currency": "Currency", "recipient": "Ship to", "street": "Street",
            "postal_code": "Postcode", "city": "Town",
        }},
    ),
    Sender(
        "nordlager", "csv", 0.20, lambda c: c.keys.get("partner") == "nordlager", row=_nordlager, delimiter=";",
        encoding="cp1252", settings={"columns": {
            "order_ref": "Bestellnr", "line_ref": "Pos", "order_date": "Belegdatum", "item_ref": "Artikel",
            "description": "Bezeichnung", "quantity": "Menge", "unit_price": "Einzelpreis",
            "requested_date": "Liefertermin", "recipient": "Empfänger", "street": "Straße",
            "postal_code": "PLZ", "city": "Ort",
        }, "decimal": ",", "delimiter": ";", "encoding": "cp1252", "date_formats": ["%d.%m.%Y"], "currency": "EUR"},
    ),
    Sender(
        "huadong", "csv", 0.15, lambda c: c.currency == "CNY" and c.number[-1] in "02468", row=_huadong,
        encoding="gb18030", settings={"columns": {
            "order_ref": "订单号", "customer_number": "客户编号", "customer_name": "客户名称", "item_ref": "货号",
            "description": "品名", "quantity": "数量", "unit_price": "单价", "order_date": "下单日期",
            "recipient": "收货人", "region": "省份", "city": "城市", "street": "地址",
        }, "date_formats": ["%Y/%m/%d"], "currency": "CNY", "language": "zh_CN"},
    ),
    Sender(
        "thameside", "csv", 0.20, lambda c: c.currency == "GBP" and int(c.number[1:]) % 4 == 3 and bool(c.place),
        row=_thameside, settings={"columns": {
            "order_ref": "InvoiceNo", "item_ref": "StockCode", "description": "Description", "quantity": "Quantity",
            "order_date": "InvoiceDate", "unit_price": "UnitPrice", "customer_number": "CustomerID",
        }, "cancel_prefix": "C", "currency": "GBP"},
    ),
    Sender("peppol", "ubl", 0.12, lambda c: c.currency in ("EUR", "GBP") and int(c.number[1:]) % 5 == 0),
    Sender("edifabrik", "edifact", 0.10, lambda c: c.currency == "EUR" and int(c.number[1:]) % 3 == 1, at_once=20),
    Sender("prairie", "x12", 0.08, lambda c: c.currency == "USD" and int(c.number[1:]) % 2 == 0, at_once=20),
)  # fmt: skip
