"""The words around an order line: what orders, what labels an item, a quantity or a price, what is no goods."""

import re

from connectors.mail.amounts import COUNT_UNIT, CURRENCY, NUMBER, UNIT

ITEM_LABEL = re.compile(
    r"(?:(?:your |our |ihre |unsere |votre |notre |su |nuestro )?(?:item|article|artikelnummer|artikelnr|artikel|"
    r"artnr|bestellnummer|best|art|sku|part|product|produkt|reference|ref|référence|réf|artículo|referencia|código|cod|"
    r"articolo|codice|material|ean|gtin|barcode|p/n|pn)(?![a-zß-ÿ])|"
    r"货号|型号|编号|商品编号|商品编码|产品编号|产品编码|产品|商品|物料编号|物料号|物料|料号|品号|条码)"
    r"(?:[ .-]*(?:client|cliente|kunde)?[ .-]*(?:no|number|nr|nummer|num|code|#|n°|nº)(?![a-zß-ÿ]))?"
    r"(?:\s*\.?\s*[:#]\s*|\s*\.\s*|\s+|(?<=[\u4e00-\u9fff#]))(?=[A-Za-z0-9])",
    re.IGNORECASE,
)
QUANTITY_LABEL = (
    r"(?:(?:order )?quantity(?: ordered)?|qty(?: ordered)?|order qty|ordered qty|cdad|pcs(?=\s?:)|uds?(?=\.?\s?:)|unidades(?=\s?:)|unités(?=\s?:)|stück(?=\s?:)|stk(?=\.?\s?:)|pz(?=\.?\s?:)|pezzi(?=\s?:)|qt[aà]|q'ty|qnty|quant|menge|bestellmenge|anzahl|stückzahl|bestellte menge|mng|quantité(?: commandée)?|qté(?: commandée)?|qte(?: commandée)?|cantidad(?: pedida)?|cant|"
    r"quantità|q\.?tà|(?:订购|采购|订货)?数量|数目)\s*\.?\s*[:=]?"
)
BULLET = re.compile(r"\s*(?:(?:[-*•·▪◦‣o>+]|->|=>)\s+|•|·|▪|●|○|■|□|◆|✓|\[ \]\s|[-*](?=[^\W\d]))")
NUMBERING = re.compile(
    r"\(?\d{1,3}(?:[.)]\s+|、\s*|\.(?=[A-Za-z\u4e00-\u9fff]))|\(\d{1,2}\)\s*|[①②③④⑤⑥⑦⑧⑨⑩]\s*|[a-h]\)\s+|"
    r"(?:pos|position|line|zeile|ligne|línea|riga|item)\.?\s*\d{1,4}\s*[:.)-]\s+|第[\d一二三四五六七八九十]{1,3}[行项]\s*[:、]?\s*",
    re.IGNORECASE,
)
_GREETING = (
    r"(?:hi|hello|hey|good (?:morning|afternoon|day)|dear [\w ]{1,30}|hallo|guten (?:tag|morgen)|moin|bonjour|hola|"
    r"buenos días|buongiorno|salve|您好|你好)[\w ]{0,20}\s*[,!，:]"
)
_ORDERS_EN = (
    r"(?:could|can|would|will) you (?:please |kindly )?(?:let us have|let me have|send|deliver|supply|ship|provide|get|book|put|reserve|prepare|bring)"
    r"(?: us| me| over| out| down| through| in)?|"
    r"(?:please |pls |plz |kindly ){1,3}(?:also )?(?:kindly )?(?:send|deliver|supply|order|ship|provide|enter|book|dispatch|prepare|"
    r"arrange|include|add|get|put|reserve|make|note|process|place)(?: us| me| for us)?"
    r"(?: (?:an|our|the|this|a new) (?:order|po) (?:for|of)| down for| through| over)?|"
    r"(?:we|i)(?: would| will|'d|'ll)?(?: also| now| still| urgently)?(?: like to| love to| want to| wish to| hereby| herewith| need to| "
    r"are going to)? (?:order|need|purchase|buy|require|take|want|get)|"
    r"(?:we|i)(?: would|'d) (?:also )?like(?: to have)?|(?:we|i)(?: a|')re? (?:after|looking for|out of)|"
    r"(?:could|can|may|might) (?:we|i) (?:please |also )*(?:have|get|order)|let (?:us|me) have|(?:just )?send (?:us|me)|"
    r"order(?: of| for)?|purchase|add(?: another)?|plus|another"
)
_ORDERS_DE = (
    r"bitte (?:auch |noch |um )?(?:liefern|senden|schicken|bestellen|lieferung|zusendung)(?: sie)?(?: uns| mir| von)?"
    r"(?: bitte)?(?: noch| auch)?(?: folgendes)?|"
    r"(?:liefern|senden|schicken) sie (?:uns|mir)?(?: bitte)?|(?:hiermit )?(?:bestellen wir|bestelle ich)(?: hiermit)?|"
    r"(?:könnt|können|könnten) (?:ihr|sie) (?:uns|mir)(?: bitte)?(?: noch)?|"
    r"(?:wir|ich)(?: würden?| möchten?)?(?: gerne?)? (?:bestellen?|benötigen?|brauchen?|bräuchten?|nehmen?|hätten? gerne?|möchten?)"
    r"(?: gerne?| hiermit| noch| auch| dringend| bitte)*|bestellung(?: über)?|(?:außerdem|zusätzlich|dazu)(?: noch)?|"
    r"(?:wir|ich) (?:möchten?|würden?) (?:gerne? )?"
)
_ORDERS_FR = (
    r"(?:merci de|veuillez|pourriez-vous|pouvez-vous|prière de)(?: bien vouloir)? (?:nous |me )?"
    r"(?:livrer|envoyer|expédier|faire parvenir|préparer|adresser)|"
    r"(?:nous|je) (?:vous )?(?:commandons|commande|souhaitons(?: commander)?|souhaiterais(?: commander)?|souhaite(?: commander)?|aurions besoin|aurais besoin|"
    r"voudrions|voudrais(?: commander)?|avons besoin|ai besoin|prenons|désirons(?: commander)?)(?: de| d')?|j'aimerais(?: commander)?|"
    r"j'ai besoin(?: de| d')?|il nous (?:faut|faudrait)|envoyez-(?:nous|moi)|commande(?: de| pour)?|ajoutez(?: aussi)?"
)
_ORDERS_ES = (
    r"(?:por favor,? ?)?(?:envíen(?:nos)?|envíe(?:nos|me)?|mándenos|sírvanse enviar(?:nos)?|nos pueden enviar|"
    r"(?:pueden|podrían|puede) (?:enviar(?:nos|me)?|mandar(?:nos|me)?|suministrar(?:nos)?))|"
    r"(?:pedimos|solicitamos|queremos pedir|quisiéramos pedir|necesitamos|necesito|queremos|quiero|deseamos(?: pedir)?|"
    r"nos gustaría pedir|me gustaría pedir)|pedido(?: de)?|añad(?:an|ir|e)"
)
_ORDERS_IT = (
    r"(?:(?:vi )?(?:preghiamo|prego|chiediamo|chiedo)(?: cortesemente| gentilmente)? di|si prega di|potete|potreste|può|potrebbe|per favore,?) (?:far(?:ci|mi) avere|inviar(?:ci|mi)|spedir(?:ci|mi)|mandar(?:ci|mi)|fornir(?:ci|mi)|"
    r"consegnar(?:ci|mi)|inviate(?:ci)?|spedite(?:ci)?)|(?:ordiniamo|vorremmo(?: ordinare)?|vorrei(?: ordinare)?|"
    r"abbiamo bisogno di|avremmo bisogno di|avremmo bisogno|avrei bisogno di|ho bisogno di|mi servono|mi serve|ci servirebbero|ci occorrono|ci occorre|ci servono|ci serve|desideriamo ordinare|inviateci|ordine(?: di)?)"
)
_ORDERS_ZH = (
    r"(?:麻烦|烦请|请)?(?:你们?|贵司|您)?(?:帮忙|帮我们?|给我们?|再|先|尽快|另外)*(?:我们?|我司|本公司|现|兹|特)?(?:还|再|另外|想|急)*"
    r"(?:需要|要|想|向贵司|向你们|拟)?(?:订购|采购(?![部员经主单清订合])|订货(?!单)|购买|下单|加订|追加|补货|(?:订|要|来|买|拿)(?=\s*[\d一二两三四五六七八九十百半几些点如以]))(?:一批|以下)?|"
    r"(?:麻烦|烦)?请(?:尽快|帮忙|给我们?|为我们|贵司|安排)*(?:发货?|供货?|送货?|提供|安排|寄|准备|备|发送)(?:给我们?|我们|一下)?|"
    r"(?:给我们?|再给我们?)(?:发|送|来|寄)|(?:我们?|我司)?(?:还|急)?需要?|麻烦(?:发|送|安排|寄|来)|再来|另加|加上|外加"
)
_VERBS = "|".join((_ORDERS_EN, _ORDERS_DE, _ORDERS_FR, _ORDERS_ES, _ORDERS_IT))
ORDER_VERB = re.compile(
    rf"(?:{_GREETING}\s*)?(?:(?:{_VERBS})(?![a-zß-ÿ'])|{_ORDERS_ZH})\s*[:：]?\s*(?=\S)", re.IGNORECASE
)
VERB_WITHIN = re.compile(rf"(?<![a-zß-ÿ])(?:{_VERBS})(?![a-zß-ÿ'])|{_ORDERS_ZH}", re.IGNORECASE)
BETWEEN_ITEMS = re.compile(
    r"\s*(?:[,;](?=\s)|,(?=[^\d\s])|;|、|\s(?:and(?: also)?|&|und(?: auch)?|et|y|e|sowie|plus|as well as|along with|together with|"
    r"dazu|außerdem|also|ainsi que|además|más|inoltre|nonché|più|ed|oltre a|nebst|et aussi|et également|et encore|et puis|puis|y también|y además|e anche|e inoltre|"
    r"und außerdem|und dazu|und noch|and then|and another|along with)\s|和|以及|及|另外|还有|外加|再加)\s*",
    re.IGNORECASE,
)
FILLER = re.compile(
    r"(?:[,、]?\s*(?<![\w])(?:please|pls|thanks?(?: you)?|as (?:usual|always|ever|before)|if possible|too|as well|also|again|this time|right away|at your earliest convenience|"
    r"asap|urgently|bitte|danke|wie (?:immer|üblich|gehabt)|auch|noch|nochmals?|wieder|svp|s'il vous plaît|merci|"
    r"comme (?:d'habitude|toujours)|aussi|également|encore|por favor|gracias|como siempre|también|per favore|grazie|"
    r"come (?:sempre|al solito)|anche|the following|folgendes|for us|for me|then)(?![\w])[,、]?|[,;、]?\s*(?:请?(?:尽快|及时|速|马上|抓紧)(?:安排|发货|发出|备货|送货|处理|发)*|请安排(?:发货)?|谢谢|麻烦(?:了|安排)?|拜托|一如既往地?|照旧|还是老样子|和往常一样|同往常一样|像往常一样|照常|照例))\s*",
    re.IGNORECASE,
)
NOT_GOODS = re.compile(
    r"[\s-]*(?:(?:working|business|calendar|werk|arbeits|week)[ -]?)?(?:%|percent\b|prozent\b|pour cent\b|por ciento\b|per cento\b|"
    r"(?:days?|weeks?|months?|years?|hours?|hrs?|minutes?|mins?|seconds?|o'clock|[ap]\.?m|h|uhr|tagen?|tage|wochen?|monaten?|monate|"
    r"jahren?|jahre|stunden?|minuten|personen|people|persons?|guests?|pax|employees|jours?|semaines?|mois|ans|heures?|personnes|días?|"
    r"semanas?|meses|años|horas?|personas|giorni|settimane|mesi|anni|ore|persone|orders?|bestellungen|commandes|pedidos|invoices?|"
    r"rechnungen|factures|facturas|mails?|e-?mails?|calls?|times|mal pro|attachments?|anhänge|pages?|seiten|questions?|fragen|things?|"
    r"points?|punkte|th|nd|rd|st|km|miles|floors?|stock(?:werk)?|etage|street|st\.|straße|str\.|rue|avenue|ave|road|rd\.|lane|"
    r"tons? of co2|degrees|°c)(?![a-zß-ÿ])|"
    r"[张份个]?(?:订单|采购单|合同)|天|日|周(?!转)|星期|个?(?:工作日|月|小时|星期)|年|小时|点(?!位)|分钟|人|位|号|楼|层|次|倍|岁|期)",
    re.IGNORECASE,
)
SIZE_BEFORE = re.compile(
    r"(?:(?<![a-zß-ÿ])(?:sizes?|gr(?:\.|öße)|taille|talla|taglia|models?|modell|modèle|modelo|type|typ|version|class|grade|series|serie|"
    r"form(?:at)?|no|nr|num|page|seite|room|tel|phone|fax|din|iso|en|ral|plz|zip|dn|pn|pos|position|line|zeile|ligne|apt|suite|ext|"
    r"box no|gate|dock|tor|building|haus|bldg|po box|postfach)\.?|[øø#]|n°|nº|尺码|规格|型号|第)\s*[:.]?\s*$",
    re.IGNORECASE,
)
PACK_BEFORE = re.compile(
    r"(?:(?<![a-zß-ÿ])(?:of|à|a|zu je|zu|je|de|da|mit|with|with|containing|holding|enthält|per|pro|por|par|á)|每[箱盒包袋件]|[x×*])\s*$|\w/$",
    re.IGNORECASE,
)
APPROXIMATE = re.compile(
    r"(?:(?<![a-zß-ÿ])(?:about|around|approx(?:\.|imately)?|roughly|ca\.?|circa|etwa|ungef(?:\.|ähr)|rund|env(?:\.|iron)|aprox(?:\.|imadamente)?|"
    r"approssimativamente|unos|unas|"
    r"up to|at least|max(?:\.|imum)?|min(?:\.|imum)?|mindestens|höchstens|bis zu|au moins|al menos|almeno)|大约|约|大概|至少|最多)\s*$",
    re.IGNORECASE,
)
RANGE_AFTER = re.compile(
    r"(?:\s*(?:-|/|至|到|或)\s*|\s(?:to|bis|or|oder|ou|o|à|a)\s)\d{1,6}(?![\d.,]*\d)(?!\s?[€$£]|[.,]\d)", re.IGNORECASE
)
RANGE_SIGN = re.compile(r"\s?(?:至|到|或|~)\s?|\s(?:to|bis|or|oder|ou|o|à|a)\s", re.IGNORECASE)
BETWEEN = re.compile(r"(?<![a-zß-ÿ])(?:between|zwischen|entre|tra|fra)\s$", re.IGNORECASE)
AND = re.compile(r"\s(?:and|und|et|y|e)\s", re.IGNORECASE)
FREIGHT = re.compile(
    r"(?:freight|shipping|carriage|delivery (?:charge|fee|cost)s?|postage|transport|packing(?: (?:fee|charge))?|fracht|versand|porto|"
    r"lieferkosten|transportkosten|frais de (?:port|livraison|transport)|port|livraison|transporte|portes|gastos de envío|flete|"
    r"spedizione|trasporto|spese di spedizione|运费|物流费|快递费|配送费)",
    re.IGNORECASE,
)
EACH = (
    r"(?:\s*(?:each|ea\.?|apiece|(?:per|a|pro|par|la|l'|por|al|cada|je|/)\s?"
    rf"(?P<per>100|1000|hundred|thousand|{UNIT})(?![a-zß-ÿ])|je|c/u|cad\.?|每?[个件只箱台]))?"
)
MONEY = rf"(?:(?P<cur1>{CURRENCY})\s*)?(?P<price>{NUMBER})(?:\s*(?P<cur2>{CURRENCY}))?{EACH}"
PRICE_LABEL = (
    r"(?:@|(?<![\w])(?:at(?: a price of)?|à|zu je|je|zu|zum preis von|for|a|au prix de|al precio de|al prezzo di|"
    r"(?:unit |list |our )?price|einzelpreis|stückpreis|preis|ep|prix(?: unitaire)?|p\.?u\.?|precio(?: unitario)?|prezzo(?: unitario)?)"
    r"(?![a-zß-ÿ])|单价|价格|每[个件只箱台])\s*\.?\s*[:=]?"
)
TOTAL_LABEL = (
    r"(?:=|(?<![\w])(?:line total|total|amount|gesamt(?:preis)?|betrag|summe|gp|montant|importe|importo|totale)(?![a-zß-ÿ])|"
    r"小计|金额|合计|共计?|总价)\s*[:=]?"
)
TOTAL = re.compile(
    rf"{TOTAL_LABEL}\s*(?:(?P<c1>{CURRENCY})\s*)?(?P<total>{NUMBER})(?:\s*(?P<c2>{CURRENCY}))?(?![\w%])", re.I
)
LABELLED_PRICE = re.compile(rf"{PRICE_LABEL}\s*{MONEY}", re.IGNORECASE)
BARE_PRICE = re.compile(
    rf"(?<![\w.,])(?:(?P<cur1>{CURRENCY})\s*(?P<price1>{NUMBER})(?![\w])|(?P<price2>{NUMBER})\s*(?P<cur2>{CURRENCY})){EACH}",
    re.IGNORECASE,
)
EACH_PRICE = re.compile(
    rf"(?<![\w.,])(?P<price>\d+[.,]\d{{2}})\s*(?:each|ea(?![a-z])\.?|apiece|c/u|/\s?{COUNT_UNIT}|per {COUNT_UNIT})",
    re.IGNORECASE,
)
WORDED_PRICE = re.compile(
    r"(?:@|单价\s*:?|\bunit price\s*:?|\beinzelpreis\s*:?|\bprix unitaire\s*:?)\s*"
    rf"(?P<words>[^\d@]{{1,40}}?)(?:\s*{CURRENCY})?\s*$",
    re.IGNORECASE,
)
IMPRINT = re.compile(
    r"[·]|\b(?:vat|tva|iva|cif|nif|hrb|rcs|r\.?e\.?a|ust|registered|capital|cap\. soc|tel|phone|fax|mail|gmbh|ltd|llp|s\.?r\.?l|s\.?a|inc|avda|calle|rue|via|"
    r"stra(?:ss|ß)e|street|road|amtsgericht|geschäftsführer|siret|p\.iva|seite \d|page \d)\b|电话|传真|地址|邮编|税号|信用代码|@|www\.|https?:",
    re.IGNORECASE,
)
_AT_PRICE = re.compile(r"(?<!\S)@(?!\S)|@(?=\s?\d)")  # no mail address: 100 @ 2.50


