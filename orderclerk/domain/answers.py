"""What a customer's answer to an offer says, in the simple forms that cannot be mistaken. In doubt: unclear."""

import re
import unicodedata
from enum import StrEnum


class Verdict(StrEnum):
    """What an answer asks of the desk."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    CHANGE = "change"  # understood to be a wish for something else; a person looks
    UNCLEAR = "unclear"


_YES = (
    r"yes|ok|okay|confirm(?:ed)?|agreed|approved?|accepted?|go ahead|please proceed|sounds good|"
    r"all good|correct|ja|bestätigt|bestätigen|einverstanden|in ordnung|oui|d'accord|confirmé|sí|si|confirmado|"
    r"de acuerdo|确认|是的|同意|好的|没问题|可以|请发货"
)
_NO = (
    r"no|no thanks|no thank you|declined?|cancel(?:led|ed)?|please cancel|reject(?:ed)?|not interested|nein|"
    r"stornieren|absagen|ablehnen|non|annuler|refusé|cancelar|rechazado|取消|不要了?|不需要|拒绝|不同意|算了"
)
_CHANGE = (
    r"change|instead|but|only|rather|replace|reduce|increase|add|remove|different|modify|update|except|ändern|"
    r"statt|aber|nur|changer|plutôt|mais|seulement|cambiar|pero|en lugar|改|换|但|只要|加|减|不过"
)
_NEGATION = r"\b(not|don't|do not|cannot|can't|nicht|kein\w*|ne|pas)\b|不(?!过)|没(?!问题)|别"
_ASKING = re.compile(
    r"[?？]|\b(when|why|how|what|which|could you|can you|wann|warum|quand|cuándo)\b|吗|什么|何时|为什么", re.IGNORECASE
)


def judge_answer(words: str) -> Verdict:
    """The verdict of an answer, from the customer's own words (quotation and signature are gone already).

    A figure other than a date or our reference, a question, a contrast ("but", 但是) or both a yes and a no is
    never taken for an agreement.
    """
    text = " ".join(unicodedata.normalize("NFKC", words).casefold().replace("’", "'").split())
    text = re.sub(r"so\d{6,}-\d+-[a-z2-7]{8}|\d{4}-\d{2}-\d{2}", " ", text)
    yes, no = _says(_YES, text), _says(_NO, text)
    if _says(_CHANGE, text) or re.search(r"\d", text):
        return Verdict.CHANGE if text else Verdict.UNCLEAR
    if _ASKING.search(text) or not text or len(text) > 600:
        return Verdict.UNCLEAR
    negated = re.search(_NEGATION, re.sub(_whole(_NO), " ", text)) is not None
    if yes and not no and not negated:
        return Verdict.CONFIRM
    if no and not yes and not negated:
        return Verdict.DECLINE
    return Verdict.UNCLEAR


def _says(alternatives: str, text: str) -> bool:
    """Whether one of the words stands in `text`: Latin ones as whole words, Chinese ones anywhere."""
    return re.search(_whole(alternatives), text) is not None


def _whole(alternatives: str) -> str:
    return rf"(?<![a-zà-ÿ])(?:{alternatives})(?![a-zà-ÿ])"
