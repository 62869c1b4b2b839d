"""Key and value: forms filled in by hand or by a shop's template, a block an item."""

from random import Random

from sandbox.corpus.entities import Content, Draft, Layout, Wish
from sandbox.corpus.layouts.typed import dressed
from sandbox.corpus.letters import address, letter, signed
from sandbox.corpus.wording import counted, item_key, price, title


def header_pairs(draft: Draft, rng: Random, *, with_customer: bool = True) -> list[tuple[str, str]]:
    """Label and value of what an order's head says."""
    language, pairs = draft.language, []
    if draft.order_ref:
        pairs.append((title("order_no", language, rng), draft.order_ref))
    if with_customer and rng.random() < 0.6:
        pairs.append((title("customer", language, rng), draft.customer.name))
    if with_customer and draft.customer.number and rng.random() < 0.4:
        pairs.append((title("customer_no", language, rng), draft.customer.number))
    if draft.requested:
        pairs.append((title("wanted", language, rng), draft.requested_text))
    if draft.place:
        text = address(draft.place).replace("\n", ", ")
        pairs.append((title("delivery", language, rng), text))
    if draft.currency and rng.random() < 0.4:
        pairs.append((title("currency", language, rng), draft.currency))
    if draft.payment:
        pairs.append((title("payment", language, rng), payment_words(draft)))
    return pairs


def payment_words(draft: Draft) -> str:
    """The payment method in two words."""
    words = {
        "en": ("invoice, 30 days", "prepayment"), "de": ("Rechnung", "Vorkasse"), "fr": ("facture, 30 jours", "paiement d'avance"),
        "es": ("factura a 30 días", "pago anticipado"), "it": ("fattura 30 gg", "pagamento anticipato"), "zh_CN": ("月结30天", "款到发货"),
    }[draft.language]  # fmt: skip
    return words[draft.payment == "prepaid"]


def blocks(draft: Draft, rng: Random) -> Content:
    """A block of labelled lines for the order and one for each item."""
    colon = "：" if draft.language == "zh_CN" else " : " if draft.language == "fr" else ": "
    style, language = rng.randrange(1, 4), draft.language
    keys = {key: title(key, language, rng) for key in ("name", "quantity", "price", item_key(draft))}
    head = "\n".join(f"{label}{colon}{value}" for label, value in header_pairs(draft, rng))
    items = [
        "\n".join(f"{label}{colon}{value}" for label, value in _pairs(w, draft, rng, keys, style)) for w in draft.wishes
    ]
    middle = "\n\n".join(part for part in (head, *items) if part)
    if rng.random() < 0.4:
        return dressed(draft, rng, middle + "\n\n" + signed(draft, rng))
    return dressed(draft, rng, letter(draft, rng, middle, header=False))


def _pairs(wish: Wish, draft: Draft, rng: Random, keys: dict[str, str], style: int) -> list[tuple[str, str]]:
    pairs = [(keys[item_key(draft)], wish.ref)] if wish.ref else []
    pairs += [(keys["name"], wish.description)] if wish.description else []
    pairs.append((keys["quantity"], counted(wish, draft, rng)))
    return pairs + ([(keys["price"], price(wish, draft, style))] if wish.price is not None else [])


LAYOUTS = (Layout("key and value", "key-value", blocks, 2, lines=(1, 4)),)
