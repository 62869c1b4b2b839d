"""What a mail wants otherwise than the order it repeats: "the same as last time, but 20 of the blue"."""

import re
from collections.abc import Sequence

from connectors.mail.day_phrases import without_days
from connectors.mail.prose import differs, without_repeat

_CONTRAST = re.compile(
    r"\b(?:but|however|aber|jedoch|mais|pero|però|ma)\b|(?:但是?|不过|只是)|(?=\b(?:except|without|excepté|sauf|sans|ohne|außer|excepto|salvo|sin|"
    r"tranne|eccetto|senza)\b|除了)",
    re.IGNORECASE,
)
_PLAIN_WORDS = """please kindly hi hello dear team all send ship deliver supply us me we i need want would like d ll
    have take get can could you to order the again same our for and just so it exactly thanks
    bitte senden schicken liefern sie uns mir wir ich möchten hätten gern gerne bestellen brauchen noch mal nochmals
    einmal das die genau
    merci de nous envoyer livrer envoyez livrez veuillez voudrions commander commandons la le s il vous plaît svp
    por favor envíen envíennos enviar enviarnos mandar queremos necesitamos pedimos lo el
    inviare inviateci spedite vorremmo ordinare ordiniamo per favore"""
_PLAIN = frozenset(_PLAIN_WORDS.split())
_PLAIN_CHINESE = re.compile(r"请|麻烦|帮|给?我们?|你们?|您|给|发货?|送|订|下单|要|再|来|按|照|的")
MAX_SENTENCES = 3


def changes_of_repeat(sentences: Sequence[str]) -> str:
    """The words, a sentence a line, that say what differs from the repeated order; "" where they do not stand apart."""
    said = [_change_in(sentence) for sentence in sentences if differs(sentence)]
    return "\n".join(said) if said and all(said) and len(said) <= MAX_SENTENCES else ""


def _change_in(sentence: str) -> str:
    """What follows "but" where nothing but the repetition stands before it, without days."""
    rest = without_days(without_repeat(sentence))
    found = _CONTRAST.search(rest)
    if found is None or not _is_plain(rest[: found.start()]):
        return ""
    return " ".join(rest[found.end() :].split()).strip(" ,.;:!。，；！")


def _is_plain(text: str) -> bool:
    """Whether words ask for nothing of their own."""
    words = re.findall(r"[^\W_]+", _PLAIN_CHINESE.sub(" ", text).casefold())
    return all(word in _PLAIN for word in words)
