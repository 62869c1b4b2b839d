"""Which item a description means: by what its words say, by what this customer called it, by what they bought.

What tells variants apart must be said, or asked. Every answer names how it was found and what else it might be.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from orderclerk.domain.item_index import ItemIndex
from orderclerk.domain.item_words import Token, normal_wording, tokens

SUGGESTED = 5  # alternatives shown
_LOOKED_AT = 60  # items whose words are compared one by one
_LEAST_SAID = 0.5  # of the description's weight an item must explain to be one that fits
_LEAST_HINT = 0.3  # and to be worth a suggestion
_SAME = 0.2  # a slip of the keys does not tell two items apart


class How(StrEnum):
    """The classes of match whose success is measured, each by itself."""

    NUMBER = "number"  # an item number, or barcode, as it is
    REWRITTEN = "number rewritten"  # with other or no hyphens and blanks
    SLIP = "number slip"  # one character off, and description or barcode agrees
    BESIDE = "beside a number"  # by its description, beside a number that nobody here knows
    ALIAS = "alias"  # the customer's word for it, learned from a person or from them
    HISTORY = "history"  # the customer's words on an earlier order
    NAME = "name"  # all words of one of its names, and no others
    SHORT_NAME = "short name"  # the same, but other items' names go on where this one ends
    WORDS = "words"  # every word fits this item alone
    MORE_WORDS = "more words"  # it alone fits, with words left over that no item knows
    OTHER_WORDS = "other words"  # it alone fits, with words left over that belong to other items
    BOUGHT = "bought"  # several fit; the customer has only ever bought this one
    SEVERAL = "several"
    NONE = "none"
    PERSON = "person"
    REPEAT = "repeat"  # taken from an earlier order


TAKEN = frozenset(How) - {How.SEVERAL, How.NONE}


@dataclass(frozen=True, slots=True)
class Found:
    """`item_id` 0 where no single item fits; `score` (0 to 1) within its class; `others` likeliest first."""

    how: How
    item_id: int = 0
    score: float = 0.0
    others: tuple[int, ...] = ()
    wording: str = ""  # the customer's words, as they would be remembered


@dataclass(frozen=True)
class Habits:
    """`aliases` (learned) and `wordings` (used) are (customer, normal wording) -> item; `bought` customer -> items."""

    aliases: Mapping[tuple[int, str], int]
    wordings: Mapping[tuple[int, str], int]
    bought: Mapping[int, Set[int]]


NO_HABITS = Habits({}, {}, {})


@dataclass(frozen=True, slots=True)
class Fit:
    """Items by how well they explain a description: `explains[token, nth]` for the items at `places`."""

    places: NDArray[np.int64]
    explains: NDArray[np.float64]
    weights: NDArray[np.float64]
    said: NDArray[np.float64]  # share of the description each explains
    covered: NDArray[np.float64]  # share of a name of each that was said


def find_items(asked: Iterable[tuple[int, str]], index: ItemIndex, habits: Habits) -> dict[tuple[int, str], Found]:
    """For each (customer id, description) what it means."""
    distinct = set(asked)
    split = {text: index.apart(tokens(text)) for _, text in distinct}
    meanings = index.meanings({token.text: token for said in split.values() for token in said}.values())
    fits = {text: fit_of(said, meanings, index) for text, said in split.items()}
    return {
        (customer, text): _as_called_before(
            (customer, normal_wording(text)),
            _judged(text, split[text], meanings, fits[text], index, habits.bought.get(customer, frozenset())),
            habits,
        )
        for customer, text in distinct
    }


def agreeing(found: Found, item_id: int) -> bool:
    """Whether a description that was looked for by itself may mean `item_id`."""
    return found.item_id == item_id or (found.how is How.SEVERAL and item_id in found.others)


def _as_called_before(wording: tuple[int, str], judged: Found, habits: Habits) -> Found:
    """The customer's own word for an item goes before what the catalogue's words say."""
    if item := habits.aliases.get(wording):
        return Found(How.ALIAS, item, 1.0, wording=wording[1])
    if item := habits.wordings.get(wording):
        others = tuple(other for other in (judged.item_id, *judged.others) if other not in (0, item))
        is_clear = judged.how is How.NONE or judged.item_id == item
        return Found(How.HISTORY, item, 1.0 if is_clear else 0.5, others, wording[1])
    return judged


def fit_of(
    said: tuple[Token, ...], meanings: Mapping[str, tuple[frozenset[int], float]], index: ItemIndex
) -> Fit | None:
    """The items worth a look, likeliest first; None where nothing of the description is known."""
    weights = np.array([_weight(meanings[token.text][0], index) for token in said])
    score = np.zeros(len(index.item_ids))
    for token, weight in zip(said, weights, strict=True):
        words, sureness = meanings[token.text]
        holders = np.unique(np.concatenate([index.holders[w] for w in words])) if len(words) > 1 else None
        for word in words:
            score[index.holders[word] if holders is None else holders] += weight * sureness
            if holders is not None:
                break
    if not len(score) or not score.any():
        return None
    score /= weights.sum()
    count = min(_LOOKED_AT, int((score > 0).sum()))
    places = np.argpartition(-score, count - 1)[:count]
    explains = np.array([[_explained(*meanings[token.text], index.bags[p]) for p in places] for token in said])
    mentioned = frozenset().union(*(meanings[token.text][0] for token in said))
    covered = np.array([max(_covered(name, mentioned, index) for name in index.names[p]) for p in places])
    order = np.lexsort((places, -covered, -score[places].round(6)))
    return Fit(places[order], explains[:, order], weights, score[places][order], covered[order])


def _weight(words: frozenset[int], index: ItemIndex) -> float:
    return max((float(index.weights[word]) for word in words), default=index.unknown_weight)


def _explained(words: frozenset[int], sureness: float, bag: set[int]) -> float:
    return sureness if words & bag else 0.0


def _covered(name: frozenset[int], mentioned: frozenset[int], index: ItemIndex) -> float:
    total = sum(index.weights[word] for word in name)
    return float(sum(index.weights[word] for word in name & mentioned) / total)


def _judged(
    text: str,
    said: tuple[Token, ...],
    meanings: Mapping[str, tuple[frozenset[int], float]],
    fit: Fit | None,
    index: ItemIndex,
    bought: Set[int],
) -> Found:
    if fit is None:
        return Found(How.NONE)
    fit = _active_first(fit, index)
    lost = fit.explains[:, 0] == 0
    if any(token.is_exact for token, is_lost in zip(said, lost, strict=True) if is_lost) or fit.said[0] < _LEAST_SAID:
        return Found(How.NONE, others=_ids(fit, fit.said >= _LEAST_HINT, index))
    equal = _as_well(fit)
    named = [place for place in index.exact.get(normal_wording(text), ()) if place in fit.places[equal]]
    if len(named) == 1:
        others = _ids(fit, equal & np.not_equal(fit.places, named[0]), index)
        return Found(How.SHORT_NAME if others else How.NAME, int(index.item_ids[named[0]]), 1.0, others)
    if equal.sum() == 1:
        return _single(fit, lost, said, meanings, index)
    fitting = _ids(fit, equal, index, limit=_LOOKED_AT)
    own = [item for item in fitting if item in bought]
    if len(own) == 1:
        others = tuple(item for item in fitting if item != own[0])[:SUGGESTED]
        return Found(How.BOUGHT, own[0], float(fit.said[0]), others)
    return Found(
        How.SEVERAL,
        0,
        float(fit.said[0]),
        tuple(own + [i for i in fitting if i not in own])[: max(SUGGESTED, len(own))],
    )


def _single(
    fit: Fit, lost: NDArray[np.bool_], said: tuple[Token, ...],
    meanings: Mapping[str, tuple[frozenset[int], float]], index: ItemIndex,
) -> Found:  # fmt: skip
    how = How.WORDS
    if lost.any():
        foreign = any(meanings[token.text][0] for token, is_lost in zip(said, lost, strict=True) if is_lost)
        how = How.OTHER_WORDS if foreign else How.MORE_WORDS
    others = _ids(fit, (np.arange(len(fit.places)) > 0) & (fit.said >= _LEAST_HINT), index)
    return Found(how, int(index.item_ids[fit.places[0]]), float(fit.said[0] * fit.covered[0]), others)


def _active_first(fit: Fit, index: ItemIndex) -> Fit:
    """Without the items no longer sold, where one that is explains as much."""
    active = index.is_active[fit.places]
    equal = _as_well(fit)
    if active.all() or not (active & equal).any():
        return fit
    return Fit(fit.places[active], fit.explains[:, active], fit.weights, fit.said[active], fit.covered[active])


def _as_well(fit: Fit) -> NDArray[np.bool_]:
    """The items that explain every word which the likeliest explains."""
    return np.asarray((fit.explains >= fit.explains[:, :1] - _SAME).all(axis=0), dtype=np.bool_)


def _ids(fit: Fit, which: NDArray[np.bool_], index: ItemIndex, limit: int = SUGGESTED) -> tuple[int, ...]:
    return tuple(int(item) for item in index.item_ids[fit.places[which]][:limit])
