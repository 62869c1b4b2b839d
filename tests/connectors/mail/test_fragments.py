"""What people write in six languages, one table a language: a line below an introduction, and what is ordered by it.

`read` names each line as quantity, unit, item number and description (- for none, ? for a quantity that cannot be
told), or says that nothing is ordered.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from connectors.mail.body import read_body

FOLDER = Path(__file__).with_name("fragments")
BEFORE = {
    "en": "Please supply:",
    "de": "wir bestellen:",
    "fr": "nous commandons :",
    "es": "pedimos:",
    "it": "ordiniamo:",
    "zh_CN": "订购如下：",
}


def fragments() -> list[tuple[str, str, str]]:
    found = []
    for language in BEFORE:
        with (FOLDER / f"{language}.csv").open(encoding="utf-8", newline="") as file:
            found += [(language, row["text"], row["read"]) for row in csv.DictReader(file)]
    return found


@pytest.mark.parametrize(("language", "text", "expected"), fragments())
def test_a_fragment_is_read_as_a_clerk_reads_it(language: str, text: str, expected: str) -> None:
    read = read_body([BEFORE[language], text], language, date(2026, 11, 25))
    told = []
    for one in read.lines:
        line = one.line
        quantity = "?" if line.quantity is None else f"{line.quantity.normalize():f}"
        price = "" if line.price is None else f" @{line.price}"
        told.append(
            f"{quantity} {line.unit or '-'} {line.item or line.barcode or '-'} {line.description or '-'}{price}"
        )
    assert (" + ".join(told) or "nothing") == expected
    assert all(one.line.quantity is not None or one.line.problems for one in read.lines)


def test_no_line_of_text_takes_long() -> None:
    hostile = [
        "1 " * 120,
        "1,1." * 60,
        "(" * 249,
        "a " * 120 + "1",
        "x 1 " * 60,
        "please send " * 20,
        "1x" * 120,
        "，和" * 120,
    ]
    for text in hostile:
        read_body([text] * 20, "en", date(2026, 11, 25))
