"""X12 interchanges: separators, functional groups and transaction sets; 850 and 860 become orders.

Source: ASC X12.5 (interchange control structures) and X12.6 (application control structures).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.files.decoding import decode
from connectors.files.outcomes import quarantined, reading_of, source_of, unreadable
from connectors.files.segments import Segment, Separators, split_segments
from connectors.files.x12_order import read_order
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import OrderRead, Reading, Unreadable

ISA_ELEMENTS = 16


@dataclass(frozen=True)
class TransactionSet:
    """The segments from ST to SE, and what the interchange around them says."""

    segments: tuple[Segment, ...]
    sender: str = ""
    sender_qualifier: str = ""
    is_test: bool = False

    @property
    def type(self) -> str:
        """850, 810 ..., "" where the header states none."""
        return self.segments[0].get(1)

    @property
    def is_whole(self) -> bool:
        """Whether it reaches its end, SE with the control number of its ST."""
        return self.segments[-1].tag == "SE" and self.segments[-1].get(2) == self.segments[0].get(2)

    @property
    def ref(self) -> str:
        """The set's control number and where it stands, for a person."""
        return f"set {self.segments[0].get(2)} (segment {self.segments[0].place})"


def read_x12(envelope: Envelope, encoding: str = "") -> Reading:
    """The orders of an interchange; its other sets are named in the reason, broken ones are quarantined."""
    try:
        text = decode(envelope.content, encoding).lstrip()
        segments = list(split_segments(text, find_separators(text)))
    except ValueError as error:
        return quarantined("ENV-001", str(error))
    found = list(transaction_sets(segments))
    if not found:
        return quarantined("ENV-001", "The interchange has no transaction set (ST)", text)
    has_end = any(segment.tag == "IEA" for segment in segments)
    cut = None if has_end or found[-1].is_whole else found[-1]
    read = [_cut_off(item) if item is cut else _read_set(item, envelope) for item in found]
    left = tuple(item for item in read if isinstance(item, Unreadable))
    orders = tuple(item for item in read if isinstance(item, OrderRead))
    if orders or left:
        left += tuple(_envelope_faults(segments))
    return reading_of(orders, left, tuple(item for item in read if isinstance(item, str)), "No order in it")


def _read_set(item: TransactionSet, envelope: Envelope) -> OrderRead | Unreadable | str:
    if item.type in ("850", "860"):
        return read_order(item, source_of(envelope), envelope.sent_at)
    if item.type:
        return f"{item.type} {item.ref} is no order"
    raw = "~".join(map(str, item.segments))
    return unreadable(item.ref, raw, "ENV-002", f"The {item.ref} does not say what it is")


def _cut_off(item: TransactionSet) -> Unreadable:
    """Half a file is no order with a fault: the rest of it, maybe the very same order whole, is still to come."""
    reason = f"The file ends within {item.ref}: its SE and the IEA are not there"
    return unreadable(item.ref, "~".join(map(str, item.segments)), "ENV-001", reason)


def find_separators(text: str) -> Separators:
    """The separators that the ISA segment of `text` uses. Raises ValueError.

    Elements are counted, not columns: senders strip the blanks that the standard pads with. A sender that leaves out
    ISA16 shows by ending its lines with what stands in its place.
    """
    mark = text[3:4]
    pieces = text.split(mark, ISA_ELEMENTS)
    if len(pieces) <= ISA_ELEMENTS:
        raise ValueError("The ISA segment is cut short")
    tail = re.match(r"(.*?)\s*(?:GS|IEA|TA1)" + re.escape(mark), pieces[-1][:40], re.DOTALL)
    if not tail or not (marks := tail.group(1).strip()):
        raise ValueError("The ISA segment does not say how segments end")
    if len(marks) > 1:
        return Separators(component=marks[0], element=mark, terminator=marks[1])
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    if sum(line.endswith(marks) for line in lines) > len(lines) // 2:
        return Separators(component="\x1f", element=mark, terminator=marks)
    return Separators(component=marks, element=mark, terminator="\n")


def transaction_sets(segments: list[Segment]) -> Iterator[TransactionSet]:
    """Each set of the interchange; one without SE ends where the next begins."""
    interchange = Segment("ISA", (), 0)
    current: list[Segment] = []
    for segment in [*segments, Segment("IEA", (), 0)]:
        if segment.tag in ("ISA", "GS", "ST", "GE", "IEA") and current:
            yield _set(current, interchange)
            current = []
        if segment.tag == "ISA":
            interchange = segment
        elif segment.tag == "ST" or current:
            current.append(segment)
        if segment.tag == "SE" and current:
            yield _set(current, interchange)
            current = []


def _set(segments: list[Segment], interchange: Segment) -> TransactionSet:
    qualifier, sender = interchange.get(5), interchange.get(6)
    return TransactionSet(tuple(segments), sender, qualifier, is_test=interchange.get(15) == "T")


def _envelope_faults(segments: list[Segment]) -> Iterator[Unreadable]:
    """What shows that sets of the interchange may be missing."""
    if not any(segment.tag == "IEA" for segment in segments):
        yield unreadable("IEA", "", "ENV-001", "The interchange has no end (IEA): orders after its last may be missing")
    sets = 0
    for segment in segments:
        sets = 0 if segment.tag == "GS" else sets + (segment.tag == "ST")
        if segment.tag == "GE" and segment.get(1).isdigit() and int(segment.get(1)) != sets:
            reason = f"The functional group says {segment.get(1)} sets, {sets} are there"
            yield unreadable(f"GE segment {segment.place}", str(segment), "ENV-001", reason)
