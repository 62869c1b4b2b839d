"""Letters of a PDF page into words, and words into visual lines: a PDF knows neither."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from connectors.mail.pdf_page import Letter

_SAME_BASELINE = 0.3  # of a letter's height
_BLANK = 0.11  # of a letter's height: a gap that parts words; the narrowest blanks are 0.15, kerning 0.05
WIDE = 0.85  # of a letter's height: no justified blank is as wide


@dataclass(slots=True)
class Word(Letter):
    """Letters without a gap, as wide as they are together."""


@dataclass(slots=True)
class Segment:
    """Words of a line without a wide gap: what may be the cell of a table."""

    words: list[Word] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words with blanks between them."""
        return " ".join(word.text for word in self.words)

    @property
    def x0(self) -> float:
        """Its left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Its right edge."""
        return max(word.x1 for word in self.words)


@dataclass(slots=True)
class TextLine:
    """Words on one baseline from left to right; `number` counts the page's lines from its top."""

    words: list[Word]
    number: int = 0

    @property
    def top(self) -> float:
        """Of its highest word."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Of its lowest word."""
        return max(word.bottom for word in self.words)

    @property
    def baseline(self) -> float:
        """Of its first word."""
        return self.words[0].baseline

    @property
    def height(self) -> float:
        """Of its tallest word."""
        return max(word.height for word in self.words)

    @property
    def text(self) -> str:
        """Its segments with tabs between them."""
        return "\t".join(segment.text for segment in segments_of(self.words))


T = TypeVar("T", bound=Letter)


def words_of(letters: Iterable[Letter]) -> list[Word]:
    """The words, baseline by baseline from above, each from left to right."""
    words: list[Word] = []
    for line in _on_baselines(list(letters)):
        words += _words(line)
    return words


def lines_of(words: Iterable[Word]) -> list[TextLine]:
    """The visual lines from above, numbered from 1."""
    return [TextLine(line, nth) for nth, line in enumerate(_on_baselines(list(words)), start=1)]


def segments_of(words: Iterable[Word], gap: float = WIDE) -> list[Segment]:
    """The words of one line in pieces, parted at gaps of `gap` letter heights."""
    segments: list[Segment] = []
    last: Word | None = None
    for word in words:
        if last is None or word.x0 - last.x1 > gap * max(word.height, last.height):
            segments.append(Segment())
        segments[-1].words.append(word)
        last = word
    return segments


def _on_baselines(items: list[T]) -> list[list[T]]:
    lines: list[list[T]] = []
    base = 0.0
    for item in sorted(items, key=lambda item: (item.baseline, item.x0)):
        if not lines or item.baseline - base > _SAME_BASELINE * min(item.height, lines[-1][0].height):
            lines.append([])
            base = item.baseline
        lines[-1].append(item)
    return [sorted(line, key=lambda item: item.x0) for line in lines]


def _words(line: list[Letter]) -> list[Word]:
    words: list[Word] = []
    last: Letter | None = None  # the last letter that is no blank
    is_apart = True
    for letter in line:
        if letter.text.isspace() or letter.text == "\x00":
            is_apart = True
            continue
        if last and _is_shadow(letter, last):
            continue
        if last is None or is_apart or letter.x0 - last.x1 > _BLANK * min(letter.height, last.height):
            words.append(Word("", letter.x0, letter.x1, letter.top, letter.bottom, letter.baseline))
        word = words[-1]
        word.text += letter.text
        word.x1 = max(word.x1, letter.x1)
        word.top, word.bottom = min(word.top, letter.top), max(word.bottom, letter.bottom)
        last, is_apart = letter, False
    return words


def _is_shadow(letter: Letter, last: Letter) -> bool:
    """A letter printed twice, a hair aside, to look bold."""
    return letter.text == last.text and abs(letter.x0 - last.x0) < 0.15 * letter.height
