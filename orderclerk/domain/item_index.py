"""The catalogue's wordings turned inside out: which items speak of which word, and how much a word tells."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from orderclerk.domain.item_words import Token, bare, normal_wording, tokens

UNKNOWN = 1.0  # weight of a word that no item has, as a share of the rarest word's
TYPO = 0.85  # how much a mistyped word counts
_LEAST_PART = 3  # letters of each half of a word written without its space


@dataclass
class ItemIndex:
    """`item_ids[place]` is an item; everything else speaks of places.

    `names[place]` are its names as sets of words, `holders[word]` the places whose names have the word,
    `exact[wording]` those a whole wording names.
    """

    item_ids: NDArray[np.int64]
    is_active: NDArray[np.bool_]
    words: dict[str, int] = field(default_factory=dict)
    names: list[list[frozenset[int]]] = field(default_factory=list)
    bags: list[set[int]] = field(default_factory=list)
    holders: list[NDArray[np.int64]] = field(default_factory=list)
    weights: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    exact: dict[str, set[int]] = field(default_factory=dict)
    numerals: dict[str, set[int]] = field(default_factory=dict)  # a bare number: the sizes written with it
    written: dict[str, int] = field(default_factory=dict)  # a word with its ending, to compare slips with

    @cached_property
    def places(self) -> dict[int, int]:
        """item id -> its place."""
        return {int(item): place for place, item in enumerate(self.item_ids)}

    @cached_property
    def unknown_weight(self) -> float:
        """What a word counts that no item has: it may matter, nobody knows."""
        return UNKNOWN * float(np.log1p(len(self.item_ids)))

    def apart(self, said: tuple[Token, ...]) -> tuple[Token, ...]:
        """`said` with known words where it has them written together, or torn apart."""
        joined: list[Token] = []
        for token in said:
            before = joined[-1] if joined else None
            if before is not None and not (self.knows(before) and self.knows(token)):
                whole = tokens(before.word + token.word)
                if len(whole) == 1 and self.knows(whole[0]):
                    joined[-1] = whole[0]
                    continue
            joined.append(token)
        return tuple(part for token in joined for part in self._parts(token))

    def knows(self, token: Token) -> bool:
        """Whether any name has this word."""
        return token.text in self.words

    def _parts(self, token: Token) -> tuple[Token, ...]:
        word = token.word
        if self.knows(token) or len(word) < 2 * _LEAST_PART or not word[0].isalpha():
            return (token,)
        for cut in range(_LEAST_PART, len(word) - 1):
            halves = (*tokens(word[:cut]), *tokens(word[cut:]))
            is_long = len(word) - cut >= _LEAST_PART or word[cut].isdigit()
            if is_long and len(halves) >= 2 and all(self.knows(half) for half in halves):
                return halves
        return (token,)

    def meanings(self, wanted: Iterable[Token]) -> dict[str, tuple[frozenset[int], float]]:
        """What each token may mean here: words of the index, and how sure that is. A number means itself or nothing."""
        distinct = {token.text: token for token in wanted}
        found = {text: (self._same(token), 1.0) for text, token in distinct.items()}
        unknown = [token for text, token in distinct.items() if not found[text][0] and not token.is_exact]
        return found | self._mistyped(unknown)

    def _same(self, token: Token) -> frozenset[int]:
        same = {self.words[token.text]} if token.text in self.words else set()
        if token.number and token.text == token.number:
            same |= self.numerals.get(token.number, set())
        elif token.number and not same and token.number in self.words:
            same = {self.words[token.number]}  # the name has the number without its unit
        return frozenset(same)

    def _mistyped(self, unknown: list[Token]) -> dict[str, tuple[frozenset[int], float]]:
        """The words one slip away, two in long words; of several only the nearest."""
        known = [word for word in self.written if len(word) >= _LEAST_PART]
        if not unknown or not known:
            return {}
        distances = cdist(
            [bare(token.word) for token in unknown], known, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8
        )
        found = {}
        for token, row in zip(unknown, distances, strict=True):
            word, least = bare(token.word), int(row.min())
            near = [known[place] for place in np.flatnonzero(row == least)] if least <= _slips(word) else []
            near = [other for other in near if _is_slip(word, other)]
            if near:
                found[token.text] = (frozenset(self.written[other] for other in near), TYPO)
        return found


def build_index(items: pd.DataFrame, names: pd.DataFrame) -> ItemIndex:
    """An index of `items` (item_id, is_active) by `names` (item_id, name)."""
    ids = items["item_id"].to_numpy(dtype=np.int64)
    index = ItemIndex(ids, items["is_active"].to_numpy(dtype=bool))
    index.names, index.bags = [[] for _ in ids], [set() for _ in ids]
    held: dict[int, set[int]] = defaultdict(set)
    for item, name in zip(names["item_id"], names["name"], strict=True):
        if (place := index.places.get(int(item))) is not None:
            _add_name(index, held, place, str(name))
    index.holders = [np.fromiter(sorted(held[word]), dtype=np.int64) for word in range(len(index.words))]
    sizes = np.array([len(places) for places in index.holders], dtype=float)
    index.weights = np.log1p(len(ids) / np.maximum(sizes, 1))
    return index


def _add_name(index: ItemIndex, held: dict[int, set[int]], place: int, name: str) -> None:
    said = tokens(name)
    numbered = []
    for token in said:
        word = index.words.setdefault(token.text, len(index.words))
        numbered.append(word)
        held[word].add(place)
        if not token.is_exact:
            index.written[bare(token.word)] = word
        if token.number and token.text != token.number:
            for numeral in {token.number, "".join(c for c in token.text if c.isdigit() or c in "./")}:
                index.numerals.setdefault(numeral, set()).add(word)
    if numbered and frozenset(numbered) not in index.names[place]:
        index.names[place].append(frozenset(numbered))
        index.bags[place].update(numbered)
        index.exact.setdefault(normal_wording(name), set()).add(place)


def _slips(text: str) -> int:
    return 2 if len(text) >= 8 else 1


def _is_slip(text: str, word: str) -> bool:
    """A short word differs in too little to be told from another word: only swapped letters count."""
    return len(text) > 4 or sorted(text) == sorted(word)
