"""Which lines of an offer are meant: by number, by item number, by what they are called. One clear winner or none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz

from orderclerk.domain.answers.figures import HANZI, read_quantity

_CLEAR, _MARGIN = 80.0, 10.0  # of rapidfuzz's 100: a typing error a word, and nobody close behind


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """A line as it was offered. `refs`: our number, theirs, barcode; `names`: what it is called, in any language."""

    line_no: int
    quantity: Decimal | None = None
    unit: str = ""
    refs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    is_charge: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """`lines` are meant; where it may be one of several, `choices` are these and `lines` is empty."""

    lines: tuple[int, ...] = ()
    choices: tuple[int, ...] = ()


_ARTICLE = r"(?:(?:the|die|der|das|den|le|la|les|el|los|las|our|your|unsere?|nos|of|de)\s+)*"
_NUM = rf"(?:\d{{1,3}}|{HANZI})"
_AND = r"\s*(?:,|&|/|、|\band\b|\bund\b|\bet\b|\by\b|和|及|与)\s*"
_TO = r"\s*(?:-|–|\bto\b|\bbis\b|\bthrough\b|\bà\b|\ba\b|到|至)\s*"
_LABEL = (
    r"(?:lines?|positions?|positionen|pos\.?|items?|articles?|artikel|rows?|no\.?|nos\.?|nr\.?|number|zeilen?|"
    r"lignes?|líneas?|partidas?|序号|#)"
)
_SPAN = rf"第?{_NUM}(?:{_TO}第?{_NUM})?(?:行|项|条|款)?"
_LABELLED = re.compile(rf"{_LABEL}\s*(?P<list>{_SPAN}(?:{_AND}(?:{_LABEL}\s*)?{_SPAN})*)")
_CHINESE = re.compile(
    rf"(?P<list>(?:第{_NUM}|{_NUM}(?=[行项条款]))(?:[行项条款个])?(?:(?:{_TO}|{_AND})第?{_NUM}[行项条款个]?)*)"
)
_SUFFIX = re.compile(r"(?:的?(?:商品|货物?|产品|数量|那个|那款|这个|这款))+$|的$|(?:\s+(?:ones?|items?|lines?))$")
_ORDINALS = (
    ("first", "erste", "ersten", "première", "premier", "primera", "primero", "1st"),
    ("second", "zweite", "zweiten", "deuxième", "seconde", "segunda", "segundo", "2nd"),
    ("third", "dritte", "dritten", "troisième", "tercera", "tercero", "3rd"),
    ("fourth", "vierte", "vierten", "quatrième", "cuarta", "cuarto", "4th"),
    ("fifth", "fünfte", "fünften", "cinquième", "quinta", "quinto", "5th"),
    ("sixth", "sechste", "sechsten", "sixième", "sexta", "sexto", "6th"),
)
_ORDINAL = {word: number for number, words in enumerate(_ORDINALS, start=1) for word in words}
_LAST = ("last", "letzte", "letzten", "dernière", "dernier", "última", "último")
_ORDINAL_LINE = re.compile(
    rf"({'|'.join((*_ORDINAL, *_LAST))})(?:\s+(?:one|line|item|position|zeile|artikel|ligne|article|línea|artículo))?"
)
_ALL = re.compile(r"(?:all|everything|all (?:the )?(?:lines|items|of (?:it|them))|both|the (?:whole|entire|complete) order|alles?|alle (?:positionen|zeilen)|"
                  r"die ganze bestellung|tout(?:es)?|todo|全部|所有的?|整个订单|都)")  # fmt: skip
_IT = re.compile(
    r"(?:it|this|that|them|these|those|es|das|ça|cela|esto|它|这个?|那个?|the (?:quantity|amount)|die menge|la quantité|la cantidad|数量)"
)
_REST = re.compile(r"(?:the |den |die |le |el |the )?(?:rest|others?|remaining(?: (?:ones|lines|items))?|remainder|other (?:ones|lines|items)|übrigen?|restlichen|reste|resto|"
                   r"其他的?|其余的?|剩下的?|别的)")  # fmt: skip
_NOISE = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "der",
        "die",
        "das",
        "den",
        "ein",
        "eine",
        "le",
        "la",
        "les",
        "un",
        "une",
        "el",
        "los",
        "las",
        "item",
        "items",
        "line",
        "article",
        "artikel",
        "one",
        "ones",
        "size",
        "colour",
        "color",
        "version",
        "model",
        "please",
        "my",
        "our",
        "your",
    ]
)

_EVERYDAY = frozenset(
    [
        "yes",
        "okay",
        "and",
        "for",
        "with",
        "you",
        "your",
        "not",
        "thanks",
        "thank",
        "order",
        "offer",
        "confirm",
        "confirmed",
        "price",
        "delivery",
        "date",
        "good",
        "best",
        "this",
        "that",
        "und",
        "für",
        "mit",
        "sie",
        "bestellung",
        "pour",
        "avec",
        "vous",
        "commande",
        "con",
        "para",
        "pedido",
    ]
)


def goods(lines: Iterable[OfferedLine]) -> tuple[int, ...]:
    """The numbers of the lines that are goods."""
    return tuple(line.line_no for line in lines if not line.is_charge)


def is_rest(text: str) -> bool:
    """Whether `text` means all lines that were not named."""
    return _REST.fullmatch(text.strip()) is not None


def find_lines(text: str, lines: Sequence[OfferedLine]) -> Target:
    """The lines that `text` (lower case, NFKC) means."""
    words = re.sub(rf"^{_ARTICLE}", "", " ".join(text.split()).strip(" .,:;\"'()"))
    every = goods(lines)
    if _ALL.fullmatch(words) and every:
        return Target(every)
    if _IT.fullmatch(words) or not words:
        return Target(every) if len(every) == 1 else Target(choices=every)
    if found := _by_number(words, lines):
        return found
    whole = _by_item(words, lines)
    if whole.lines:
        return whole
    parts = [part for part in re.split(_AND, words) if part]
    if len(parts) > 1:
        each = [find_lines(part, lines) for part in parts]
        if all(found.lines for found in each):
            return Target(tuple(dict.fromkeys(no for found in each for no in found.lines)))
    return whole


def _by_number(words: str, lines: Sequence[OfferedLine]) -> Target | None:
    """By line number, None where `words` is none; an empty Target where no such line is."""
    numbers = [line.line_no for line in lines]
    bare = _SUFFIX.sub("", words)
    found = _LABELLED.fullmatch(words) or _LABELLED.fullmatch(bare) or _CHINESE.fullmatch(bare)
    if found:
        meant = _numbers(found["list"])
        return Target(tuple(meant)) if meant and set(meant) <= set(numbers) else Target()
    ordinals = [_ORDINAL_LINE.fullmatch(re.sub(rf"^{_ARTICLE}", "", part)) for part in re.split(_AND, words)]
    if all(ordinals):
        every = goods(lines)
        places = [len(every) if one[1] in _LAST else _ORDINAL[one[1]] for one in ordinals if one]
        return Target(tuple(every[p - 1] for p in places)) if max(places) <= len(every) else Target()
    return None


def _numbers(listed: str) -> list[int]:
    """1-3, 5 as numbers; [] where a span goes backwards."""
    meant: list[int] = []
    for span in re.split(_AND, re.sub(rf"第|[行项条款个]|{_LABEL}", "", listed)):
        ends = [read_quantity(end) for end in re.split(_TO, span.strip())]
        if not ends or any(end is None for end in ends):
            return []
        first, last = int(ends[0] or 0), int(ends[-1] or 0)
        meant += range(first, last + 1)
    return list(dict.fromkeys(meant))


def _by_item(words: str, lines: Sequence[OfferedLine]) -> Target:
    """By item number in `words`, else by the words of their descriptions, else by likeness."""
    tokens = [_bare(token) for token in re.findall(r"[^\s,;()]+", words)]
    by_ref = [line for line in lines if {_bare(ref) for ref in line.refs if ref} & {*tokens, _bare(words)} - {""}]
    if by_ref:
        strangers = [t for t in tokens if t and t not in _NOISE and not any(_describes(t, line) for line in by_ref)]
        return _one(by_ref) if not strangers else Target(choices=goods(by_ref))
    goods_lines = [line for line in lines if not line.is_charge]
    telling = _telling(words)
    named = [line for line in goods_lines if telling and all(_describes(word, line) for word in telling)]
    return _one(named) if named else _alike(telling, goods_lines)


def mentions_line(text: str, lines: Sequence[OfferedLine]) -> bool:
    """Whether `text` (lower case) speaks of one of the lines: a word or number of theirs, two Chinese characters."""
    words = {word for word in _telling(text) if len(word) > 2 and word not in _EVERYDAY}
    pairs = {text[at : at + 2] for at in range(len(text) - 1) if re.fullmatch(r"[\u4e00-\u9fff]{2}", text[at : at + 2])}
    names = [name for line in lines if not line.is_charge for name in line.names]
    return any(pair in name for pair in pairs for name in names) or any(
        _describes(word, line) for line in lines if not line.is_charge for word in words
    )


def _one(found: Sequence[OfferedLine]) -> Target:
    numbers = tuple(line.line_no for line in found)
    return Target(numbers) if len(numbers) == 1 else Target(choices=numbers)


def _telling(words: str) -> list[str]:
    """What of `words` says which line: Chinese as a whole without its particles, Latin word by word."""
    words = _SUFFIX.sub("", words)
    found = [word for word in re.findall(r"[^\W_]+(?:[-./][^\W_]+)*", words) if word not in _NOISE]
    return [re.sub(r"的(?:那[个款种])?$", "", word) for word in found]


def _describes(word: str, line: OfferedLine) -> bool:
    """Whether `word` stands in one of the line's names or numbers: mugs for mug too, a Chinese one anywhere."""
    if any(_bare(word) == _bare(ref) for ref in line.refs if ref):
        return True
    for name in line.names:
        text = name.casefold()
        if re.search(r"[\u4e00-\u9fff]", word):
            if word in text:
                return True
        elif re.search(rf"(?<![^\W_]){re.escape(_singular(word))}(?:e?s|n|en)?(?![^\W_])", text):
            return True
    return False


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _alike(telling: Sequence[str], lines: Sequence[OfferedLine]) -> Target:
    """The line whose name has all these words but for a typing error, where no other comes near."""
    if sum(map(len, telling)) < 3:
        return Target()
    scored = sorted(
        ((max((_likeness(telling, name) for name in line.names), default=0.0), line) for line in lines),
        key=lambda one: (-one[0], one[1].line_no),
    )
    good = [line for score, line in scored if score >= _CLEAR]
    if not good:
        return Target()
    is_clear = len(scored) == 1 or scored[0][0] - scored[1][0] >= _MARGIN
    return _one(good[:1]) if is_clear else Target(choices=tuple(line.line_no for line in good))


def _likeness(telling: Sequence[str], name: str) -> float:
    """How alike the least alike of the words is to some word of the name, of 100."""
    tokens = re.findall(r"[^\W_]+", name.casefold())
    return min((max((fuzz.ratio(word, token) for token in tokens), default=0.0) for word in telling), default=0.0)


def _bare(text: str) -> str:
    return re.sub(r"[^\w]|_", "", text.casefold())
