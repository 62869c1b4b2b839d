"""From stored envelopes to orders in the book: one chunk claimed, read, matched, stored and committed."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd

from orderclerk.database import inbox, reference_data
from orderclerk.database.answers import keep_answers, orders_in_conversation
from orderclerk.database.engine import Connection, Engine
from orderclerk.database.intake import store_orders
from orderclerk.database.letters import FiledLetter, keep_letters, said_kinds
from orderclerk.database.models import answers_of
from orderclerk.database.repairs import repairs_of
from orderclerk.database.supplier_answers import keep_supplier_answers, supplier_mails
from orderclerk.domain.intake import Known, incoming_orders
from orderclerk.domain.lineframe import line_frame
from orderclerk.domain.reading import EnvelopeKind, LetterKind, LetterRead, Reading, Unreadable
from orderclerk.domain.repairs import Repair
from tasks.counting import keep_read_counts
from tasks.receiving import keep_read_receipts

CHUNK_ENVELOPES = 400
CHUNK_BYTES = 1_000_000  # about 10,000 lines of CSV: bounds memory, and leaves something for other workers

SURE_ENOUGH = 0.9  # that a mail is one nobody needs to look at
_NOBODYS = (LetterKind.NEWSLETTER, LetterKind.SPAM)

Reader = Callable[..., Reading]
"""From an envelope, what a person said it is, and what else one stated about it, to what it asks."""
Read = tuple[inbox.StoredEnvelope, Reading]
_STATES = {
    EnvelopeKind.ORDERS: "read",
    EnvelopeKind.REPLY: "read",
    EnvelopeKind.PURCHASE: "read",
    EnvelopeKind.RECEIPTS: "read",
    EnvelopeKind.COUNTS: "read",
    EnvelopeKind.OTHER: "filed",
    EnvelopeKind.UNREADABLE: "quarantined",
}


def read_chunk(
    engine: Engine, read: Reader, binding: frozenset[str], as_of: datetime, batch_id: int | None = None
) -> Counter[str] | None:
    """Read some stored envelopes (of `batch_id`, if given) in one transaction; counts, or None when none is left.

    Envelopes that another worker holds are passed over. What cannot be read is quarantined, never skipped.
    """
    with engine.begin() as conn:
        stored = inbox.claim_stored(conn, CHUNK_ENVELOPES, CHUNK_BYTES, batch_id)
        if not stored:
            return None
        said = dict.fromkeys(supplier_mails(conn, [s.id for s in stored]), LetterKind.SUPPLIER)
        said |= said_kinds(conn, [s.id for s in stored])
        stated = repairs_of(conn, [s.id for s in stored])
        answers = answers_of(conn, [s.id for s in stored])
        readings = [(s, _interpreted(read, s, said.get(s.id), stated.get(s.id), answers.get(s.id))) for s in stored]
        readings = _with_conversations(conn, readings)
        counts = store_readings(conn, readings, binding, as_of)
        inbox.mark_read(conn, ((s.id, _STATES[reading.kind], reading.reason) for s, reading in readings))
    return counts + Counter(envelopes=len(stored))


def _interpreted(
    read: Reader,
    stored: inbox.StoredEnvelope,
    said: LetterKind | None,
    repair: Repair | None,
    answer: dict[str, Any] | None,
) -> Reading:
    """What an envelope asks, with what people said of it and what a model answered."""
    if answer is not None:
        return read(stored.envelope, said, repair, answer)
    return read(stored.envelope, said, repair) if repair else read(stored.envelope, said)


def _with_conversations(conn: Connection, readings: list[Read]) -> list[Read]:
    """Mails without our reference that stand in the conversation about one order are answers about it."""
    asked = [
        (s.id, r.letter.sender, r.letter.thread_ref, _written_at(s))
        for s, r in readings
        if r.letter is not None and r.reply is not None and not r.reply.reference
    ]
    found = orders_in_conversation(conn, asked) if asked else {}
    return [(s, _answering(r, found.get(s.id, ""))) for s, r in readings]


def _answering(reading: Reading, reference: str) -> Reading:
    if reading.reply is None or reading.letter is None or reading.reply.reference:
        return reading
    if not reference:
        return replace(reading, reply=None)
    letter = replace(reading.letter, kind=LetterKind.REPLY, order_no=reference.partition("-")[0])
    return Reading(EnvelopeKind.REPLY, reply=replace(reading.reply, reference=reference), letter=letter)


def store_readings(
    conn: Connection,
    readings: list[Read],
    binding: frozenset[str],
    as_of: datetime,
) -> Counter[str]:
    """Orders, answers and what is unreadable into the book, each where it belongs."""
    frame, strays = _with_reference(_frame(readings))
    known = Known(reference_data.customer_keys(conn), reference_data.item_keys(conn), reference_data.items(conn))
    counts = store_orders(conn, incoming_orders(frame, known), binding, as_of) if len(frame) else Counter[str]()
    replies = [(s.id, r.reply) for s, r in readings if r.reply is not None]
    counts["answers"] = keep_answers(conn, replies)
    bought = [(s.id, r.purchase, _written_at(s)) for s, r in readings if r.purchase is not None]
    counts["supplier answers"] = keep_supplier_answers(conn, bought)
    arrived = [(s.id, s.envelope.sender_ref, r.receipts, s.received_at) for s, r in readings if r.receipts]
    counts["receipts"] = keep_read_receipts(conn, arrived)
    counts["counted"], refused = keep_read_counts(
        conn, [(s.id, r.counts, s.received_at) for s, r in readings if r.counts]
    )
    lost = [(s.id, u) for s, r in readings for u in _unreadable(r)]
    counts["quarantined"] = inbox.quarantine(conn, [*lost, *strays, *refused], as_of)
    keep_letters(conn, [_filed(s, r, r.letter) for s, r in readings if r.letter is not None])
    counts["filed"] = sum(r.kind is EnvelopeKind.OTHER for _, r in readings)
    return +counts


def _filed(stored: inbox.StoredEnvelope, reading: Reading, letter: LetterRead) -> FiledLetter:
    """An order or answer is worked on as such, and what is surely advertising needs nobody."""
    is_worked_on = reading.kind in (EnvelopeKind.ORDERS, EnvelopeKind.REPLY, EnvelopeKind.PURCHASE)
    is_nobodys = letter.kind in _NOBODYS and letter.confidence >= SURE_ENOUGH
    return FiledLetter(stored.id, letter, _written_at(stored), is_worked_on or is_nobodys)


def _written_at(stored: inbox.StoredEnvelope) -> datetime:
    return stored.envelope.sent_at or stored.received_at


def _frame(readings: Iterable[tuple[inbox.StoredEnvelope, Reading]]) -> pd.DataFrame:
    """One line frame of all orders, with envelope_id and channel; a missing version stamp is when it came."""
    frames = [placed(line_frame(r.orders), s) for s, r in readings if r.orders]
    frames += [placed(r.frame, s) for s, r in readings if r.frame is not None]
    if not frames:
        return line_frame(()).assign(envelope_id=pd.Series(dtype="int64"), channel=pd.Series(dtype="str"))
    return pd.concat(frames, ignore_index=True)


def placed(frame: pd.DataFrame, stored: inbox.StoredEnvelope) -> pd.DataFrame:
    """`frame` with where it came from; an order without a version stamp has the time it was sent or came."""
    came = stored.envelope.sent_at or stored.received_at
    return frame.assign(
        envelope_id=stored.id,
        channel=stored.envelope.channel,
        version_at=frame["version_at"].fillna(pd.Timestamp(came)),
    )


def _with_reference(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[int, Unreadable]]]:
    """The rows of an order, and those that name none: no reader should give any, and none is lost if one does."""
    bare = (frame["order_ref"] == "") | (frame["source"] == "")
    strays = [
        (row.envelope_id, Unreadable(row.row, f"{row.item_ref} {row.quantity_e3}", "ROW-001", "the row names no order"))
        for row in frame[bare].itertuples()
    ]
    return frame[~bare], strays


def _unreadable(reading: Reading) -> Iterable[Unreadable]:
    yield from reading.unreadable
    if reading.kind is EnvelopeKind.UNREADABLE and not reading.unreadable:
        yield Unreadable("document", "", "ENV-001", reading.reason)
