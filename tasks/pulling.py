"""From a channel to stored envelopes: in small committed portions, so that a kill loses nothing and repeats little."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from connectors.channels import Channel, Cursor
from orderclerk.database import inbox
from orderclerk.database.engine import Engine
from orderclerk.domain.envelopes import Envelope

PORTION = 100
PORTION_BYTES = 16_000_000

Told = Callable[[int], None]
"""Called with the number of envelopes seen so far."""


def pull(
    engine: Engine, channel: Channel, as_of: datetime, told: Told = lambda seen: None, first: Cursor | None = None
) -> int:
    """Store what `channel` has since its cursor (`first` if it has none); how many envelopes were new.

    Safe to repeat and to kill anywhere: each portion is committed with its cursor before the other side is told so.
    """
    new = seen = 0
    with engine.connect() as conn:
        cursor = inbox.channel_cursor(conn, channel.name) or first or {}
    for portion in _portions(channel.arrivals(cursor)):
        with engine.begin() as conn:
            new += inbox.keep_once(conn, [envelope for envelope, _ in portion], as_of)
            inbox.keep_cursor(conn, channel.name, dict(portion[-1][1]), as_of)
        channel.settle([envelope.delivery_ref for envelope, _ in portion])
        seen += len(portion)
        told(seen)
    return new


def _portions(arrivals: Iterator[tuple[Envelope, Cursor]]) -> Iterator[list[tuple[Envelope, Cursor]]]:
    """Up to PORTION arrivals or about PORTION_BYTES at a time; what came before an error is handed over first."""
    while True:
        portion: list[tuple[Envelope, Cursor]] = []
        error: Exception | None = None
        try:
            for arrival in islice(arrivals, PORTION):
                portion.append(arrival)
                if sum(len(envelope.content) for envelope, _ in portion) > PORTION_BYTES:
                    break
        except Exception as trouble:
            error = trouble
        if portion:
            yield portion
        if error is not None:
            raise error
        if not portion:
            return
