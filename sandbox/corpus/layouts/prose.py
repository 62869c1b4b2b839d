"""Orders inside sentences."""

from random import Random

from sandbox.corpus.entities import Content, Draft, Layout
from sandbox.corpus.layouts.typed import dressed
from sandbox.corpus.letters import signed, wishes_about_delivery
from sandbox.corpus.phrases import say
from sandbox.corpus.wording import spoken


def prose(draft: Draft, rng: Random) -> Content:
    """Please send us 24 blue mugs 300 ml and, as usual, 5 cartons of Earl Grey tea 100 g."""
    language = draft.language
    goods = [_goods(wish, draft, rng) for wish in draft.wishes]
    sentence = say(rng, "prose", language, goods=_joined(goods, language, rng))
    start = [say(rng, "hello", language, desk="Harbour Trading")]
    start += [say(rng, "chat", language)] if rng.random() < 0.3 else []
    end = [say(rng, "ref", language, ref=draft.order_ref)] if draft.order_ref else []
    end += wishes_about_delivery(draft, rng)
    end += [say(rng, "confirm", language)] if rng.random() < 0.4 else []
    if rng.random() < 0.5 and len(end) > 1:
        rng.shuffle(end)
    return dressed(draft, rng, "\n\n".join([*start, sentence, *end, signed(draft, rng)]))


def _goods(wish, draft: Draft, rng: Random) -> str:
    text = f"{spoken(wish, draft, rng)}{'' if draft.language == 'zh_CN' else ' '}{wish.description}"
    if wish.ref:
        text += f"（{wish.ref}）" if draft.language == "zh_CN" else f" ({wish.ref})"
    return _elided(text) if draft.language == "fr" else text


def _elided(text: str) -> str:
    """d'écrous, not de écrous."""
    for vowel in "aeéêèiouhAEÉIOU":
        text = text.replace(f" de {vowel}", f" d'{vowel}") if vowel != "h" else text
    return text


def _joined(goods: list[str], language: str, rng: Random) -> str:
    last = {"en": (" and ", " plus ", " and, as usual, "), "de": (" und ", " sowie ", " und wie immer "), "fr": (" et ", " ainsi que "),
            "es": (" y ", " y también "), "it": (" e ", " più ", " e, come al solito, "), "zh_CN": ("和", "，还有", "，另外")}[language]  # fmt: skip
    comma = rng.choice(("、", "，")) if language == "zh_CN" else ", "
    return goods[0] if len(goods) == 1 else comma.join(goods[:-1]) + rng.choice(last) + goods[-1]


LAYOUTS = (Layout("prose", "prose", prose, 3, ways=("name", "name", "ours+name"), prices=0, lines=(1, 4), spoken=True),)
