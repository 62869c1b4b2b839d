"""The world of the conversation's proof: a mail provider, a drop folder, two customers who answer their last mail."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.headerregistry import Address
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database.engine import make_engine
from sandbox.configuration import DESK, write_configuration
from sandbox.faults import Faults
from sandbox.mailbox import PostOffice
from sandbox.tls import make_ca_and_cert
from sandbox.world.correspondence import Received, receive
from sandbox.world.letters import start_mail
from tests.proofs.conversation_script import COLUMNS, CUSTOMERS, ITEMS, MOMENTS, Part, orders_file
from tests.stockwork import stock_up

_SETTINGS = """
[policy]
accept_reductions = true
ask_customers = true

[files.senders.partner]
currency = "GBP"
columns = {{ {columns} }}
"""
_VIEW = """
    SELECT o.order_ref, o.commercial_state, o.fulfilment_state, o.revision, o.agreed_revision, o.answer_by,
      ARRAY(SELECT l.line_no || ' ' || l.item_ref || ' ' || coalesce(l.quantity::text, '?') || ' ' || coalesce(l.unit_price::text, '?')
            FROM order_lines l WHERE l.order_id = o.id ORDER BY 1) AS lines,
      ARRAY(SELECT concat_ws(' ', h.rule, h.line_no, h.revision, h.state) FROM holds h WHERE h.order_id = o.id ORDER BY 1) AS holds,
      ARRAY(SELECT concat_ws(' ', q.round, q.number, q.rule, q.field, q.state, q.words) FROM questions q WHERE q.order_id = o.id ORDER BY 1) AS questions,
      ARRAY(SELECT concat_ws(' ', a.revision, a.verdict, a.state) FROM answers a WHERE a.order_id = o.id ORDER BY a.id) AS answers,
      ARRAY(SELECT concat_ws(' ', m.kind, m.revision, m.payload->>'round', m.state, m.created_at) FROM outbox m WHERE m.order_id = o.id ORDER BY 1) AS mails,
      ARRAY(SELECT concat_ws(' ', e.at, e.actor, e.kind, e.axis, e.from_state, e.to_state) FROM events e WHERE e.order_id = o.id ORDER BY e.id) AS events
    FROM orders o ORDER BY o.order_ref"""  # fmt: skip
_STOCK = "SELECT i.item_no, s.on_hand, s.reserved FROM stock_levels s JOIN items i ON i.id = s.item_id ORDER BY 1"
_PAPERS = "SELECT channel, state, count(*) FROM envelopes GROUP BY 1, 2 ORDER BY 1, 2"


class Outside:
    """Everything outside the desk of `home`, on a new book at `url`; a context manager, ended when left."""

    def __init__(self, home: Path, url: str, parts: tuple[Part, ...]) -> None:
        self.home, self.url, self.parts, self.engine = home, url, parts, make_engine(url)
        self.received: list[Received] = []
        self._now = MOMENTS[0]
        (home / "received").mkdir(parents=True)
        self._drop = home / "var" / "drop" / "partner"
        self._drop.mkdir(parents=True)
        _, cert, key = make_ca_and_cert(home)
        self._office = PostOffice(home / "mail", DESK, (cert, key), Faults(), self._arrives)
        self._office.start()
        write_configuration(home, self._office.imap_port, self._office.smtp_port, [])
        text = (
            (home / "orderclerk.toml")
            .read_text()
            .partition("[files.senders")[0]
            .replace("settle_seconds = 0.2", "settle_seconds = 0")
        )
        columns = ", ".join(f'{ours} = "{theirs}"' for ours, theirs in COLUMNS.items())
        (home / "orderclerk.toml").write_text(text + _SETTINGS.format(columns=columns))
        _furnish(self.engine)

    def __enter__(self) -> "Outside":
        return self

    def __exit__(self, *_: object) -> None:
        self._office.stop()
        self.engine.dispose()

    def happens(self, moment: int, now: datetime) -> None:
        """What arrives by this moment: a file of orders, and customers' answers to the last mail about each."""
        self._now = now
        if content := orders_file(moment, self.parts):
            (self._drop / f"orders-{moment}.csv").write_bytes(content)
        last = {mail.their_ref: mail for mail in self.received}
        answers = [
            (now, _answer(part, moment, last[part.ref]))
            for part in self.parts
            if moment in part.says and part.ref in last
        ]
        self._office.deliver(answers)

    def picture(self) -> dict[str, Any]:
        """The book and the customers' mailboxes, without the numbers that a roll-back leaves out."""
        with self.engine.connect() as conn:
            orders = {
                row["order_ref"]: {k: v for k, v in row.items() if k != "order_ref"}
                for row in conn.execute(sql(_VIEW)).mappings()
            }
            stock, papers = (sorted(map(str, conn.execute(sql(query)))) for query in (_STOCK, _PAPERS))
        mails: dict[str, list[str]] = defaultdict(list)
        for mail in self.received:
            mails[mail.their_ref].append(f"{mail.kind} to {mail.to} at {mail.at}")
        return {**orders, "stock": stock, "envelopes": papers} | {
            f"mails of {ref}": sorted(got) for ref, got in mails.items()
        }

    def doubled(self) -> list[str]:
        """Mails that customers received more than once."""
        counts = Counter(mail.message_id for mail in self.received)
        return [f"received {count} times: {message_id}" for message_id, count in counts.items() if count > 1]

    def _arrives(self, recipient: str, raw: bytes) -> None:
        path = self.home / "received" / f"{len(self.received):04}.eml"
        self.received.append(receive(recipient, raw, self._now, path))


