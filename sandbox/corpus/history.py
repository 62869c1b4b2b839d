"""What customers ordered before this week, so that "same as last time" has a meaning."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random

from sandbox.corpus.catalogue import price_of
from sandbox.corpus.entities import Customer, Wish

FIRST = datetime(2026, 9, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Past:
    """An earlier order, accepted as it stands."""

    order_ref: str
    customer: Customer
    ordered_at: datetime
    wishes: tuple[Wish, ...]


@lru_cache(maxsize=4)
def history(seed: int, customers: tuple[Customer, ...]) -> dict[str, tuple[Past, ...]]:
    """Customer number -> their earlier orders, oldest first: two or three of each repeater, none or one of the others."""
    rng = Random(f"history {seed}")
    return {
        customer.number: tuple(
            _past(rng, customer, nth)
            for nth in range(rng.choice((2, 3)) if customer.is_repeater else rng.choice((0, 1)))
        )
        for customer in customers
    }


def write_history(path: Path, customers: Sequence[Customer], seed: int) -> None:
    """history.jsonl, in the order of time."""
    past = [one for orders in history(seed, tuple(customers)).values() for one in orders]
    with path.open("w", encoding="utf-8") as file:
        for one in sorted(past, key=lambda one: (one.ordered_at, one.customer.number)):
            file.write(json.dumps(_as_json(one), ensure_ascii=False) + "\n")


def _past(rng: Random, customer: Customer, nth: int) -> Past:
    """Orders lie two weeks apart at least; the last is a month old or older."""
    at = FIRST + timedelta(days=18 * nth + rng.randrange(4), minutes=rng.randrange(500))
    goods = rng.sample(customer.usual, rng.randint(2, 5))
    wishes = []
    for item in goods:
        count = item.pack * rng.choice((1, 2, 3, 4, 5, 10))
        wishes.append(Wish(item, count, "", count))
    return Past(f"{customer.number[-4:]}/{nth + 31}", customer, at, tuple(wishes))


def _as_json(one: Past) -> dict[str, object]:
    customer = one.customer
    lines = [
        {"item_no": w.item.item_no, "quantity": w.base, "unit_price": str(price_of(w.item, customer.currency, customer.price_list))}
        for w in one.wishes
    ]  # fmt: skip
    return {
        "order_ref": one.order_ref, "customer_no": customer.number, "ordered_at": one.ordered_at.isoformat(),
        "currency": customer.currency, "lines": lines,
    }  # fmt: skip
