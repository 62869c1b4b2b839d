"""The phone order: the clerk types it into the form of this flow's page, and it goes the way of every other order."""

from datetime import datetime
from typing import Literal

from prefect import flow

from tasks.clock import moment, run_name
from tasks.forms import shown
from tasks.phone import enter_phone_order
from tasks.steps import check_orders, read_envelopes

Payment = Literal["", "invoice", "prepaid", "cod"]


@flow(name="enter-order", flow_run_name=run_name, persist_result=True)
def enter_order(
    customer: str = shown(0, "Customer", "Our customer number, their mail address or their name"),
    lines: str = shown(1, "Lines", "One a line: item, quantity and, if agreed, the price. Such as: AB-1234 10 12.50"),
    clerk: str = shown(2, "Your name", "Who took the call; it stands in the order's history"),
    their_reference: str = shown(3, "Their reference", "The customer's purchase order number, if they gave one", ""),
    requested_date: str = shown(4, "Wanted on", "Day of delivery as 2026-12-01; empty: as soon as possible", ""),
    recipient: str = shown(5, "Deliver to", "Name at the door. Leave the address empty for the one on file", ""),
    street: str = shown(6, "Street", "Street and number", ""),
    city: str = shown(7, "Town", "Town or city", ""),
    postal_code: str = shown(8, "Postal code", "As it is written there", ""),
    country: str = shown(9, "Country", "Two letters, such as GB or CN", ""),
    payment_method: Payment = shown(10, "Payment", "Empty: as agreed with the customer", ""),
    remarks: str = shown(11, "Remarks", "What else was said", ""),
    as_of: datetime | None = shown(12, "Time of the call", "Leave empty for now", None),
) -> dict[str, int]:
    """Enter an order taken on the phone.

    It is checked like any other: the customer gets an offer by mail, or the order is held with a reason.
    """
    now = moment(as_of)
    fields = {
        "customer": customer, "lines": lines, "order_ref": their_reference, "requested_date": requested_date,
        "recipient": recipient, "street": street, "city": city, "postal_code": postal_code, "country": country,
        "payment_method": payment_method, "remarks": remarks,
    }  # fmt: skip
    batch_id = enter_phone_order(fields, clerk, now)
    return read_envelopes(batch_id, now) | check_orders(now)
