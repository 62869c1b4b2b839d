"""`make prove-duplicates`: 2,000 orders of four weeks, one in ten the same again through another channel in other words,
among orders that only look alike. Recall and precision must be 0.98 or better; every miss is printed."""

import argparse
import random
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database.engine import make_engine
from orderclerk.database.inbox import keep_once
from tasks.intake import read_chunk
from tasks.verification import check_chunk
from tests.proofs.deviations import POLICY, digits, read
from tests.proofs.server import proof_server
from tests.proofs.trading_deviations import CHANNELS, Maker
from tests.proofs.trading_documents import SENT, Order, envelope
from tests.proofs.trading_world import PLACES, Customer, Item, furnish, make_world
from tests.proofs.wholesale import fresh_book

DAYS = 28
BAR = 0.98


class Weeks:
    """Four weeks of orders: `sent` all of them, `pairs` those that are the same order twice, with what differs."""

    def __init__(self, maker: Maker, count: int, seed: int) -> None:
        self.maker, self.rng = maker, random.Random(f"weeks {seed}")
        self.sent: list[Order] = []
        self.first: Order
        self.pairs: list[tuple[Order, Order, str]] = []
        for n in range(count // 10):
            self._twice(n)
        while len(self.sent) < count * 6 // 10:
            self._branches()
            self._standing()
        while len(self.sent) < count:
            self._plain(self.rng.randrange(DAYS), self.rng.choice((1, 2, 3, 4, 5, 6)))

    def _plain(self, day: int, lines: int, customer: Customer | None = None) -> Order:
        made = self.maker.order(lines=1, customer=customer)
        made.lines = [self.maker.line(made, item) for item in self.rng.sample(self._favourites(made.customer), lines)]
        made.amounts, made.payment, made.kind = {}, "", "plain"
        if made.requested:
            made.requested += timedelta(days=day)
        made.minutes = day * 1440 + self.rng.randrange(500)
        for line in made.lines:
            line.total = None
        self.sent.append(made)
        return made

    def _favourites(self, customer: Customer) -> list[Item]:
        """The 25 items a customer buys again and again, so that baskets share items."""
        free = [item for item in self.maker.world.items if not item.export_class]
        return random.Random(customer.number).sample(free, 25)

    def _again(self, first: Order, days: int, channel: str) -> Order:
        self.maker.count += 1
        lines = [replace(line) for line in first.lines]
        again = replace(first, ref=f"PO-{70_000 + self.maker.count * 3}", channel=channel, lines=lines)
        again.minutes = first.minutes + days * 1440 + self.rng.randrange(15, 200)
        self.sent.append(again)
        return again

    def _twice(self, n: int) -> None:
        first = self._plain(self.rng.randrange(DAYS - 4), self.rng.choice((2, 3, 4, 5, 6)))
        channel = self.rng.choice([c for c in CHANNELS if c != first.channel])
        self.first = first
        again, changes = self._again(first, 0, channel), [_CHANGES[n % len(_CHANGES)]]
        if n % 3 == 0:
            changes.append(_CHANGES[(n // 3 + 3) % len(_CHANGES)])
        for change in changes:
            change(self, again)
        again.kind = " and ".join(change.__name__.strip("_") for change in changes)
        self.pairs.append((first, again, again.kind))

    def _branches(self) -> None:
        """The same goods for another branch of the customer, on the same day, through any channel."""
        first = self._plain(self.rng.randrange(DAYS), 3)
        here, there = self.rng.sample(PLACES[first.customer.country], 2)
        first.street, first.city, first.region, first.postal_code = here
        first.country, first.recipient = first.customer.country, "Goods inwards"
        again = self._again(first, 0, self.rng.choice(CHANNELS))
        again.street, again.city, again.region, again.postal_code = there
        again.kind = "branch"

    def _standing(self) -> None:
        """A standing order every week, now and then with another quantity, sometimes through another channel."""
        first = self._plain(self.rng.randrange(6), self.rng.choice((1, 2, 4)))
        for week in (1, 2, 3):
            channel = first.channel if self.rng.random() < 0.8 else self.rng.choice(CHANNELS)
            again = self._again(first, week * 7, channel)
            again.requested = again.requested and again.requested + timedelta(days=week * 7)
            again.kind = "standing"
            if self.rng.random() < 0.3:
                _quantity(self, again)


def _reference(weeks: Weeks, order: Order) -> None:
    """Another reference: nothing else changes."""


def _spelling(weeks: Weeks, order: Order) -> None:
    """The first one's reference in another writing, where the channel's documents have a place for it."""
    order.po = weeks.first.ref.replace("PO-", weeks.rng.choice(("Order ", "po", "00")))


def _quantity(weeks: Weeks, order: Order) -> None:
    line = weeks.rng.choice(order.lines)
    item = weeks.maker.items[line.item]
    line.quantity += item.multiple * weeks.rng.choice((1, 2, 4))
    line.price = item.price(order.currency, line.quantity)


def _added(weeks: Weeks, order: Order) -> None:
    free = [
        i for i in weeks.maker.world.items if i.number not in {line.item for line in order.lines} and not i.export_class
    ]
    order.lines.append(weeks.maker.line(order, weeks.rng.choice(free)))
    order.lines[-1].total = None


def _left_out(weeks: Weeks, order: Order) -> None:
    if len(order.lines) > 3:
        order.lines.pop(weeks.rng.randrange(len(order.lines)))


def _split(weeks: Weeks, order: Order) -> None:
    line = max(order.lines, key=lambda line: line.quantity)
    item = weeks.maker.items[line.item]
    if line.quantity >= 2 * item.multiple:
        order.lines.append(replace(line, quantity=line.quantity - item.multiple))
        line.quantity = item.multiple


def _reordered(weeks: Weeks, order: Order) -> None:
    order.lines.reverse()


def _other_day(weeks: Weeks, order: Order) -> None:
    order.minutes += 1440 * weeks.rng.choice((1, 2, 3))


def _other_date(weeks: Weeks, order: Order) -> None:
    if order.requested:
        order.requested += timedelta(days=weeks.rng.choice((1, 2)))


_CHANGES = (_reference, _spelling, _quantity, _added, _split, _reordered, _other_day, _other_date, _left_out)


def keys_of(order: Order) -> set[str]:
    """The digits under which the book may know an order: a mail's number, else its Message-ID, is its reference."""
    if order.channel != "mail":
        return {digits(order)}
    return {digits(replace(order, ref=ref)) for ref in (order.po or order.ref, f"{order.ref}@{order.customer.number}")}


def work(engine: Engine, orders: list[Order]) -> None:
    """Bring every day's documents in and check them in its evening."""
    for day in range(DAYS + 5):
        now = SENT + timedelta(days=day, hours=12)
        today = [envelope(order) for order in orders if order.minutes // 1440 == day]
        with engine.begin() as conn:
            keep_once(conn, today, now)
        while read_chunk(engine, read, POLICY.binding, now):
            pass
        while check_chunk(engine, POLICY, now):
            pass


def suspected(engine: Engine) -> dict[str, tuple[str, dict[str, str]]]:
    """Orders held as duplicates: the digits of their reference -> rule and evidence."""
    with engine.connect() as conn:
        rows = conn.execute(
            sql("""SELECT o.ref_digits, h.rule, h.evidence FROM holds h JOIN orders o ON o.id = h.order_id
                   WHERE h.rule LIKE 'DUP-%'""")
        ).all()
        count = conn.execute(sql("SELECT count(*) FROM orders")).scalar_one()
    return {"": ("", {"orders": str(count)})} | {row[0]: (row[1], row[2]) for row in rows}


def main() -> None:
    """Work the weeks, count, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    console, world = Console(width=170), make_world(given.seed)
    weeks = Weeks(Maker(world, given.seed), given.orders, given.seed)
    with proof_server() as server:
        engine = make_engine(fresh_book(server, "duplicates"))
        furnish(engine, world)
        work(engine, weeks.sent)
        found = suspected(engine)
    recall, precision = _shown(weeks, found, console)
    sys.exit(0 if recall >= BAR and precision >= BAR else 1)


def _shown(weeks: Weeks, found: dict[str, tuple[str, dict[str, str]]], console: Console) -> tuple[float, float]:
    ids = {key: order for order in weeks.sent for key in keys_of(order)}
    arrived = int(found.pop("")[1]["orders"])
    twice = {key for first, again, _ in weeks.pairs for key in keys_of(first) | keys_of(again)}
    made, right = Counter[str](), Counter[str]()
    for first, again, kind in weeks.pairs:
        is_found = bool((keys_of(first) | keys_of(again)) & found.keys())
        made[kind], right[kind] = made[kind] + 1, right[kind] + is_found
        if not is_found:
            console.print(f"missed: {kind}: {_text(first)} / {_text(again)}")
    false = [(ref, evidence) for ref, (_, evidence) in found.items() if ref not in twice]
    for ref, (rule, evidence) in found.items():
        if ref not in twice:
            console.print(f"false: {rule} {ids[ref].kind} {_text(ids[ref])} {evidence}")
    table = Table(
        "what differs besides channel and reference",
        "made",
        "found",
        title=f"{len(weeks.pairs)} of {len(weeks.sent)} orders twice",
    )
    for kind in sorted(made):
        table.add_row(kind, str(made[kind]), str(right[kind]))
    console.print(table)
    recall = sum(right.values()) / len(weeks.pairs)
    precision = sum(right.values()) / (sum(right.values()) + len(false)) if found else 0.0
    looks = Counter(order.kind for order in weeks.sent if not keys_of(order) & twice)
    console.print(f"{arrived} orders in the book; that only look alike: {dict(looks)}")
    console.print(f"recall {recall:.4f}, precision {precision:.4f}")
    return recall, precision


def _text(order: Order) -> str:
    lines = " ".join(f"{line.item}x{line.quantity}" for line in order.lines)
    return (
        f"{order.customer.number} {order.channel} {order.ref} day {order.minutes // 1440} {order.postal_code} {lines}"
    )


if __name__ == "__main__":
    main()
