"""Mails made to hurt: each ends in a finding or is read, soon, and the next mail is read as if nothing had been."""

import time

import pytest
from document_world import ROWS, grids, pdf_table

from connectors.mail.confined import open_confined
from connectors.mail.limits import Limits
from connectors.mail.mime import TooMuchError, parse_mail
from connectors.mail.opened import RefusedError
from connectors.mail.unpacking import unpack_mail
from tests.proofs import hostile

TOO_LARGE_FOR_A_TEST = {
    "a PDF with a huge stream",
    "a 50 MB mail",
    "a PDF of doubling forms",
    "a PDF with a million letters",
    "a PDF of looping forms",
}
READ_AS_FAR_AS_IT_GOES = {"an XLSX of empty rows", "a PDF of a million rules", "an RTF of braces", "deep XML",
                          "a winmail.dat that lies", "a winmail.dat of crumbs",
                          "a PDF of looping pages"}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(hostile.INPUTS) - TOO_LARGE_FOR_A_TEST))
def test_a_hostile_mail_is_survived(name):
    _, size, make = hostile.INPUTS[name]
    content = make(size)
    started = time.process_time()
    kind, finding = hostile.read(content)
    assert kind != "orders"
    assert "report this" not in finding
    assert time.process_time() - started < 5
    if name not in READ_AS_FAR_AS_IT_GOES:
        assert refusals(content)


def refusals(content: bytes) -> list[str]:
    try:
        return [item.rule for item in unpack_mail(parse_mail(content)).refused]
    except TooMuchError:
        return ["ENV-003"]


def test_the_child_that_died_is_followed_by_another():
    bomb = hostile.one_page(b"0 0 m " * 50_000_000)
    with pytest.raises(RefusedError, match="memory"):
        open_confined("pdf", bomb, Limits(), pages=10, characters=1_000)
    assert grids("o.pdf", pdf_table(ROWS)) == [ROWS]


def test_a_document_that_takes_too_long_says_so_and_how_to_try_again():
    slow = hostile.workbook(hostile._rows(60_000))  # half a second at the least on any machine
    with pytest.raises(RefusedError, match=r"more than 0.1 seconds.*retry_quarantine") as refused:
        open_confined("xlsx", slow, Limits(document_seconds=0.1), unpacked_bytes=90_000_000, grid_rows=9)
    assert refused.value.rule == "ENV-003"


def test_the_child_knows_no_secrets(monkeypatch):
    from connectors.mail import confined

    monkeypatch.setenv("ORDERCLERK_SECRET", "do not tell")
    confined.stop_child()
    assert grids("o.pdf", pdf_table(ROWS)) == [ROWS]
    process = confined._child(__import__("os").getpid())._process
    with open(f"/proc/{process.pid}/environ", "rb") as environment:
        assert b"do not tell" not in environment.read()
