"""By hand: the form with which people say that goods left one of our warehouses for another, or arrived there."""

from datetime import datetime
from typing import Literal

from prefect import flow
from prefect.runtime import flow_run

from tasks.clock import moment, run_name
from tasks.forms import shown
from tasks.transferring import Word, move_one, show_transfers

What = Literal["it has left", "it has arrived", "the rest is lost", "the rest came back", "call it off"]


@flow(name="move-transfer", flow_run_name=run_name, persist_result=True)
def move_transfer(
    transfer_no: str = shown(0, "Transfer", "The number in the table transfers, for example TR100012"),
    person: str = shown(1, "Your name", "Stands in the history of the stock"),
    what: What = shown(2, "What happened", "What is on the way may arrive in parts", "it has left"),
    differs: str = shown(
        3, "Lines that differ", "Where less left or arrived than the transfer says: IT-1 40, IT-2 0", ""
    ),
    note: str = shown(4, "Why", "Needed where the rest is lost or came back", ""),
    as_of: datetime | None = shown(5, "Time", "Leave empty for now", None),
) -> str:
    """Move the goods of a transfer: out of one warehouse, on the way, into the other."""
    now = moment(as_of)
    told = move_one(transfer_no, Word(person, what, now, differs, note, str(flow_run.id or "")))
    show_transfers(now)
    return told
