"""The world as it runs: a clock that only the control moves, and everything that happens as it moves."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sandbox.mailbox import PostOffice
from sandbox.shops.store import Store
from sandbox.world.customers import Answer, Customers
from sandbox.world.day import Day
from sandbox.world.events import FileDrops, MailArrives, ShopChanges
from sandbox.world.suppliers import WAREHOUSE_FOLDER, Delivery, Letter, Suppliers

SETTLED_S = 0.25  # a file younger than files.settle_seconds is left alone; so an advance ends when its files count
SLOW_CHUNKS, SLOW_PAUSE_S = 8, 0.1


class World:
    """Releases what is due. One caller at a time; time never goes back."""

    def __init__(
        self,
        day: Day,
        office: PostOffice,
        stores: Mapping[str, Store],
        drop: Path,
        customers: Customers,
        suppliers: Suppliers,
    ) -> None:
        self.day, self.customers, self.suppliers = day, customers, suppliers
        self._letters: list[Letter] = []
        self._deliveries: list[Delivery] = []
        self._office, self._stores, self._drop = office, stores, drop
        self.now = day.start
        self._next = 0
        self._answers: list[Answer] = []
        self._writers: list[threading.Thread] = []
        self._lock = threading.Lock()

    def advance(self, until: datetime) -> dict[str, Any]:
        """Everything due by `until` happens, then customers answer what reached them; counts of what happened."""
        with self._lock:
            self._finish_slow_files()
            self._answers += self.customers.read()
            self.now = max(self.now, until)
            letters, deliveries = self.suppliers.read()
            self._letters += letters
            self._deliveries += deliveries
            done = self._release(until)
            done["files"] += self._deliver(until)
            done["supplier mails"] = self._send_letters(until)
            done["answers"] = self._send_answers(until)
            return {"now": self.now.isoformat(), **dict.fromkeys(("mails", "files", "placed", "changed"), 0), **done}

    def calls(self, until: datetime) -> list[dict[str, Any]]:
        """The phone calls due by `until`, all of them each time."""
        return [call for call in self.day.calls if datetime.fromisoformat(call["at"]) <= until]

    def mail_arrives(self, recipient: str, raw: bytes) -> None:
        """The mail server hands on what the desk sent."""
        if self.suppliers.serves(recipient):
            self.suppliers.arrives(recipient, raw, self.now)
        else:
            self.customers.arrives(recipient, raw, self.now)

    def _release(self, until: datetime) -> Counter[str]:
        done: Counter[str] = Counter()
        start, events = self._next, self.day.events
        while self._next < len(events) and events[self._next].at <= until:
            self._next += 1
        due = events[start : self._next]
        mails = [event for event in due if isinstance(event, MailArrives)]
        done["mails"] = self._office.deliver((mail.at, mail.make()) for mail in mails)
        for event in due:
            if isinstance(event, ShopChanges):
                self._change_shop(event)
                done["placed" if event.do == "place" else "changed"] += 1
        done["files"] = self._drop_files([event for event in due if isinstance(event, FileDrops)])
        return done

    def _send_answers(self, until: datetime) -> int:
        due = sorted((answer for answer in self._answers if answer.at <= until), key=lambda answer: answer.at)
        self._answers = [answer for answer in self._answers if answer.at > until]
        return self._office.deliver([(answer.at, answer.raw) for answer in due])

    def _send_letters(self, until: datetime) -> int:
        due = [letter for letter in self._letters if letter.at <= until]
        self._letters = [letter for letter in self._letters if letter.at > until]
        return self._office.deliver([(letter.at, letter.raw) for letter in due])

    def _deliver(self, until: datetime) -> int:
        """The warehouse reports what arrived by now."""
        due = [one for one in self._deliveries if one.at <= until]
        self._deliveries = [one for one in self._deliveries if one.at > until]
        return self._drop_files(
            [FileDrops(one.at, WAREHOUSE_FOLDER, one.name, partial(bytes, one.content)) for one in due]
        )

    def _change_shop(self, event: ShopChanges) -> None:
        store = self._stores[event.shop]
        if event.do == "place":
            given = store.place(event.arguments["order"])
            if given != event.order_id:
                raise RuntimeError(f"{event.shop} gave order {event.order_id} the id {given}: the truth would be wrong")
        else:
            getattr(store, event.do)(event.order_id, event.at, **event.arguments)

    def _drop_files(self, drops: list[FileDrops]) -> int:
        for drop in drops:
            path = self._drop / drop.sender / drop.name
            path.parent.mkdir(parents=True, exist_ok=True)
            if drop.is_slow:
                self._writers.append(threading.Thread(target=_write_slowly, args=(path, drop.make()), daemon=True))
                self._writers[-1].start()
            else:
                path.write_bytes(drop.make())
        if drops:
            time.sleep(SETTLED_S)
        return len(drops)

    def _finish_slow_files(self) -> None:
        while self._writers:
            self._writers.pop().join()


def _write_slowly(path: Path, content: bytes) -> None:
    """A file that grows for a second: who reads it meanwhile has half of it."""
    size = -(-len(content) // SLOW_CHUNKS)
    with path.open("wb") as file:
        for start in range(0, len(content), size):
            file.write(content[start : start + size])
            file.flush()
            time.sleep(SLOW_PAUSE_S)
