"""What the parts of a mail hold for an order: its own words, its documents, and a mail that it passes on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from connectors.mail.body import read_source
from connectors.mail.headers import addresses_in
from connectors.mail.language import language_of
from connectors.mail.notices import unnoticed
from connectors.mail.parts import BodyRead
from connectors.mail.quoting import forwarded_at, own_places
from connectors.mail.sources import Grid, Line, Source
from connectors.mail.unpacking import Unpacked

_WORDS = ("body", "html")
_DOCUMENTS = ("html", "text", "csv", "xlsx", "pdf", "docx", "rtf")
_FROM = re.compile(r"\W*(?:from|von|de|da|发件人|寄件者)\W?\s?[:：]\s*(?P<who>.*)", re.IGNORECASE)
_SUBJECT = re.compile(r"\W*(?:subject|betreff|objet|asunto|oggetto|主题|主旨)\W?\s?[:：]\s*(?P<what>.*)", re.IGNORECASE)
_HEADER = re.compile(
    r"\W*(?:from|von|de|da|sent|gesendet|envoyé|enviado(?: el)?|inviato|date|datum|fecha|data|to|an|à|para|a|cc|bcc|"
    r"kopie|copie|reply-to|attachments?|anlagen?|发件人|发送时间|发件时间|时间|日期|收件人|抄送|附件)\W?\s?[:：]",
    re.IGNORECASE,
)
MAX_HEAD = 12  # lines of headers above a forwarded text


@dataclass(frozen=True, slots=True)
class Contents:
    """The reads of a mail. `words` are its sender's own lines, `own` what was read in them."""

    words: tuple[str, ...]
    own: BodyRead
    documents: tuple[BodyRead, ...] = ()
    notes: tuple[str, ...] = ()  # of parts that could not be read, or not whole
    forwarded: "Forwarded | None" = None

    @property
    def reads(self) -> tuple[BodyRead, ...]:
        """All that its sender wrote or attached."""
        return (self.own, *self.documents)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A mail of somebody else within the mail: who wrote it (the address, "" if it names none), and its parts."""

    sender: str
    subject: str
    language: str
    words: tuple[str, ...]
    reads: tuple[BodyRead, ...]


def read_contents(unpacked: Unpacked, language: str, written_at: datetime | None) -> Contents:
    """What stands in the sources of a mail. Raises TooMuchError."""
    sent_on = written_at.date() if written_at else None
    mine = [source for source in unpacked.sources if not source.is_forwarded]
    words, own = _words(mine, language, sent_on)
    documents = [
        read_source(source, _language(source, language), sent_on)
        for source in mine
        if source.part not in _WORDS and source.medium in _DOCUMENTS
    ]
    notes = [f"{source.part}: {source.note}" for source in mine if source.note and source.part not in _WORDS]
    return Contents(tuple(words), own, tuple(documents), tuple(notes), _forwarded(unpacked.sources, language, sent_on))


def own_words_of(sources: Sequence[Source]) -> list[str]:
    """The sender's own lines, before anything is read in them."""
    return _chosen_lines([source for source in sources if not source.is_forwarded])


def _chosen_lines(sources: Sequence[Source]) -> list[str]:
    plain = next((own_part(one) for one in sources if one.part == "body"), None)
    rich = next((own_part(one) for one in sources if one.part == "html"), None)
    chosen = plain if plain and any(line.text.strip() for line in plain.lines) else rich
    return [line.text for line in chosen.lines] if chosen else []


def _words(sources: Sequence[Source], language: str, sent_on: date | None) -> tuple[list[str], BodyRead]:
    """The sender's own lines: of the HTML where it holds a table of order lines or is all there is, else plain."""
    plain = next((own_part(one) for one in sources if one.part == "body"), None)
    rich = next((own_part(one) for one in sources if one.part == "html"), None)
    has_plain = plain is not None and any(line.text.strip() for line in plain.lines)
    read_rich = None
    if rich and (rich.grids or not has_plain or any("\t" in line.text for line in rich.lines)):
        read_rich = read_source(rich, language, sent_on)
        if read_rich.has_table or not has_plain:
            return [line.text for line in rich.lines], read_rich
    if plain is None:
        return [], BodyRead()
    return [line.text for line in plain.lines], read_source(plain, language, sent_on)


