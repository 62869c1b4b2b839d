"""The words that suppliers use, in English, German and Chinese. Lower case, NFKC."""

import re

CONFIRM = re.compile(
    r"\b(?:confirm(?:ed|s|ing|ation)?|accept(?:ed|s)?|agreed?|approved|no problem|as ordered|all (?:fine|good|ok(?:ay)?)|"
    r"ok(?:ay)?|will (?:ship|deliver|send|dispatch|supply)|we(?:'ll| will) (?:ship|deliver|send|dispatch|supply)|"
    r"(?:is|are|has been|have been) (?:scheduled|booked|in production)|"
    r"bestätig\w*|einverstanden|in ordnung|wie bestellt|liefern wir|wir liefern|auftragsbestätigung)\b|"
    r"确认|接受|没问题|没有问题|可以|同意|好的|照单|按单|已安排|安排生产|按时"
)
ACKNOWLEDGE = re.compile(
    r"\b(?:received|thank(?:s| you)|come back to you|get back to you|acknowledge\w*|erhalten|vielen dank|danke)\b|收到|谢谢|感谢"
)
REFUSE = re.compile(
    r"\b(?:(?:can ?not|can't|could not|unable to|not able to|not in a position to|do not|don't|won't|will not) "
    r"(?:\w+ ){0,2}?(?:supply|deliver|accept|confirm|ship|offer|fulfil\w*|provide|take|make)|declin\w+|reject\w*|refus\w+|"
    r"discontinued|no longer (?:available|made|produced|supplied)|out of stock|sold out|not available|unavailable|"
    r"nicht (?:mehr )?(?:lieferbar|liefern|verfügbar|vorrätig|bestätigen)|ausverkauft|eingestellt)\b|"
    r"无法|不能|停产|缺货|无货|没有货|没货|拒绝|售罄|做不了"
)
HEDGE = re.compile(
    r"\?|？|\b(?:please (?:confirm|advise|send|let|tell|note|clarify|check|approve|sign|pay|revise|amend)|waiting for|will confirm|"
    r"to be confirmed|tbc|tbd|subject to|if|unless|provided|approximately|approx|about|around|circa|ca|earliest|"
    r"probably|perhaps|maybe|might|may be|hope|hopefully|try|payment|prepay\w*|deposit|in advance|minimum|moq|surcharge|"
    r"freight|fee|charge|instead|alternative\w*|replac\w*|substitut\w*|successor|equivalent|cancel\w*|except|excluding|"
    r"other than|not|nur noch wenn|falls|vorbehaltlich|voraussichtlich|ungefähr|etwa|bitte (?:bestätigen|senden|teilen|prüfen)|"
    r"nicht|statt\w*|ersatz\w*|mindest\w*|zuschlag|vorkasse)\b|"
    r"如果|是否|请(?:确认|告知|提供|核对|付款|先)|大概|大约|左右|预付|定金|付款|最小起订|起订量|替代|代替|更换|除了|运费|取消|未|不"
)
DELAY = re.compile(
    r"\b(?:delay\w*|later than|late|postpone\w*|back-?order\w*|verspät\w*|verzöger\w*|später)\b|延期|推迟|延迟|晚"
)
APOLOGY = re.compile(r"\b(?:sorry|unfortunately|regret\w*|apolog\w+|leider|bedauer\w+)\b|抱歉|对不起|遗憾")
ONLY = re.compile(
    r"\b(?:only|just|nur(?: noch)?|lediglich)\s*$|(?:只有|只能(?:提供|供|发)?|仅有?|仅能?(?:供|提供)?|只剩|剩)\s*$"
)
SHIPS = re.compile(
    r"\b(?:ship(?:s|ped|ping|ment)?|dispatch\w*|despatch\w*|leav(?:e|es|ing)|ex ?works|send(?:ing)?|ready|versand\w*|versende\w*|"
    r"abgang|abhol\w*)\b|发货|发运|出货|寄出|出厂"
)
ARRIVES = re.compile(
    r"\b(?:deliver\w*|arriv\w*|eta|receive|liefer\w*|ankunft|eintreffen)\b|交货|到货|交期|送达|送到|到达|抵达"
)
DATED = re.compile(r"\b(?:date|dates|day|available|by|on|for|until|termin|week|zum|am|bis)\b|日期|时间|可|前|日")
NUMBERED = re.compile(
    r"\b(?:our|your|unsere?|ihre?)?\s*(?:order|po|purchase order|confirmation|reference|ref|invoice|quote|quotation|offer|job|sales order|"
    r"auftrag|auftragsbestätigung|bestellung|ab|rechnung)s?\s*(?:confirmation\s*)?(?:no\.?|nr\.?|number|nummer|ref\.?|#|:)+\s*"
    r"(?=[\w/.-]*\d)[\w/.-]*\w|\b(?:our |your )?ref(?:erence)?\b\.?\s*:?\s*(?=[\w/.-]*\d)[\w/.-]*\w|(?:订单号?|合同号?|编号|单号|参考号)\s*[:：]?\s*(?=[\w/.-]*\d)[\w/.-]*\w"
)
OF_ORDER = r"\b(?:order|po|bestellung|auftrag|mail|e-mail|message)\s*(?:of|dated|from|vom|von)\s*"
CURRENCY = r"(?:eur|usd|gbp|cny|rmb|jpy|chf|us\$|€|\$|£|¥|元|euros?|pounds?|dollars?)"
PRICED = re.compile(
    r"\b(?:unit price|price[sd]?|preis\w*|each|per (?:pc|pce|piece|unit|item)|je stück|pro stück|cost)\b|单价|价格|每(?:个|件|只|支)|/(?:pc|pcs|ea|个|件)"
)
ALL_LINES = re.compile(
    r"\b(?:all|every|each|complete|entire|whole|everything|full|alle[sn]?|gesamt\w*)\b|全部|所有|整单|都"
)
