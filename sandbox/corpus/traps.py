"""What a careful clerk must ask about or refuse: each order here is expected to be held."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random

from sandbox.corpus.catalogue import catalogue, siblings
from sandbox.corpus.entities import Contact, Customer, Draft, Layout, Wish
from sandbox.corpus.story import Story, name_item, state_prices
from sandbox.corpus.wording import line_sum
from sandbox.corpus.writing import date_text, decimal_text

Trap = Callable[[Story, Random, Draft, Layout], bool]  # whether it could be set


def set_one(story: Story, rng: Random, draft: Draft, layout: Layout) -> None:
    """Set one trap that fits the order, and expect a hold."""
    while True:
        name, trap = rng.choice(list(TRAPS.items()))
        if trap(story, rng, draft, layout):
            draft.traps.append(name)
            draft.expect = "hold"
            return


def vague_item(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """A series with neither colour nor size, of which the customer has bought none."""
    if "name" not in layout.ways:
        return False
    known = {item.series for item in draft.customer.usual}
    many = [s for s, items in siblings().items() if len(items) > 2 and s not in known]
    item = rng.choice(siblings()[rng.choice(many)])
    wish = _replaced(rng, draft, item)
    wish.ref, wish.description, wish.item_known = "", item.vague[draft.language], False
    if draft.language != "zh_CN":
        wish.description = wish.description[0].upper() + wish.description[1:]
    return True


def unknown_number(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """A number that is nobody's, with no words beside it."""
    wish = rng.choice(draft.wishes)
    if not wish.ref or wish.ref == wish.item.barcode or layout.spoken:
        return False
    wish.ref, wish.description, wish.item_known = (
        f"{rng.choice('QXZ')}{rng.choice('VWK')}{rng.randrange(100, 999)}-{rng.randrange(10, 99)}",
        "",
        False,
    )
    return True


def number_against_words(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """Our number of one variant beside the words of another."""
    wish = rng.choice(draft.wishes)
    rest = [item for item in siblings().get(wish.item.series, ()) if item.item_no != wish.item.item_no]
    if not wish.ref or not wish.description or not rest:
        return False
    wish.description, wish.item_known = rng.choice(rest).names[draft.language], False
    return True


def two_quantities(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """10 or 12; 20-30; about 20: nobody can ship that."""
    wish = rng.choice(draft.wishes)
    low, high = wish.quantity, wish.quantity + rng.choice((2, 6, 10, 12))
    either = {"en": "or", "de": "oder", "fr": "ou", "es": "o", "it": "o", "zh_CN": "或"}[draft.language]
    about = {"en": "approx. ", "de": "ca. ", "fr": "env. ", "es": "aprox. ", "it": "circa ", "zh_CN": "大约"}[
        draft.language
    ]
    wish.quantity_text = rng.choice(
        (f"{low} {either} {high}", f"{low}-{high}", f"{about}{low}", f"{low}/{high}", f"{low}?")
    )
    wish.quantity_known = False
    return True


def no_quantity(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """A line whose quantity was left open."""
    wish = rng.choice(draft.wishes)
    wish.quantity_text, wish.quantity_known = (
        rng.choice(("?", "??", "tbc" if draft.language == "en" else "?", "...")),
        False,
    )
    wish.written_unit = ""
    return True


def wrong_price(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """A price that is not the list's."""
    if not layout.prices:
        return False
    state_prices(draft)
    wish = rng.choice(draft.wishes)
    wish.price = ((wish.price or 0) * Decimal(rng.choice(("0.8", "0.9", "1.15", "0.75")))).quantize(
        Decimal("0.01")
    ) + Decimal("0.01")
    return True


def wrong_total(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """A total that the lines do not come to."""
    if not layout.totals or not layout.prices:
        return False
    state_prices(draft)
    draft.total = line_sum(draft) + rng.choice((10, -5, 100, Decimal("27.50")))
    return True


def line_twice(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """One line stands twice: a slip, or twice as much?"""
    wish = rng.choice(draft.wishes)
    twin = Wish(**{name: getattr(wish, name) for name in Wish.__dataclass_fields__})
    draft.wishes.insert(draft.wishes.index(wish) + 1, twin)
    return True


def stranger(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """Somebody the desk has never heard of."""
    old = draft.customer
    firm = f"{rng.choice(('Zeta', 'Quorum', 'Lumen', 'Vantage'))} {rng.choice(('Retail', 'Partners', 'Market'))} {rng.randrange(10, 99)}"
    person = Contact(
        old.contacts[0].name,
        f"{rng.choice(('buying', 'info', 'shop'))}@{firm.lower().replace(' ', '-')}.example",
        "+44 1632 960" + str(rng.randrange(100, 999)),
    )
    draft.customer = Customer(**{**{name: getattr(old, name) for name in Customer.__dataclass_fields__},
                                 "number": "", "name": firm, "contacts": (person,), "domain": person.email.rpartition("@")[2],
                                 "tax_no": "GB 999 0000 00"})  # fmt: skip
    draft.contact, draft.place = person, None
    for wish in draft.wishes:
        if wish.named_by.startswith("theirs"):
            wish.named_by = "ours"
            name_item(rng, wish, draft.customer)
    return True


def forged_sender(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """The customer's address, but the provider says that they did not send it (the headers are written by the trap's name)."""
    return True


def reply_elsewhere(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """Answers would go to another domain."""
    return True


def past_date(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """Goods wanted before the order was written."""
    when = (draft.sent_at - timedelta(days=rng.randrange(8, 40))).date()
    text = date_text(when, draft.language, draft.customer.country, rng)
    while "2026" not in text:
        text = date_text(when, draft.language, draft.customer.country, rng)
    draft.requested, draft.requested_text = when.isoformat(), text
    return True


def no_longer_sold(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """An article that left the catalogue."""
    item = rng.choice([item for item in catalogue() if not item.is_active])
    wish = _replaced(rng, draft, item)
    if wish.named_by.startswith("theirs"):
        wish.ref = item.item_no
    return True


def absurd_quantity(story: Story, rng: Random, draft: Draft, layout: Layout) -> bool:
    """Some zeros too many."""
    wish = rng.choice(draft.wishes)
    wish.quantity = wish.base = wish.base * 100_000
    wish.written_unit = ""
    wish.quantity_text = decimal_text(wish.quantity, draft.language, grouped=False)
    return True


def _replaced(rng: Random, draft: Draft, item) -> Wish:
    """The item in the place of one line's."""
    wish = rng.choice(draft.wishes)
    wish.item, wish.written_unit = item, ""
    wish.quantity = wish.base = item.pack * rng.randint(1, 5)
    name_item(rng, wish, draft.customer)
    if draft.currency:
        state_prices(draft)
    return wish


TRAPS: dict[str, Trap] = {
    "vague item": vague_item, "unknown number": unknown_number, "number against words": number_against_words,
    "two quantities": two_quantities, "no quantity": no_quantity, "wrong price": wrong_price, "wrong total": wrong_total,
    "line twice": line_twice, "stranger": stranger, "authentication failed": forged_sender,
    "reply-to elsewhere": reply_elsewhere, "date in the past": past_date, "no longer sold": no_longer_sold,
    "absurd quantity": absurd_quantity,
}  # fmt: skip
