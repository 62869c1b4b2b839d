"""What rules say and what to do about them, in the team's language; English where it has no words for a rule yet."""

import csv
from functools import cache
from pathlib import Path

from orderclerk.domain.rules import RULES

_FILE = Path(__file__).with_name("rule_titles.csv")


def rule_title(rule_id: str, language: str) -> str:
    """What the rule says; the id itself for one that is no longer known."""
    return _words(rule_id, language)[0]


def rule_step(rule_id: str, language: str) -> str:
    """What its owner does next."""
    return _words(rule_id, language)[1]


def _words(rule_id: str, language: str) -> tuple[str, str]:
    rule = RULES.get(rule_id)
    in_english = (rule.title, rule.next_step) if rule else (rule_id, "")
    return translated(language).get(rule_id, in_english)


@cache
def translated(language: str) -> dict[str, tuple[str, str]]:
    """Title and next step by rule id in `language`; {} for English, whose words are the rules' own."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["id"]: (row[language], row[f"{language}_next_step"]) for row in rows if language in row}
