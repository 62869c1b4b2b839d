"""Where an address below its label ends, and what says that an address is one to deliver to."""

import re
from collections.abc import Callable, Sequence

from connectors.files.countries import country_named
from connectors.mail.addresses import is_firm, read_address
from connectors.mail.chinese_addresses import HANZI

MAX_BLOCK = 8  # lines of an address
_DELIVERY = re.compile(
    r"deliver|ship|dispatch|send|consign|liefer|versand|versend|schick|zustell|empfangs|livr|expédi|envoy|achemin|"
    r"entreg|envi[aoeé]|enví|remit|despach|consegn|spedi|invi[aoi]|destin|送|收货|收件|发货|寄|交货|到货"
)
_TO = re.compile(
    r"address|ad+res+e|anschrift|indirizzo|direcci|domicilio|lieu|luogo|lugar|ort\b|warehouse|lager|dep[oô]t|entrep[oô]t|"
    r"almac[eé]n|magazzino|sede\b|\bsite\b|branch|niederlassung|filiale|succursale|sucursal|location|merce\b|destin|"
    r"(?:\b(?:to|at|an|nach|in|à|au|chez|en|a|al|presso)|地址|地点|仓库|至|到)$"
)
_ENDS_WITH_CODE = re.compile(r"[,，]\s*(?:[A-Z]{1,2}-)?\d{4,5}$")
_OTHER = re.compile(
    r"invoice|bill|rechnung|factur|fattur|date|datum|termin|data\b|fecha|day|when|time|hour|note|method|cost|terms|"
    r"发票|账单|日期|时间|方式|费"
)


def is_delivery_label(text: str) -> bool:
    """Whether a label or the end of a sentence says that goods are to go where its value says."""
    words = text.casefold().strip(" :：,-")
    return bool(_DELIVERY.search(words) and _TO.search(words)) and not _OTHER.search(words)


def is_whole(text: str) -> bool:
    """Whether `text` is an address from street to town and postal code."""
    found = read_address(text)
    return bool(found.street and found.city and found.postal_code)


def names_a_place(text: str) -> bool:
    """Whether `text` has a street or firm and a town that can be told apart from it."""
    found = read_address(text)
    return bool((found.street or found.recipient) and (found.city or found.postal_code))


def block_length(lines: Sequence[str], start: int, value: str, ends: Callable[[str], bool]) -> int:
    """How many lines from `start` on belong to an address that begins with `value` (may be ""), blank ones among them.

    It ends where it is whole, but for its country; at a blank line, unless every second one is; and where `ends`.
    """
    is_spaced = start + 3 < len(lines) and [bool(lines[start + nth]) for nth in range(4)] == [False, True, False, True]
    text, count, place, end = value, 0, start, start
    while place < len(lines) and count < MAX_BLOCK:
        line = lines[place]
        if not line:
            if (text and not (is_spaced and count)) or (place > start and not lines[place - 1]):
                break
        elif (ends(line) and not is_firm(line)) or (text and is_whole(text) and not _goes_on(text, line)):
            break
        else:
            text, count, end = f"{text}\n{line}".strip(), count + 1, place + 1
        place += 1
    return end - start


def _goes_on(text: str, line: str) -> bool:
    """Whether `line` still belongs to the address `text`, which could end here: its country, or its code in China."""
    if _ENDS_WITH_CODE.search(text) and re.fullmatch(r"[^\d:：]{2,40}", line):
        return True  # the town stands on the next line, with its country perhaps
    if country_named(line.strip("() ")):
        return not read_address(text).country or HANZI.search(text) is not None
    return HANZI.search(text) is not None and re.fullmatch(r"\D{0,8}\d{6}", line) is not None
