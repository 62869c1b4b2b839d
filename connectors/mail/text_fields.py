"""What the labelled lines of a mail say about the order: `PO number: 4711`, `送货地址：...`."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from connectors.mail.address_blocks import block_length, is_delivery_label, names_a_place
from connectors.mail.amounts import CURRENCY, NUMBER
from connectors.mail.lines.typed import read_line
from connectors.mail.normal import plain_line
from connectors.mail.quoting import is_closing
from connectors.mail.tables.headers import column_name, read_header
from connectors.mail.tables.textual import split_cells

MAYBE_DELIVERY = "deliver_to?"  # it says where to deliver if what follows is an address
BLOCKS = ("deliver_to", "billing", "supplier", MAYBE_DELIVERY)  # labels whose value goes on below them
_AS_WRITTEN = (*BLOCKS, "recipient", "customer_name", "remarks")
MAX_LABEL = 60  # characters of a label that stands alone
OUR_NUMBER = re.compile(r"SO\d{6,}", re.IGNORECASE)  # the desk's own order numbers
_REF = r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,38}[A-Za-z0-9])?"
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_NAMED_ORDER = re.compile(
    r"(?:\b(?:purchase order|p\.?o\.?|order|bestellung|auftrag|bon de commande|commande|pedido|orden de compra|ordine(?: d'acquisto)?)\b|"
    r"采购订单|采购单|订单|订货单)"
    r"[\s_-]*(?:(?:number|nummer|num|no|nr|ref|n°|nº|numéro|número|numero|n|号|编号)(?![a-z])\s*\.?)?\s*[:#]*\s*"
    rf"(?P<ref>{_REF})(?![A-Za-z0-9])(?P<next>\s*\S*)",
    re.IGNORECASE,
)
_COUNT_NEXT = re.compile(
    r"\s*(?:x|×|pcs|pieces|units?|boxes|cartons?|stück|stk|kartons?|pièces|unidades|cajas|pezzi|个|件|箱|只|盒|%)(?![a-z])",
    re.IGNORECASE,
)
_NUMBER_OF = r"(?:(?:ref|réf|rif|no|nr|num|n|reference|référence|referencia|riferimento|referenz|number|nummer|numéro|número|numero|id|code)(?: ?[°º#o](?![a-z]))?|[°º#])"
_ORDER_LABEL = re.compile(
    r"(?:(?:our|my|unsere?|meine|notre|nuestr[oa]|nostr[oa]|n/|customer|client|kunden|buyer's) ?)?"
    rf"(?:{_NUMBER_OF} ?(?:of |de |del |d'|di |dell')?(?:our |votre |notre |nuestr[oa] |nostr[oa] )?)?"
    r"(?:purchase order|order|p ?o|bestellung|auftrag|bon de commande|commande|pedido|orden de compra|ordine(?: d'acquisto)?)"
    rf"(?:[ -]?{_NUMBER_OF})?",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r".*(?:[!?。！？]|[a-zß-ÿ]{3}\.)$|(?:please|bitte|merci|kindly|por favor|prego|si prega|请|谢谢).*", re.IGNORECASE
)
_NEXT_LABEL = re.compile(r"(?:[,;|/•]|\s-|\s{2,}|\t|\s(?=[\u4e00-\u9fff]{2,8}[:：]))\s*(?=[^:：,;|/\t]{2,45}[:：])")
_HEAD = re.compile(
    r"^[\s>*•·#_-]*(?P<head>[^:：\t=]{1,60}?)[\s*_]*(?P<mark>[:：\t=]|\s[-–]\s)\s*(?P<value>.*)$", re.DOTALL
)


_AMOUNTS = ("total", "subtotal", "tax", "freight", "discount")
_AMOUNT = re.compile(
    rf"\W*(?P<head>[^\d:：=]{{3,40}}?)\s+(?P<value>(?:{CURRENCY}\s?)?{NUMBER}(?:\s?{CURRENCY})?)\W*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A value as written, and the place among the lines where it begins."""

    name: str
    value: str
    place: int


