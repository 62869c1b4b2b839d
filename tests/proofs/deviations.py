"""`make prove-checks`: 500 seeded deviations through the channels' own readers are all held with the right rule, and of
5,000 clean lines none is held. Exit code 1 when one is missed."""

import argparse
import sys
from collections import Counter, defaultdict
from datetime import timedelta

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine
from sqlalchemy import text as sql

from connectors.files.reading import read_file
from connectors.mail.reading import read_mail
from connectors.phone import read_phone
from connectors.shops.woocommerce_orders import read_woocommerce
from orderclerk.database.engine import make_engine
from orderclerk.database.inbox import keep_once
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import LetterKind, Reading
from orderclerk.domain.terms import ExportRules
from orderclerk.domain.worktime import WorkTime
from tasks.intake import read_chunk
from tasks.verification import check_chunk
from tests.proofs.server import proof_server
from tests.proofs.trading_deviations import DEVIATIONS, Maker
from tests.proofs.trading_documents import SENT, Order, envelope
from tests.proofs.trading_world import furnish, make_world
from tests.proofs.wholesale import fresh_book

POLICY = Policy(
    answers={"eu-shop": "confirm"},
    exports=ExportRules(frozenset({"KP"}), {"dual-use": frozenset({"CN"})}),
    worktime=WorkTime(days=frozenset(range(5))),
)
EVENING = SENT + timedelta(hours=10)


def read(envelope: Envelope, said: LetterKind | None, *_: object) -> Reading:
    """What the desk makes of an envelope, by its channel."""
    if envelope.channel == "files":
        return read_file(envelope, {})
    if envelope.channel == "mail":
        return read_mail(envelope, b"secret", frozenset({"desk@house.example"}), lambda e: read_file(e, {}), said=said)
    return read_woocommerce(envelope) if envelope.channel == "eu-shop" else read_phone(envelope)


def work(engine: Engine, orders: list[Order], policy: Policy = POLICY) -> None:
    """Bring the orders' documents in and check them all."""
    with engine.begin() as conn:
        keep_once(conn, [envelope(order) for order in orders], EVENING)
    while read_chunk(engine, read, policy.binding, EVENING):
        pass
    while check_chunk(engine, policy, EVENING):
        pass


def held(engine: Engine) -> dict[str, set[str]]:
    """The rules that hold each order, by the digits of its reference; {"": ...} for what never became one."""
    found: dict[str, set[str]] = defaultdict(set)
    with engine.connect() as conn:
        for ref, rule in conn.execute(
            sql("""SELECT ref_digits, coalesce(h.rule, '') FROM orders o
                   LEFT JOIN holds h ON h.order_id = o.id AND h.state = 'open'""")
        ):
            found[ref] |= {rule} - {""}
        lost = conn.execute(sql("SELECT rule, reason FROM quarantine WHERE state = 'open'")).all()
        filed = conn.execute(sql("SELECT state, reason FROM envelopes WHERE state <> 'read'")).all()
    if lost or filed:
        raise SystemExit(f"documents that are no order: {lost[:5]} {filed[:5]}")
    return found


def digits(order: Order) -> str:
    """An order's reference as the book compares it."""
    return "".join(c for c in order.ref if c.isdigit())


def main() -> None:
    """Run both parts and print what each kind did."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--deviations", type=int, default=500)
    parser.add_argument("--lines", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    console = Console(width=150)
    with proof_server() as server:
        console.print(f"seed {given.seed}")
        missed = _deviations(server, given.deviations, given.seed, console)
        alarms = _clean(server, given.lines, given.seed, console)
    sys.exit(1 if missed or alarms else 0)


def _deviations(server: str, count: int, seed: int, console: Console) -> int:
    engine, world = make_engine(fresh_book(server, "deviations")), make_world(seed)
    furnish(engine, world)
    maker, sent, spoilt = Maker(world, seed), list[Order](), list[tuple[str, list[Order], tuple[str, ...]]]()
    for n in range(count):
        kind = DEVIATIONS[n % len(DEVIATIONS)]
        channel = kind.channels[n // len(DEVIATIONS) % len(kind.channels)]
        orders = kind.spoil(maker.order(channel), maker)
        sent += orders
        spoilt.append((kind.name, orders, kind.rules))
    work(engine, sent)
    found, right, also = held(engine), Counter[str](), Counter[str]()
    table = Table("deviation", "held with", "made", "right", title=f"{count} deviations")
    for name, orders, rules in spoilt:  # of two that are the same either may have been the first
        order, got = orders[-1], set().union(*(found.get(digits(order), set()) for order in orders))
        right[name] += bool(got & set(rules))
        also.update(f"{name}: {rule}" for rule in got - set(rules))
        if not got & set(rules):
            console.print(
                f"missed: {name} in {order.channel} {order.ref}: held with {sorted(got) or 'nothing'}, wanted {rules}"
            )
    made = Counter(name for name, _, _ in spoilt)
    for kind in DEVIATIONS:
        table.add_row(kind.name, ", ".join(kind.rules), str(made[kind.name]), str(right[kind.name]))
    console.print(table)
    console.print(f"{sum(right.values())} of {count} held with the right rule; besides: {dict(also) or 'nothing'}")
    return count - sum(right.values())


def _clean(server: str, lines: int, seed: int, console: Console) -> int:
    engine, world = make_engine(fresh_book(server, "clean")), make_world(seed)
    furnish(engine, world)
    maker, orders = Maker(world, seed + 1), list[Order]()
    while sum(len(order.lines) for order in orders) < lines:
        orders.append(maker.order())
    work(engine, orders)
    found = held(engine)
    if missing := [order.ref for order in orders if digits(order) not in found]:
        console.print(f"never arrived: {missing[:10]}")
    alarms = [(order, found[digits(order)]) for order in orders if found[digits(order)]]
    for order, rules in alarms[:20]:
        console.print(f"false alarm: {order.channel} {order.ref} {sorted(rules)}")
    total = sum(len(order.lines) for order in orders)
    channels = Counter(order.channel for order in orders)
    console.print(f"{total} clean lines in {len(orders)} orders ({dict(channels)}): {len(alarms)} orders held")
    return len(alarms) + len(missing)


if __name__ == "__main__":
    main()
