"""The forms in which people ask for a change: each must fit its clause to the last word.

Group `t` names lines, `n` and `u` are a quantity and its unit, `d` is a day. Lower case, NFKC.
"""

import re

from orderclerk.domain.answers.figures import DAY, NUMBER, UNIT

_Q = rf"(?P<n>{NUMBER})\s*(?P<u>{UNIT})?"
_T = r"(?P<t>.+?)"
_OF = r"\s*(?:of|x|×|for|from|von|vom|de|du|des|の)?\s+"
_CHANGE = (
    r"(?:change|make|set|adjust|amend|correct|modify|update|reduce|lower|decrease|cut|increase|raise|ändern|ändere|setzen|"
    r"setze|reduzieren|reduziere|erhöhen|erhöhe|korrigieren|modifier|modifiez|changer|changez|réduire|réduisez|augmenter|"
    r"cambiar|cambie|reducir|aumentar|modificar)(?: sie)?"
)
_FROM = rf"(?:\s+(?:from|von|de) {NUMBER}(?:\s*{UNIT})?)?"
_TO = r"(?:\s+(?:down |up )?(?:to|auf|à|a|en|into)\s+|\s*(?:=|:|->|→|=>)\s*)"
_BECOMES = r"(?:更?改(?:为|成|到)|变(?:为|成)|换成|减少?(?:为|到)|增加?(?:为|到)|加到|调整?(?:为|到|成)|改)"
_ONLY = r"(?:only|just|nur(?: noch)?|seulement|uniquement|solo|sólo|solamente|只要|只需要?|只订|就要|仅需?)"
_REMOVE = (
    r"(?:without|no to|no|not|remove|delete|drop|cancel|leave out|take out|take off|omit|skip|strike|scratch|no need for|"
    r"(?:we |i )?(?:do not|don't|no longer) (?:need|want)|ohne|streichen|streiche|stornieren|storniere|entfernen|entferne|"
    r"sans|supprimer|supprimez|annuler|annulez|retirer|retirez|enlever|sin|quitar|quite|eliminar|elimine|cancelar|cancele)(?: sie)?"
)
_GONE = (
    r"(?:(?:is|are) (?:not needed|no longer needed|not required|cancelled|to be (?:removed|cancelled|deleted))|"
    r"can be (?:removed|cancelled|dropped|deleted)|not needed|no longer needed|out|weglassen|streichen|stornieren|entfernen|"
    r"entfällt|entfallen|nicht (?:mehr )?(?:benötigt|nötig|liefern))"
)
_CN_REMOVE = r"(?:取消|删除|去掉|删掉|不要|不需要|不用)"
_CN_GONE = r"(?:就|都|全部)?(?:取消|删除|去掉|删掉|不要|不需要|不用)(?:了)?"
_EXCEPT = (
    r"(?:except(?: for)?|but not|but|apart from|other than|excluding|außer|bis auf|sauf|excepté|excepto|menos|salvo)"
)
_EVERYTHING = r"(?:(?:all(?: the (?:lines|items))?|everything|alles|alle|tout|todo)(?: (?:is|are))?(?: (?:ok|fine|good|confirmed|correct))?|(?:yes|ok|okay|ja|oui|sí|confirmed)(?:,? (?:to |for )?(?:all|everything|alles|tout))?)"
_AGREE = r"(?:yes|(?:i|we) (?:confirm|accept)|ok|okay|fine|agreed|accepted?|confirm(?:ed)?|we accept|we confirm|good|go ahead|ja|bestätigt|einverstanden|oui|d'accord|sí|confirmado|确认|同意|接受|可以)"
_ADD = r"(?:(?:and |also |please )?(?:add|plus|additionally|in addition|zusätzlich|außerdem|dazu|noch|hinzufügen|ajouter|ajoutez|añadir|añada|agregar|再加|另加|加上?|增加|追加|另外要|再要|再来))"
_DELIVER = (
    r"(?:(?:please )?(?:deliver(?: it| them| us| everything)?|deliver(?:y)?(?: date)?|ship(?: it| them)?|send(?: it| them)?|"
    r"liefern(?: sie)?|lieferung|liefertermin|livrer|livraison|livrez|entregar|entrega|送货|交货|发货|送|交期|送货日期|交货日期|要求)"
    r"(?:\s*(?:改[为到成]|到|为|在|:|to|is|auf|am))?\s*)"
)

