"""What is ordered: customers, lines, references and dates drawn from a seed, before anybody writes them down."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from sandbox.corpus.catalogue import catalogue, price_of, size_word
from sandbox.corpus.entities import Customer, Draft, Item, Layout, Wish
from sandbox.corpus.history import Past
from sandbox.corpus.writing import date_text, week_text, weekday_text

MONDAY = date(2026, 11, 23)
WEEK_FROM, WEEKS = 50, 2  # calendar weeks that are said instead of days
DEFINITE = {"en": "on ", "fr": "le ", "es": "el ", "it": "il "}  # before a day of the month


class Story:
    """Draws orders. No customer orders nearly the same goods twice, or a clerk would have to ask."""

    def __init__(self, seed: int, customers: Sequence[Customer]) -> None:
        self.seed, self.customers = seed, tuple(customers)
        self._repeaters = [customer for customer in customers if customer.is_repeater]
        self.active = tuple(item for item in catalogue() if item.is_active)
        self._ordered: dict[str, list[set[str]]] = defaultdict(list)
        self._serial: dict[str, int] = defaultdict(int)

    def stream(self, *names: object) -> Random:
        """Chance of its own for one purpose, so that a change in one mail leaves the others as they are."""
        return Random(" ".join(map(str, (self.seed, *names))))

    def buyer(self, rng: Random, language: str, layout: Layout) -> Customer:
        """Somebody who writes this language and, if the layout asks for it alone, has numbers of their own."""
        found = [c for c in self.customers if c.language == language and not c.is_repeater]
        if layout.family == "several orders":  # one address, so that none need be said
            found = [c for c in found if len(c.places) == 1]
        return rng.choice(found)

    def draft(self, rng: Random, customer: Customer, layout: Layout) -> Draft:
        """An order without any catch."""
        ways = [way for way in layout.ways if customer.own_numbers or not way.startswith("theirs")]
        way = rng.choice(ways)
        wishes = [
            self._wish(rng, customer, item, way, layout.spoken) for item in self.goods(rng, customer, layout.lines, way)
        ]
        draft = Draft(
            customer=customer, contact=rng.choice(customer.contacts), language=customer.language,
            sent_at=_moment(rng), wishes=wishes,
        )  # fmt: skip
        if rng.random() < 0.78:
            draft.order_ref = self.reference(rng, customer)
        if rng.random() < 0.55:
            draft.requested, draft.requested_text = wanted_day(rng, draft)
        if len(customer.places) > 1 or rng.random() < 0.25:  # who has several addresses says which
            draft.place = rng.choice(customer.places)
        if rng.random() < 0.15:
            draft.payment = rng.choice(("invoice", "invoice", "prepaid"))
        if rng.random() < layout.prices:
            state_prices(draft)
        return draft

    def another(self, rng: Random, first: Draft, layout: Layout) -> Draft:
        """A further order of the same mail; both need a number to be told apart."""
        draft = self.draft(rng, first.customer, layout)
        first.order_ref = first.order_ref or self.reference(rng, first.customer)
        draft.order_ref = self.reference(rng, first.customer)
        draft.contact, draft.sent_at = first.contact, first.sent_at
        for one in (first, draft):
            one.requested = one.requested_text = one.payment = ""
            one.place = None
        return draft

    def repeated(
        self, rng: Random, language: str, layout: Layout, past: Mapping[str, tuple[Past, ...]]
    ) -> Draft | None:
        """An order by reference to an earlier one, of a customer who has sent none this week; None if none is left."""
        found = [customer for customer in self._repeaters if customer.language == language]
        if not found:
            return None
        customer = rng.choice(found)
        self._repeaters.remove(customer)
        draft = self.draft(rng, customer, layout)
        orders = past[customer.number]
        draft.repeats = rng.choice(orders) if layout.name == "as order" else orders[-1]
        draft.wishes = [replace(wish) for wish in draft.repeats.wishes]
        draft.currency = ""
        return draft

    def goods(self, rng: Random, customer: Customer, lines: tuple[int, int], way: str) -> list[Item]:
        """Different items, most of what the customer usually buys, unlike this week's other orders."""
        count = min(rng.randint(*lines), rng.randint(*lines) + 2)
        for _ in range(50):
            usual = way.startswith("theirs") or rng.random() < 0.6
            chosen = rng.sample(customer.usual if usual else self.active, count)
            numbers = {item.item_no for item in chosen}
            before = self._ordered[customer.number]
            if not any(len(numbers & other) * 2 > min(len(numbers), len(other)) for other in before):
                break
        before.append(numbers)
        return chosen

    def reference(self, rng: Random, customer: Customer) -> str:
        """The customer's next order number, in the one style of that customer."""
        self._serial[customer.number] += rng.randint(1, 9)
        n = self._serial[customer.number]
        style = sum(map(ord, customer.number)) % 9
        if customer.language == "zh_CN" and style % 2:
            return f"CG202611{n % 27 + 1:02}{n:03}"
        return (f"PO-{4700 + n}", f"4500{120000 + n * 3}", f"B2026-{1180 + n}", f"26/{400 + n:04}", f"BE-{10200 + n}",
                f"2026-{310 + n}", f"P{77000 + n}", f"PO{26000 + n}", f"EK{20260 + n}/{n % 7 + 1}")[style]  # fmt: skip

    def _wish(self, rng: Random, customer: Customer, item: Item, way: str, spoken: bool) -> Wish:
        quantity, unit, base = how_many(rng, item)
        wish = Wish(item, quantity, unit, base, named_by=way)
        name_item(rng, wish, customer)
        if spoken:
            wish.description = item.said[customer.language]
        return wish


