"""What people write in six languages, one table a language: a line below an introduction, and what is ordered by it.

`read` names each line as quantity, unit, item number and description (- for none, ? for a quantity that cannot be
told), or says that nothing is ordered.
"""

import csv
import time
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


HOSTILE = (
    "1 ",
    "1,1.",
    "(",
    "x 1 ",
    "please ",
    "1x",
    "，和",
    ".",
    "= 1 ",
    "请",
    "10 x ",
    "a dozen ",
    "by friday ",
    "AB-1 ",
    ". ",
    "PO ",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_of_repeated_pieces_takes_long(piece: str) -> None:
    started = time.process_time()
    for length in (240, 990, 4_000):
        read_body([(piece * length)[:length]] * 5, "en", date(2026, 11, 25))
    assert time.process_time() - started < 2
