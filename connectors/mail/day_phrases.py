"""Days named within a sentence: `by Friday`, `bis Ende nächster Woche`, `12月15日前送到`."""

import re

from connectors.mail.lines.words import MONTH, VERB_WITHIN

_WEEKDAY = (
    r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|lundi|mardi|mercredi|jeudi|"
    r"vendredi|samedi|lunes|martes|miércoles|jueves|viernes|sábado|lunedì|martedì|mercoledì|giovedì|venerdì|sabato"
)
_NEXT = r"(?:next|this|coming|(?:der |die )?nächste[nrs]?|kommende[nr]?|diese[nrs]?|próxim[oa]|est[ea]|prossim[oa])"
DAY = (
    r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?[日号]?(?!\d)|\d{1,2}\.\s?\d{1,2}\.(?:\s?(?:20)?\d\d(?!\d))?|"
    r"\d{1,2}[/-]\d{1,2}[/-](?:20)?\d\d(?!\d)|\d{1,2}/\d{1,2}(?![\d/])|\d{1,2}\s?月\s?\d{1,2}\s?[日号]?|"
    rf"(?:the )?\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?[ -](?:of |de |di )?{MONTH}(?:,? (?:de )?20\d\d)?|"
    rf"{MONTH} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?![\d])(?:,? 20\d\d)?|"
    rf"(?:{_NEXT}\s)?(?:{_WEEKDAY})(?:\s(?:next week|prochaine?|próximo|prossimo|nächster woche|de la semaine prochaine))?(?![a-zß-ÿ])(?:,?\s(?:the |den |dem )?(?:\d{{1,2}}\.\d{{1,2}}\.(?:20\d\d)?|\d{{1,2}}(?:st|nd|rd|th|\.)? {MONTH}(?: 20\d\d)?))?|"
    r"(?:the )?(?:end of|ende|fin(?: de)?|fine) (?:of )?(?:(?:the|this|next|der|des|la|le|nächster|nächsten|dieser|dieses|kommender|cette|questa|esta)\s)?(?:la )?"
    rf"(?:week|month|woche|monats?|semaine(?: prochaine)?|semana|mois|mes|settimana|mese|{MONTH})(?![a-zß-ÿ])|"
    r"(?:(?:in |im laufe der |in der )?(?:next|this|nächste[rn]?|diese[rn]?|kommende[rn]?) (?:week|woche)|(?:la )?semaine prochaine|(?:la )?(?:próxima semana|semana que viene)|(?:la )?(?:prossima settimana|settimana prossima))(?![a-zß-ÿ])|"
    r"(?:kw|cw|kalenderwoche|week|semaine|semana|settimana)\s?\d{1,2}(?!\d)|"
    r"(?:within|innerhalb(?: von)?|binnen|in|sous|dans(?: les)?|dentro de|en|entro)\s\d{1,3}\s(?:(?:working|business)\s)?"
    r"(?:days?|weeks?|tagen?|arbeitstagen?|werktagen?|wochen?|jours?(?: ouvrés)?|semaines?|días?(?: hábiles)?|semanas?|giorni(?: lavorativi)?|settimane)(?![a-zß-ÿ])|"
    r"\d{1,2}\s?个?(?:工作日|天|周|星期)(?:之?内|以内)|(?:下个?|本|这个?)(?:周|星期|礼拜)(?:[一二三四五六日天末]|底)?|(?:周|星期)[一二三四五六日天]|(?:下个?|本|这个?|\d{1,2})月(?:底|末)|"
    r"(?:大后天|后天|明天|今天(?=.{0,3}[发送到交前内]))|第\s?\d{1,2}\s?周|(?:the )?day after tomorrow|tomorrow|übermorgen|morgen(?= (?:früh|liefern|geliefert|bei|da))|demain|pasado mañana|dopodomani|domani|"
    r"(?:the )\d{1,2}(?:st|nd|rd|th)(?![a-z])|\d{1,2}号(?=之?前|到|送|交)"
)
_BEFORE = (
    r"(?:(?:no|not) later than|at the latest(?: by| on)?|latest|by|before|until|for delivery (?:on|by|in)|for|on|around|"
    r"(?:bis )?spätestens(?: (?:am|zum|bis))?|bis(?: (?:spätestens|zum))?|am|zum|vor dem|vor|in|im|ab|"
    r"(?:pour|avant|d'ici|au plus tard)(?: le| la)?|le|para(?: el| la)?|antes del?(?: la)?|a más tardar(?: el)?|el|entro(?: il| la)?|per(?: il| la)?|"
    r"最晚|不晚于|于|在|请于|请在)"
)
_AFTER = r"(?: at the latest| latest| or earlier| spätestens| au plus tard|之?前|以前|之内)?"
PHRASE = re.compile(
    rf"[,;(]?\s*(?P<before>(?<![a-zß-ÿ]){_BEFORE}\s?)?(?P<the>the |den |dem |le |el |il )?(?<![A-Za-zÀ-ÿ0-9.])(?P<day>{DAY})(?P<after>{_AFTER})\)?",
    re.IGNORECASE,
)
MAX_SENTENCE = 1_500  # characters
_DEADLINE = re.compile(
    r"\b(?:by|before|until|later than|latest|bis|spätestens|zum|vor|pour|avant|d'ici|au plus tard|para|antes|a más tardar|entro|per)\b|前|最晚|不晚于|内",
    re.IGNORECASE,
)
_OTHER_DAYS = re.compile(
    r"\b(?:confirm|reply|respond|answer|notify|pay(?:able|ment)?|valid|invoice[ds]?|net|opening|closed|last|since|bestätig\w*|antwort\w*|zahl\w*|gültig|geschlossen|"
    r"letzte[nrs]?|seit|répon\w*|confirm\w*|paiement|valable|fermé|dernière?|depuis|respon\w*|pago|válid\w*|cerrado|último|última|desde|rispo\w*|pagamento|valid\w*|chius\w*|scors[oa])\b|"
    r"确认|回复|答复|付款|有效|上周|上次|开票",
    re.IGNORECASE,
)
DELIVERY = re.compile(
    r"deliver|need(?:ed)? (?:it|them|this|by|on)|ship|arriv|receive|collect|pick ?up|liefer|benötig|brauch|eintreff|wunschtermin|livr|expédi|"
    r"recevoir|entreg|enviar|recibir|consegn|spedi|ricever|交货|送货|到货|发货|送到|交付|收到|送达|交期|\bneed\b|\beta\b|\bdue\b",
    re.IGNORECASE,
)


