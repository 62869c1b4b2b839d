"""Slips of people who type: what a clerk reads over without asking, and, marked so, what some would ask about."""

from collections.abc import Callable
from random import Random

from sandbox.corpus.entities import Draft, Wish


def make_some(rng: Random, draft: Draft) -> None:
    """One or two slips in an order that stays clear."""
    for _ in range(rng.choice((1, 1, 2))):
        rng.choice((swapped, dropped, doubled, unspaced, miscased, digit_like))(rng, draft)


def _in_words(change: Callable[[Random, str], str], name: str) -> Callable[[Random, Draft], None]:
    """A slip inside one description's longest word; sizes and numbers stay as they are."""

    def slip(rng: Random, draft: Draft) -> None:
        found = [wish for wish in draft.wishes if wish.description]
        if not found or draft.language == "zh_CN":
            return
        wish = rng.choice(found)
        word = max((part for part in wish.description.split() if part.isalpha()), key=len, default="")
        if len(word) < 5 or word.isupper():
            return
        wish.description = wish.description.replace(word, change(rng, word), 1)
        draft.traps.append(name)

    return slip


def _swap(rng: Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _drop(rng: Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1 :]


def _double(rng: Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1)
    return word[:at] + word[at] + word[at:]


swapped = _in_words(_swap, "letters swapped")
dropped = _in_words(_drop, "letter dropped")
doubled = _in_words(_double, "letter doubled")


def unspaced(rng: Random, draft: Draft) -> None:
    """300ml for 300 ml."""
    wish = rng.choice(draft.wishes)
    if " " in wish.item.size and wish.description:
        for size in (wish.item.size, wish.item.size.replace(".", ",")):
            wish.description = wish.description.replace(size, size.replace(" ", ""))
        draft.traps.append("blank left out")


def miscased(rng: Random, draft: Draft) -> None:
    """Item numbers in lower case."""
    wish = rng.choice(draft.wishes)
    if wish.ref != wish.ref.lower():
        wish.ref = wish.ref.lower()
        draft.traps.append("item number in lower case")


def digit_like(rng: Random, draft: Draft) -> None:
    """O for 0 in an item number, l for 1 in a quantity: read over by most, asked about by some."""
    wish = rng.choice(draft.wishes)
    if "0" in wish.ref and rng.random() < 0.5:
        wish.ref = wish.ref.replace("0", "O", 1)
        draft.traps.append("O for 0 in an item number")
        draft.may_hold = True
    elif _is_mixed(wish):
        text = str(wish.quantity)
        wish.quantity_text = text[0] + text[1:].replace("1", "l").replace("0", "O")
        draft.traps.append("letter for a digit in a quantity")
        draft.may_hold = True


def _is_mixed(wish: Wish) -> bool:
    text = str(wish.quantity)
    return len(text) > 1 and ("0" in text[1:] or "1" in text[1:]) and len(text) < 4
