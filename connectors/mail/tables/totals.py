"""Rows of a table that state an amount of the whole order: a total, tax, freight, a discount."""

import re
from collections.abc import Sequence

from connectors.mail.amounts import unit_code
from connectors.mail.lines import items
from connectors.mail.lines.words import FREIGHT
from connectors.mail.normal import folded
from connectors.mail.tables.headers import Header
from connectors.mail.tables.money import MONEY

_SUBTOTAL = re.compile(
    r"sub-?\s?total|zwischensumme|net(?:to)?(?:\s?(?:total|amount|betrag|summe|wert))?$|warenwert|sous-total|total ht|"
    r"montant ht|base imponible|imponibile|subtotale|不含税|未税|小计",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"(?:grand |order |total )?totale?s?\b|gesamt|summe|endbetrag|(?:bestell|auftrags)wert|order value|total ttc|"
    r"montant total|net à payer|importe total|(?:订单|采购|货款)?(?:合计|总计|总额|总金额|总价|共计)",
    re.IGNORECASE,
)
_TAX = re.compile(r"\b(?:vat|tax|mwst|ust|umsatzsteuer|mehrwertsteuer|tva|iva|gst)\b|税额|税金|增值税", re.IGNORECASE)
_DISCOUNT = re.compile(r"discount|rabatt|nachlass|remise|descuento|sconto|折扣|优惠", re.IGNORECASE)
_GOES_ON = (
    r"(?:kosten|spesen|pauschale|anteil|gebühr(?:en)?|费用?)?(?:[\s:.,(/&+-]+(?:and|und|et|y|e|costs?|charges?|fees?|to|nach|für|for|"
    r"pour|vers|para|a|per|di|de|du|of|on|von|auf|sur|sul|inkl|incl|zzgl|plus|ht|netto|net|\d).*)?[\s:.)%]*"
)
_MARKS = re.compile(r"[\s:.()%*=-]+|\d+")
RULER = re.compile(r"[\s|+=:_.*-]*")
SPACED_CODE = re.compile(r"(?=.*\d)[A-Z0-9./-]{1,12}(?: [A-Z0-9./-]{1,12}){1,3}")


def amount_of(header: Header, cells: Sequence[str]) -> tuple[str, str] | None:
    """An amount of the whole order: a row that names a total, tax, freight or discount and has no item."""
    named = " ".join(
        cell for cell in cells if cell and not MONEY.fullmatch(cell) and not re.fullmatch(r"[\d.,%\s]+", cell)
    )
    is_item = is_code(header.cell("item_ref", cells)) or re.search(r"\d{7}", header.cell("barcode", cells)) is not None
    if not named or len(named) > 60 or is_item:
        return None
    value = next((cell for cell in reversed(cells) if re.search(r"\d", cell) and "%" not in cell), "")
    if re.search(r"[1-9]", header.cell("quantity", cells)):  # packing tape, 144 rolls
        return _counted_amount(header, named, value)
    if _SUBTOTAL.search(folded(named)):
        return "subtotal", value
    words = named.casefold()
    if not value:
        return ("total", value) if _TOTAL.match(words) else None
    for name, pattern in (("discount", _DISCOUNT), ("freight", FREIGHT)):
        if re.fullmatch(rf"(?:{pattern.pattern}){_GOES_ON}", words, re.IGNORECASE):
            return name, value
    for name, pattern in (("tax", _TAX), ("total", _TOTAL)):
        if pattern.match(words) or (name == "tax" and pattern.search(words)):
            return name, value
    return None


def _counted_amount(header: Header, named: str, value: str) -> tuple[str, str] | None:
    """An amount in a row with a figure under the quantity: nothing but its name may stand there."""
    words = _MARKS.sub(" ", named.casefold()).strip()
    units = [word for word in words.split() if unit_code(word)]
    words = " ".join(word for word in words.split() if word not in units)
    for name, pattern in (("subtotal", _SUBTOTAL), ("freight", FREIGHT), ("discount", _DISCOUNT), ("total", _TOTAL)):
        if pattern.fullmatch(words):
            return name, value if "unit_price" in header.places or "line_total" in header.places else ""
    return None


def is_code(cell: str) -> bool:
    """Whether a cell holds an item number and nothing else."""
    return bool(cell) and (SPACED_CODE.fullmatch(cell) is not None or (" " not in cell and items.is_item(cell, False)))
