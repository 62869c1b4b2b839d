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
    r"yes|ok|okay|confirm|confirmed|we confirm|i confirm|agreed|approved?|accepted?|go ahead|please proceed|"
    r"sounds good|all good|correct|ja|bestätigt|bestätigen?|einverstanden|in ordnung|oui|d'accord|confirmé|"
    r"confirmons|je confirme|sí|si|confirmado|confirmamos|de acuerdo|确认|是的|同意|好的|没问题|可以|请发货"
)
_ALONE = r"(?=\s*(?:[,.;!:，。！]|$|thanks?\b|thank you|danke|merci|gracias))"  # not "no idea"
_NO = (
    rf"no{_ALONE}|non{_ALONE}|nein{_ALONE}|we decline|declined?|cancel(?:led|ed)?|please cancel|reject(?:ed)?|"
    r"not interested|stornieren|absagen|ablehnen|annuler|refusé|cancelar|rechazado|取消|不要了?|不需要了?|拒绝|"
    r"不同意|算了"
)
_CHANGE = (
    r"change|instead|but|only|rather|replace|reduce|increase|add|remove|different|modify|update|except|ändern|"
    r"statt|aber|nur|changer|modifier|plutôt|mais|seulement|cambiar|pero|solo|sólo|en lugar|改|换|但|只要|加|减|不过"
)
_FINE = (  # a "no" that means yes
    r"\b(?:no|not a|kein(?:e|erlei)?|pas de|aucun|sin|ningún) (?:problem[as]?e?|problème|issues?|worries|objections?|"
    r"einwände?|inconveniente)\b|没有?(?:任何)?问题"
)
_NEGATION = (
    r"\b(?:no|non|nein|not|never|neither|nor|\w+n't|do not|cannot|nicht|kein\w*|nie|niemals|ne|pas|jamais|nunca|sin)\b|"
    r"不(?!过)|没|未|别|勿"
)
_LATER = re.compile(  # agreed to on a condition, or not yet, or only that a mail came
    r"\b(?:if|once|unless|until|till|provided|providing|as (?:long|soon) as|subject to|depend\w*|pending|later|"
    r"tomorrow|will|would|soon|wenn|falls|sofern|sobald|vorausgesetzt|später|morgen|werden?|condition|dès que|"
    r"plus tard|demain|siempre que|cuando|mañana|más tarde|receipt|received|eingang|réception|recepción)\b|"
    r"如果|要是|若|等(?!等)|稍后|以后|之后|待会|明天|再(?:说|定|回复)|收到"
)
_KEPT = re.compile(r"(?:不|别|勿)[要用能可]?取消")  # do not cancel
_ASKING = re.compile(
    r"[?？]|\b(when|why|how|what|which|could you|can you|wann|warum|quand|cuándo)\b|吗|什么|何时|为什么", re.IGNORECASE
)


def judge_answer(words: str) -> Verdict:
    """The verdict of an answer, from the customer's own words (quotation and signature are gone already).

    A figure other than a date or our reference, a question, a contrast ("but", 但是), a condition ("if", "once"), a
    "not yet" or both a yes and a no is never taken for an agreement.
    """
    text = " ".join(unicodedata.normalize("NFKC", words).casefold().replace("’", "'").split())
    text = re.sub(r"so\d{6,}-\d+-[a-z2-7]{8}|\d{4}-\d{2}-\d{2}", " ", text)
    text = re.sub(_FINE, " okay ", text)
    left = re.sub(_whole(_NO), " ", text)  # a yes that is part of a no is none: 不同意
    yes, no = _says(_YES, left), _says(_NO, text)
    if _says(_CHANGE, text) or re.search(r"\d", text):
        return Verdict.CHANGE if text else Verdict.UNCLEAR
    if _ASKING.search(text) or _LATER.search(text) or _KEPT.search(text) or not text or len(text) > 600:
        return Verdict.UNCLEAR
    negated = re.search(_NEGATION, left) is not None
    if yes and not no and not negated:
        return Verdict.CONFIRM
    if no and not yes and not negated:
        return Verdict.DECLINE
    return Verdict.UNCLEAR


_EXCLUDING = re.compile(
    r"\b(?:without|except\w*|excluding|apart from|other than|minus|skip|remove|drop|leave out|instead|lines?|positions?|pos|"
    r"items?|ohne|außer|bis auf|zeilen?|positionen|sans|sauf|lignes?|excepto|menos|salvo|líneas?|rest|others?|part\w*|some|half|"
    r"address\w*|adresse|dirección|bank\w*|accounts?|konto|iban|prices?|preis\w*|prix|precio|discount\w*|rabatt|new|neue[nrs]?|another|"
    r"different|cheaper|expensive|invoice|rechnung|facture|factura)\b|"
    r"地址|账[户号]|银行|价格|单价|折扣|发票|新的|另外|除|第|其他|其余|剩|部分|一半|行(?!$|[,。!])|项"
)
_OF_A_NO = re.compile(  # what may stand beside a no without narrowing it down
    r"\b(?:please|thanks?|thank|you|the|this|our|your|my|we|i|us|it|that|whole|entire|complete|order|offer|quotation|quote|all|"
    r"everything|of|for|to|at|any more|anymore|longer|after|sorry|hello|hi|dear|sir|madam|and|so|have|has|been|is|be|want|like|wish|need|"
    r"would|decided|with|regards|kind|best|die|der|das|den|diese[rsn]?|bestellung|angebot|auftrag|bitte|danke|vielen|dank|sie|wir|"
    r"möchten|la|le|les|cette|commande|offre|merci|veuillez|nous|vous|s'il|plaît|el|este|esta|pedido|oferta|gracias|por favor)\b|"
    r"请|您好|你好|帮|我们?|这个?|该|本|把|将|全部|整个|的|了|订单|订购|报价|谢谢|吧|不好意思|抱歉|也|都|货"
)


def is_whole(verdict: Verdict, words: str) -> Verdict | None:
    """`verdict` where the words (lower case) are about the order as a whole, else None.

    A no must have nothing beside it ("cancel the mugs" cancels no order); a yes nothing that takes away from it.
    """
    if verdict is Verdict.CONFIRM and not _EXCLUDING.search(words):
        return verdict
    if verdict is Verdict.DECLINE:
        left = re.sub(_FINE, " ", _OF_A_NO.sub(" ", re.sub(_whole(_NO), " ", words)))
        return verdict if not re.search(r"[^\W_]", left) else None
    return None


def speaks(words: str) -> bool:
    """Whether `words` (lower case) hold anything that could agree, refuse, change, ask or put off; a figure does."""
    return any(_says(some, words) for some in (_YES, _NO, _CHANGE)) or any(
        re.search(some, words) for some in (_NEGATION, _LATER, _ASKING, _EXCLUDING, r"\d")
    )


def is_conditional(words: str) -> bool:
    """Whether `words` (lower case) agree on a condition, put something off, or refuse to call something off."""
    return _LATER.search(words) is not None or _KEPT.search(words) is not None


def _says(alternatives: str, text: str) -> bool:
    """Whether one of the words stands in `text`: Latin ones as whole words, Chinese ones anywhere."""
    return re.search(_whole(alternatives), text) is not None


def _whole(alternatives: str) -> str:
    return rf"(?<![a-zà-ÿ])(?:{alternatives})(?![a-zà-ÿ])"
