"""A document interpreted as a person's statement about it has it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import Reading
from orderclerk.domain.repairs import Repair, mapping_with, repaired_envelope, repaired_reading
from orderclerk.settings import Settings


def read_repaired(
    envelope: Envelope, repair: Repair, settings: Settings, read: Callable[[Envelope, Settings], Reading]
) -> Reading:
    """`envelope` interpreted as the statement has it; `read` takes an envelope and settings."""
    if repair.is_no_order:
        return repaired_reading(read(envelope, settings), repair)
    sender = envelope.sender_ref
    mapping = settings.files.senders.get(sender) or SenderMapping(sender=sender)
    senders: dict[str, Any] = {**settings.files.senders, sender: mapping_with(mapping, repair)}
    changed = replace(settings, files=replace(settings.files, senders=senders))
    return repaired_reading(read(repaired_envelope(envelope, repair), changed), repair)
