"""By hand: the form with which a person releases a hold, or calls the order off."""

from datetime import datetime
from typing import Annotated, Literal

from prefect import flow
from pydantic import Field

from tasks.clock import moment, run_name
from tasks.decisions import release_one
from tasks.steps import check_orders

Decision = Literal["release", "confirm for the customer", "decline for the customer", "cancel the order"]


@flow(name="release-hold", flow_run_name=run_name, persist_result=True)
def release_hold(
    hold: Annotated[
        int,
        Field(
            title="Hold",
            description="The number in the column 'hold' of the table of held orders",
            json_schema_extra={"position": 0},
        ),
    ],
    person: Annotated[
        str, Field(title="Your name", description="Stands in the order's history", json_schema_extra={"position": 1})
    ],
    decision: Annotated[
        Decision,
        Field(
            title="Decision",
            description="'confirm' and 'decline' are for answers the desk did not understand",
            json_schema_extra={"position": 2},
        ),
    ] = "release",
    note: Annotated[
        str,
        Field(title="Why", description="One sentence for whoever reads the history", json_schema_extra={"position": 3}),
    ] = "",
    as_of: Annotated[
        datetime | None, Field(title="Time", description="Leave empty for now", json_schema_extra={"position": 4})
    ] = None,
) -> str:
    """Release one hold of an order, or call the order off; it is then checked again at once."""
    now = moment(as_of)
    outcome = release_one(hold, person, decision, note, now)
    check_orders(now)
    return outcome
