"""What arrives, as it came: the one thing every channel delivers and every reader starts from."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Envelope:
    """One delivery of one channel, uninterpreted.

    `delivery_ref` is the transport's own name for it (`UIDVALIDITY:UID`, a shop's order id and update time, a file
    name). `sender_ref` says who sent it: a mail address, a shop's domain, the partner folder of a file.
    `sent_at` is the source's own version stamp, aware UTC, or None if it gives none.
    """

    channel: str
    delivery_ref: str
    content: bytes
    media_type: str
    sender_ref: str = ""
    filename: str = ""
    sent_at: datetime | None = None

    @property
    def sha256(self) -> str:
        """Hex digest of the content: the third of the three keys that make exactly once."""
        return sha256(self.content).hexdigest()
