"""The protocol every order channel implements, whatever speaks on the other side."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from orderclerk.domain.envelopes import Envelope

Cursor = Mapping[str, Any]
"""Where the last pull stopped, as JSON the channel alone understands; {} the first time."""


class Channel(Protocol):
    """A place orders come from. A pull is: arrivals -> the book commits -> settle -> the book keeps the cursor.

    `arrivals` may repeat what it gave before (cursors are `>=`, a killed run settles nothing): the book de-duplicates.
    Raises the errors of `connectors.errors`.
    """

    name: str

    def arrivals(self, cursor: Cursor) -> Iterator[tuple[Envelope, Cursor]]:
        """Envelopes since `cursor`, oldest first, each with the cursor to keep once it is committed."""
        ...

    def settle(self, delivery_refs: list[str]) -> None:
        """Tell the other side these are safe: move the mails, move the files. Safe to repeat. Shops: nothing."""
        ...
