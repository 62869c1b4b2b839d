"""A count sheet as people fill it in: count, line, what was counted, by whom and when."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from connectors.files.figures import parse_number
from connectors.files.outcomes import no_order, unreadable
from connectors.files.reports import Report, open_report
from connectors.files.tables import cell_text
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import CountRead, EnvelopeKind, Reading, Unreadable

_NAMES = {
    "number": "countno count_no count number 盘点单号 盘点单",
    "line_no": "no line lineno line_no 序号 行号",
    "quantity": "counted quantity qty 实盘数量 实盘 数量",
    "by": "countedby counted_by by counter 盘点人",
    "at": "dateandtime countedat counted_at at 日期和时间 盘点时间",
}
_NEEDED = ("number", "line_no", "quantity")
_TIMES = ("%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M", "%Y/%m/%d %H:%M")


def read_counts(envelope: Envelope, mapping: SenderMapping, timezone: str) -> Reading:
    """The lines of a filled sheet (CSV or XLSX); never raises on bad input. Times are of `timezone`.

    A line without a quantity is still to be counted. Who counted and when holds for the lines below until it is told
    otherwise, as people fill it in.
    """
    report = open_report(envelope, mapping, _NAMES, _NEEDED, "counts")
    if isinstance(report, Reading):
        return report
    reader = _Sheet(ZoneInfo(timezone), mapping.decimal)
    found, left = report.each(reader.row)
    counts = tuple(one for one in found if one is not None)
    if counts:
        return Reading(EnvelopeKind.COUNTS, counts=counts, unreadable=left)
    if left:
        return Reading(EnvelopeKind.UNREADABLE, unreadable=left, reason=left[0].reason)
    return no_order("The sheet says nothing of what was counted")


class _Sheet:
    """Reads row after row, remembering who counted and when."""

    def __init__(self, zone: ZoneInfo, decimal: str) -> None:
        self.zone, self.decimal, self.by = zone, decimal, ""
        self.at: datetime | None = None

    def row(self, report: Report, row: int) -> CountRead | Unreadable | None:
        """The line; None where nothing was counted."""
        where = report.where(row)
        try:
            self.by = report.text(row, "by") or self.by
            if stated := report.text(row, "at"):
                self.at = self._moment(stated)
            if not report.text(row, "quantity"):
                return None
            line_no = parse_number(report.text(row, "line_no"), "")
            value = report.cell(row, "quantity")
            quantity = value if isinstance(value, Decimal) else parse_number(cell_text(value), self.decimal)
            if line_no != int(line_no) or not 0 < line_no < 10**6:
                raise ValueError(f"{line_no} is no line of a sheet")
            if quantity < 0 or quantity != round(quantity, 3) or quantity > 10**9:
                raise ValueError(f"{quantity} is nothing that can be counted")
        except ValueError as error:
            return unreadable(where, report.raw(row), "ROW-002", f"{where}: {error}")
        return CountRead(report.text(row, "number").upper(), int(line_no), quantity, self.by, self.at, where)

    def _moment(self, text: str) -> datetime:
        for form in ("", *_TIMES):
            try:
                found = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007
            except ValueError:
                continue
            return found if found.tzinfo else found.replace(tzinfo=self.zone)
        raise ValueError(f"{text!r} is no time; write it like 2026-11-23 14:30")