def name_item(rng: Random, wish: Wish, customer: Customer) -> None:
    """The number and the words a customer uses for an item."""
    item, way = wish.item, wish.named_by
    wish.ref = {"ours": item.item_no, "theirs": customer.own_numbers.get(item.item_no, ""), "barcode": item.barcode}.get(
        way.partition("+")[0], ""
    )  # fmt: skip
    if "name" in way:
        draw = rng.random()
        wish.description = item.names[customer.language]
        if draw < 0.3:
            wish.description = item.said[customer.language]
        elif draw < 0.4:
            wish.description = wish.description.lower()
        elif draw < 0.45:
            size = size_word(item.size, customer.language)
            wish.description = wish.description.upper().replace(size.upper(), size)
    if not wish.ref and not wish.description:  # a customer without a number of their own for it
        wish.ref = item.item_no


def how_many(rng: Random, item: Item) -> tuple[int, str, int]:
    """A quantity in whole packs: as counted, the unit it is counted in, and in the item's own unit."""
    packs = rng.choice((1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20))
    if item.price_eur > 10:
        packs = min(packs, 5)
    base = packs * item.pack
    if rng.random() < 0.08:
        return packs, "CT", base
    if item.unit == "EA" and base % 12 == 0 and base <= 240 and rng.random() < 0.12:
        return base // 12, "DZ", base
    return base, item.unit if item.unit != "EA" or rng.random() < 0.6 else "", base


def state_prices(draft: Draft) -> None:
    """The list price beside every line, counted in the item's own unit; amounts need it so."""
    draft.currency = draft.customer.currency
    for wish in draft.wishes:
        wish.price = price_of(wish.item, draft.customer.currency, draft.customer.price_list)
        if wish.written_unit in ("CT", "DZ"):
            wish.quantity, wish.written_unit = wish.base, wish.item.unit


def wanted_day(rng: Random, draft: Draft) -> tuple[str, str]:
    """A working day or a calendar week before Christmas: in ISO, and as written."""
    draw, language = rng.random(), draft.language
    if draw < 0.1 and draft.sent_at.weekday() >= 2:
        when = MONDAY + timedelta(days=7 + rng.randrange(2, 5))
        return when.isoformat(), weekday_text(when, language)
    if draw < 0.18:
        week = WEEK_FROM + rng.randrange(WEEKS)
        return f"2026-W{week}", week_text(week, language)
    when = MONDAY + timedelta(days=7 * rng.randrange(2, 4) + rng.randrange(5))
    return when.isoformat(), date_text(when, language, draft.customer.country, rng)


def on_word(draft: Draft) -> str:
    """The article or preposition before a day of the month, "" before anything else."""
    text = draft.requested_text
    plain = text[:1].isdigit() or text.startswith(("Dec", "Nov"))
    return DEFINITE.get(draft.language, "") if plain else ""


def _moment(rng: Random) -> datetime:
    at = datetime(MONDAY.year, MONDAY.month, MONDAY.day, 7, tzinfo=UTC)
    return at + timedelta(days=rng.randrange(5), minutes=rng.randrange(600), seconds=rng.randrange(60))
