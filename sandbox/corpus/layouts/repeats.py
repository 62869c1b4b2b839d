"""Orders that only point at an earlier one: the same again, as our order of then, the same with one change."""

from random import Random

from sandbox.corpus.entities import Content, Draft, Layout
from sandbox.corpus.layouts.typed import dressed
from sandbox.corpus.letters import signed, subject, wishes_about_delivery
from sandbox.corpus.phrases import say
from sandbox.corpus.writing import MONTHS

FAMILY = "repeat"


def same_again(draft: Draft, rng: Random) -> Content:
    """Same as last time, please."""
    return _written(draft, rng, say(rng, "repeat_last", draft.language))


def as_order(draft: Draft, rng: Random) -> Content:
    """The same as our order 4127/32 of 21 September."""
    past = draft.repeats
    month = MONTHS.get(draft.language, "").split()
    at = past.ordered_at
    day = f"{at.month}月{at.day}日" if not month else f"{at.day} {month[at.month - 1]}"
    if draft.language in ("de", "es"):
        day = {"de": f"{at.day}. {month[at.month - 1]}", "es": f"{at.day} de {month[at.month - 1]}"}[draft.language]
    return _written(draft, rng, say(rng, "repeat_ref", draft.language, old=past.order_ref, day=day))


def with_change(draft: Draft, rng: Random) -> Content:
    """Same as last time but 40 instead of 20 of the blue mugs."""
    wish = rng.choice(draft.wishes)
    old, wish.quantity = wish.base, wish.base + wish.item.pack * rng.choice((1, 2, 5))
    wish.base = wish.quantity
    draft.may_hold = True
    draft.traps.append("same as last time with a change")
    goods = wish.item.said[draft.language]
    return _written(draft, rng, say(rng, "repeat_change", draft.language, new=wish.base, old=old, goods=goods))


def _written(draft: Draft, rng: Random, sentence: str) -> Content:
    language = draft.language
    parts = [say(rng, "hello", language, desk="Harbour Trading"), sentence]
    parts += [say(rng, "ref", language, ref=draft.order_ref)] if draft.order_ref else []
    content = dressed(draft, rng, "\n\n".join([*parts, *wishes_about_delivery(draft, rng), signed(draft, rng)]))
    content.subject = subject(draft, rng)
    return content


LAYOUTS = (
    Layout("same again", FAMILY, same_again, 0.5, prices=0, catches=False),
    Layout("as order", FAMILY, as_order, 0.3, prices=0, catches=False),
    Layout("same with a change", FAMILY, with_change, 0.3, prices=0, catches=False),
)
