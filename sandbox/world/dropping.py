"""The files of the day: orders gathered into drops, some broken, one dropped twice, one seen half-written."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from math import ceil

from sandbox.world.events import FileDrops
from sandbox.world.making import moment
from sandbox.world.orders import Order, OrderMaker
from sandbox.world.senders import SENDERS, Sender
from sandbox.world.sheets import csv_bytes

DROPS = 3  # a day and sender at the least
NEWCOMER = "newcomer"  # a folder of which orderclerk.toml says nothing


def newcomer_file(maker: OrderMaker) -> FileDrops:
    """A file of a partner nobody has told the desk about, with columns of its own."""
    rng = maker.stream(NEWCOMER)
    rows = [("Beleg", "Was", "Wieviel"), *((f"N{nth}", rng.choice(maker.sellable).name, 10 * nth) for nth in (1, 2))]
    return FileDrops(moment(rng, maker.day), NEWCOMER, "bestand.csv", partial(csv_bytes, rows, ";"))


def file_events(orders: Iterable[Order], maker: OrderMaker) -> list[FileDrops]:
    """Every file of the day; orders learn the moment and the name of their file."""
    of_sender = {sender.name: [order for order in orders if order.sender == sender.name] for sender in SENDERS}
    events = []
    for sender in SENDERS:
        events += _drops(sender, sorted(of_sender[sender.name], key=lambda order: order.at), maker)
    return events


def _drops(sender: Sender, orders: Sequence[Order], maker: OrderMaker) -> list[FileDrops]:
    alone = [order for order in orders if _is_alone(sender, order)]
    together = [order for order in orders if not _is_alone(sender, order)]
    size = min(sender.at_once, max(1, ceil(len(together) / DROPS)))
    batches = [together[start : start + size] for start in range(0, len(together), size)]
    batches += [[order] for order in alone]
    events = [_drop(sender, batch, number) for number, batch in enumerate(batches, start=1)]
    return events + _troubles(sender, events)


def _is_alone(sender: Sender, order: Order) -> bool:
    return order.case == "unreadable_document" or sender.format == "ubl"


def _drop(sender: Sender, orders: list[Order], number: int) -> FileDrops:
    at = max(order.at for order in orders) + timedelta(minutes=2)
    name = sender.file_name(at, number)
    for order in orders:
        order.at, order.extra["file"] = at, name
    if orders[0].case == "unreadable_document":
        orders[0].order_ref = name
    is_slow = sender.name == "thameside" and number == 2
    return FileDrops(at, sender.name, name, partial(_content, sender, orders, at, number), is_slow)


def _content(sender: Sender, orders: Sequence[Order], at: object, number: int) -> bytes:
    content = sender.write(orders, at, number)  # type: ignore[arg-type]
    if orders[0].case == "unreadable_document":
        return content[: len(content) * 2 // 3]
    return content


def _troubles(sender: Sender, events: Sequence[FileDrops]) -> list[FileDrops]:
    """The first file of two senders comes again under another name: same content, nothing new."""
    if sender.name not in ("nordlager", "northgate") or not events:
        return []
    first = events[0]
    return [FileDrops(first.at + timedelta(minutes=25), first.sender, f"copy-of-{first.name}", first.make)]
