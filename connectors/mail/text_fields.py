"""What the labelled lines of a mail say about the order: `PO number: 4711`, `送货地址：...`."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from connectors.mail.line_grammar import read_line
from connectors.mail.normal import plain_line
from connectors.mail.table_lines import find_header, split_cells

BLOCKS = ("deliver_to", "billing")  # labels whose value goes on below them
_AS_WRITTEN = (*BLOCKS, "recipient", "customer_name", "remarks")
MAX_BLOCK = 8  # lines of an address
OUR_NUMBER = re.compile(r"SO\d{6,}", re.IGNORECASE)  # the desk's own order numbers
_REF = r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,38}[A-Za-z0-9])?"
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_NAMED_ORDER = re.compile(
    r"(?:\b(?:purchase order|p\.?o\.?|order|bestellung|auftrag|bon de commande|commande|pedido|orden de compra)\b|"
    r"采购订单|采购单|订单|订货单)"
    r"[\s_-]*(?:(?:number|nummer|no|nr|ref|n°|nº|numéro|número|号|编号)\s*\.?)?\s*[:#]*\s*"
    rf"(?P<ref>{_REF})(?![A-Za-z0-9])(?P<next>\s*\S*)",
    re.IGNORECASE,
)
_COUNT_NEXT = re.compile(r"\s*(?:x|×|pcs|pieces|units?|boxes|stück|stk|pièces|unidades|个|件|箱|只|%)", re.IGNORECASE)


@dataclass(slots=True)
class TextFields:
    """Values as written, by field; `used` are the places of the lines they stand on."""

    values: dict[str, list[str]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    def first(self, name: str) -> str:
        """The first value of `name`; "" if none is stated."""
        return next(iter(self.values.get(name, ())), "")


def read_fields(lines: Sequence[str], raw: Sequence[str]) -> TextFields:
    """The labelled values of `lines` (`plain_line` of `raw`); names and addresses keep the characters of `raw`."""
    read, place = TextFields(), 0
    while place < len(lines):
        name, value = _labelled(lines[place])
        length = 1
        if name in _AS_WRITTEN:
            value = re.split(r"[:：\t]", raw[place], maxsplit=1)[-1].strip() if value else ""
        if name in BLOCKS:
            length += _block(lines, place + 1, has_value=bool(value))
            value = "\n".join(part.strip() for part in (value, *raw[place + 1 : place + length]) if part.strip())
        if name and value:  # a label without a value is left among the remarks
            read.values.setdefault(name, []).append(value)
            read.used.update(range(place, place + length))
        place += length if name and value else 1
    return read


def order_ref_in(text: str) -> list[str]:
    """The customer's order numbers that a subject or sentence names, in order, each once."""
    found = []
    for match in _NAMED_ORDER.finditer(text):
        ref = match["ref"]
        if is_order_ref(ref) and not _COUNT_NEXT.match(match["next"]):
            found.append(ref)
    return list(dict.fromkeys(found))


def is_order_ref(text: str) -> bool:
    """Whether `text` may be a customer's order number: with a digit, no date, and none of ours."""
    has_form = re.fullmatch(_REF, text) is not None and len(text) >= 2
    return has_form and any(c.isdigit() for c in text) and not _DATE.fullmatch(text) and not OUR_NUMBER.match(text)


def _labelled(line: str) -> tuple[str, str]:
    """The field a line states and its value; ("", "") if it states none."""
    head, colon, value = line.partition(":")
    name = _labels().get(_label(head), "") if colon else ""
    if not name and "\t" in line:
        head, _, value = line.partition("\t")
        name = _labels().get(_label(head), "")
    if name == "order_ref":
        return _order_ref(value)
    if name:
        return name, value.strip()
    return _unmarked(line)


def _order_ref(value: str) -> tuple[str, str]:
    """The reference at the start of `value`; a date or a remark may follow it."""
    found = re.match(rf"\s*#?\s*({_REF})(?=$|[\s,;.(])", value)
    if not found or not is_order_ref(found[1]) or _COUNT_NEXT.match(value[found.end() :]):
        return "", ""  # `Order: 10 x AB-1234` states no number
    return "order_ref", found[1]


def _unmarked(line: str) -> tuple[str, str]:
    """`PO number 4711` on a line of its own."""
    words = line.split(" ")
    if 2 <= len(words) <= 5 and is_order_ref(words[-1].lstrip("#")):
        name = _labels().get(_label(" ".join(words[:-1])), "")
        if name == "order_ref":
            return name, words[-1].lstrip("#")
    return "", ""


def _block(lines: Sequence[str], start: int, has_value: bool) -> int:
    """How many lines from `start` on belong to an address: up to a blank one, a label or an order line."""
    end = start + (start < len(lines) and not lines[start] and not has_value)  # one blank line below the label
    begin = end
    while end < min(len(lines), start + MAX_BLOCK) and lines[end] and not _ends_block(lines[end]):
        end += 1
    return end - start if end > begin else 0


def _ends_block(line: str) -> bool:
    head, colon, _ = line.partition(":")
    if _labelled(line)[0] or (colon and _label(head) in _labels()):
        return True
    return any(found.is_clean and found.unit for found in read_line(line)) or bool(find_header(split_cells(line)))


def _label(text: str) -> str:
    return re.sub(r"[\s.*_]+", " ", text.strip(" \t-*•·#")).strip().casefold()


@cache
def _labels() -> dict[str, str]:
    with Path(__file__).with_name("labels.csv").open(encoding="utf-8", newline="") as file:
        return {_label(plain_line(row["label"])): row["field"] for row in csv.DictReader(file)}
