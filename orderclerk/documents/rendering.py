"""Views laid out: HTML and plain text from the templates. HTML escapes everything; a missing variable is an error."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from orderclerk.documents.columns import width, wrap
from orderclerk.documents.quality_view import QualityView
from orderclerk.documents.tables import PLACES, detail_rows, line_table
from orderclerk.documents.team import TeamView
from orderclerk.documents.view import MailView

if TYPE_CHECKING:
    from orderclerk.documents.purchase_mail import PurchaseView


def order_html(mail: MailView) -> str:
    """The HTML half of a mail to a customer."""
    return _templates().get_template("order.html.j2").render(mail=mail)


def order_text(mail: MailView) -> str:
    """The plain half: at most 76 places wide unless a figure needs more."""
    template = _templates().get_template("order.txt.j2")
    rule = "=" * min(width(mail.headline), PLACES)
    return template.render(mail=mail, rule=rule, details=detail_rows(mail.details), table=line_table(mail))


def team_html(mail: TeamView) -> str:
    """The HTML half of a mail to the team."""
    return _templates().get_template("team.html.j2").render(mail=mail)


def team_text(mail: TeamView) -> str:
    """The plain half of a mail to the team."""
    return _templates().get_template("team.txt.j2").render(mail=mail)


def purchase_html(mail: "PurchaseView") -> str:
    """The HTML half of a mail to a supplier."""
    return _templates().get_template("purchase.html.j2").render(mail=mail)


def purchase_text(mail: "PurchaseView") -> str:
    """The plain half of a mail to a supplier."""
    rule = "=" * min(width(mail.headline), PLACES)
    return _templates().get_template("purchase.txt.j2").render(mail=mail, rule=rule, details=detail_rows(mail.details))


def quality_html(mail: QualityView, cids: Mapping[str, str]) -> str:
    """The HTML half of a quality report; `cids` are its pictures' Content-IDs by name."""
    return _templates().get_template("quality.html.j2").render(mail=mail, cids=cids)


def quality_text(mail: QualityView, rule: str, tables: Sequence[Sequence[str]]) -> str:
    """The plain half of a quality report; `tables` are its sections' rows, laid out."""
    return _templates().get_template("quality.txt.j2").render(mail=mail, rule=rule, tables=tables)


@cache
def _templates() -> Environment:
    """Compiled once a process; nothing is looked up on disk again."""
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(("html", "html.j2"), default=False, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters["wrapped"] = _wrapped
    return found


def _wrapped(text: str, bullet: str = "") -> str:
    lines = wrap(text, PLACES - len(bullet))
    return "\n".join((bullet if not i else " " * len(bullet)) + line for i, line in enumerate(lines))
