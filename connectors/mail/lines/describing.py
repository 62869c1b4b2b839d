"""A description without the words that only join it to the rest of its line."""

import re

from connectors.mail.lines.words import FILLER

_LEADING = re.compile(
    r"^(?:(?:of|de|des|du|d'|di|del|della|von|der|die|das|dem|den|the|these|those|le|la|les|los|las|el|our|your|"
    r"your usual|un|une|una|more|weitere[nr]?|mehr|autres?|más|altr[ie]|each|of the|x|的)(?![a-zß-ÿ])\s*)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:\s*(?:的|,|、|;|\.|和)|(?:^|\s+)(?:please|bitte|svp|each|de|of|von|for|à|at|and|und|et|y|e|to|with|about|ca|bestellen|benötigen|ordern|kaufen|haben|instead))+$",
    re.IGNORECASE,
)


def tidy(words: str) -> str:
    """The description in `words`: no fillers, connecting words, separators or empty brackets around it."""
    words = re.sub(r"[(\[]\s*[)\]]|\|", " ", FILLER.sub(" ", words))
    words = " ".join(words.split()).strip(" ,、;:|-=()[]/*?!？！")
    words = _TRAILING.sub("", _LEADING.sub("", words)).strip(" ,、;:|-=/*。")
    missing = words.count("(") - words.count(")")
    if missing > 0:
        words = words.rstrip("( ") if words.endswith("(") else words + ")" * missing
    elif missing < 0:
        words = words.replace(")", "")
    return " ".join(words[:200].split())
