"""The phone order: the clerk types it into the form of this flow's page, and it goes the way of every other order."""

from datetime import datetime
from typing import Annotated, Literal

from prefect import flow
from pydantic import Field

from tasks.clock import moment, run_name
from tasks.phone import enter_phone_order
from tasks.steps import check_orders, read_envelopes

Position = dict[str, object]


def _at(position: int) -> Position:
    return {"position": position}


@flow(name="enter-order", flow_run_name=run_name, persist_result=True, validate_parameters=True)
def enter_order(
    customer: Annotated[
        str,
        Field(
            title="Customer",
            description="Our customer number, their mail address or their name",
            json_schema_extra=_at(0),
        ),
    ],
    lines: Annotated[
        str,
        Field(
            title="Lines",
            description="One line each: item, quantity and, if agreed, the price. For example: AB-1234 10 12.50",
            json_schema_extra=_at(1),
        ),
    ],
    clerk: Annotated[
        str,
        Field(
            title="Your name",
            description="Who took the call: it stands in the order's history",
            json_schema_extra=_at(2),
        ),
    ],
    their_reference: Annotated[
        str,
        Field(
            title="Their reference",
            description="The customer's purchase order number, if they gave one",
            json_schema_extra=_at(3),
        ),
    ] = "",
    requested_date: Annotated[
        str,
        Field(
            title="Wanted on",
            description="Day of delivery as 2026-12-01; empty: as soon as possible",
            json_schema_extra=_at(4),
        ),
    ] = "",
    recipient: Annotated[
        str,
        Field(
            title="Deliver to",
            description="Name at the door; leave the address empty for the one on file",
            json_schema_extra=_at(5),
        ),
    ] = "",
    street: Annotated[str, Field(title="Street and number", json_schema_extra=_at(6))] = "",
    city: Annotated[str, Field(title="Town", json_schema_extra=_at(7))] = "",
    postal_code: Annotated[str, Field(title="Postal code", json_schema_extra=_at(8))] = "",
    country: Annotated[
        str, Field(title="Country", description="Two letters, for example GB or CN", json_schema_extra=_at(9))
    ] = "",
    payment_method: Annotated[
        Literal["", "invoice", "prepaid", "cod"],
        Field(title="Payment", description="Empty: as agreed with the customer", json_schema_extra=_at(10)),
    ] = "",
    remarks: Annotated[str, Field(title="Remarks", json_schema_extra=_at(11))] = "",
    as_of: Annotated[
        datetime | None, Field(title="Time of the call", description="Leave empty for now", json_schema_extra=_at(12))
    ] = None,
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
