"""Sentences: which order something, which day they ask for, what they repeat, and which only seem to order."""

import re
from dataclasses import dataclass

from connectors.mail.amounts import unit_code
from connectors.mail.day_phrases import without_days
from connectors.mail.lines.items import find_item, names_items
from connectors.mail.lines.words import VERB_WITHIN, is_imprint

_END = re.compile(r"(?<=[.!?。!？])\s+(?=[^\s])|(?<=[。！？])|\s*\n\s*")
_ABBREVIATED = re.compile(
    r"(?:\b(?:n|no|nr|réf|rif|cód|mat|prod|stk|art|ref|approx|ca|z\.b|e\.g|i\.e|st|str|pcs|pc|stk|bzw|inkl|zzgl|max|min|usw|etc|ltd|inc|co|mr|mrs|ms|dr|best|gr|pos|tel|ea|p\.o|doz|dz|ct|"
    r"kt|pkt|vs|à|uds?|cant|núm|q\.tà|cod)|(?<!\d)\d{1,2}|[a-z](?:\.[a-z]){1,3})\.$",
    re.IGNORECASE,
)
_LONE_WORD = re.compile(r"\W*[^\W\d_]{1,10}\.")  # aprox. 200 uds: no sentence of its own
REPEATS = re.compile(
    r"(?:the )?same(?: again| order| items?| goods| quantit(?:y|ies)| thing)*(?: please)?,? (?:as|like) (?:(?:the )?last|before|previously|(?:the )?previous|always|usual)(?: (?:time|month|week|order|one))?|"
    r"(?:repeat|re-?order|duplicate)(?: of)? (?:our |my |the |of )*(?:last|previous|latest|most recent) (?:order|purchase|delivery|one)|"
    r"(?:our|the|my) usual(?: order| delivery| quantities)?(?= please|[.,!]|$| again| for)|(?:just )?(?:the )?usual(?: please|, please)|same again|as last time|like last time|"
    r"(?:das ?(?:gleiche|selbe)|dasselbe|die ?(?:gleiche|selbe) (?:bestellung|menge|ware)|alles)(?: noch ?mals?)?(?: bitte)?,? wie (?:beim |bei der )?(?:letzte[ns]?(?: ?mal| monat| woche| bestellung)?|immer|gehabt|üblich|zuletzt)|"
    r"wie (?:beim )?letzte[ns]? ?mal|(?:bestellung )?wie (?:immer|gehabt|üblich)(?= bitte|[.,!]|$)|letzte bestellung (?:noch ?mals?|wiederholen)|noch ?mals? (?:das ?selbe|das gleiche|die letzte bestellung)|"
    r"(?:la )?même (?:chose|commande)(?: que)? (?:la dernière fois|d'habitude|la précédente|le mois dernier)|comme (?:la dernière fois|la fois précédente|le mois dernier)|"
    r"(?:commande )?comme d'habitude(?= s'il|[.,!]|$| svp| merci)|(?:renouvel\w+|répét\w+) (?:notre |la )?dernière commande|"
    r"igual que (?:la (?:última|pasada) vez|el mes pasado|siempre|(?:en )?(?:el|nuestro) (?:último )?pedido)|"
    r"(?:pareil(?:lement)?|idem) (?:que )?(?:la dernière fois|le mois dernier|d'habitude)|(?:uguale|identico) (?:all'ultima volta|alla volta scorsa)|"
    r"lo (?:mismo|de siempre)(?: que)? ?(?:la última vez|siempre|el mes pasado)?|(?:el )?mismo pedido(?: que)? (?:la última vez|el mes pasado|siempre|anterior)|como la última vez|como siempre(?= por|[.,!]|$)|repetir (?:el |nuestro )?último pedido|"
    r"(?:la |gli |le |i )?stess[aie] (?:merce|articoli|prodotti|quantità) (?:dell'ultim[oa]|dello scorso) (?:ordine|volta|consegna|fornitura)|"
    r"(?:les )?mêmes (?:articles|produits|quantités) que (?:la dernière fois|(?:notre|la) dernière commande)|"
    r"(?:los |las )?mism[oa]s (?:artículos|productos|cantidades) que (?:la última vez|(?:en )?(?:el|nuestro) último pedido)|"
    r"(?:lo )?stess[oa](?: ordine| cosa)? (?:dell'ultima volta|della volta scorsa|di sempre|del mese scorso)|come (?:l'ultima volta|la volta scorsa)|(?:ordine )?come al solito(?= per|[.,!]|$)|ripetere l'ultimo ordine|"
    r"(?:跟|和|与|同|按|照|依照)上(?:一)?(?:次|回|个?月|单)的?(?:一样|相同|订单|数量|货)?(?:的?(?:再)?(?:来一份|来一单|订|下单|发货?))?|同上次|老样子|照旧|(?:重复|再来一(?:次|份|单))上(?:一)?(?:次|单)?的?(?:订单)?|(?:和|跟|与)以前一样",
    re.IGNORECASE,
)
_REPEATED_REF = re.compile(
    r"(?:same|repeat|identical|repit|repet|ripet|répét|renouvel|wiederhol|riordin|nachbestell|reorder|wie|gleiche?|même|mismo|stesso|重复|同|按).{0,25}?(?:order|po|bestellung|auftrag|commande|pedido|ordine|订单|采购单)\s*(?:no\.?|nr\.?|n°|number|nummer|号)?\s*[:#]?\s*"
    r"(?P<ref>[A-Za-z]{0,4}[-/]?\d[A-Za-z0-9/._-]{2,20})",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"the following|as follows|below|attached|enclosed|this order|the order|an order|our order|your (?:offer|quote|price|confirmation|invoice)|order (?:confirmation|number|no|ref|acknowledg)|purchase order|"
    r"folgende|wie folgt|unten|anbei|anhang|beigefügt|auftragsbestätigung|bestellbestätigung|unsere bestellung|die bestellung|rechnung|suivant|ci-(?:dessous|joint|après)|commande|confirmation|facture|siguiente|adjunt|pedido|confirmación|factura|"
    r"seguent|allegat|ordine|conferma|fattura|如下|以下|附件|订单|确认|发票|下列|明细|尽快|order (?:by|before)|in order to|accusé|réception|acknowledg|receipt|acuse|ricevuta|"
    r"\bthat\b|confirm|invoice|delivery|deliver (?:to|by|it|them)|address|information|details|price|catalogu|if you need|let (?:me|us) know|any questions|contact|call|"
    r"lieferung|adresse|informationen|preis|katalog|fragen|melden|bestätig|livraison|renseignement|prix|catalogue|question|entrega|dirección|precio|preguntas|consegna|indirizzo|prezzo|domande|地址|价格|联系|问题|送货|发货|安排",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"(?:please |pls )?(?:also|and|add|plus)\b.{0,40}\b(?:some|usual|few|more|another|couple|rest|bit)\b|\b(?:außerdem|zusätzlich|noch) (?:etwas|einige|ein paar|die übliche)|"
    r"\b(?:aussi|également|encore|en plus) (?:quelques|un peu|du|de la|des)|\b(?:también|además) (?:unos|algunas?|algunos)|(?:另外|还要|再加|再来|外加)(?:一些|几|点|若干)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paragraph, and where in it it begins."""

    text: str
    start: int


def sentences(text: str) -> list[Sentence]:
    """`text` taken apart; abbreviations (No., ca.) and decimals end none."""
    found, begin = [], 0
    for mark in _END.finditer(text):
        if not re.search(r"\w", text[begin : mark.start()]):
            continue
        if "\n" not in mark[0] and (
            _ABBREVIATED.search(before := text[begin : mark.start()])
            or _ends_with_unit(before)
            or (_LONE_WORD.fullmatch(before) and text[mark.end() : mark.end() + 1].isdigit())
        ):
            continue
        found.append(Sentence(text[begin : mark.start()], begin))
        begin = mark.end()
    return [one for one in [*found, Sentence(text[begin:], begin)] if one.text.strip()]


def _ends_with_unit(text: str) -> bool:
    """`3 Kart.`: a unit's abbreviation behind a figure ends no sentence."""
    found = re.search(r"\d\s?([^\W\d_]{1,8})\.$", text[-16:])
    return found is not None and bool(unit_code(found[1]))


def orders_something(sentence: str) -> "re.Match[str] | None":
    """The verb that orders; None if the sentence has none."""
    return VERB_WITHIN.search(sentence[:MAX_SEARCHED])


def repeated_order(text: str) -> str:
    """ "last" for "same as last time", an earlier order's number where one is named, "" for neither."""
    text = text[:MAX_SEARCHED]
    if named := _REPEATED_REF.search(text):
        return named["ref"]
    return "last" if REPEATS.search(text) else ""


def without_repeat(text: str) -> str:
    """`text` without the words that repeat an order."""
    return REPEATS.sub(" ", _REPEATED_REF.sub(" ", text))


MAX_JUDGED, MAX_SEARCHED = 500, 8_000  # characters of a sentence, of a text
_EXCEPT = re.compile(
    r"\b(?:but|only|less|minus|without|except|instead|aber|nur|ohne|außer|statt|anstatt|jedoch|mais|seulement|sans|sauf|excepté|au lieu|pero|solo|sólo|sin|excepto|salvo|en (?:lugar|vez) de|ma|però|senza|tranne|eccetto|invece|anziché)\b|但|不过|只|除了|改|而不是|不是|不要",
    re.IGNORECASE,
)


def differs(text: str) -> bool:
    """Whether a sentence takes something out of what it repeats, or counts something anew: "but 30 instead of 20"."""
    rest = without_days(text)
    return _EXCEPT.search(rest) is not None and (repeated_order(text) != "" or re.search(r"\d", rest) is not None)


_NOUNS = frozenset({"order", "bestellung", "commande", "pedido", "ordine", "purchase", "订货", "订购"})
_MAIL_HEADER = re.compile(
    r"\W*(?:von|from|de|da|an|to|à|a|para|betreff|subject|objet|asunto|oggetto|gesendet|sent|envoyé|date|cc|发件人|收件人|主题|发送时间)\s?[:：]",
    re.IGNORECASE,
)
_NO_CODE = re.compile(
    r"^[A-Z]{2,3}[A-Z]?\d{7,12}[A-Z]?\d*$|CHE-\d|(?<![A-Z0-9])[A-Z]\d[\dW]\s?[A-Z0-9]{4}(?![A-Z0-9])|"
    r"^(?:von|from|de|an|to|betreff|subject|objet|asunto|oggetto|gesendet|sent|date|cc|发件人|收件人|主题)\s?[:：]|"
    r"(?:no|nr|n°|number|nummer|numero|número|号)\.?\s?[:\t]|单号|客户号",
    re.IGNORECASE,
)
_NO_GOODS = re.compile(
    r"(?<![a-zß-ÿ])(?:(?:the |this |our |all |die |diese |unsere |la |le |les |el |los |las |il |i |gli |de |l')*(?:goods|items?|ware|waren|artikel|"
    r"marchandises?|articles?|mercancía|artículos?|productos?|products?|produkte|merce|articoli|prodotti|order|it|them|this|everything|together|all|alles|es|en une (?:seule )?fois|in einer lieferung|de una vez|in un'unica consegna|"
    r"zusammen|tout|ensemble|todo|juntos?|tutto|insieme)|by|on|until|before|bis|am|zum|pour|avant|antes|para|per|entro|new|you|for|please|bitte|s'il vous plaît|"
    r"svp|por favor|per favore|de|du|del|in|a|at|to|le|el|il|der|die|das|the|as|is|be|von|an|as soon as possible|asap|soon|"
    r"first|now|today|urgently|also|again)(?![a-zß-ÿ])|这些|货物?|产品|商品|一下|一起|请|尽快|到|前|部|员|经理|主管|单|方",
    re.IGNORECASE,
)


def _only(refs: frozenset[str], text: str) -> bool:
    """Whether every number in `text` is one of the order's own."""
    for ref in refs:
        text = re.sub(re.escape(ref), " ", text, flags=re.IGNORECASE)
    return not names_items(text)


def may_order(sentence: str, refs: frozenset[str]) -> bool:
    """Whether a sentence in which no line was found may order something all the same.

    `refs` are the order's own numbers and the like: they name no item.
    """
    sentence = sentence[:MAX_JUDGED]
    if _ADDED.search(sentence):
        return True
    if is_imprint(sentence) or _MAIL_HEADER.match(sentence):
        return False
    bare = without_days(sentence)
    item = find_item(bare)
    if item and item.text.casefold() not in refs and not _NO_CODE.search(bare):
        return re.search(r"[A-Za-z]", item.text) is not None
    if item is None and not _NO_CODE.search(bare) and names_items(bare) and not (refs and _only(refs, bare)):
        return True
    verb = orders_something(bare)
    if verb is not None and verb[0].casefold() in _NOUNS and not re.search(r"\d", bare[verb.end() :]):
        return False
    if verb is None or _POINTS.search(bare) or bare.rstrip().endswith((":", "：")):
        return False
    return re.search(r"[^\W\d_]{3}|[\u4e00-\u9fff]", _NO_GOODS.sub(" ", bare[verb.end() :])) is not None
