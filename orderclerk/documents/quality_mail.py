"""The mail of a quality report: text and HTML, charts inside, rows attached; the same facts give the same bytes."""

from datetime import datetime
from email.message import EmailMessage
from hashlib import sha256

from orderclerk.documents.charts import orders_chart, passed_chart, png
from orderclerk.documents.columns import width
from orderclerk.documents.enclosures import Attachment, Picture, enclose
from orderclerk.documents.facts import DeskFacts
from orderclerk.documents.messages import build_message
from orderclerk.documents.quality_facts import QualityFacts
from orderclerk.documents.quality_sheets import quality_workbook
from orderclerk.documents.quality_text import table_lines
from orderclerk.documents.quality_view import QualityView, quality_view
from orderclerk.documents.rendering import quality_html, quality_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHARTS = {"orders": orders_chart, "passed": passed_chart}
_HEADERS = {"X-Orderclerk-Kind": "quality", "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply"}  # fmt: skip


def render_quality_mail(
    desk: DeskFacts, facts: QualityFacts, language: str, to: str, key: str, sent_at: datetime
) -> EmailMessage:
    """The report about a day; `key` is the outbox row's idempotency key. Raises ValueError if `to` is no address."""
    view = quality_view(desk, facts, language)
    identity = sha256(key.encode()).hexdigest()[:16]
    pictures = _pictures(view, facts, f"{facts.day}.{identity}@{desk.domain}")
    message = build_message(
        desk, to, view.subject, sent_at, f"<quality.{facts.day}.{identity}@{desk.domain}>", view_text(view),
        quality_html(view, {name: picture.cid for name, picture in pictures.items()}),
        constant={**_HEADERS, "Content-Language": view.lang}, extra={},
    )  # fmt: skip
    files = []
    if facts.held_rows or facts.quarantine_rows:
        files.append(Attachment(f"quality-{facts.day}.xlsx", XLSX, quality_workbook(facts, language)))
    return enclose(message, list(pictures.values()), files)


def view_text(view: QualityView) -> str:
    """The plain half, which says all that the other one does."""
    return quality_text(view, "=" * width(view.headline), [table_lines(section) for section in view.sections])


def _pictures(view: QualityView, facts: QualityFacts, place: str) -> dict[str, Picture]:
    names = [chart.name for section in view.sections for chart in section.charts]
    return {name: Picture(f"{name}.{place}", png(_CHARTS[name](facts.trend))) for name in names}
