"""Set phrases in six languages, several ways of saying each."""

import csv
from functools import lru_cache
from pathlib import Path
from random import Random


def ways(key: str, language: str) -> list[str]:
    """Every way the language says it."""
    return _phrases()[key, language]


def say(rng: Random, key: str, language: str, **slots: object) -> str:
    """One way of saying it, its slots filled."""
    text = rng.choice(ways(key, language))
    for name, value in slots.items():
        text = text.replace("{" + name + "}", str(value))
    return text.replace("\\n", "\n")


@lru_cache(maxsize=1)
def _phrases() -> dict[tuple[str, str], list[str]]:
    found = {}
    for path in sorted(Path(__file__).parent.glob("phrases*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file, delimiter=";"):
                found[row[0], row[1]] = ";".join(row[2:]).split("|")
    return found
