"""What stands in a quality report, every figure written in the team's language: the templates only place it."""

from collections.abc import Iterator
from dataclasses import dataclass

from orderclerk.documents.cleaning import clean_line
from orderclerk.documents.facts import DeskFacts
from orderclerk.documents.mail_head import MailHead
from orderclerk.documents.quality_facts import QualityFacts
from orderclerk.documents.quality_layout import Section
from orderclerk.documents.quality_sections import duration, report_sections, share
from orderclerk.documents.words import Words, language_of, words_for

GOOD, BAD = ("#1e7b46", "#7fcf9f"), ("#a4380c", "#f0a37f")  # on light, on dark


@dataclass(frozen=True, slots=True)
class QualityView(MailHead):
    """A report, ready to be laid out."""

    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    desk: tuple[str, ...]


def quality_view(desk: DeskFacts, facts: QualityFacts, language: str) -> QualityView:
    """The whole report; three lines and nothing else on a day when all is well."""
    words = words_for(language_of(language))
    day = words.day(facts.day)
    summary = _summary(facts, words)
    subject = words.say("quality", "subject" if summary else "subject_well", day=day, summary=summary)
    lines = tuple(_well(facts, words)) if facts.is_well else (summary,) if summary else ()
    sections = () if facts.is_well else tuple(report_sections(facts, words))
    colour, colour_dark = GOOD if facts.is_well else BAD
    headline = words.say("quality", "headline", day=day)
    return QualityView(
        words.html_lang, colour, colour_dark, subject, lines[0] if lines else "", headline, lines, sections,
        (clean_line(desk.name, 100),),
    )  # fmt: skip


def _summary(facts: QualityFacts, words: Words) -> str:
    critical = sum(fault.severity == "critical" for fault in facts.faults)
    counts = {
        "alarms": len(facts.drift), "overdue": facts.release.overdue,
        "unreadable": sum(cause.count for cause in facts.quarantine), "faults": critical,
    }  # fmt: skip
    return " · ".join(words.say("quality", name, count=f"{count:,}") for name, count in counts.items() if count)


def _well(facts: QualityFacts, words: Words) -> Iterator[str]:
    passed, channels = facts.orders - facts.stopped, sum(channel.orders > 0 for channel in facts.channels)
    if facts.orders:
        yield words.say("quality", "well_orders", orders=f"{facts.orders:,}", channels=channels, passed=f"{passed:,}",
                        share=share(passed, facts.orders))  # fmt: skip
    else:
        yield words.say("quality", "well_none")
    took = duration(facts.release.median_hours, words) if facts.release.closed else ""
    yield words.say("quality", "well_held", open=facts.release.open, median=took)
    yield words.say("quality", "well_rest")
