"""Count sheets as people fill them in."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from connectors.files.counts import read_counts
from orderclerk.documents.count_sheet import CountFacts, CountLineFacts, count_workbook
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import EnvelopeKind, Reading

HEAD = "Count no.,No.,Bin,Item,Counted,Counted by,Date and time,Note\n"


def read(content: str | bytes) -> Reading:
    data = content if isinstance(content, bytes) else content.encode()
    return read_counts(Envelope("files", "x", data, "text/csv", "counts"), SenderMapping("counts"), "Europe/London")


def test_who_and_when_hold_for_the_lines_below_and_a_blank_line_is_still_to_be_counted() -> None:
    reading = read(
        HEAD + "ct100001,1,A1,IT-1,12,Ann,2026-07-01 14:30,\nCT100001,2,A2,IT-2,,,,\nCT100001,3,A3,IT-3,0,,,gone\n"
    )
    assert reading.kind is EnvelopeKind.COUNTS
    when = datetime(2026, 7, 1, 13, 30, tzinfo=UTC)
    assert [(c.count_no, c.line_no, c.quantity, c.by, c.at) for c in reading.counts] == [
        ("CT100001", 1, Decimal(12), "Ann", when), ("CT100001", 3, Decimal(0), "Ann", when),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("CT1,1,A1,IT-1,many,Ann,,", "many"),
        ("CT1,1,A1,IT-1,-3,Ann,,", "-3 is nothing that can be counted"),
        ("CT1,x,A1,IT-1,3,Ann,,", "x"),
        ("CT1,1,A1,IT-1,3,Ann,yesterday,", "'yesterday' is no time; write it like 2026-11-23 14:30"),
    ],
)
def test_what_cannot_be_read_is_left_with_its_reason_and_the_rest_is_taken(row: str, words: str) -> None:
    reading = read(HEAD + row + "\nCT1,2,A1,IT-2,5,Bo,,\n")
    (left,) = reading.unreadable
    assert words in left.reason
    assert [c.line_no for c in reading.counts] == [2]


def test_our_own_sheet_comes_back_in_any_language_as_it_was_sent() -> None:
    for language in ("en", "zh_CN"):
        lines = [CountLineFacts(1, "A1", "IT-1", "Brush", "EA"), CountLineFacts(2, "", "IT-2", "Vest", "BX", "L7")]
        facts = CountFacts("CT100001", "Leeds", "abc", datetime(2026, 11, 23, tzinfo=UTC).date(), lines, language)
        reading = read(count_workbook(facts))
        assert reading.kind is EnvelopeKind.OTHER, "nothing is filled in yet, and every column was found"
        assert reading.reason == "The sheet says nothing of what was counted"


def test_another_table_is_no_sheet() -> None:
    reading = read("a,b\n1,2\n")
    assert reading.kind is EnvelopeKind.UNREADABLE
    assert "it lacks number, line_no, quantity" in reading.reason
