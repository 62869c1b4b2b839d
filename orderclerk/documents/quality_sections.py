"""The sections of a quality report, in the order a reader needs them: what is unlike before comes first."""

from collections.abc import Iterator
from statistics import median

from orderclerk.documents.cleaning import clean_line
from orderclerk.documents.quality_alarms import alarm_text, scope_name
from orderclerk.documents.quality_facts import (
    ChannelDay,
    DataFault,
    QualityFacts,
    QuarantineCause,
    TrendDay,
    WorstSource,
)
from orderclerk.documents.quality_layout import Chart, Row, Section
from orderclerk.documents.rule_words import rule_step, rule_title
from orderclerk.documents.words import Words
from orderclerk.domain.drift import Alarm

MOST_LINES = 12  # of one table; the spreadsheet has them all


def report_sections(facts: QualityFacts, words: Words) -> Iterator[Section]:
    """Every section that has something to say."""
    say = words.labels | words.phrases["quality"]
    faults = tuple(_fault(one, words) for one in facts.faults if one.severity != "info")
    shown = (
        _table(say["drift"], (), tuple(_alarm(one, words) for one in facts.drift), words, is_alarm=True),
        _table(say["channels"], (say["orders"], say["usual"], say["held_short"], say["unread_short"]),
               tuple(_channel(one, words) for one in facts.channels), words),
        Section(say["trend"], lines=(_passed(facts, words),), charts=tuple(_charts(facts, words))),
        _table(say["held"], (say["open"], say["new"], say["late"]), tuple(_held(facts, words)), words),
        Section(say["release"], lines=tuple(_release(facts, words))),
        _table(say["sources"], (say["held_short"], say["of"]),
               tuple(_source(one, words) for one in facts.sources), words),
        _table(say["quarantine"], (say["count"],), tuple(_cause(one, words) for one in facts.quarantine), words),
        _table(say["letters"], (say["count"],), tuple(_letters(facts, words)), words),
        _table(say["data"], (say["count"],), faults, words),
        Section(say["more"], lines=tuple(_more(facts, words))),
    )  # fmt: skip
    yield from (section for section in shown if section.lines or section.rows or section.charts)


def _table(
    heading: str, head: tuple[str, ...], rows: tuple[Row, ...], words: Words, *, is_alarm: bool = False
) -> Section:
    """A table of the first rows, saying so where there are more."""
    cut = words.say("quality", "shown", shown=MOST_LINES, all=f"{len(rows):,}")
    return Section(heading, (cut,) if len(rows) > MOST_LINES else (), (), head, rows[:MOST_LINES], is_alarm)


def share(part: float, whole: float) -> str:
    """`98.6%`; a dash of nothing."""
    return f"{part / whole:.1%}" if whole else "–"


def duration(hours: float | None, words: Words) -> str:
    """Minutes, hours or days, whichever says it best."""
    if hours is None:
        return "–"
    if hours < 1:
        return words.say("quality", "minutes", count=round(hours * 60))
    if hours < 48:
        return words.say("quality", "hours", count=f"{hours:.1f}")
    return words.say("quality", "days", count=f"{hours / 24:.1f}")


def _alarm(one: Alarm, words: Words) -> Row:
    colon = words.say("quality", "colon")
    do = f"{one.rule} · {rule_title(one.rule, words.language)} → {rule_step(one.rule, words.language)}"
    return Row(f"{scope_name(one.scope, words)}{colon}{alarm_text(one, words)}", do)


def _channel(one: ChannelDay, words: Words) -> Row:
    brought = words.say("quality", "documents", documents=f"{one.documents:,}", lines=f"{one.lines:,}")
    usual = "–" if one.usual is None else f"{one.usual:,.0f}"
    figures = (f"{one.orders:,}", usual, f"{one.held:,}", f"{one.quarantined:,}")
    return Row(clean_line(one.channel, 40), brought, figures)


def _held(facts: QualityFacts, words: Words) -> Iterator[Row]:
    for one in facts.held:
        figures = (f"{one.open:,}", f"{one.new:,}", f"{one.overdue:,}")
        yield Row(
            rule_title(one.rule, words.language),
            f"{one.rule} · {words.phrases['owners'].get(one.owner, one.owner)}",
            figures,
        )


