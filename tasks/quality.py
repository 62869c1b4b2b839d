"""The quality of a day: its figures taken, compared with those before, and everything a report says gathered."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from expectations.masterdata import DataFinding, check_master_data
from orderclerk.database import quality_days, quality_report
from orderclerk.database.engine import Connection
from orderclerk.database.masterdata_frames import master_data
from orderclerk.documents.quality_facts import QualityFacts, facts_from_json
from orderclerk.domain.drift import Alarm, find_drift
from orderclerk.domain.quality import channel_days, trend
from orderclerk.domain.rules import RULES

KEYS_SHOWN = 5


def reported_day(as_of: datetime, zone: str) -> date:
    """The local day a report made at `as_of` is about: the last that is over."""
    return as_of.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)


def take_figures(conn: Connection, day: date, zone: str, as_of: datetime) -> int:
    """Take the figures of `day` and of every earlier day that has none; how many figures."""
    days = {*quality_days.missing_days(conn, day, zone), day}
    return quality_days.fill_days(conn, days, zone, as_of)


def gather_facts(conn: Connection, day: date, zone: str, as_of: datetime, **links: str) -> QualityFacts:
    """Everything the report about `day` says, from figures that are taken already; findings are put on record."""
    figures = quality_days.quality_figures(conn, day)
    alarms = find_drift(figures, np.datetime64(day))
    faults = check_master_data(master_data(conn, day))
    quality_report.keep_findings(conn, as_of, [*map(_alarm_finding(day), alarms), *map(_fault_finding(day), faults)])
    rows = quality_report.report_rows(conn, day, zone, as_of)
    return facts_from_json(
        {
            **rows,
            **links,
            "day": day,
            "as_of": as_of,
            "channels": channel_days(figures, day),
            "trend": trend(figures, day),
            "release": rows["release"][0],
            "letters": {row["kind"]: row["count"] for row in rows["letters"]},
            "rows_in_all": rows["rows_in_all"][0]["count"],
            "drift": [asdict(alarm) for alarm in alarms],
            "faults": [_fault(fault) for fault in faults],
        }
    )


def _fault(found: DataFinding) -> dict[str, Any]:
    keys: Sequence[str] = found.keys[:KEYS_SHOWN]
    return {"rule": found.rule, "severity": found.severity, "table": found.table, "count": len(found.keys),
            "examples": list(keys)}  # fmt: skip


def _alarm_finding(day: date) -> Any:
    def finding(alarm: Alarm) -> dict[str, Any]:
        rule = RULES[alarm.rule]
        about = " ".join(filter(None, (alarm.scope, alarm.measure, alarm.subject)))
        message = f"{rule.title}: {alarm.value:.4g}, usually {alarm.usual:.4g} ({alarm.low:.4g} to {alarm.high:.4g})"
        return {"rule": rule.id, "severity": rule.severity, "subject": about, "message": message,
                "evidence": asdict(alarm), "text_key": f"drift:{day}:{rule.id}:{about}"}  # fmt: skip

    return finding


def _fault_finding(day: date) -> Any:
    def finding(found: DataFinding) -> dict[str, Any]:
        rule = RULES[found.rule]
        return {"rule": rule.id, "severity": found.severity, "subject": found.table,
                "message": f"{rule.title}: {len(found.keys)} rows", "evidence": {"keys": list(found.keys[:1000])},
                "text_key": f"data:{day}:{rule.id}:{found.table}"}  # fmt: skip

    return finding
