"""Made-up days for previews and tests of the quality report: a bad one and a good one. Nobody here exists."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from orderclerk.documents.quality_facts import (
    ChannelDay,
    DataFault,
    HeldRow,
    HeldRule,
    QualityFacts,
    QuarantineCause,
    QuarantineRow,
    Release,
    TrendDay,
    WorstSource,
)
from orderclerk.domain.drift import Alarm

DAY = date(2026, 11, 23)
AS_OF = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
_WEEK = (1.0, 0.95, 1.05, 0.9, 0.8, 0.15, 0.1)


def good_day() -> QualityFacts:
    """A day on which all is well."""
    return QualityFacts(
        day=DAY,
        as_of=AS_OF,
        channels=(
            ChannelDay("mail", 96, 61, 412, 2, 0, 58),
            ChannelDay("north", 118, 118, 240, 0, 0, 112),
            ChannelDay("files", 6, 41, 820, 1, 0, 44),
            ChannelDay("phone", 4, 4, 9, 0, 0, 5),
        ),
        trend=_trend(3),
        held=(HeldRule("PRC-001", "sales", 2, 2, 0), HeldRule("STK-001", "stock", 1, 1, 0)),
        sources=(WorstSource("C1004", 6, 2, ("PRC-001",), ("SO100812", "SO100815")),),
        release=Release(9, 1.4, 5.2, 3, 0, 11.0, "SO100812"),
        quarantine=(),
        letters={"order": 61, "reply": 22, "status question": 5, "newsletter": 4, "out of office": 2},
        held_rows=(_row("SO100812", "PRC-001", "the price is 9.99 instead of 2.50"),),
        rows_in_all=1,
    )


def bad_day() -> QualityFacts:
    """A day on which a channel falls silent, a layout changes and work is left lying."""
    good = good_day()
    return replace(
        good,
        channels=(replace(good.channels[0], held=19, quarantined=7), ChannelDay("north", 3, 3, 6, 0, 0, 112), *good.channels[2:]),
        trend=_trend(24, north=3),
        held=(
            HeldRule("PRC-001", "sales", 14, 12, 3), HeldRule("ADR-001", "desk", 9, 8, 0), HeldRule("STK-001", "stock", 6, 2, 1),
            HeldRule("DUP-001", "desk", 2, 2, 0), HeldRule("ITM-001", "sales", 1, 1, 0),
        ),
        sources=(
            WorstSource("@muster.example", 31, 12, ("ADR-001", "LIN-001"), ("SO100820", "SO100821", "quarantine 17")),
            WorstSource("C1004", 16, 9, ("PRC-001",), ("SO100812", "SO100815", "SO100818")),
            WorstSource("files:acme", 8, 7, ("ROW-001", "ROW-002"), ("quarantine 18", "quarantine 19")),
            WorstSource("C1017", 5, 2, ("DUP-001",), ("SO100833", "SO100834")),
            WorstSource("north", 3, 1, ("ITM-001",), ("SO100841",)),
        ),
        release=Release(11, 3.4, 26.5, 32, 4, 71.0, "SO100711"),
        quarantine=(
            QuarantineCause("ROW-001", "acme", 4, (18, 19, 20, 21)), QuarantineCause("ENV-004", "globex", 2, (22, 23)),
            QuarantineCause("ENV-001", "@muster.example", 1, (17,)),
        ),
        drift=(
            Alarm("DQ-101", "channel:north", "orders", "", 3, 112, 104, 121, 12, 3),
            Alarm("DQ-104", "customer:C1004", "price level", "", 1.12, 1.0, 1.0, 1.0, 19, 44),
            Alarm("DQ-103", "source:@muster.example", "filled", "street", 0.1, 0.97, 0.94, 1.0, 21, 31),
        ),
        faults=(
            DataFault("DQ-016", "critical", "customer keys", 1, ("C1031 domain",)),
            DataFault("DQ-032", "warning", "items", 12, ("A-1001", "A-1002", "A-1007")),
        ),
        held_rows=(_row("SO100812", "PRC-001", "the price is 9.99 instead of 2.50"), _row("SO100820", "ADR-001", "=cmd|' /C calc'!A0")),
        quarantine_rows=(
            QuarantineRow(18, "files", "acme", "monday.csv", "row 4", "ROW-001", "Row 4 has no order reference", AS_OF),
        ),
        rows_in_all=3,
        prefect_url="http://127.0.0.1:4200/artifacts",
        data_docs="var/data-docs/2026-11-23/index.html",
    )  # fmt: skip


def _trend(held_last: int, north: int = 118) -> tuple[TrendDay, ...]:
    days = [DAY - timedelta(days=ago) for ago in range(27, -1, -1)]
    return tuple(
        TrendDay(
            day,
            {
                "mail": round(60 * _WEEK[day.weekday()]) + place % 4,
                "north": north if day == DAY else round(112 * max(_WEEK[day.weekday()], 0.6)) + place % 7,
                "files": round(44 * _WEEK[day.weekday()]),
                "phone": 4 if day.weekday() < 5 else 0,
            },
            held_last if day == DAY else 3 + place % 4,
        )
        for place, day in enumerate(days)
    )


def _row(order_no: str, rule: str, reason: str) -> HeldRow:
    due = AS_OF + timedelta(hours=4)
    return HeldRow(order_no, "mail", "C1004", 1, rule, reason, "sales", "open", AS_OF - timedelta(hours=11), due)