def _source(one: WorstSource, words: Words) -> Row:
    examples = words.say("quality", "such_as", examples=", ".join(one.examples))
    small = f"{', '.join(one.rules)} · {examples}"
    return Row(clean_line(one.source, 60), small, (f"{one.stopped:,}", f"{one.arrived:,}"))


def _cause(one: QuarantineCause, words: Words) -> Row:
    numbers = words.say("quality", "numbers", numbers=", ".join(map(str, one.numbers)))
    colon = words.say("quality", "colon")
    small = f"{one.rule} · {numbers} → {rule_step(one.rule, words.language)}"
    return Row(f"{rule_title(one.rule, words.language)}{colon}{clean_line(one.sender, 60)}", small, (f"{one.count:,}",))


def _letters(facts: QualityFacts, words: Words) -> Iterator[Row]:
    for kind, count in facts.letters.items():
        yield Row(str(words.phrases["letter_kinds"].get(kind, kind)), "", (f"{count:,}",))


def _fault(one: DataFault, words: Words) -> Row:
    examples = words.say("quality", "such_as", examples=", ".join(one.examples[:3])) if one.examples else ""
    small = " · ".join(filter(None, (one.rule, one.table, examples)))
    return Row(rule_title(one.rule, words.language), small, (f"{one.count:,}",))


def _passed(facts: QualityFacts, words: Words) -> str:
    before = [passed for day in facts.trend if day.day < facts.day and (passed := _share_passed(day)) is not None]
    now = share(facts.orders - facts.stopped, facts.orders)
    if not before:
        return words.say("quality", "pass_first", share=now, orders=f"{facts.orders:,}")
    return words.say("quality", "pass_now", share=now, orders=f"{facts.orders:,}", before=share(median(before), 1))


def _share_passed(day: TrendDay) -> float | None:
    """The share of a day's orders that needed no person; None of a day without orders."""
    orders = sum(count for count in day.orders.values())
    return 1 - day.held / orders if orders else None


def _charts(facts: QualityFacts, words: Words) -> Iterator[Chart]:
    counts = [sum(count for count in day.orders.values()) for day in facts.trend]
    passed = [one for day in facts.trend if (one := _share_passed(day)) is not None]
    if len(counts) < 2 or not passed:
        return
    figures = {
        "days": f"{len(counts)}", "orders": f"{counts[-1]:,}", "before": f"{counts[-2]:,}", "most": f"{max(counts):,}",
        "share": share(passed[-1], 1), "lowest": share(min(passed), 1),
    }  # fmt: skip
    for name in ("orders", "passed"):
        alt = words.say("quality", f"alt_{name}", **figures)
        yield Chart(name, words.say("quality", f"caption_{name}"), alt)


def _release(facts: QualityFacts, words: Words) -> Iterator[str]:
    one = facts.release
    if one.closed:
        yield words.say("quality", "release_closed", closed=f"{one.closed:,}", median=duration(one.median_hours, words),
                        p90=duration(one.p90_hours, words))  # fmt: skip
    else:
        yield words.say("quality", "release_none")
    if one.open:
        yield words.say("quality", "release_open", open=f"{one.open:,}", overdue=f"{one.overdue:,}",
                        order=one.oldest_order, oldest=duration(one.oldest_hours, words))  # fmt: skip
    else:
        yield words.say("quality", "release_clear")


def _more(facts: QualityFacts, words: Words) -> Iterator[str]:
    shown = len(facts.held_rows) + len(facts.quarantine_rows)
    if facts.rows_in_all:
        cut = f"{max(len(facts.held_rows), len(facts.quarantine_rows)):,}" if shown < facts.rows_in_all else ""
        yield words.say("quality", "more_rows", rows=f"{facts.rows_in_all:,}", cut=cut)
    if facts.quarantine:
        yield words.say("quality", "more_repair")
    if facts.prefect_url:
        yield words.say("quality", "more_ui", url=facts.prefect_url)
    if facts.data_docs:
        yield words.say("quality", "more_docs", path=facts.data_docs)
