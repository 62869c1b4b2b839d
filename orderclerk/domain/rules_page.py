"""docs/rules.md as it must read: `python -m orderclerk.domain.rules_page > docs/rules.md`."""

import sys

from orderclerk.domain.rules import RULES, Rule

_HEAD = """# Rules

What holds an order up, or keeps a document out of the book, carries one of these ids: in holds, quarantine, mails,
reports and artifacts. *Owner* is who looks at it, *due* the hours it may wait.
Written by `python -m orderclerk.domain.rules_page`.

| id | what it says | owner | due (h) | next step |
|---|---|---|---:|---|
"""


def rules_page() -> str:
    """The whole page as Markdown."""
    return _HEAD + "".join(_row(rule) for rule in RULES.values())


def _row(rule: Rule) -> str:
    return f"| {rule.id} | {rule.title} | {rule.owner} | {rule.due_hours} | {rule.next_step} |\n"


if __name__ == "__main__":
    sys.stdout.write(rules_page())
