"""Where the words beside an item number speak of another item."""

from collections.abc import Iterable

import numpy as np

from orderclerk.domain.item_index import ItemIndex
from orderclerk.domain.item_search import SUGGESTED, Fit, fit_of
from orderclerk.domain.item_words import Token, tokens

_MEANT = 0.7  # of a description's weight: an item that explains as much is what the words mean
_FOREIGN = 0.25  # an item that explains no more is not what they mean


def opposed(asked: Iterable[tuple[int, str]], index: ItemIndex) -> dict[tuple[int, str], tuple[int, ...]]:
    """For each (item id, description) that contradict each other: the item, and those that the words mean."""
    distinct = set(asked)
    split = {text: index.apart(tokens(text)) for _, text in distinct}
    meanings = index.meanings(token for said in split.values() for token in said)
    fits = {text: fit_of(said, meanings, index) for text, said in split.items()}
    found = {}
    for item, text in distinct:
        fit, place = fits[text], index.places.get(item)
        if fit is not None and place is not None and (meant := _meant(split[text], meanings, fit, place, index)):
            found[item, text] = (item, *meant)
    return found


def _meant(
    said: tuple[Token, ...], meanings: dict[str, tuple[frozenset[int], float]], fit: Fit, place: int, index: ItemIndex
) -> tuple[int, ...]:
    """The items that explain what the numbered one cannot: a size, a colour, or nearly every word."""
    own = np.array([bool(meanings[token.text][0] & index.bags[place]) for token in said])
    if fit.said[0] < _MEANT:
        return ()
    exact = np.array([token.is_exact for token in said])
    best = fit.explains > 0
    better = (best & (exact & ~own)[:, None]).any(axis=0) & (best | ~own[:, None] | ~exact[:, None]).all(axis=0)
    share = float(fit.weights[own].sum() / fit.weights.sum())
    if share <= _FOREIGN:
        better |= fit.said >= 1 - _FOREIGN
    meant = better & (fit.said >= fit.said[0] - 0.01) & (fit.places != place)
    return tuple(int(item) for item in index.item_ids[fit.places[meant]][: SUGGESTED - 1])
