"""Which characters the bytes mean: certain first, judged second, refused third. The same bytes always give the same."""

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1_000_000  # bytes judged
_HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
_WESTERN = re.compile(r"[À-ÿŠšŽžŒœŸ€£¥§©®°±²³·¹º»«¼½¾¿¡‘’“”„–—…•™\xa0´`ªµ¶]")
_CHINESE_MARKS = "，。、；：？！（）《》“”‘’—…·￥【】　"


def decode(content: bytes, declared: str = "") -> str:
    """The text of `content` without a byte order mark. Raises ValueError with a sentence for the operator.

    A byte order mark is believed first, then the sender's configured encoding, then zero bytes (UTF-16), then strict
    UTF-8; what is left is judged between GB18030 and Windows-1252, and refused where neither is plausible.
    """
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), declared)
    if not encoding and content[:_SAMPLE].count(0) > len(content[:_SAMPLE]) // 4:
        encoding = "utf-16-le" if content[1:_SAMPLE:2].count(0) >= content[:_SAMPLE:2].count(0) else "utf-16-be"
    if encoding:
        return _strictly(content, encoding).removeprefix("\ufeff")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(content, _judged(content[:_SAMPLE])).removeprefix("\ufeff")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except LookupError:
        raise ValueError(f"The encoding {encoding!r} does not exist; say another for this sender") from None
    except UnicodeError as error:
        where = getattr(error, "start", 0)
        raise ValueError(f"The text is not {encoding} (byte {where}); say `encoding` for this sender") from None


def _judged(sample: bytes) -> str:
    if _is_chinese(sample):
        return "gb18030"
    if _is_western(sample):
        return "cp1252"
    best = from_bytes(sample[:50_000]).best()
    hint = f"; it may be {best.encoding}" if best else ""
    raise ValueError(f"The encoding of the text cannot be told{hint}; say `encoding` for this sender")


def _is_chinese(sample: bytes) -> bool:
    """Most of what is not ASCII is common hanzi: GB2312 level 1 (lead bytes B0-D7) or Chinese punctuation."""
    try:
        text = sample.decode("gb18030")
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4:  # not merely a character cut at the end of the sample
            return False
        text = sample[: error.start].decode("gb18030")
    high = [char for char in text if ord(char) > 0x7F]
    return bool(high) and sum(map(_is_common, high)) >= 0.6 * len(high)


def _is_common(char: str) -> bool:
    if char in _CHINESE_MARKS or "\uff01" <= char <= "\uff5e":
        return True
    coded = char.encode("gb18030")
    return len(coded) == 2 and 0xB0 <= coded[0] <= 0xD7 and coded[1] >= 0xA1


def _is_western(sample: bytes) -> bool:
    """Accents stand alone or in twos and are letters or marks of Western print."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    runs = _HIGH_RUNS.findall(sample)
    high = [char for char in text if ord(char) > 0x7F]
    return sum(map(len, runs)) <= 2 * len(runs) and len(_WESTERN.findall(text)) >= 0.9 * len(high)
