"""Who signs an answer: names below the words say nothing about the order."""

import re
import unicodedata
from collections.abc import Collection, Sequence

from orderclerk.domain.answers.targets import OfferedLine, mentions_line
from orderclerk.domain.answers.whole import speaks

_COMPANY = re.compile(
    r"\b(?:ltd|limited|llc|llp|lp|plc|inc|corp|co|company|gmbh|mbh|ag|kg|kgaa|ohg|ug|gbr|se|sarl|sas|sasu|sa|eurl|sl|slu|srl|spa|"
    r"bv|nv|oy|ab|aps|as|kft|pty|pte|s\.?a\.?r\.?l|s\.?l|s\.?r\.?l|s\.?p\.?a|b\.?v|e\.?k|z o\.?o)\.?$|(?:公司|集团|商行|厂|商店|店)$"
)
_PERSON = re.compile(r"(?:[^\W\d_a-zà-ÿ][\w'’-]*\.?\s+){1,2}[^\W\d_a-zà-ÿ][\w'’-]*|[\u4e00-\u9fff]{2,4}")


def without_signature(words: str, names: Collection[str], lines: Sequence[OfferedLine] | None = None) -> str:
    """`words` without the names at their end: the customer's own `names`, companies by their legal form, and with the
    offered `lines` known also what looks like a person's name alone in its paragraph. What may mean anything stays.
    """
    rows = words.rstrip().split("\n")
    known = {_plain(name) for name in names} - {""}
    while len(rows) > 1 and _signs(rows, known, lines):
        rows.pop()
        while len(rows) > 1 and not rows[-1].strip():
            rows.pop()
    return "\n".join(rows)


def _signs(rows: Sequence[str], known: Collection[str], lines: Sequence[OfferedLine] | None) -> bool:
    row = _plain(rows[-1])
    if row in known:
        return True
    if speaks(row):
        return False
    if _COMPANY.search(row) and len(row) <= 80:
        return True
    is_alone = lines is not None and not rows[-2].strip() and _PERSON.fullmatch(rows[-1].strip()) is not None
    return is_alone and not mentions_line(row, lines or ())


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(" .,;-–—")
