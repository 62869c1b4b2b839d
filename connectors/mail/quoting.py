"""What a sender wrote in this mail: without what they quote, and without their signature."""

import re

from connectors.mail.notices import unnoticed

_FROM = re.compile(r"\*?(?:from|von|de|da|发件人|寄件者)\*?\s?[:：].*", re.IGNORECASE)
_SUBJECT = re.compile(r"\*?(?:subject|betreff|objet|asunto|oggetto|主题|主旨)\*?\s?[:：].*", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"\W*(?:original message|original appointment|ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht|"
    r"message d.origine|message original|message transféré|mensaje original|mensaje reenviado|forwarded message|"
    r"begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié|"
    r"原始邮件|原邮件|转发的?邮件|以下是转发的邮件)\W*",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(
    r"(?:on\b.{4,200}\bwrote|am\b.{4,200}\bschrieb\b.{0,120}|.{0,120}\bschrieb am\b.{4,120}|le\b.{4,200}\ba écrit|"
    r"el\b.{4,200}\bescribió|il\b.{4,200}\bha scritto|在.{4,200}写道|.{0,200}于.{4,200}写道)\s?[:：]",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"(?:sent from my|sent from outlook|get outlook for|von meinem .{1,40} gesendet|gesendet mit|envoyé de mon|"
    r"envoyé depuis|enviado desde mi|发自我的|来自我的|从我的.{1,20}发送).{0,80}",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:(?:with )?(?:kind|best|warm|many)? ?regards|kindest regards|best(?: wishes)?|sincerely(?: yours)?|"
    r"yours (?:sincerely|faithfully|truly)|(?:many )?thanks(?: (?:and|&) (?:best |kind )?regards| a lot| in advance)?|"
    r"thank you(?: very much| in advance)?|cheers|"
    r"(?:mit )?(?:freundlichen?|besten?|viele|liebe|schöne) grü(?:ß|ss)en?|mfg|vielen dank|danke|"
    r"cordialement|bien (?:à vous|cordialement)|salutations(?: distinguées)?|merci|"
    r"saludos(?: cordiales)?|un saludo|atentamente|gracias|"
    r"此致|敬礼|顺祝商祺|祝好|谢谢|多谢|此致\s*敬礼)\s*[,.!，。！]?",
    re.IGNORECASE,
)
_RULER = re.compile(r"[_=*-]{5,}")
_POSTSCRIPT = re.compile(r"p\.?\s?s\b|附言|又及", re.IGNORECASE)


def own_lines(text: str) -> list[str]:
    """The lines of `text` that its sender wrote: no quoted or forwarded mail, nothing after "-- ", no legal notice."""
    lines = text.replace("\u200b", "").split("\n")
    lines = [lines[place] for place in own_places(lines)]
    return [lines[place] for place in unnoticed(lines)]


def own_places(lines: list[str]) -> list[int]:
    """The places of the lines that their sender wrote."""
    end = next((place for place, line in enumerate(lines) if line.rstrip("\r") in ("-- ", "--", "—")), len(lines))
    return _without_quotes(lines[:end])


def forwarded_at(lines: list[str]) -> int:
    """The place of the first line of a mail that `lines` pass on, its headers included; -1 if there is none."""
    for place, line in enumerate(lines):
        if len(line) < 120 and "orig" not in line.lower() and _SEPARATOR.fullmatch(line.strip()):
            return place + 1
        if _begins_original(lines, place):
            return place + bool(_SEPARATOR.fullmatch(line.strip()))
    return -1


def own_words(text: str) -> str:
    """`own_lines` without the closing formula and what stands below it, where that looks like a signature."""
    lines = [line.strip() for line in own_lines(text)]
    lines = [line for line in lines if len(line) > 200 or not (_DEVICE.fullmatch(line) or _RULER.fullmatch(line))]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines[: closing_at(lines)])).strip()


def is_forward(text: str) -> bool:
    """Whether the text holds a mail that someone else wrote."""
    lines = [line.strip() for line in text.split("\n") if len(line) < 120 and "orig" not in line.lower()]
    return any(map(_SEPARATOR.fullmatch, lines))


def _without_quotes(lines: list[str]) -> list[int]:
    kept: list[int] = []
    place = 0
    while place < len(lines):
        if length := _attribution(lines, place):
            place += length
            if not _is_quoted(_next_words(lines, place)):  # the original below is not marked line by line
                break
        elif _begins_original(lines, place):
            break
        else:
            if not _is_quoted(lines[place]):
                kept.append(place)
            place += 1
    return kept


def _attribution(lines: list[str], place: int) -> int:
    """How many lines from `place` on say who wrote what follows; mail programs wrap them."""
    for length in (1, 2, 3):
        joined = " ".join(line.strip() for line in lines[place : place + length])
        if len(joined) <= 500 and _ATTRIBUTION.fullmatch(joined):
            return length
    return 0


def _begins_original(lines: list[str], place: int) -> bool:
    line = lines[place].strip()
    if len(line) < 120 and _SEPARATOR.fullmatch(line):
        return True
    below = [other.strip() for other in lines[place + 1 : place + 7]]
    return bool(_FROM.fullmatch(line)) and any(map(_SUBJECT.fullmatch, below))


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith((">", "＞"))


def _next_words(lines: list[str], place: int) -> str:
    return next((line for line in lines[place:] if line.strip()), ">")


def closing_at(lines: list[str]) -> int:
    """The place of the closing formula that has only a signature below it; the number of lines if there is none."""
    for place, line in enumerate(lines):
        below = [other.strip() for other in lines[place + 1 :] if other.strip()]
        if len(below) > 12 or not _CLOSING.fullmatch(line.strip()):
            continue
        if any(other.strip() for other in lines[:place]) and all(map(_is_signature, below)):
            return place
    return len(lines)


def is_closing(line: str) -> bool:
    """Whether a line is a closing formula: Kind regards, 谢谢."""
    return _CLOSING.fullmatch(line.strip()) is not None


def _is_signature(line: str) -> bool:
    """Whether a line may stand in a signature: short, and no sentence."""
    words = len(line.split())
    is_sentence = line.endswith(("?", "!", "？", "！", "。")) or (line.endswith(".") and words > 3)
    return words <= 9 and len(line) <= 90 and not is_sentence and not _POSTSCRIPT.match(line)
