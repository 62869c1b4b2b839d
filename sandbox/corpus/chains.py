"""What stands under a mail that is an answer, and the heads that mail programs put above what is passed on."""

from datetime import timedelta
from email.utils import format_datetime
from random import Random

from sandbox.corpus.entities import DESK, DESK_NAME, Draft
from sandbox.corpus.phrases import say

# prefix, the line above, and the names of sender, date, recipient and subject, as mail programs put them
FORWARD = {
    "en": ("Fwd: ", "---------- Forwarded message ---------", "From", "Date", "To", "Subject"),
    "de": ("WG: ", "-----Ursprüngliche Nachricht-----", "Von", "Gesendet", "An", "Betreff"),
    "fr": ("TR: ", "-----Message d'origine-----", "De", "Envoyé", "À", "Objet"),
    "es": ("RV: ", "-----Mensaje original-----", "De", "Enviado el", "Para", "Asunto"),
    "it": ("I: ", "-----Messaggio originale-----", "Da", "Inviato", "A", "Oggetto"),
    "zh_CN": ("转发：", "-----邮件原件-----", "发件人", "发送时间", "收件人", "主题"),
}


def chain(draft: Draft, rng: Random) -> str:
    """What stands under an order that is an answer: the desk's earlier words, quoted or under a copied head."""
    language, at = draft.language, draft.sent_at - timedelta(days=6)
    item = rng.choice(draft.customer.usual)
    words = say(rng, "earlier", language, item=item.names[language], no=item.item_no, n=item.pack * 3)
    if rng.random() < 0.5:
        said = say(rng, "wrote", language, date=f"{at:%Y-%m-%d %H:%M}", who=f"{DESK_NAME} <{DESK}>")
        return said + "\n" + "\n".join(f"> {line}".rstrip() for line in words.split("\n"))
    _, bar, sender, date, to, subject = FORWARD[language]
    head = f"{sender}: {DESK_NAME} <{DESK}>\n{date}: {format_datetime(at)}\n{to}: {draft.contact.name}\n{subject}: {say(rng, 'earlier_subject', language)}"
    return f"{bar if language != 'en' else '-----Original Message-----'}\n{head}\n\n{words}"