_EARLIER = re.compile(  # our order 0485/31 of 3 September
    r"(?:order|bestell\w*|auftrag|commande|pedido|ordine|quot\w*|offer|angebot|devis|offre|oferta|offerta|invoice|rechnung|facture|factura|fattura|"
    r"e-?mail|call|telefonat|appel|llamada|telefonata)\b[^;!?]{0,30}?\s(?:of|from|dated|vom|von|du|des|de|del|dell['ao]?)\s(?:the |le |el |il |l')?$",
    re.IGNORECASE,
)


def find_days(sentence: str) -> list[tuple[int, int, str]]:
    """The phrases of `sentence` that ask for a day: start, end and the day's words.

    A day counts with a word like "by" before it, or in a sentence that speaks of delivery.
    """
    if len(sentence) > MAX_SENTENCE:
        return []
    is_about_delivery = DELIVERY.search(sentence) is not None
    if _OTHER_DAYS.search(sentence) or (
        not is_about_delivery and len(sentence.split()) > 12 and not VERB_WITHIN.search(sentence)
    ):
        return []
    return [
        (found.start(), found.end(), found["day"] + (found["after"] or ""))
        for found in PHRASE.finditer(sentence)
        if (is_about_delivery or _DEADLINE.search((found["before"] or "") + " " + (found["after"] or "")))
        and not _is_earlier(sentence, found)
    ]


def _is_earlier(sentence: str, found: "re.Match[str]") -> bool:
    """Whether a day is that of an earlier paper, by the words before it or the 的订单 after it."""
    before = sentence[: found.start("day")]
    return _EARLIER.search(before) is not None or re.match(r"\s*的", sentence[found.end("day") :]) is not None


def without_days(sentence: str) -> str:
    """`sentence` with its days and their prepositions blanked out, in place."""
    for start, end, _ in find_days(sentence):
        sentence = f"{sentence[:start]}{' ' * (end - start)}{sentence[end:]}"
    return sentence