def differences(plain: Mapping[str, Any], killed: Mapping[str, Any]) -> Iterable[str]:
    """What the conversation with kills left otherwise than the one without."""
    for name in sorted({*plain, *killed}):
        before, after = plain.get(name, "nothing"), killed.get(name, "nothing")
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from (f"{name}: {line}" for line in differences(before, after))
        elif before != after:
            yield f"{name}: without kills {before}, with kills {after}"


def _answer(part: Part, moment: int, mail: Received) -> bytes:
    """What a mail program sends when the customer presses Reply and writes above the quoted mail."""
    who = Address(addr_spec=CUSTOMERS[part.customer])
    reference = f"<{part.ref}-{moment}@{who.domain}>"
    answer = start_mail(who, mail.reply_to, f"Re: {mail.subject}", MOMENTS[moment], reference)
    answer["In-Reply-To"] = answer["References"] = mail.message_id
    quoted = "\n".join(f"> {line}" for line in mail.text().splitlines())
    answer.set_content(f"{part.says[moment]}\n\nOn Monday {mail.reply_to} wrote:\n{quoted}\n")
    return answer.as_bytes()


def _furnish(engine: Engine) -> None:
    items = [{"no": f"IT-{number}", "name": name} for number, name in enumerate(ITEMS, start=1)]
    contacts = [
        {"no": no, "email": email, "language": "zh_CN" if no == "C2" else "en"} for no, email in CUSTOMERS.items()
    ]
    with engine.begin() as conn:
        conn.execute(
            sql(
                "INSERT INTO customers (customer_no, name, currency, price_list, language) VALUES (:no, 'Customer ' || :no, 'GBP', 'std', :language)"
            ),
            contacts,
        )
        conn.execute(
            sql(
                "INSERT INTO contacts (customer_id, name, email) SELECT id, 'Buyer', :email FROM customers WHERE customer_no = :no"
            ),
            contacts,
        )
        conn.execute(sql("INSERT INTO items (item_no, name) VALUES (:no, :name)"), items)
        for statement in (
            "INSERT INTO addresses (customer_id, street, city, postal_code, country) SELECT id, '1 High Street', 'Leeds', 'LS1 4XX', 'GB' FROM customers",
            "INSERT INTO prices (price_list, currency, item_id, unit_price, valid_from) SELECT 'std', 'GBP', id, 2.50, '2020-01-01' FROM items",
        ):
            conn.execute(sql(statement))  # fmt: skip
        stock_up(conn, "SELECT id, 'W1', '', 5000000 FROM items")
