"""docs/rules.md as it must read: `python -m orderclerk.domain.rules_page > docs/rules.md`."""

import sys

from orderclerk.domain.rules import NOT_SETTABLE, RULES, Rule

_HEAD = """# Rules

What holds an order up, or keeps a document out of the book, carries one of these ids: in holds, quarantine, mails,
reports and artifacts. *Owner* is who looks at it, *due* the hours it may wait. *critical* holds the order, *warning* is
noted on it; what is *always* critical cannot be switched off. The settings of a rule stand in `orderclerk.toml` under
`[rules.PRC-001]`, for one customer under `[customers.C1001.rules.PRC-001]`: `enabled`, `severity`, `owner`,
`due_hours` and the figures named here; rules that no check of an order finds (of documents, answers, messages) have none.
Try a change on past orders first: `orderclerk try-rule PRC-001 tolerance_percent=2`.
Written by `python -m orderclerk.domain.rules_page`.

| id | what it says | severity | owner | due (h) | figures | next step |
|---|---|---|---|---:|---|---|
"""


def rules_page() -> str:
    """The whole page as Markdown."""
    return _HEAD + "".join(_row(rule) for rule in RULES.values())


def _row(rule: Rule) -> str:
    severity = f"always {rule.severity}" if rule.id in NOT_SETTABLE else rule.severity
    figures = "; ".join(f"`{name}` = {p.default:g}: {p.meaning}" for name, p in rule.parameters.items())
    cells = (rule.id, rule.title, severity, rule.owner, rule.due_hours, figures, rule.next_step)
    return f"| {' | '.join(map(str, cells))} |\n"


if __name__ == "__main__":
    sys.stdout.write(rules_page())
