"""A wording as tokens that can be compared: words without accents and endings, sizes in one unit, variants as concepts.

A token with a digit or a tilde tells variants apart and is compared exactly; other words may be mistyped.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from orderclerk.domain.variant_words import VARIANT_WORDS

# unit as written: (the unit it is compared in, factor)
_UNITS = {
    unit: (base, factor)
    for base, factor, units in (
        ("ml", "1", "ml millilitre milliliter 毫升"), ("ml", "10", "cl"),
        ("ml", "1000", "l lt ltr liter litre liters litres litros litro 升"),
        ("g", "0.001", "mg"), ("g", "1", "g gr gram grams gramm 克"), ("g", "1000", "kg kilo kilos 千克 公斤"),
        ("mm", "1", "mm 毫米"), ("mm", "10", "cm 厘米"), ("mm", "1000", "m meter metre meters metres metros 米"),
        ("in", "1", "in inch inches zoll pouces pulgadas 英寸 寸 \" ″ ” ''"),
        ("w", "1", "w watt watts 瓦"), ("w", "1000", "kw"), ("v", "1", "v volt volts 伏"),
        ("mah", "1", "mah"), ("mah", "1000", "ah"), ("gb", "1", "gb"), ("gb", "1000", "tb"),
        ("oz", "1", "oz"), ("lb", "1", "lb lbs"), ("%", "1", "%"),
    )
    for unit in units.split()
}  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_HAN = "\u3040-\u30ff\u3400-\u9fff"
_HAN_VARIANT = re.compile(
    "|".join(sorted((w for w in VARIANT_WORDS if re.match(f"[{_HAN}]", w)), key=len, reverse=True))
)
_PIECE = re.compile(
    rf"(?P<variant>~[a-z]+)|(?P<code>[a-z]+-?\d[a-z0-9]*(?:[.,]\d+)?)"
    rf"|(?P<number>\d+(?:[.,/]\d+)*)\s?-?(?P<unit>{_UNIT})(?![a-z])"
    rf"|(?P<mixed>\d+[a-z][a-z0-9]*)|(?P<bare>\d+(?:[.,/]\d+)*)|(?P<word>[^\W\d_{_HAN}]+)|(?P<han>[{_HAN}])"
)  # fmt: skip
_TIMES = re.compile(r"(?<=\d)\s*[x×*]\s*(?=\d)|(?<=mm|cm)\s*[x×*]\s*(?=\d)")
_GLUED = re.compile(r"\b(m|din|iso|ip|pn|dn)[\s.-](?=\d)")
_PACK = re.compile(r"(?<=\d)(?:er|-?pack|-?pk|-?pcs?|-?stück)\b")
_APOSTROPHE = re.compile(r"['’](?:s|er)\b|\b[ldnj]['’](?=[^\W\d])")
_SILENT_WORDS = """
a an the of for and & with und mit der die das den dem des ein eine einen von für et avec le la les un une de du y con
el los las una del para i e il lo gli di x pcs pc stk please bitte svp 的 个
"""
_SILENT = frozenset(_SILENT_WORDS.split())
_ENDINGS = (("n", 4), ("er", 4), ("s", 3))  # and the letters that must be left
_SIBILANT_PLURAL = re.compile(r"(?:(?<=[sxz])|(?<=[cs]h))es$")
_PLURAL_OF_Y = re.compile(r"(?<=[a-z]{3})ies$")
_ITALIAN_PLURAL = re.compile(r"(?<=[cg])h[ei]$")
_VOWELS, _SHORT = "aeio", 4


class Token(NamedTuple):
    """`text` is what is compared; `number` the numeral as written, if it is one; `word` what stood there."""

    text: str
    number: str
    word: str

    @property
    def is_exact(self) -> bool:
        """Whether it tells variants apart, so that nothing but itself will do."""
        is_letter = len(set(self.text)) == 1 and self.text.isascii()  # battery C or AAA, size D
        return self.text[0] == "~" or is_letter or any(char.isdigit() for char in self.text)


@lru_cache(maxsize=200_000)
def tokens(text: str) -> tuple[Token, ...]:
    """The distinct tokens of `text`, in its order."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2044", "/").casefold()
    plain = _APOSTROPHE.sub("", plain)
    plain = _HAN_VARIANT.sub(lambda found: f" {VARIANT_WORDS[found[0]]} ", plain)
    plain = _PACK.sub(" ", _GLUED.sub(r"\1", _TIMES.sub(" ", plain)))
    found = (token for piece in _PIECE.finditer(plain) if (token := _token(piece)) is not None)
    return tuple({token.text: token for token in found}.values())


def normal_wording(text: str) -> str:
    """A wording in the one form it is remembered in: its tokens, sorted."""
    return " ".join(sorted(token.text for token in tokens(text)))


def stem(word: str) -> str:
    """`word` without accents and the endings of plurals and cases; what falls together is asked about, not guessed."""
    plain = _SIBILANT_PLURAL.sub("", _ITALIAN_PLURAL.sub("a", _PLURAL_OF_Y.sub("y", bare(word))))
    while (shorter := _shortened(plain)) != plain:
        plain = shorter
    return plain


def _shortened(plain: str) -> str:
    for ending, least in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= least:
            return plain.removesuffix(ending)
    if plain[-1:] not in _VOWELS or len(plain) < _SHORT:
        return plain
    return plain[:-1] + ("*" if len(plain) <= _SHORT + 1 else "")  # vite and viti are one word, tap and tape are two


def bare(word: str) -> str:
    """`word` without accents."""
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def _token(piece: "re.Match[str]") -> Token | None:
    kind, text = str(piece.lastgroup), piece[0]
    if kind in ("number", "unit"):
        return _measure(piece["number"], piece["unit"], text)
    if kind == "bare":
        number = text.replace(",", ".")
        return Token(number, number, text)
    if kind == "word":
        if text in _SILENT:
            return None
        concept = VARIANT_WORDS.get(text)
        return Token(concept or stem(text), "", text)
    if kind == "han" and text in _SILENT:
        return None
    return Token(VARIANT_WORDS.get(text) or text.replace("-", "").replace(",", "."), "", text)


def _measure(number: str, unit: str, text: str) -> Token:
    written = number.replace(",", ".")
    base, factor = _UNITS[unit]
    if not re.fullmatch(r"\d{1,9}(?:\.\d{1,6})?", written):
        return Token(f"{written}{base}", written, text)
    amount = (Decimal(written) * Decimal(factor)).normalize()
    return Token(f"{amount:f}{base}", written, text)
