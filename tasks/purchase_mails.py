"""The outbox's rows for suppliers as mails; an order's facts are read when the mail goes out."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from typing import Any

from orderclerk.database.outbox import Message
from orderclerk.documents.facts import DeskFacts
from orderclerk.documents.purchase_facts import PurchaseFacts, PurchaseLineFacts
from orderclerk.documents.words import language_of
from orderclerk.domain.reading import Address
from orderclerk.domain.references import sign_reference
from tasks.purchasing import local_day

_STILL = {"purchase": ("approved", "sent"), "purchase-chase": ("sent",), "purchase-late": ("sent", "confirmed"),
          "purchase-cancel": ("cancelled",)}  # fmt: skip


def is_purchase(kind: str) -> bool:
    """Whether messages of this kind go to suppliers."""
    return kind in _STILL


def outdated_purchase_mail(kind: str, state: str) -> bool:
    """Whether what the mail says is no longer so, the order being in `state`."""
    return state not in _STILL[kind]


def purchase_mail(house: DeskFacts, message: Message, row: Mapping[str, Any], secret: bytes) -> EmailMessage:
    """The mail of an outbox row, the same bytes each time."""
    from orderclerk.documents.purchase_mail import PurchaseMail, render_purchase_mail

    facts = purchase_mail_facts(row, secret, house.timezone, str(message.payload.get("why", "")))
    round_ = int(message.payload.get("round", 0))
    return render_purchase_mail(
        PurchaseMail(message.kind), house, facts, message.recipient, message.created_at, round_=round_
    )


def purchase_mail_facts(row: Mapping[str, Any], secret: bytes, timezone: str, why: str = "") -> PurchaseFacts:
    """The book's row of an order as the facts of its documents."""
    chinese = language_of(row["language"]) == "zh_CN"
    return PurchaseFacts(
        po_no=row["po_no"], reference=sign_reference(row["po_no"], 1, secret), currency=row["currency"],
        ordered_on=local_day(row["approved_at"] or row["made_at"], timezone),
        lines=[_line(line, chinese) for line in row["lines"]],
        supplier_no=row["supplier_no"], supplier_name=row["supplier_name"],
        supplier_address=Address(**row["supplier_address"]), contact_name=row["contact_name"], language=row["language"],
        warehouse=row["warehouse"], warehouse_name=row["warehouse_name"], deliver_to=Address(**row["deliver_to"]),
        payment_terms_days=row["payment_terms_days"], our_customer_no=row["our_customer_no"], gln=row["gln"],
        wants_ubl=row["wants_ubl"], chased=row["chased"], message_refs=row["message_refs"], why=why,
    )  # fmt: skip


def _line(line: Mapping[str, Any], chinese: bool) -> PurchaseLineFacts:
    return PurchaseLineFacts(
        line["line_no"], line["item_no"], (line["name_zh"] if chinese else "") or line["name"],
        Decimal(line["quantity"]), Decimal(line["unit_price"]), line["unit"], line["supplier_ref"], line["barcode"],
        _day(line["wanted_date"]), Decimal(line["received"]), _day(line["expected_date"]),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
