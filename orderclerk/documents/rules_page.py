"""docs/rules.md as it must read: `python -m orderclerk.documents.rules_page > docs/rules.md`."""

import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from orderclerk.domain.rules import NOT_SETTABLE, RULES, Rule

_HEAD = """# Rules

What holds an order up, or keeps a document out of the book, carries one of these ids: in holds, quarantine, mails,
reports and artifacts. *Owner* is who looks at it, *due* the hours it may wait. *critical* holds the order, *warning* is
noted on it; what is *always* critical cannot be switched off. The settings of a rule stand in `orderclerk.toml` under
`[rules.PRC-001]`, for one customer under `[customers.C1001.rules.PRC-001]`: `enabled`, `severity`, `owner`,
`due_hours` and the figures named here; rules that no check of an order finds (of documents, answers, mails) have none.
Try a change on past orders first: `orderclerk try-rule PRC-001 tolerance_percent=2`.
*Customer* is the question that the rule leaves to the customer, as the mail puts it in English.
Written by `python -m orderclerk.documents.rules_page`.

| id | what it says | severity | owner | due (h) | figures | next step | customer |
|---|---|---|---|---:|---|---|---|
"""
_PHRASES = Path(__file__).with_name("phrases") / "en.toml"


def rules_page() -> str:
    """The whole page as Markdown."""
    questions = tomllib.loads(_PHRASES.read_text(encoding="utf-8"))["questions"]
    return _HEAD + "".join(_row(rule, questions) for rule in RULES.values())


def _row(rule: Rule, questions: Mapping[str, str]) -> str:
    severity = f"always {rule.severity}" if rule.id in NOT_SETTABLE else rule.severity
    figures = "; ".join(f"`{name}` = {p.default:g}: {p.meaning}" for name, p in rule.parameters.items())
    asked = _plain(questions.get(rule.id, ""))
    cells = (rule.id, rule.title, severity, rule.owner, rule.due_hours, figures, rule.next_step, asked)
    return f"| {' | '.join(map(str, cells))} |\n"


def _plain(template: str) -> str:
    """A phrase without its conditions, its values in angle brackets."""
    without = re.sub(r"\{%.*?%\}", "", template)
    return re.sub(r"\{\{\s*(\w+).*?\}\}", r"‹\1›", without).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(rules_page())