def own_part(source: Source) -> Source:
    """`source` without what its sender only quotes or passes on."""
    texts = [line.text.replace("\u200b", "") for line in source.lines]
    kept = own_places(texts)
    end = (kept[-1] + 1) if kept else 0
    kept = [kept[nth] for nth in unnoticed([texts[place] for place in kept])]
    if len(kept) == len(texts):
        return source
    cut = next((place for place in range(end, len(texts)) if texts[place].strip()), len(texts))
    grids = tuple(
        replace(grid, after=sum(place < grid.after for place in kept)) for grid in source.grids if grid.after <= cut
    )
    return replace(source, lines=tuple(source.lines[place] for place in kept), grids=grids)


def _language(source: Source, language: str) -> str:
    """A document's own language, where it has words enough to tell."""
    text = "\n".join(line.text for line in source.lines)
    text += "\n".join(" ".join(row) for grid in source.grids for row in grid.rows[:30])
    return language_of(text) if len(text) > 200 else language


def _forwarded(sources: Sequence[Source], language: str, sent_on: date | None) -> Forwarded | None:
    return _enclosed(sources, sent_on) or _passed_on(sources, language, sent_on)


def _enclosed(sources: Sequence[Source], sent_on: date | None) -> Forwarded | None:
    """A mail attached as a file; None if there is none, or more than one."""
    headers = [source for source in sources if source.medium == "headers"]
    if len(headers) != 1:
        return None
    inside = headers[0].part.removesuffix("headers")
    parts = [one for one in sources if one.part.startswith(inside) and one.medium in _DOCUMENTS]
    words = [replace(one, part=one.part.removeprefix(inside)) for one in parts]
    stated = {line.place: line.text.partition(": ")[2] for line in headers[0].lines}
    lines = _chosen_lines(words)
    spoken = language_of("\n".join([stated.get("Subject", ""), *lines]))
    own_read = _words(words, spoken, sent_on)[1]
    own_read.part = f"{inside}{own_read.part}"
    documents = [
        read_source(one, spoken, sent_on) for one, plain in zip(parts, words, strict=True) if plain.part not in _WORDS
    ]
    sender = next(iter(addresses_in(stated.get("From", ""))), "")
    return Forwarded(sender, stated.get("Subject", ""), spoken, tuple(lines), (own_read, *documents))


def _passed_on(sources: Sequence[Source], language: str, sent_on: date | None) -> Forwarded | None:
    """A mail whose text stands below the forwarder's own."""
    for part in _WORDS:
        source = next((one for one in sources if one.part == part and not one.is_forwarded), None)
        place = forwarded_at([line.text for line in source.lines]) if source else -1
        if source is None or place < 0:
            continue
        below = _from(source, place)
        head = [line.text for line in below.lines[:MAX_HEAD]]
        who = next((found["who"] for text in head if (found := _FROM.fullmatch(text.strip()))), "")
        what = next((found["what"] for text in head if (found := _SUBJECT.fullmatch(text.strip()))), "")
        body = own_part(_from(below, _head_length(head)))
        lines = [line.text for line in body.lines]
        spoken = language_of("\n".join([what, *lines])) or language
        sender = next(iter(addresses_in(who.replace("[mailto:", "<").replace("]", ">").replace("mailto:", ""))), "")
        return Forwarded(sender, what, spoken, tuple(lines), (read_source(body, spoken, sent_on),))
    return None


def _from(source: Source, place: int) -> Source:
    lines: tuple[Line, ...] = source.lines[place:]
    grids: tuple[Grid, ...] = tuple(
        replace(grid, after=grid.after - place) for grid in source.grids if grid.after >= place
    )
    return replace(source, lines=lines, grids=grids)


def _head_length(head: Sequence[str]) -> int:
    """How many lines the headers of a forwarded text take: up to the first blank line, or the last of its headers
    where no blank line parts them from what they head."""
    first = next((nth for nth, text in enumerate(head) if ":" in text or "：" in text), 0)
    blank = next((nth for nth in range(first, len(head)) if not head[nth].strip()), len(head))
    last = next((nth for nth in range(first, blank) if _SUBJECT.fullmatch(head[nth].strip())), -1)
    while 0 <= last < blank - 1 and _HEADER.match(head[last + 1].strip()):
        last += 1
    return last + 1 if last >= 0 else blank
