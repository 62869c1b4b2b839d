"""One item told in several labelled lines: `Item: AB-1234` / `Quantity: 10` / `Price: 3.20`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.mail.lines.model import TypedLine
from connectors.mail.speech import Speech
from connectors.mail.tables.headers import Header, column_name
from connectors.mail.tables.rows import read_rows

_LABELLED = re.compile(r"^[\s*•·-]*(?P<head>[^:：\t=]{1,40}?)\s*[:：=\t]\s*(?P<value>\S.*)$")
_OURS = ("item_ref", "barcode", "description", "quantity", "unit", "unit_price", "line_total")


@dataclass(frozen=True, slots=True)
class Block:
    """The line of a block and how many lines of text it takes."""

    line: TypedLine
    length: int


def read_block(lines: Sequence[str], speech: Speech) -> Block | None:
    """The block that begins with the first of `lines`; None if none does."""
    stated: dict[str, str] = {}
    length = 0
    for nth, line in enumerate(lines):
        found = _LABELLED.match(line)
        name = column_name(found["head"]) if found and len(found["head"].split()) <= 4 else ""
        is_order_total = name == "line_total" and "quantity" not in stated
        if not found or name not in _OURS or name in stated or is_order_total:
            break
        stated[name] = found["value"]
        length = nth + 1
    has_item = any(name in stated for name in ("item_ref", "barcode", "description"))
    if length < 2 or not has_item or "quantity" not in stated:
        return None
    header = Header({name: place for place, name in enumerate(stated)}, tuple(stated))
    table = read_rows(header, [list(stated.values())], [""], speech)
    if len(table.lines) != 1:
        return None
    read = table.lines[0][1]
    read.form = "labelled block"
    return Block(read, length)
