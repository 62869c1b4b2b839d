"""What a person states about a document that could not be read, and how it is then interpreted. Pure.

The envelope stays as it came: a statement is applied to a copy whenever the document is interpreted, so that the same
comes of it each time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from email import message_from_bytes
from email.message import Message
from email.mime.text import MIMEText
from typing import Any

from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import EnvelopeKind, LetterKind, Reading

MAIL = "message/rfc822"
TABLE = "text/csv"
_BODY_HEADERS = ("content-type", "content-transfer-encoding", "content-disposition", "mime-version")


class RepairError(ValueError):
    """A statement that cannot be applied; the message says why and what to state instead."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What is stated; empty fields state nothing.

    `text` takes the document's place, `encoding` is that of its characters, `columns` are our names and the headers of
    this one table, `order_ref` and `customer_number` say whose order it is, `file_as` that it is none but a letter of
    this kind, `discarded` why nobody needs it. `person` stated it last.
    """

    text: str = ""
    encoding: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    order_ref: str = ""
    customer_number: str = ""
    file_as: str = ""
    discarded: str = ""
    person: str = ""

    @property
    def is_no_order(self) -> bool:
        """Whether it says that nothing is ordered here."""
        return bool(self.file_as or self.discarded)


def repair_of(statements: Iterable[Mapping[str, Any]]) -> Repair:
    """All that was stated, the first first: what comes later counts, field by field.

    That it is no order after all takes everything else back, and the other way round.
    """
    known = {one.name for one in fields(Repair)}
    whole: dict[str, Any] = {}
    for statement in statements:
        said = {name: value for name, value in statement.items() if name in known and value}
        ends = bool({"file_as", "discarded"} & set(said))
        whole = said if ends else {k: v for k, v in whole.items() if k not in ("file_as", "discarded")} | said
    return Repair(**whole)


def parse_columns(text: str) -> dict[str, str]:
    """`quantity = Menge`, one a line: our name and the header of the table. Raises RepairError for any other line."""
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        ours, equals, theirs = line.partition("=")
        if not (equals and ours.strip() and theirs.strip()):
            raise RepairError(f"{line!r} does not say which column it is: write our name = the table's header")
        found[ours.strip()] = theirs.strip().strip("\"'")
    return found


def check_repair(repair: Repair) -> None:
    """Raises RepairError for an encoding that does not exist or a kind of letter that nobody knows."""
    try:
        "".encode(repair.encoding or "utf-8")
    except LookupError:
        raise RepairError(f"There is no encoding {repair.encoding!r}; write it like gb18030 or cp1252") from None
    if repair.file_as and repair.file_as not in set(LetterKind):
        raise RepairError(f"There is no kind {repair.file_as!r}; there are {', '.join(LetterKind)}")


def repaired_envelope(envelope: Envelope, repair: Repair) -> Envelope:
    """A copy of `envelope` as the statement has it: another text, or its own in the right characters.

    Raises RepairError where a mail's encoding is stated (its parts have several) or the bytes are not in it.
    """
    is_mail = envelope.media_type.startswith(MAIL)
    if repair.text:
        content = _mail_with(envelope.content, repair.text) if is_mail else repair.text.encode()
        return replace(envelope, content=content, media_type=MAIL if is_mail else TABLE)
    if not repair.encoding:
        return envelope
    if is_mail:
        raise RepairError("A mail's parts have encodings of their own; paste its text instead")
    try:
        return replace(envelope, content=envelope.content.decode(repair.encoding).encode())
    except UnicodeDecodeError as error:
        raise RepairError(f"The document is not in {repair.encoding}: {error.reason} at byte {error.start}") from None


def mapping_with(mapping: SenderMapping, repair: Repair) -> SenderMapping:
    """The sender's mapping for this one document."""
    changes: dict[str, Any] = {"columns": repair.columns} if repair.columns else {}
    if repair.encoding or repair.text:
        changes["encoding"] = "utf-8"
    if repair.text:
        changes |= {"delimiter": "", "skip_rows": 0}
    if repair.customer_number:
        changes["customer_number"] = repair.customer_number
    return replace(mapping, **changes)


def repaired_reading(reading: Reading, repair: Repair) -> Reading:
    """`reading` as the statement has it: filed, or of this order and customer where it holds just one order."""
    if repair.is_no_order:
        reason = (
            f"discarded by {repair.person}: {repair.discarded}" if repair.discarded else f"filed by {repair.person}"
        )
        letter = reading.letter and replace(
            reading.letter, kind=LetterKind(repair.file_as or LetterKind.OTHER), confidence=1.0
        )
        return Reading(EnvelopeKind.OTHER, letter=letter, reason=reason)
    if not (repair.order_ref or repair.customer_number):
        return reading
    if reading.frame is not None:
        return replace(reading, frame=_stated(reading.frame, repair))
    orders = reading.orders
    if repair.customer_number:
        orders = tuple(replace(one, customer=replace(one.customer, number=repair.customer_number)) for one in orders)
    if repair.order_ref and len(orders) == 1:
        orders = (replace(orders[0], order_ref=repair.order_ref, has_own_ref=True, customer_po=repair.order_ref),)
    return replace(reading, orders=orders)


def _stated(frame: Any, repair: Repair) -> Any:
    """A line frame with the stated customer, and the stated reference where it holds one order."""
    if repair.customer_number:
        frame = frame.assign(customer_number=repair.customer_number)
    if repair.order_ref and frame["order_ref"].nunique() == 1:
        frame = frame.assign(order_ref=repair.order_ref)
    return frame


def _mail_with(content: bytes, text: str) -> bytes:
    """The mail with its own headers and `text` for its body; the same bytes each time."""
    mail = MIMEText(text, "plain", "utf-8")
    original: Message = message_from_bytes(content)
    for name, value in original.items():
        if name.lower() not in _BODY_HEADERS:
            mail[name] = value
    return mail.as_bytes()
