"""What people say of a transfer between warehouses: it left, it arrived, the rest is lost or came back, call it off."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import pandas as pd
from prefect import task
from prefect.artifacts import create_table_artifact

from orderclerk.database import supplies, transfers
from orderclerk.database.backorders import recheck_waiting
from orderclerk.database.engine import Connection
from orderclerk.database.stock_moves import StockError
from tasks.backorders import refill_orders
from tasks.desk import current_desk

SHOWN = 200
_EXAMPLE = "write for example: IT-1 40, IT-2 0"


class Word(NamedTuple):
    """A person's word about a transfer: `what` is one of the choices of the form move-transfer.

    `differs` names the lines of which another quantity left or arrived than the transfer says: "IT-1 40, IT-2 0".
    `run` is the form's run: what it received once it does not receive again.
    """

    person: str
    what: str
    at: datetime
    differs: str = ""
    note: str = ""
    run: str = ""


@task(task_run_name="transfer-{transfer_no}")
def move_one(transfer_no: str, word: Word) -> str:
    """Do what a person says of a transfer; one sentence that says what happened. Raises StockError."""
    desk = current_desk()
    with desk.engine.begin() as conn:
        told = move_transfer(conn, transfer_no, word)
    refill_orders(desk.engine, desk.policy, word.at)
    return told


def move_transfer(conn: Connection, transfer_no: str, word: Word) -> str:
    """Move goods and state as `word` says, in this transaction. Raises StockError for what cannot be."""
    word = word._replace(person=word.person.strip(), note=word.note.strip())
    if not word.person:
        raise StockError("Goods are moved by a person: give your name")
    transfer = transfers.transfer_named(conn, transfer_no)
    if word.what == "it has left":
        return _leave(conn, _must_be(transfer, "draft"), word)
    if word.what == "call it off":
        transfers.close_transfer(conn, _must_be(transfer, "draft"), "cancelled", word.at, word.person, word.note)
        return f"{transfer.transfer_no} is called off by {word.person}"
    if word.what == "it has arrived":
        return _arrive(conn, _must_be(transfer, "sent"), word)
    return _end(conn, _must_be(transfer, "sent"), word)


def _must_be(transfer: Any, state: str) -> Any:
    if transfer.state != state:
        raise StockError(f"{transfer.transfer_no} is {transfer.state}: this can be said of one that is {state}")
    return transfer


def _leave(conn: Connection, transfer: Any, word: Word) -> str:
    lines = transfers.lines_of(conn, transfer.id)
    leaving = _quantities(lines, word.differs, "quantity_e3", transfer.transfer_no)
    if not leaving:
        raise StockError(f"Nothing of {transfer.transfer_no} left: call it off instead")
    transfers.send(conn, transfer, leaving, at=word.at, person=word.person)
    recheck_waiting(conn, lines["item_id"].tolist())
    return f"{transfer.transfer_no}: {len(leaving)} lines left {transfer.from_warehouse} for {transfer.to_warehouse}"


def _arrive(conn: Connection, transfer: Any, word: Word) -> str:
    """What came goes into stock, lot by lot as it left; the rest stays on the way."""
    form = f"{transfer.transfer_no}:{word.run or word.at.isoformat()}:"
    if transfers.has_received(conn, transfer.id, form):
        return "this form has received already"
    lines = transfers.lines_of(conn, transfer.id)
    came = _quantities(lines, word.differs, "on_way_e3", transfer.transfer_no)
    arriving = _by_lot(lines, transfers.on_the_way(conn, transfer.transfer_no), came)
    if not arriving.empty:
        keys = form + arriving["line_no"].astype("str") + ":" + arriving["lot"]
        receipts = arriving.assign(key=keys, from_code=transfer.transfer_no)
        supplies.receive(conn, receipts, at=word.at, actor=word.person)
        recheck_waiting(conn, lines["item_id"].tolist())
    left = len(transfers.on_the_way(conn, transfer.transfer_no))
    if left:
        return f"{transfer.transfer_no}: {len(came)} lines received, {left} are still on the way"
    transfers.close_transfer(conn, transfer, "received", word.at, word.person, word.note)
    return f"{transfer.transfer_no} is received whole in {transfer.to_warehouse}"


def _by_lot(lines: pd.DataFrame, on_way: pd.DataFrame, came: Mapping[int, int]) -> pd.DataFrame:
    """line_no, supply_id, lot and quantity_e3 of what came: of each item the lots that left first."""
    each = on_way.merge(lines[["line_no", "item_id", "supply_id"]], on="item_id")
    wanted = each["line_no"].map(came).fillna(0).astype("int64")
    before = each.groupby("line_no")["quantity_e3"].cumsum() - each["quantity_e3"]
    taken = (wanted - before).clip(lower=0).clip(upper=each["quantity_e3"])
    return each.assign(quantity_e3=taken)[taken > 0].astype({"supply_id": "int64"}).reset_index(drop=True)


def _end(conn: Connection, transfer: Any, word: Word) -> str:
    if not word.note:
        raise StockError("Say in the note what became of the rest")
    is_lost = word.what == "the rest is lost"
    to = ("loss", "") if is_lost else ("warehouse", f"{transfer.from_warehouse}/")
    transfers.end_transit(conn, transfer, to, "lost" if is_lost else "brought back", at=word.at, person=word.person)
    transfers.close_transfer(conn, transfer, "received" if is_lost else "cancelled", word.at, word.person, word.note)
    if not is_lost:
        recheck_waiting(conn, transfers.lines_of(conn, transfer.id)["item_id"].tolist())
    told = "is written off" if is_lost else f"is back in {transfer.from_warehouse}"
    return f"{transfer.transfer_no}: the rest {told}, says {word.person}"


def _quantities(lines: pd.DataFrame, differs: str, usual: str, transfer_no: str) -> dict[int, int]:
    """Thousandths by line, above 0: what is usual but for what `differs` says. Raises StockError if it cannot be."""
    found = dict(zip(lines["line_no"], lines[usual], strict=True))
    lines_by_item = {row.item_no.lower(): (row.line_no, getattr(row, usual)) for row in lines.itertuples()}
    for part in filter(None, (one.strip() for one in differs.split(","))):
        item, _, figure = part.rpartition(" ")
        line, most = lines_by_item.get(item.strip().lower(), (0, 0))
        if not line:
            raise StockError(f"{part!r}: {transfer_no} has no item {item or part}; {_EXAMPLE}")
        found[line] = _thousandths(figure, part)
        if found[line] > most:
            raise StockError(f"{part!r}: it can be {most / 1000:g} at most")
    return {int(line): int(quantity) for line, quantity in found.items() if quantity > 0}


def _thousandths(figure: str, part: str) -> int:
    try:
        value = Decimal(figure)
    except InvalidOperation:
        raise StockError(f"{part!r}: {figure!r} is no number; {_EXAMPLE}") from None
    if not value.is_finite() or value < 0 or value != round(value, 3):
        raise StockError(f"{part!r}: a quantity is 0 or more, with at most three decimals")
    return int(value * 1000)


@task(task_run_name="show-transfers")
def show_transfers(as_of: datetime) -> int:
    """Publish the open transfers; how many there are."""
    with current_desk().engine.connect() as conn:
        rows = transfers.list_transfers(conn, SHOWN)
    create_table_artifact(
        table=rows or [{"open transfers": "none"}],
        key="transfers",
        description=f"# Open transfers, {as_of:%Y-%m-%d %H:%M} UTC\n"
        "Say with the deployment **move-transfer** that one has left or arrived.",
    )
    return len(rows)