@dataclass(slots=True)
class TextFields:
    """Values as written, by field; `used` are the places of the lines they stand on."""

    values: dict[str, list[str]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    stated: list[Stated] = field(default_factory=list)

    def first(self, name: str) -> str:
        """The first value of `name`; "" if none is stated."""
        return next(iter(self.values.get(name, ())), "")

    def add(self, name: str, value: str, place: int) -> None:
        """One more value of `name`."""
        self.values.setdefault(name, []).append(value)
        self.stated.append(Stated(name, value, place))


def read_fields(lines: Sequence[str], raw: Sequence[str]) -> TextFields:
    """The labelled values of `lines` (`plain_line` of `raw`); names and addresses keep the characters of `raw`."""
    read, place = TextFields(), 0
    while place < len(lines):
        found = _labelled(lines[place])
        length = 1
        if _is_of_an_item(lines, place):
            found = []
        for name, value in found:
            if name in _AS_WRITTEN:
                value = _as_written(raw[place], value)
            if name in BLOCKS:
                length += block_length(lines, place + 1, value, _ends_block)
                below = raw[place + 1 : place + length]
                value = "\n".join(part.strip() for part in (value, *below) if part.strip())
            if name == MAYBE_DELIVERY:
                name = "deliver_to" if names_a_place(value) else ""
                length = length if name else 1
            if not value and name not in BLOCKS and not _is_structured(lines, place + 1):
                value, length = _value_below(name, lines, place + 1)
            if name and value:  # a label without a value is left among the remarks
                read.add(name, value, place)
                read.used.update(range(place, place + length))
        place += length if (found and found[0][1]) or length > 1 else 1
    return read


def _is_of_an_item(lines: Sequence[str], place: int) -> bool:
    """Whether a line like `Ref.: EL-3034` names an item: what stands with it or below it says what and how many."""
    head = _HEAD.match(lines[place])
    if not head or _ORDER_LABEL.fullmatch(_label(head["head"])) or column_name(head["head"]) != "item_ref":
        return False
    below = next((line for line in lines[place + 1 : place + 3] if line), "")
    under = _HEAD.match(below)
    name = column_name(under["head"]) if under and under["mark"] in ":：=" else ""
    return name in ("quantity", "description", "unit", "barcode", "unit_price")


def _is_structured(lines: Sequence[str], place: int) -> bool:
    return place >= len(lines) or not lines[place] or bool(_labelled(lines[place]))


def _value_below(name: str, lines: Sequence[str], place: int) -> tuple[str, int]:
    """The value on the line below its label, where it can be nothing else."""
    value = lines[place]
    if name == "order_ref":
        found = _order_ref(value)
        return (found[1], 2) if found[1] == value.lstrip("#") else ("", 1)
    if name in ("requested_date", "customer_number", "vat_number", "phone", "total", "currency") and len(value) <= 40:
        is_value = bool(re.search(r"\d", value)) or name == "currency"
        return (value, 2) if is_value and not read_line(value) else ("", 1)
    if name == "payment_method" and len(value) <= MAX_LABEL and not _SENTENCE.fullmatch(value):
        return value, 2
    return "", 1


def _as_written(raw: str, value: str) -> str:
    """`value` in the characters of `raw`: what stands behind the label there."""
    if not value:
        return ""
    rest = re.split(r"[:：\t]", raw, maxsplit=1)[-1].strip()
    return rest if plain_line(rest) == value else value


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


def _labelled(line: str) -> list[tuple[str, str]]:
    """The fields a line states and their values; [] if it states none."""
    found: list[tuple[str, str]] = []
    for piece in _pieces(line):
        head = _HEAD.match(piece)
        name = label_name(head["head"]) if head else ""
        if head and name == "order_ref":
            named = _order_ref(head["value"])
            found += [named] if named[0] else ([("order_ref", "")] if not head["value"].strip() else [])
        elif head and name:
            found.append((name, head["value"].strip()))
        elif not found:
            unmarked = _amount(piece) or _unmarked(piece)
            return [unmarked] if unmarked[0] else []
    return found


def _pieces(line: str) -> list[str]:
    """A line that states several fields, one piece each; else the line whole."""
    if line.count(":") + line.count("：") < 2 or len(line) > 300:
        return [line]
    pieces, begin = [], 0
    for mark in _NEXT_LABEL.finditer(line):
        head = re.match(r"([^:：]{2,45})[:：]", line[mark.end() :])
        if head and label_name(head[1]):
            pieces.append(line[begin : mark.start()])
            begin = mark.end()
    return [*pieces, line[begin:]]


def _order_ref(value: str) -> tuple[str, str]:
    """The reference at the start of `value`; a date or a remark may follow it."""
    found = re.match(rf"\s*#?\s*({_REF})(?=$|[\s,;.(/]|[^\x00-\x7f])", value)
    if not found or not is_order_ref(found[1]) or _COUNT_NEXT.match(value[found.end() :]):
        return "", ""  # `Order: 10 x AB-1234` states no number
    return "order_ref", found[1]


def _amount(line: str) -> tuple[str, str] | None:
    """`Total 250.00 EUR` on a line of its own."""
    found = _AMOUNT.fullmatch(line)
    name = label_name(found["head"]) if found else ""
    return (name, found["value"]) if found and name in _AMOUNTS else None


def _unmarked(line: str) -> tuple[str, str]:
    """`PO number 4711` on a line of its own."""
    if len(line) <= MAX_LABEL and not re.search(r"\d", line) and label_name(line) in ("deliver_to", MAYBE_DELIVERY):
        return MAYBE_DELIVERY, ""  # in forms its value stands below it
    words = line.split(" ")
    if label_name(line) in ("customer_number", "vat_number", "requested_date", "payment_method"):
        return label_name(line), ""  # its value stands below
    if 2 <= len(words) <= 6 and is_order_ref(words[-1].lstrip("#")):
        name = label_name(" ".join(words[:-1]))
        if name in ("order_ref", "customer_number", "vat_number"):
            return name, words[-1].lstrip("#")
    return "", ""


def _ends_block(line: str) -> bool:
    if is_closing(line) or (_SENTENCE.fullmatch(line) and len(line) > 12):
        return True
    head = _HEAD.match(line)
    if (
        head
        and head["mark"] in ":："
        and column_name(head["head"]) in ("item_ref", "barcode", "description", "quantity")
    ):
        return True
    if _labelled(line) or (head and head["mark"] in ":：" and label_name(head["head"])):
        return True
    lines = read_line(line)
    return any(found.quantity is not None and found.unit and found.form != "no quantity" for found in lines) or bool(
        read_header(split_cells(line))
    )


def label_name(text: str) -> str:
    """The field that a label names; "" for none."""
    words = _label(text)
    if _ORDER_LABEL.fullmatch(words):
        return "order_ref"
    known = _labels().get(words, "") or _labels().get(re.sub(r"\s*\(.{1,20}\)$", "", words), "")
    return known or (MAYBE_DELIVERY if is_delivery_label(words) else "")


def _label(text: str) -> str:
    return re.sub(r"[\s.*_]+", " ", text.strip(" \t-*•·#>")).strip().casefold()


@cache
def _labels() -> dict[str, str]:
    with Path(__file__).with_name("labels.csv").open(encoding="utf-8", newline="") as file:
        return {_label(plain_line(row["label"])): row["field"] for row in csv.DictReader(file)}
