"""What a document calls itself at its head: an offer, or another paper of a seller."""

import re

OFFER = "What is attached calls itself an offer, not an order"
SELLERS = "A seller's invoice, confirmation or notice about an order of ours"
MAX_TITLE = 6  # words, and lines at the head of a document
_OFFER = re.compile(
    r"\W*(?:pro-?\s?forma|quotation|quote|price quote|sales quote|angebot|offerte|kostenvoranschlag|devis|"
    r"offre de prix|presupuesto|cotización|oferta|preventivo|offerta|报价单?|形式发票)(?![^\W_])",
    re.IGNORECASE,
)
_SELLERS = re.compile(
    r"\W*(?:(?:sales )?order (?:confirmation|acknowledge?ment)|(?:tax |commercial )?invoice(?! (?:to|address))|"
    r"credit note|delivery note|packing list|packing slip|(?:auftrags|bestell)bestätigung|rechnung(?! an)|gutschrift|"
    r"lieferschein|confirmation de (?:votre )?commande|accusé de réception|facture(?! à)|bon de livraison|"
    r"confirmación de(?:l| su)? pedido|albarán|factura(?! a)|conferma (?:d'|di )?ordine|fattura(?! a)|"
    r"bolla di consegna|ddt|发票|订单确认|送货单|发货单|装箱单)(?![^\W_])",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"\W*(?:purchase order|order\b(?! (?:confirm|acknowl))|bestellung|auftrag\b|(?:bon de )?commande|pedido|"
    r"orden de compra|ordine|buono d'ordine|采购|订货|订单(?!确认)|订购)",
    re.IGNORECASE,
)


def is_offer(beginning: str) -> bool:
    """Whether the head of a document is that of a quotation or a pro forma invoice, which a buyer may send back."""
    titles = _titles(beginning)
    return any(map(_OFFER.match, titles)) and not any(map(_ORDER.match, titles))


def sellers_paper(beginning: str) -> str:
    """SELLERS if the head of a document is that of an invoice, a confirmation or a delivery note; else ""."""
    titles = _titles(beginning)
    return SELLERS if any(map(_SELLERS.match, titles)) and not any(map(_ORDER.match, titles)) else ""


def _titles(beginning: str) -> list[str]:
    head = [text for text in beginning.split("\n") if text.strip()][:MAX_TITLE]
    return [text for text in head if len(text.split()) <= MAX_TITLE]
