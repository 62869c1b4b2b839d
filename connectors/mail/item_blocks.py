"""One item told by labels: over several lines (`Item: AB-1234` / `Quantity: 10`) or on one (`Item AB-1234; qty 10`)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.mail.amounts import currency_code
from connectors.mail.lines.items import is_item
from connectors.mail.lines.model import TypedLine
from connectors.mail.lines.typed import without_marks
from connectors.mail.speech import Speech
from connectors.mail.tables.headers import Header, column_name
from connectors.mail.tables.rows import read_rows
from orderclerk.domain.reading import Problem

_LABELLED = re.compile(r"^[\s*•·-]*(?P<head>[^:：\t=]{1,40}?)\s*[:：=\t]\s*(?P<value>\S.*)$")
_PARTS = re.compile(r"\s*(?:;|、|\||\t|\s/\s|,(?=\s))\s*")
_OURS = ("item_ref", "barcode", "description", "quantity", "unit", "unit_price", "line_total")
_BARE_COUNT = re.compile(r"^\s*\d[\d.,']{0,9}\s?(?:[^\W\d_]{1,8}\.?)?\s*$")
MAX_LABELLED = 250  # characters of a labelled line
_MAX_HEAD = 4  # words of a label without a colon


@dataclass(frozen=True, slots=True)
class Block:
    """The line of a block and how many lines of text it takes."""

    line: TypedLine
    length: int


def counts_again(line: str) -> bool:
    """Whether a line is a quantity and nothing else: `Qty ordered: 24 prs`, `24 prs`."""
    if _BARE_COUNT.match(line):
        return True
    found = _LABELLED.match(line)
    return found is not None and column_name(found["head"]) == "quantity" and found["value"][:1].isdigit()


def doubt_count(line: TypedLine, below: str) -> None:
    """A quantity stands below a line that has one already: which counts is not ours to say."""
    reason = f"{line.quantity or line.maybe or 'no number'} in the line, and below it {below.strip()[:40]!r}"
    line.problems.append(Problem("LIN-001", "quantity", below.strip()[:40], reason))
    line.maybe = line.quantity = None  # nothing later may settle it


def read_block(lines: Sequence[str], speech: Speech) -> Block | None:
    """The block that begins with the first of `lines`; None if none does.

    A mail program may set every line apart by a blank one: then one blank line goes on, and a label told again ends it.
    """
    stated: dict[str, str] = {}
    length, is_spaced = 0, len(lines) > 1 and not lines[1]
    for nth, line in enumerate(lines):
        if not line and is_spaced and nth and lines[nth - 1]:
            continue
        found = _LABELLED.match(line)
        name = column_name(found["head"]) if found and len(found["head"].split()) <= _MAX_HEAD else ""
        if found and name == "item_ref" and "description" not in stated and _is_wordy(found["value"]):
            name = "description"
        if (
            found
            and not name
            and {"item_ref", "barcode"} & stated.keys()
            and not {"description", "quantity"} & stated.keys()
        ):
            name = "description"  # whatever its label, it stands between the number and the quantity
        is_next = is_spaced and name in ("item_ref", "barcode", "description") and "quantity" in stated
        is_order_total = name == "line_total" and "quantity" not in stated
        if not found or name not in _OURS or name in stated or is_order_total or is_next:
            break
        stated[name] = found["value"]
        length = nth + 1
    told = _line_of(stated, speech) if length > 1 else None
    return Block(told, length) if told else None


def read_labelled_line(text: str, speech: Speech) -> TypedLine | None:
    """The order line of `SKU 4984-8; cereal bowl, white; Order qty: 12 units`; None if a label of it is missing."""
    if len(text) > MAX_LABELLED or not re.search(r"\d|\?", text):
        return None
    stated: dict[str, str] = {}
    words: list[str] = []
    for part in _PARTS.split(without_marks(text)):
        name, value = _labelled_part(part.strip())
        if name in stated:
            return None
        if name:
            stated[name] = value
        elif part.strip():
            words.append(part.strip())
    if len(stated) < 2 or len(words) > _MAX_HEAD:
        return None
    if words and "description" not in stated:
        stated["description"] = ", ".join(words)
    return _line_of(stated, speech)


def _line_of(stated: dict[str, str], speech: Speech) -> TypedLine | None:
    has_item = any(name in stated for name in ("item_ref", "barcode", "description"))
    if not has_item or "quantity" not in stated:
        return None
    header = Header({name: place for place, name in enumerate(stated)}, tuple(stated))
    table = read_rows(header, [list(stated.values())], [""], speech)
    if len(table.lines) != 1:
        return None
    read = table.lines[0][1]
    read.form = "labelled block"
    return read


def _is_wordy(value: str) -> bool:
    """Whether what stands behind a label is a name, not a number: `Product: Network cable Cat 6`."""
    return " " in value and not is_item(value.split()[0], is_labelled=False)


def _labelled_part(part: str) -> tuple[str, str]:
    """The column that a part's label names and the value behind it; ("", "") for a part without a label."""
    if found := _LABELLED.match(part):
        name = column_name(found["head"])
        if name in _OURS:
            return _named(name, found["value"])
    words = part.split()
    first = next((nth for nth, word in enumerate(words) if re.search(r"\d|\?", word)), len(words) - 1)
    for count in range(min(first, _MAX_HEAD), 0, -1):
        if currency_code(words[count - 1]) or words[count - 1] in "$£€¥":
            continue
        name = column_name(" ".join(words[:count]))
        if name in ("item_ref", "barcode", "quantity", "unit_price", "line_total"):
            return _named(name, " ".join(words[count:]))
    return "", ""


def _named(name: str, value: str) -> tuple[str, str]:
    if name == "item_ref" and _is_wordy(value):
        return "description", value
    return name, value
