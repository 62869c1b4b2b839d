"""Which language a mail is written in, as far as the desk tells languages apart."""

import re

_HANZI = re.compile(r"[\u4e00-\u9fff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_LATIN = re.compile(r"[a-zà-öø-ÿ]+", re.IGNORECASE)
_WORDS = {
    code: frozenset(words.split())
    for code, words in (
        (
            "en",
            "the and please our we for with of you your to is are order orders deliver attached "
            "following hello regards thanks kind need would "
            "could send pieces delivery number address dear best as qty by",
        ),
        (
            "de",
            "und bitte wir die der das für mit unsere sie ihre wie folgt bestellen bestellung liefern "
            "stück grüßen grüße den dem ein eine "
            "nicht lieferung lieferadresse menge hallo guten tag uns bis vielen dank moin von zu ist",
        ),
        (
            "fr",
            "et nous vous les pour avec notre votre merci bonjour commande livraison veuillez "
            "cordialement des du une au qté quantité "
            "adresse de besoin suivants monsieur madame prix le la",
        ),
        (
            "es",
            "y por favor los las para con nuestro su gracias hola pedido entrega unidades saludos "
            "adjunto el buenos días del cantidad "
            "cdad uds enviar necesitamos pedimos estimados referencia atentamente una de la",
        ),
        (
            "it",
            "e di il per con nostro vostro grazie buongiorno ordine consegna saluti allegato gli del "
            "della dei quantità pezzi pz cordiali "
            "distinti salve vorremmo ordiniamo inviare indirizzo richiesta rif qta seguito entro ciao una la le",
        ),
    )
}


_FOREIGN = tuple(
    frozenset(words.split())
    for words in (
        "graag het een van voor wij ons onze jullie bestelling bestellen stuks stuk groet groeten vriendelijke "
        "met dank levering aub doos dozen willen goedemiddag goedemorgen beste en bij naar",
        "não obrigado obrigada favor encomenda encomendar unidades nós você vocês com para os as uma um atenciosamente "
        "entrega quantidade gostaríamos gostaria dia boa tarde segue nossa nosso cumprimentos peças",
        "prosimy proszę dostawę zamówienie zamawiamy sztuk szt pozdrawiam dziękuję dzień dobry nasze na do oraz i z",
        "vi och till beställer beställning st tack hej hälsningar vänliga önskar följande på",
        "og til bestiller bestilling stk tak takk hilsen venlig vennlig følgende ønsker på vil gerne",
        "prosíme objednáváme objednávka ks děkuji děkujeme dobrý den s pozdravem na do dodání",
        "lütfen sipariş adet teşekkürler merhaba ve için bir ile saygılarımla",
    )
)
MIN_FOREIGN = 3  # words of a language that is not read


def is_foreign(text: str) -> bool:
    """Whether more words of `text` are of a language that is not read (Dutch, Polish ...) than of any that is."""
    latin = _LATIN.findall(text[:20_000].casefold())
    known = max(sum(word in words for word in latin) for words in _WORDS.values())
    foreign = max(sum(word in words for word in latin) for words in _FOREIGN)
    return foreign >= MIN_FOREIGN and foreign > known


def language_of(text: str) -> str:
    """ "zh_CN" where Chinese dominates, else that of en, de, fr, es, it whose words are most; "en" if none are."""
    sample = text[:20_000]
    hanzi, latin = len(_HANZI.findall(sample)), _LATIN.findall(sample.casefold())
    if len(_KANA_OR_HANGUL.findall(sample)) > hanzi // 4:
        return "en"
    if hanzi and hanzi * 2 >= len(latin):
        return "zh_CN"
    counts = {code: sum(word in words for word in latin) for code, words in _WORDS.items()}
    return max(counts, key=lambda code: counts[code])
