"""EDIFACT interchanges: characters, separators and the messages inside; orders among them become orders.

Source: ISO 9735 (UN/EDIFACT syntax rules, versions 1 to 4), UNTDID D.93A to D.01B.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.files.decoding import decode
from connectors.files.edifact_order import read_order
from connectors.files.outcomes import quarantined, reading_of, source_of, unreadable
from connectors.files.segments import Segment, Separators, split_segments
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import OrderRead, Reading, Unreadable

# syntax identifier -> characters; UNOA to UNOC are judged, senders mean more by them than the standard says
_CHARACTERS = {
    "UNOD": "iso8859-2", "UNOE": "iso8859-5", "UNOF": "iso8859-7", "UNOG": "iso8859-3", "UNOH": "iso8859-4",
    "UNOI": "iso8859-6", "UNOJ": "iso8859-8", "UNOK": "iso8859-9", "UNOW": "utf-8",
}  # fmt: skip
_STANDARD = Separators(component=":", element="+", terminator="'", release="?")


@dataclass(frozen=True)
class Message:
    """The segments from UNH to UNT, and what the interchange around them says."""

    segments: tuple[Segment, ...]
    sender: str = ""
    sender_qualifier: str = ""
    is_test: bool = False
    decimal_marks: str = ".,"

    @property
    def type(self) -> str:
        """ORDERS, INVOIC ..., "" where the header states none."""
        return self.segments[0].get(2)

    @property
    def is_whole(self) -> bool:
        """Whether it reaches its end, UNT with the reference of its UNH."""
        return self.segments[-1].tag == "UNT" and self.segments[-1].get(2) == self.segments[0].get(1)

    @property
    def ref(self) -> str:
        """The message reference and where it stands, for a person."""
        return f"message {self.segments[0].get(1)} (segment {self.segments[0].place})"


def read_edifact(envelope: Envelope, encoding: str = "") -> Reading:
    """The orders of an interchange; its other messages are named in the reason, broken ones are quarantined."""
    try:
        text = decode_edifact(envelope.content, encoding)
        segments = list(split_segments(*_marked(text)))
    except ValueError as error:
        return quarantined("ENV-001", str(error))
    found = list(messages(segments))
    if not found:
        return quarantined("ENV-001", "The interchange has no message (UNH)", text)
    has_end = any(segment.tag == "UNZ" for segment in segments)
    cut = None if has_end or found[-1].is_whole else found[-1]
    read = [_cut_off(message) if message is cut else _read_message(message, envelope) for message in found]
    left = tuple(item for item in read if isinstance(item, Unreadable))
    orders = tuple(item for item in read if isinstance(item, OrderRead))
    if orders or left:
        left += tuple(_envelope_faults(segments))
    return reading_of(orders, left, tuple(item for item in read if isinstance(item, str)), "No order in it")


def _read_message(message: Message, envelope: Envelope) -> OrderRead | Unreadable | str:
    if message.type in ("ORDERS", "ORDCHG"):
        return read_order(message, source_of(envelope), envelope.sent_at)
    if message.type:
        return f"{message.type} {message.ref} is no order"
    raw = "'".join(map(str, message.segments))
    return unreadable(message.ref, raw, "ENV-002", f"The {message.ref} does not say what it is")


def _cut_off(message: Message) -> Unreadable:
    """Half a file is no order with a fault: the rest of it, maybe the very same order whole, is still to come."""
    raw = "'".join(map(str, message.segments))
    return unreadable(
        message.ref, raw, "ENV-001", f"The file ends within {message.ref}: its UNT and the UNZ are not there"
    )


def decode_edifact(content: bytes, encoding: str = "") -> str:
    """The text, by the interchange's own syntax identifier (UNOA ... UNOW) where that is to be believed.

    Raises ValueError. Text that is strictly UTF-8 is UTF-8 even under UNOA to UNOC; else these are Windows-1252.
    """
    if encoding or content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(content, encoding).lstrip()
    head = content[:300].decode("latin-1")
    start = head.find("UNB")
    declared = _CHARACTERS.get(head[start + 4 : start + 8]) if start >= 0 else None
    if declared:
        return decode(content, declared).lstrip()
    try:
        return content.decode("utf-8").lstrip()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace").lstrip()


def messages(segments: list[Segment]) -> Iterator[Message]:
    """Each message of the interchange; one without UNT ends where the next begins."""
    interchange = Segment("UNB", (), 0)
    current: list[Segment] = []
    for segment in [*segments, Segment("UNZ", (), 0)]:
        if segment.tag in ("UNB", "UNH", "UNZ", "UNE", "UNG") and current:
            yield _message(current, interchange)
            current = []
        if segment.tag == "UNB":
            interchange = segment
        elif segment.tag == "UNH" or current:
            current.append(segment)
        if segment.tag == "UNT" and current:
            yield _message(current, interchange)
            current = []


def _message(segments: list[Segment], interchange: Segment) -> Message:
    sender, qualifier = interchange.get(2), interchange.get(2, 1)
    return Message(tuple(segments), sender, qualifier, is_test=interchange.get(11) == "1")


def _marked(text: str) -> tuple[str, Separators]:
    """The text after its UNA, and the separators this states or the standard's."""
    if not text.startswith("UNA"):
        return text, _STANDARD
    una = text[3:9]
    if len(una) < 6:
        raise ValueError("The UNA segment is cut short")
    release = una[3].strip()
    return text[9:], Separators(una[0], una[1], una[5], release)


def _envelope_faults(segments: list[Segment]) -> Iterator[Unreadable]:
    """What shows that messages of the interchange may be missing."""
    if not any(segment.tag == "UNB" for segment in segments):
        return
    heads = sum(segment.tag == "UNH" for segment in segments)
    ends = [segment for segment in segments if segment.tag == "UNZ"]
    if not ends:
        yield unreadable("UNZ", "", "ENV-001", "The interchange has no end (UNZ): orders after its last may be missing")
    grouped = any(segment.tag == "UNG" for segment in segments)
    for end in ends:
        if not grouped and len(ends) == 1 and end.get(1).isdigit() and int(end.get(1)) != heads:
            reason = f"The interchange says {end.get(1)} messages, {heads} are there"
            yield unreadable("UNZ", str(end), "ENV-001", reason)
