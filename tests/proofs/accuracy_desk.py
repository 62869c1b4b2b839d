"""The desk's work on a corpus: master data and history loaded, every mail stored, read and checked as the flows do."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path
from typing import Any

from sqlalchemy import text as sql

from orderclerk.database import inbox, reference_data
from orderclerk.database.engine import Engine
from orderclerk.database.intake import store_orders
from orderclerk.database.masterdata import load_master_data
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.intake import Known, incoming_orders
from orderclerk.domain.lineframe import line_frame
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import CustomerRef, LineRead, OrderRead, Reading
from orderclerk.settings import load_settings
from sandbox.corpus.entities import AUTHSERV, DESK
from tasks.desk import Desk
from tasks.intake import placed, read_chunk
from tasks.verification import check_chunk

EVENING = datetime(2026, 11, 27, 20, tzinfo=UTC)  # the mails are those of the week before it
CRASH = "report this"  # how a reader says that it caught what it should not have met
_TOML = f"""[desk]
name = "Harbour Trading"
address = "{DESK}"
team = "team@harbour-trading.example"
timezone = "Europe/London"
[mail]
host = "imap.harbour-trading.example"
user = "{DESK}"
smtp_host = "smtp.harbour-trading.example"
authserv_id = "{AUTHSERV}"
"""


def desk_at(home: Path) -> Desk:
    """A desk with default policy that trusts the verdicts of the corpus's mail provider."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "orderclerk.toml").write_text(_TOML, encoding="utf-8")
    return Desk(load_settings(home, {"ORDERCLERK_SECRET": "a secret of the proof alone"}, needs_secrets=False))


def work_through(engine: Engine, desk: Desk, corpus: Path) -> Counter[str]:
    """Everything from loading to the last check; counts, with the crashes of readers."""
    load_master_data(engine, corpus / "masterdata")
    _remember(engine, corpus / "history.jsonl")
    with engine.begin() as conn:
        inbox.keep_once(conn, list(_envelopes(corpus / "mails")), EVENING)
    crashes: Counter[str] = Counter()
    read = _watched(desk.read, crashes)
    counts = _until_done(lambda: read_chunk(engine, read, desk.policy.binding, EVENING))
    return counts + _until_done(lambda: check_chunk(engine, desk.policy, EVENING)) + crashes


def _until_done(step: Callable[[], Counter[str] | None]) -> Counter[str]:
    total: Counter[str] = Counter()
    while (done := step()) is not None:
        total += done
    return total


def _watched(read: Callable[..., Reading], crashes: Counter[str]) -> Callable[..., Reading]:
    def watched(envelope: Envelope, *how: bool) -> Reading:
        reading = read(envelope, *how)
        crashes["crashes"] += CRASH in reading.reason
        return reading

    return watched


def _envelopes(folder: Path) -> Iterator[Envelope]:
    parser = BytesHeaderParser(policy=default)
    for number, path in enumerate(sorted(folder.glob("*.eml")), start=1):
        content = path.read_bytes()
        headers = parser.parsebytes(content)
        sender = headers["From"].addresses[0].addr_spec.lower()
        sent_at = headers["Date"].datetime.astimezone(UTC)
        yield Envelope("mail", f"7:{number}", content, "message/rfc822", sender, path.name, sent_at)


def _remember(engine: Engine, path: Path) -> None:
    """The customers' earlier orders, through the book, each at its time and accepted."""
    if not path.is_file():
        return
    past = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    policy = replace(Policy(), answers={"phone": "confirm"})
    with engine.begin() as conn:
        envelope = Envelope("phone", "history", path.read_bytes(), "application/vnd.orderclerk.phone+json", "history")
        inbox.keep_once(conn, [envelope], EVENING - timedelta(days=200))
        row = conn.execute(sql("SELECT id FROM envelopes WHERE delivery_ref = 'history'")).scalar_one()
        stored = inbox.one_envelope(conn, row)
        inbox.mark_read(conn, [(row, "read", "")])
        known = Known(reference_data.customer_keys(conn), reference_data.item_keys(conn), reference_data.items(conn))
        frame = placed(line_frame(_order(one) for one in past), stored)
        store_orders(conn, incoming_orders(frame, known), policy.binding, EVENING - timedelta(days=30))
    _until_done(lambda: check_chunk(engine, policy, EVENING - timedelta(days=30)))


def _order(past: dict[str, Any]) -> OrderRead:
    lines = tuple(
        LineRead(str(nth), line["item_no"], Decimal(line["quantity"]), Decimal(line["unit_price"]))
        for nth, line in enumerate(past["lines"], start=1)
    )
    at = datetime.fromisoformat(past["ordered_at"])
    return OrderRead(
        f"phone:{past['customer_no']}", past["order_ref"], customer=CustomerRef(number=past["customer_no"]),
        customer_po=past["order_ref"], currency=past["currency"], order_date=at.date(), version_at=at, lines=lines,
    )  # fmt: skip
