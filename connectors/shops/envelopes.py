"""One order of a shop as an envelope, however broken it came."""

from hashlib import sha256
from typing import Any

from connectors.http_json import BrokenJson, dump_json
from connectors.shops.fields import clean_text, read_moment
from orderclerk.domain.envelopes import Envelope


def json_envelope(channel: str, media_type: str, host: str, order: Any, ref: object, changed_at: object) -> Envelope:
    """`order` as canonical JSON; the delivery is named ID@CHANGED, or by its content where the order has no id."""
    try:
        content = dump_json(order)
    except BrokenJson as error:  # no shop nests a hundred levels deep by itself
        content = dump_json({"id": str(ref or ""), "unreadable": str(error), "excerpt": repr(order)[:1000]})
    stamp = changed_at if isinstance(changed_at, str) else ""
    name = f"{ref}@{stamp}" if isinstance(ref, str | int) and ref else f"unnamed@{sha256(content).hexdigest()[:24]}"
    return Envelope(channel, clean_text(name)[:200], content, media_type, sender_ref=host, sent_at=read_moment(stamp))
