"""A made-up purchase order for previews and pictures: no supplier or item here exists."""

from datetime import date
from decimal import Decimal

from orderclerk.documents.purchase_facts import PurchaseFacts, PurchaseLineFacts
from orderclerk.domain.reading import Address

_ITEMS = (
    ("HX-1007", "Hexagon bolt M8x40, zinc plated", "六角螺栓 M8×40 镀锌", "1200", "0.1234", "EA", "BT-88140"),
    ("NX-2000", "Wing nut M8, stainless steel A2", "蝶形螺母 M8 不锈钢 A2", "400", "0.35", "EA", ""),
    ("TP-3105", "Packing tape 50 mm x 66 m, brown", "封箱胶带 50毫米×66米 棕色", "36", "2.15", "BX", "7004"),
)  # fmt: skip


def sample_purchase(language: str) -> PurchaseFacts:
    """An order of three lines, in English or Chinese."""
    chinese = language == "zh_CN"
    lines = [
        PurchaseLineFacts(number, item, zh if chinese else en, Decimal(count), Decimal(price), unit, ref,
                          wanted_date=date(2026, 12, 11), expected_date=date(2026, 12, 11))
        for number, (item, en, zh, count, price, unit, ref) in enumerate(_ITEMS, start=1)
    ]  # fmt: skip
    return PurchaseFacts(
        "PO100012", "PO100012-1-k7xq2mzt", "CNY" if chinese else "EUR", date(2026, 11, 23), lines,
        supplier_no="S1001", supplier_name="宁波示例紧固件有限公司" if chinese else "Schraubenwerk Beispiel GmbH",
        supplier_address=Address("", "江东北路88号", "宁波", "浙江", "315000", "CN") if chinese
        else Address("", "Industriestraße 7", "Hagen", "", "58089", "DE"),
        contact_name="王经理" if chinese else "Frau Winter", language=language, warehouse="MAIN",
        warehouse_name="Main warehouse", deliver_to=Address("", "3 Dock Road", "Bristol", "", "BS11 9HW", "GB"),
        payment_terms_days=30, wants_ubl=not chinese,
    )  # fmt: skip