REST = re.compile(rf"{_REMOVE} (?P<t>(?:the |den |die |le )?(?:rest|others?|remaining.*|remainder|übrigen?|reste|resto))|"
                  rf"(?P<t2>(?:the |den )?(?:rest|others)) {_GONE}|(?P<t3>(?:其他|其余|剩下|别)的?){_CN_GONE}|"
                  rf"(?P<t4>den rest|le reste|el resto) (?:bitte )?(?:streichen|stornieren|annuler|cancelar)")  # fmt: skip
EXCEPT = (
    re.compile(rf"(?:{_EVERYTHING}\s*,?\s*)?{_EXCEPT}\s+{_T}"),
    re.compile(
        rf"除了?{_T}(?:以外|之外|外)?,?(?:其他|其余|别)?的?(?:都|全部|全)?(?:要|可以|确认|没问题|ok|同意|照旧|不变)?了?"
    ),
)
REMOVE = (
    re.compile(rf"{_REMOVE}\s+{_T}(?: (?:from (?:the|our|this) order|aus der bestellung|de la commande|del pedido))?"),
    re.compile(rf"{_T},? (?:bitte )?{_GONE}"),
    re.compile(rf"(?:把|将)?{_T}{_CN_GONE}"),
    re.compile(rf"{_CN_REMOVE}{_T}"),
)
ADD = (
    re.compile(rf"{_ADD}\s*{_Q}{_OF}{_T}"),
    re.compile(rf"{_ADD}\s*{_Q}\s*{_T}"),
    re.compile(rf"{_ADD}\s*{_T}\s*(?:x|×|\*|:|,)?\s*{_Q}"),
)
MORE = (
    re.compile(rf"{_Q} (?P<sign>more|less|fewer|mehr|weniger|additional){_OF}{_T}"),
    re.compile(rf"(?P<sign>increase|reduce|decrease|lower|raise) {_T} by {_Q}"),
    re.compile(rf"{_T}(?P<sign>减少?|增加?|多加?|少)(?:了)?{_Q}"),
)
QUANTITY = (
    re.compile(
        rf"{_CHANGE}\s+(?:the )?(?:quantity|qty|amount|number|menge|quantité|cantidad) (?:of|for|from|von|de) {_T}{_FROM}{_TO}{_Q}"
    ),
    re.compile(rf"{_CHANGE}\s+{_T}(?:'s quantity| quantity)?{_FROM}\s*{_TO}\s*{_Q}"),
    re.compile(rf"{_CHANGE}\s+(?:(?:it|that|this)\s+)?(?:to\s+)?{_Q}{_OF}{_T}"),
    re.compile(rf"{_CHANGE}\s+(?:(?P<it>it|that|this)\s+)?(?:to\s+)?{_Q}"),
    re.compile(rf"{_T}\s+(?:bitte\s+)?auf\s+{_Q}\s+(?:ändern|erhöhen|reduzieren|setzen|korrigieren)"),
    re.compile(rf"(?:把|将)?{_T}(?:的?数量)?{_BECOMES}{_Q}"),
    re.compile(rf"(?:数量)?{_BECOMES}(?:要)?{_Q}"),
    re.compile(rf"{_ONLY}\s*(?:need |want |take |send |order )?{_Q}{_OF}{_T}"),
    re.compile(rf"{_ONLY}\s*(?:need |want |take |send |order )?{_Q}(?:的)?(?:(?<=[\u4e00-\u9fff]){_T})?"),
    re.compile(rf"{_T}\s*,?\s*{_ONLY}\s*{_Q}"),
    re.compile(rf"{_T}\s*要\s*{_Q}"),
    re.compile(rf"{_T} (?:should|must|has to) (?:only )?be {_Q}"),
    re.compile(rf"(?P<t>\S*\d\S*)\s+{_Q}"),
    re.compile(rf"{_Q}{_OF}{_T} instead(?: of {NUMBER}(?:\s*{UNIT})?)?"),
    re.compile(rf"{_T}\s*[:=]\s*{_Q}(?: (?:instead|statt|au lieu)(?: of| de)?\s+{NUMBER}(?:\s*{UNIT})?)?"),
    re.compile(
        rf"{_Q} (?:instead of|statt|anstatt|au lieu de|en lugar de) {NUMBER}\s*(?:{UNIT})?\s*(?:of |for |von |bei |de |x )?{_T}"
    ),
    re.compile(rf"{_Q} (?:instead of|statt|anstatt|au lieu de|en lugar de) {NUMBER}\s*(?:{UNIT})?"),
    re.compile(rf"{_Q}(?: only)?"),
    re.compile(rf"{_Q}{_OF}{_T}"),
)
EACH = (
    re.compile(
        rf"(?:{_ONLY}\s*|{_CHANGE} (?:it |them |that )?(?:to )?)?{_Q}\s*(?:of )?(?:each|per (?:line|item)|jeweils|chacun|cada uno)"
    ),
    re.compile(rf"(?:每[项样个种]|各)(?:只?要)?{_Q}"),
)
KEEP = (
    re.compile(rf"{_ONLY}\s*(?:need |want |take |send |order )?{_T}(?: (?:please|then))?"),
    re.compile(rf"{_T} {_ONLY}"),
)
ACCEPT = (
    re.compile(rf"{_AGREE}\s*(?:,? ?(?:for|to|with|on|für|mit|pour|a) )?(?P<t>.+?)"),
    re.compile(
        rf"{_T} (?:is|are|sind|ist) (?:ok|okay|fine|good|confirmed|correct|in ordnung|accepted)|{'(?P<t2>.+?)'}(?:都|就|是)?(?:没问题|可以|确认|同意|不变|照旧|ok)"
    ),
)
DATE = (
    re.compile(rf"{_DELIVER}(?P<d>{DAY})(?: (?:instead|rather|latest|at the latest|spätestens))?(?:交货|发货|送货|送到|送|到货)?"),
    re.compile(rf"(?P<d>{DAY}) (?:instead|rather|delivery)"),
    re.compile(rf"(?:交货|发货|送货|到货)?(?:日期|时间|期)?(?:改[为到成]|推迟到|提前到|延[迟期]到)(?P<d>{DAY})(?:交货|发货|送货|送到|送|到货)?"),
    re.compile(rf"{_CHANGE} (?:the )?(?:delivery|delivery date|date|liefertermin|la livraison|fecha)(?: date)?{_TO}(?P<d>{DAY})"),
    re.compile(rf"(?P<d>{DAY})(?:再)?(?:交货|发货|送货|送到|送|到货)"),
)  # fmt: skip

