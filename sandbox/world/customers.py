"""The customers: they read what reaches them, and answer the offers of orders they really made."""

import re
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox.world.correspondence import CHANGED_BY, Received, answer_mail, own_address, receive
from sandbox.world.making import message_id
from sandbox.world.orders import Order, OrderMaker

THINKING_MINUTES = (3, 40)
OFFERS = ("offer", "amended-offer", "counter-offer")


@dataclass(frozen=True)
class Answer:
    """A mail a customer will send at `at`."""

    at: datetime
    raw: bytes


class Customers:
    """Everyone outside. `arrives` is called by the mail server's thread, the rest by the world's."""

    def __init__(self, maker: OrderMaker, orders: Iterable[Order], folder: Path) -> None:
        self._maker, self._folder = maker, folder
        folder.mkdir(parents=True, exist_ok=True)
        self._by_buyer: dict[str, list[Order]] = defaultdict(list)
        for order in orders:
            for address in {_mailbox(order), own_address(order).addr_spec.lower()}:
                self._by_buyer[address].append(order)
        self.received: list[Received] = []
        self._made_by: dict[int, str] = {}
        self._read = 0
        self._answered: dict[str, list[str]] = defaultdict(list)
        self._lock = threading.Lock()

    def arrives(self, recipient: str, raw: bytes, now: datetime) -> None:
        """A mail reaches a customer's mailbox."""
        with self._lock:
            path = self._folder / f"{len(self.received) + 1:06d}.eml"
            self.received.append(receive(recipient, raw, now, path))

    def read(self) -> list[Answer]:
        """Read what is new and decide on answers; how each offer was understood shows in `listing`."""
        with self._lock:
            new, start, self._read = self.received[self._read :], self._read, len(self.received)
        answers = []
        for place, mail in enumerate(new, start=start):
            order = self._order_of(mail)
            self._made_by[place] = order.truth_id if order else ""
            if order and mail.kind in OFFERS and _is_wanted(order, mail):
                answers += self._answer(order, mail)
            if order and mail.kind == "question":
                answers += self._answer_question(order, mail)
        return answers

    def listing(self, since: int = 0) -> list[dict[str, Any]]:
        """Every mail customers received, from the `since`th on."""
        with self._lock:
            mails = list(self.received)
        return [
            {
                "to": mail.to, "subject": mail.subject, "message_id": mail.message_id, "reference": mail.reference,
                "kind": mail.kind, "their_ref": mail.their_ref, "truth_id": self._truth_id(place, mail),
                "at": mail.at.isoformat(), "file": str(mail.path),
            }
            for place, mail in enumerate(mails[since:], start=since)
        ]  # fmt: skip

    def _truth_id(self, place: int, mail: Received) -> str:
        if place not in self._made_by:
            order = self._order_of(mail)
            self._made_by[place] = order.truth_id if order else ""
        return self._made_by[place]

    def _order_of(self, mail: Received) -> Order | None:
        """The order a mail is about: by the reference it repeats, by what it replies to, or by what it lists."""
        mine = self._by_buyer.get(mail.to, [])
        stated = {mail.their_ref, mail.their_ref.removeprefix("#"), mail.in_reply_to} - {""}
        for order in mine:
            names = {order.order_ref, str(order.extra.get("number", "")), order.extra.get("message_id", "")}
            if stated & (names - {""}):
                return order
        if mail.their_ref:
            return None
        text = mail.text() if mine else ""
        return next((o for o in mine if o.extra.get("no_ref") and _lists(text, o)), None)

    def _answer(self, order: Order, mail: Received) -> list[Answer]:
        """The answer of the truth to the first offer; who asked for a change accepts the next; no offer twice."""
        before = self._answered[order.truth_id]
        if mail.reference in before or not mail.reference:
            return []
        answer = "confirm" if before and order.answer == "change" else order.answer
        before.append(mail.reference)
        if answer not in ("confirm", "decline", "change", "unclear"):
            return []
        made = [self._written(order, mail, answer, len(before))]
        if answer == "change":  # what is true from now on; documents of before keep their lines
            first, *rest = order.lines
            order.lines = [replace(first, quantity=first.quantity + CHANGED_BY), *rest]
        return made

    def _answer_question(self, order: Order, mail: Received) -> list[Answer]:
        """Who left a quantity open says it; whoever is asked anything else leaves it to the telephone."""
        before = self._answered[order.truth_id]
        if order.case != "unreadable_quantity" or mail.reference in before or not mail.reference:
            return []
        before.append(mail.reference)
        return [self._written(order, mail, "quantity", len(before))]

    def _written(self, order: Order, mail: Received, answer: str, nth: int) -> Answer:
        rng = self._maker.stream("answer", order.truth_id, nth)
        at = mail.at + timedelta(minutes=rng.randrange(*THINKING_MINUTES))
        reference = message_id(own_address(order).domain, f"a{nth}-{order.truth_id}", self._maker.day)
        return Answer(at, answer_mail(order, mail, answer, at, reference))


def _mailbox(order: Order) -> str:
    return (order.customer.email if order.customer else order.extra["email"]).lower()


def _is_wanted(order: Order, mail: Received) -> bool:
    """Whether the offer is for what the customer wants by now: an amended order is not wanted as it was."""
    if order.case != "amended":
        return True
    first = order.lines[0]
    rows = ["", *mail.text().replace(first.name, "").splitlines()]
    place = next((nth for nth, row in enumerate(rows) if first.item_no in row), 0)
    beside = rows[place].replace(first.item_no, "")  # or its number stands below its name
    said = beside if re.search(r"\d", beside) else rows[place - 1]
    return re.search(rf"(?<![\d.,])(?:{first.quantity}|{first.quantity:,})(?![\d.,])", said) is not None


def _lists(text: str, order: Order) -> bool:
    return all(line.ref in text or line.item_no in text for line in order.lines)
