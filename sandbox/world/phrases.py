"""How customers of each language write orders and answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """One language's words; `lines` are templates of a typed order line, `headers` of a table."""

    hello: str
    intro: str
    order_label: str
    number_label: str
    attached: str
    lines: tuple[str, ...]
    headers: tuple[str, str, str, str, str]
    deliver_to: str
    requested: str
    closing: str
    subject: str
    comma: bool = False


SPEECH = {
    "en": Phrases(
        "Dear team,", "please supply the following:", "Purchase order", "Customer no.",
        "please find attached our purchase order {ref}.",
        ("{q} x {ref} {name} @ {price} {cur}", "- {ref}  {name}: {q} pcs at {price} {cur} each",
         "{n}. {ref} | {q} pcs | {price} {cur}"),
        ("Item no.", "Description", "Quantity", "Unit price", "Amount"),
        "Deliver to:", "Requested delivery date", "Kind regards", "Purchase order {ref}",
    ),
    "de": Phrases(
        "Guten Tag,", "wir bestellen wie folgt:", "Bestellnummer", "Kundennummer",
        "anbei erhalten Sie unsere Bestellung {ref}.",
        ("{q} Stück {ref} {name} à {price} {cur}", "- {ref}  {name}: {q} Stk. zu je {price} {cur}"),
        ("Artikelnr.", "Bezeichnung", "Menge", "Einzelpreis", "Betrag"),
        "Lieferadresse:", "Liefertermin", "Mit freundlichen Grüßen", "Bestellung {ref}", comma=True,
    ),
    "fr": Phrases(
        "Bonjour,", "nous vous passons la commande suivante :", "Commande n°", "N° client",
        "veuillez trouver ci-joint notre commande {ref}.",
        ("{q} pièces {ref} {name} à {price} {cur}", "- {ref}  {name} : {q} pcs à {price} {cur}"),
        ("Référence", "Désignation", "Quantité", "Prix unitaire", "Montant"),
        "Adresse de livraison :", "Date de livraison souhaitée", "Cordialement", "Commande {ref}", comma=True,
    ),
    "zh_CN": Phrases(
        "您好，", "请按以下明细供货：", "订单号", "客户编号", "附件是我们的订单 {ref}，请查收。",
        ("{ref} {name} {q}件 单价{price}{cur}", "{n}、{ref} {name}，数量：{q}，单价：{price}{cur}"),
        ("货号", "品名", "数量", "单价", "金额"),
        "收货地址：", "要求交货日期", "此致\n敬礼", "采购订单 {ref}",
    ),
}  # fmt: skip
SPEECH["es"] = SPEECH["en"]  # our Spanish customers write in English

ANSWERS = {
    "confirm": {
        "en": ("Yes, please go ahead.", "Confirmed, thank you.", "We confirm the order as quoted."),
        "de": ("Bestätigt, vielen Dank.", "Ja, bitte so ausführen."),
        "fr": ("Nous confirmons la commande.", "Oui, c'est confirmé, merci."),
        "zh_CN": ("确认，谢谢。", "好的，请安排发货。", "同意，按此执行。"),
    },
    "decline": {
        "en": ("No thanks, please cancel this order.", "We decline, please cancel."),
        "de": ("Nein danke, bitte stornieren Sie die Bestellung.",),
        "fr": ("Non merci, veuillez annuler la commande.",),
        "zh_CN": ("不需要了，请取消订单。", "请取消。"),
    },
    "change": {
        "en": ("Please change line 1 to {n} pcs.", "Almost - can you make it {n} pcs of the first item?"),
        "de": ("Bitte ändern Sie Position 1 auf {n} Stück.",),
        "fr": ("Merci de modifier la ligne 1 : {n} pièces.",),
        "zh_CN": ("请把第一行改为{n}件。",),
    },
    "quantity": {
        "en": ("{asked} please.", "We need {asked}."),
        "de": ("{asked}",),
        "fr": ("{asked}",),
        "zh_CN": ("{asked}", "要{asked}"),
    },
    "unclear": {
        "en": ("Will ask my colleague and come back to you.", "Hope you had a nice weekend! Is the catalogue out yet?"),
        "de": ("Ich frage meinen Kollegen und melde mich.",),
        "fr": ("Je demande à mon collègue et je reviens vers vous.",),
        "zh_CN": ("我问一下同事再回复您。",),
    },
}


def speech_of(code: str) -> Phrases:
    """The phrases of a language, English where we have none."""
    return SPEECH.get(code, SPEECH["en"])


def answer_in(code: str, answer: str, nth: int) -> str:
    """The words of an answer; `nth` picks among the ways to say it."""
    ways = ANSWERS[answer].get(code, ANSWERS[answer]["en"])
    return ways[nth % len(ways)]