NOISE = re.compile(
    r"(?:almost|hi|hello|dear .{1,40}|hallo|guten tag|bonjour|hola|good (?:morning|afternoon|day)|(?:many )?thanks?(?: .{0,25})?|"
    r"thank you(?: .{0,25})?|danke(?: .{0,20})?|vielen dank|merci(?: .{0,20})?|gracias|cheers|regards|best regards|kind regards|"
    r"mit freundlichen grüßen|please|bitte|您好|你好|谢谢.{0,4}|多谢|麻烦(?:了|您)?|辛苦了?|但是?|不过|but|however|aber|otherwise fine|"
    r"(?:the )?rest (?:is )?(?:as offered|stays?|unchanged|ok|fine)|everything else (?:is )?(?:as offered|stays?|unchanged|ok|fine|(?:stays|remains) the same)|"
    r"der rest (?:bleibt|passt)|其他(?:的)?(?:不变|照旧|都?要|没问题|都?可以))[.!]*"
)
POLITE = re.compile(
    r"^(?:(?:(?:and|but|also|then|und|aber|auch|et|mais|y|pero|so)(?![a-zà-ÿ])|但是?|不过|另外|还有|那么?|,)\s*)*"
    r"(?:(?:(?:please|kindly|bitte|merci de|veuillez|s'il vous plaît|por favor)(?![a-zà-ÿ])|请(?:您)?|麻烦(?:您)?|帮我们?|能不能|能否|可不可以|可以|"
    r"(?:can|could|would|will|may) (?:you|we|i)(?: please)?(?: (?:have|get|take))?|i'd like(?: you)? to|(?:we|i)(?:'d| would) like(?:(?: you)? to)?|we (?:want|need|wish) to|i (?:want|need|wish) to|"
    r"(?:we|i) (?:only )?(?:need|want|take|would like)(?! to)|wir (?:möchten|brauchen|nehmen)|könn(?:en|ten) sie|pouvez-vous|我们?(?:想|要|需要)?|那就|就)\s*)*"
)
TAIL = re.compile(
    r"(?:\s*(?:,?\s*please|thanks?|thank you|bitte|danke|merci|for us|谢谢|吧|就好|就行|就可以了?|即可|了|吗|呢|好吗|可以吗|行吗)|[\s.!?,;:~]+)+$"
)
