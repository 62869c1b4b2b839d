"""One item on two lines: what it is above, how many and at what price below."""

import re
from collections.abc import Sequence

from connectors.mail.lines.clause import read_clause
from connectors.mail.lines.describing import tidy
from connectors.mail.lines.items import find_item, is_barcode
from connectors.mail.lines.model import Span, TypedLine
from connectors.mail.lines.typed import read_line, without_marks
from connectors.mail.speech import Speech

MAX_ABOVE = 120  # characters
_NO_ITEM = re.compile(
    r".*[.!?:;。！？：；,，]$|.*(?:@|www\.|https?:).*|(?:hi|hello|hallo|bonjour|hola|dear|您好)\b.*", re.IGNORECASE
)
_STAND_IN = "ITEM-00000"  # what the lower line is read about


def _says_how_many(line: TypedLine) -> bool:
    """Whether the upper line has a count of its own, not only a measure or a size in its description."""
    is_count = line.quantity is not None and "measured" not in line.doubts
    return is_count or (line.maybe is not None and line.form != "no quantity")


def read_pair(lines: Sequence[str], speech: Speech) -> TypedLine | None:
    """The order line on two `lines`; None if they are none."""
    if len(lines) < 2 or not lines[0] or not lines[1] or len(lines[0]) > MAX_ABOVE or _NO_ITEM.fullmatch(lines[0]):
        return None
    above, below = without_marks(lines[0]), without_marks(lines[1])
    if not below[:1].isdigit() and not re.match(r"[^\W\d_]", below):
        return None
    line = read_clause(f"{_STAND_IN}: {below}", speech)
    if line is None or line.item != _STAND_IN or line.quantity is None or line.description:
        return None
    other = find_item(below)
    if other and other.text != f"{line.quantity:f}":
        return None
    if any(_says_how_many(one) for one in read_line(lines[0], speech)):
        return None
    found = find_item(above)
    line.item, line.barcode = (
        ("", "") if not found else ("", found.text) if is_barcode(found.text) else (found.text, "")
    )
    line.description = tidy(above[: found.start] + " " + above[found.end :] if found else above)
    line.raw, line.form = lines[0], "item above its count"
    line.spans = [Span(one.name, 0, len(below), place="", text=below) for one in line.spans if one.name != "item_ref"]
    if not (line.names_item or re.search(r"[^\W\d_]{3}|[\u4e00-\u9fff]{2}", line.description)):
        return None
    return line
