"""What a mail is about, by its words: an order, or one of the things that only talk of orders.

The phrases stand in phrases/<topic>.csv, each a regular expression with its language, where it counts (subject, body or
any) and its weight. A seller's words (your order) and a buyer's (we order) in one mail are for a person.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path

from connectors.mail.normal import folded
from connectors.mail.prose import repeated_order

MAX_JUDGED = 6_000  # characters at the beginning, where people say what they want
MAX_ENDING = 2_000  # and at the end, where mass mails say what they are
IN_SUBJECT = 1.6  # what the subject says weighs more
MEANT = 1.5  # the least score at which a topic is meant
CLEARLY = 3.0  # how many times stronger an order must be than another topic to be one without doubt
TITLED = 2.5  # the weight of a subject that says order
WRAPPED_AT = 45  # characters: mail programs wrap at 65 to 78, less a long word
MOST = 12.0  # of one topic: a long mail is not surer than a clear one

_TOPICS = (
    "cancellation", "change", "return", "complaint", "status_question", "statement_reply", "payment_advice",
    "quotation", "courier_notice", "supplier", "newsletter", "spam", "bounce", "out_of_office",
)  # fmt: skip
"""Those that ask for more come first: the earlier wins among equals."""
_AGAINST = {
    "courier_notice": "A notice about an order that somebody else took or ships",
    "supplier": "A seller's invoice, confirmation or notice about an order of ours",
    "newsletter": "Advertising or a newsletter",
    "spam": "Unwanted mail",
    "payment_advice": "A payment advice",
    "statement_reply": "An answer to a statement of account",
    "bounce": "It says that a mail could not be delivered",
    "out_of_office": "It says that somebody is away",
}
_DOUBT = {
    "cancellation": "It asks to cancel an order and carries no reference of ours",
    "change": "It asks to change an order and carries no reference of ours",
    "status_question": "It asks how an order stands",
    "complaint": "It complains about goods",
    "return": "It returns goods or asks to",
    "quotation": "It asks for a price or an offer",
}
_FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|wg|tr|rv|enc|i|转发)\s*[:：]", re.IGNORECASE)
_INSTEAD = re.compile(
    r"(?:instead of|rather than|(?:an)?statt|au lieu d(?:e |u |es |')|en (?:lugar|vez) de|"
    r"invece (?:di|dei|delle|degli)|anziché)|(?:数量)?(?:改为|改成|换成|变为|变成)|而不是"
)
_HANZI = re.compile(r"[\u4e00-\u9fff]")
_NEGATED_BEFORE = re.compile(
    r"(?:\b(?:not|never|without|isn't|isnt|don't|dont|won't|didn't|rather than|"
    r"kein\w*|nicht|ohne|nie|statt|pas|sans|jamais|ne|sin|nunca|non|senza|mai)|n['’])"
    r"(?:\s+(?:an?|the|any|to|yet|need to|want to|lo|la|le|les|bitte|de|d'|una?|eine?[nr]?|zu)){0,2}\s*$|"
    r"\bno\s+(?:need to\s+|lo\s+|la\s+|se\s+|nos\s+)?$|(?:不要?|没有?|无|勿|未|并非|不是|别)$"
)
_NEGATED_AFTER = re.compile(r"^[^.!?,;:\n]{0,40}\b(?:nicht|pas)\s*(?:[.!,;\n]|$)")


@dataclass(frozen=True, slots=True)
class Intent:
    """`order`: words of ordering; `places`: it says that it orders. `against`: why it is no order, from a seller or a
    sender of many; `doubt`: why it may be none, though a customer wrote it. `scores` by topic, "order" among them.
    `is_certain`: a person said that it orders."""

    order: bool
    places: bool
    says_attached: bool
    against: str = ""
    doubt: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    is_certain: bool = False

    @property
    def is_titled(self) -> bool:
        """Whether it calls itself an order, in its subject if not in a sentence."""
        return self.scores.get("order", 0.0) >= TITLED

    @property
    def topic(self) -> str:
        """The topic that is meant besides an order; "" if none is."""
        return _strongest(self.scores)


@lru_cache(maxsize=8)
def judge_words(subject: str, words: str) -> Intent:
    """What subject and own words say; quotations are gone already."""
    is_forward = _FORWARD_SUBJECT.match(subject) is not None
    if len(words) > MAX_JUDGED + MAX_ENDING:
        words = f"{words[:MAX_JUDGED]}\n{words[-MAX_ENDING:]}"
    subject, words = folded(subject), _flowed(words)
    bare = _of_known_orders(words)
    scores = {
        topic: score for topic in _TOPICS if (score := _score(topic, subject, bare if topic == "change" else words))
    }
    placed, topic = _score("order", subject, words), _strongest(scores)
    order = placed + _score("order_subject", subject, words)
    is_clear = order > 2 * MEANT and order >= CLEARLY * scores.get(topic, 0.0)
    return Intent(
        order=order > 0 or _score("ordering", subject, words) > 0,
        places=placed > 0,
        says_attached=_score("attached", subject, words) > 0,
        against="" if is_clear else _AGAINST.get(topic, ""),
        doubt="" if is_clear else _DOUBT.get(topic, "A forwarded mail" if is_forward else ""),
        scores=scores | ({"order": order} if order else {}),
    )


def _of_known_orders(words: str) -> str:
    """`words` without "30 instead of 20" where they repeat an earlier order: it is a part of the new one."""
    return _INSTEAD.sub(" ", words) if repeated_order(words) else words


def certain(intent: Intent) -> Intent:
    """`intent` after a person said that the mail orders."""
    return replace(intent, order=True, places=True, against="", doubt="", is_certain=True)


def asks_to_change(subject: str, words: str) -> bool:
    """Whether it asks to cancel or change an order."""
    scores = judge_words(subject, words).scores
    return max(scores.get("cancellation", 0.0), scores.get("change", 0.0)) >= MEANT


def topic_score(topic: str, subject: str, words: str) -> float:
    """How strongly subject and words speak of one topic of phrases/, whatever else they say."""
    return _score(topic, folded(subject), _flowed(words[:MAX_JUDGED]))


def _flowed(words: str) -> str:
    """`words` folded, lines that a mail program wrapped joined again: a sentence may go on, a short line ends one."""
    lines = [folded(line) for line in words.split("\n")]
    ends = (
        "\n" if len(line) < WRAPPED_AT or line.endswith((".", "!", "?", ":", "。", "！", "？")) else " "
        for line in lines
    )
    return "".join(f"{line}{end}" for line, end in zip(lines, ends, strict=True))


def _strongest(scores: Mapping[str, float]) -> str:
    best = max(_TOPICS, key=lambda topic: scores.get(topic, 0.0))  # the first of equals
    return best if scores.get(best, 0.0) >= MEANT else ""


@dataclass(frozen=True, slots=True)
class _Phrase:
    pattern: "re.Pattern[str]"
    weight: float
    where: str
    needs_hanzi: bool

    def weight_in(self, subject: str, words: str) -> float:
        if self.where != "body" and self._stands_in(subject):
            return self.weight * (IN_SUBJECT if self.where == "any" else 1.0)
        return self.weight if self.where != "subject" and self._stands_in(words) else 0.0

    def _stands_in(self, text: str) -> bool:
        return any(not _is_negated(text, match) for match in self.pattern.finditer(text))


def _score(topic: str, subject: str, words: str) -> float:
    has_hanzi = _HANZI.search(subject) is not None or _HANZI.search(words) is not None
    found = sum(phrase.weight_in(subject, words) for phrase in _phrases(topic) if has_hanzi or not phrase.needs_hanzi)
    return min(found, MOST)


def _is_negated(text: str, match: "re.Match[str]") -> bool:
    sentence = re.split(r"[.!?。！？；;\n]", text[max(0, match.start() - 30) : match.start()])[-1]
    if _NEGATED_BEFORE.search(sentence):
        return True
    return _NEGATED_AFTER.match(text[match.end() : match.end() + 50]) is not None


@cache
def _phrases(topic: str) -> tuple[_Phrase, ...]:
    path = Path(__file__).parent / "phrases" / f"{topic}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            _Phrase(
                re.compile(row["pattern"].replace("ß", "ss")),
                float(row["weight"]),
                row["where"],
                row["language"] == "zh",
            )
            for row in csv.DictReader(file)
        )
