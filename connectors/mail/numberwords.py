"""Numbers written as words: ten, half a dozen, ein Dutzend, deux douzaines, 十二, 两打. What names no number is vague."""

import re
from decimal import Decimal
from functools import lru_cache

import cn2an
from text_to_num import text2num

LANGUAGES = ("en", "de", "fr", "es", "it")
DOZEN = r"(?:dozens?|doz\.?|dz\.?|dzn\.?|dutzend|dtzd\.?|dtz\.?|douzaines?|docenas?|doc\.?|dozzin[ae])(?![a-zß-ÿ])|打"
HANZI_NUMBER = "[零〇一二两三四五六七八九十百千万廿俩壹贰叁肆伍陆柒捌玖拾佰仟]{1,9}"
VAGUE = re.compile(
    r"(?:(?:a )?(?:few|couple(?: of)?|handful(?: of)?|bit of)|some|several|many|various|enough|dozens of|as usual|"
    r"ein paar|einige|mehrere|etwas|genügend|dutzende|quelques|plusieurs|un peu de|algun[oa]s?|un[oa]s|vari[oa]s|"
    r"alcun[ei]|qualche|divers[ei]|[十百千]?几[十百千]?(?!张|份|个?(?:订单|合同|问题))|若干|一些|少量|适量)(?![a-zß-ÿ])",
    re.IGNORECASE,
)
_ONE = r"(?:an?|one|1|ein(?:e[ns]?)?|une?|un[oa]?)"
_HALF_DOZEN = re.compile(
    r"(?:(?:a )?half[ -](?:a )?dozen|(?:ein )?halbes dutzend|(?:une )?demi-douzaine|(?:una )?media docena|"
    r"(?:una )?mezza dozzina|半打)(?: (?:of|de|d'|di))?",
    re.IGNORECASE,
)
_DOZENS = re.compile(rf"(?P<n>{_ONE}|[^\s\d]{{1,12}}?|\d{{1,4}})[\s-]?(?:{DOZEN})(?: (?:of|de|d'|di))?", re.IGNORECASE)
_ARTICLE = re.compile(_ONE, re.IGNORECASE)
_WORD = re.compile(r"[a-zß-ÿ]+(?:-[a-zß-ÿ]+)*", re.IGNORECASE)
_JOINS = frozenset({"and", "und", "et", "y", "e"})
_NOT_ALONE = frozenset(
    {"a", "an", "un", "une", "una", "uno", "unos", "unas", "ein", "eine", "einen", "eins", "second", "seconds"}
)
MAX_WORDS = 6


def number_word(text: str, start: int, language: str) -> tuple[Decimal, int] | None:
    """The number whose words begin at `start` of `text` and where they end; None if none does.

    Dozens are counted out (two dozen: 24). An article alone is no number.
    """
    if dozen := _dozens(text, start, language):
        return dozen
    if found := re.compile(HANZI_NUMBER).match(text, start):
        value = _hanzi(found[0])
        return (value, found.end()) if value is not None else None
    return _spoken(text, start, language if language in LANGUAGES else "en")


def _dozens(text: str, start: int, language: str) -> tuple[Decimal, int] | None:
    if found := _HALF_DOZEN.match(text, start):
        return Decimal(6), found.end()
    if not (found := _DOZENS.match(text, start)):
        return None
    count = _count(found["n"], language)
    return (count * 12, found.end()) if count is not None else None


def _count(word: str, language: str) -> Decimal | None:
    if word.isdigit():
        return Decimal(word)
    if _ARTICLE.fullmatch(word):
        return Decimal(1)
    if (value := _hanzi(word)) is not None:
        return value
    spoken = _value(word.casefold(), language if language in LANGUAGES else "en")
    return Decimal(spoken) if spoken is not None else None


def _spoken(text: str, start: int, language: str) -> tuple[Decimal, int] | None:
    """The longest run of words that is a number."""
    first = _WORD.match(text, start)
    if not first or first[0].casefold() in _NOT_ALONE or _value(first[0].casefold(), language) is None:
        return None
    ends, words = first.end(), [first[0].casefold()]
    best = (Decimal(_value(words[0], language) or 0), ends)
    while len(words) < MAX_WORDS and (more := re.compile(r" ([a-zß-ÿ]+(?:-[a-zß-ÿ]+)*)", re.I).match(text, ends)):
        word, ends = more[1].casefold(), more.end()
        if word not in _JOINS and _value(word, language) is None:
            break
        words.append(word)
        if word not in _JOINS and (value := _value(" ".join(words), language)) is not None:
            best = (Decimal(value), ends)
    return best


@lru_cache(maxsize=20_000)
def _value(words: str, language: str) -> int | None:
    try:
        value = text2num(words, language)
    except ValueError:
        return None
    return int(value) if 0 < value < 1_000_000 else None


def _hanzi(word: str) -> Decimal | None:
    if not re.fullmatch(HANZI_NUMBER, word):
        return None
    try:
        value = Decimal(str(cn2an.cn2an(word.replace("俩", "二"), "smart")))
    except (ValueError, ArithmeticError):
        return None
    return value if value > 0 else None