def is_imprint(text: str) -> bool:
    """Whether a row is of a firm's imprint: its register, taxes, telephone, addresses."""
    return IMPRINT.search(_AT_PRICE.sub(" ", text)) is not None


LEGAL = re.compile(
    r"\b(?:HRB|HRA|RCS|SIRET|SIREN|R\.?E\.?A\.|Amtsgericht|Handelsregister|Geschäftsführer|USt-?I[dD]|VAT (?:No|GB|IE|Reg)|P\.? ?IVA|C\.?I\.?F\.? [A-Z](?=\d)|"
    r"N\.?I\.?F\.? [A-Z](?=\d)|TVA (?:FR|BE|CH|LU)(?=\d)|Cap\. soc|au capital de|Registered in|Company (?:No|Reg)|Registro Mercantil|IBAN|SWIFT|BIC|VAT (?:GB|IE)\d{3,}|USt-?I[dD](?:Nr)?\.?:? ?(?:DE|AT)\w*)(?:\b|(?=\d))|信用代码|纳税人|开户行|·.*·",
)
MONTH = (
    r"(?:jan(?:uary|uar|vier|v)?|jänner|ene(?:ro)?|gen(?:naio)?|feb(?:ruary|ruar|rero|braio)?|fév(?:rier)?|mar(?:ch|s|zo)?|märz?|apr(?:il|ile)?|avr(?:il)?|"
    r"abr(?:il)?|may|mai|mayo|maggio|mag|june?|juni|juin|junio|giu(?:gno)?|july?|juli|juillet|julio|lug(?:lio)?|aug(?:ust)?|août|ago(?:sto)?|"
    r"sept?(?:ember|embre|iembre)?|set(?:tembre)?|oct(?:ober|obre|ubre)?|okt(?:ober)?|ott(?:obre)?|nov(?:ember|embre|iembre)?|dec(?:ember)?|"
    r"dez(?:ember)?|déc(?:embre)?|dic(?:iembre|embre)?)\.?(?![a-zß-ÿ])"
)
STREET = re.compile(
    r"(?:street|road|avenue|lane|square|drive|way|court|house|park)$|^(?:quai|rue|avenue|boulevard|bd|allée|impasse|calle|avda|avenida|plaza|polígono|"
    r"via|viale|piazza|corso|largo|bis)(?![a-zß-ÿ])|(?:stra(?:ß|ss)e|str\.|gasse|allee|platz|weg|ring|ufer)$",
    re.IGNORECASE,
)
