"""The words around an order line: what orders, what labels an item, a quantity or a price."""

import re

from connectors.mail.amounts import CURRENCY, NUMBER

ITEM_LABEL = re.compile(
    r"(?:(?:item|article|artikelnummer|artikelnr|artikel|art|sku|part|product|produkt|reference|ref|référence|réf|"
    r"artículo|referencia)(?![a-zà-ÿ])|"
    r"货号|型号|编号|商品编号|商品编码|产品编号|产品|商品|物料编号|物料号|物料|料号|品号)"
    r"(?:[ .-]*(?:no|number|nr|nummer|code|#|n°|nº))?\s*\.?\s*[:#]?\s*(?=[A-Za-z0-9])",
    re.IGNORECASE,
)
QUANTITY_LABEL = (
    r"(?:quantity|qty|q'ty|menge|anzahl|stückzahl|quantité|qté|cantidad|cant|(?:订购|采购|订货)?数量|数目)"
    r"\s*\.?\s*[:=]?"
)
BULLET = re.compile(r"\s*(?:[-*•·▪◦‣o>+]\s+|•|·|▪)")
NUMBERING = re.compile(
    r"\(?\d{1,3}(?:[.)]\s+|、\s*)|(?:pos|position|line|zeile|ligne|línea|item)\.?\s*\d{1,4}\s*[:.)-]\s+|"
    r"第\d{1,3}[行项]\s*[:、]?\s*",
    re.IGNORECASE,
)
ORDER_VERB = re.compile(
    r"(?:(?:hi|hello|dear [\w ]{1,30}|hallo|guten tag|bonjour|hola|您好|你好)\s*[,!，]\s*)?"
    r"(?:please (?:kindly )?(?:send|deliver|supply|order|ship|provide|enter|book)(?: us| me)?"
    r"(?: an order for| the following)?|"
    r"(?:we|i)(?: would like to|'d like to| want to| wish to| hereby| herewith)? (?:order|need|purchase|buy|require)|"
    r"(?:we|i) would like|order(?: of| for)?|purchase|"
    r"bitte (?:liefern|senden|schicken)(?: sie)?(?: uns| mir)?|(?:hiermit )?(?:bestellen wir|bestelle ich)|"
    r"(?:wir|ich) (?:bestellen?|benötigen?|brauchen?)(?: hiermit)?|bestellung(?: über)?|"
    r"(?:merci de|veuillez) (?:nous )?(?:livrer|envoyer|expédier)|"
    r"nous (?:commandons|souhaitons commander)|commande(?: de)?|"
    r"(?:por favor )?(?:envíen(?:nos)?|sírvanse enviar)|(?:pedimos|solicitamos|queremos pedir)|pedido(?: de)?|"
    r"(?:我们?|我司|现|兹|特)?(?:需要|要|想|向贵司|向你们)?(?:订购|采购|订货|购买|下单|订)|请(?:发货?|供货?|送|提供|安排)|需要)"
    r"\s*[:：]?\s*(?=\S)",
    re.IGNORECASE,
)
BETWEEN_ITEMS = re.compile(
    r"\s*(?:[,;](?=\s)|,(?=[^\d\s])|;|、|\s(?:and|und|et|y|sowie|plus)\s|和|以及|及)\s*", re.IGNORECASE
)

_EACH = (
    r"(?:\s*(?:each|ea\.?|apiece|per (?:piece|unit|pc|item)|/\s?[A-Za-zä个件只箱]{1,6}|pro (?:stück|stk\.?)|je|"
    r"pièce|l'unité|por unidad|c/u))?"
)
_MONEY = rf"(?:(?P<cur1>{CURRENCY})\s*)?(?P<price>{NUMBER})(?:\s*(?P<cur2>{CURRENCY}))?{_EACH}"
_PRICE_LABEL = (
    r"(?:@|\bat\b|\bà\b|\bzu je\b|\bje\b|\bzu\b|\bfor\b|\ba\b(?=\s+\d)|"
    r"\b(?:unit )?price\b|\beinzelpreis\b|\bpreis\b|\bprix(?: unitaire)?\b|\bprecio(?: unitario)?\b|"
    r"单价|价格|每[个件只箱台])\s*\.?\s*[:=]?"
)
TOTAL_TAIL = re.compile(
    rf"(?:=|\b(?:total|line total|amount|gesamt|betrag|montant|importe)\b|小计|金额|合计)\s*[:=]?\s*"
    rf"(?:{CURRENCY}\s*)?(?P<total>{NUMBER})(?:\s*{CURRENCY})?\s*[.;,]?$",
    re.IGNORECASE,
)
PRICE_TAIL = re.compile(rf"{_PRICE_LABEL}\s*{_MONEY}\s*[.;,]?$", re.IGNORECASE)
BARE_PRICE_TAIL = re.compile(
    r"(?<=[\s|;])"
    rf"(?:(?P<cur1>{CURRENCY})\s*(?P<price1>{NUMBER})|(?P<price2>{NUMBER})\s*(?P<cur2>{CURRENCY})){_EACH}\s*[.;,|]?$",
    re.IGNORECASE,
)
WORDED_PRICE_TAIL = re.compile(
    r"(?:@|单价\s*:?|\bunit price\s*:?|\beinzelpreis\s*:?|\bprix unitaire\s*:?)\s*"
    rf"(?P<words>[^\d@]{{1,40}}?)(?:\s*{CURRENCY})?{_EACH}\s*$",
    re.IGNORECASE,
)
