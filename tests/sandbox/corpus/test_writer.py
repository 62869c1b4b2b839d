"""The corpus's own writer: what it says is true stands in the mail, and the same seed gives the same bytes."""

import io
import json
import re
import unicodedata
from collections import Counter
from email import message_from_bytes
from email.policy import default
from html import unescape

import openpyxl
import pypdfium2
import pytest
from stdnum import ean
from tnefparse import TNEF

from sandbox.corpus.catalogue import catalogue
from sandbox.corpus.entities import LANGUAGES
from sandbox.corpus.layouts import repeats
from sandbox.corpus.making import HELD_OUT, LAYOUTS, make_corpus, make_mails
from sandbox.corpus.mime import as_mail
from sandbox.corpus.parties import customers
from sandbox.corpus.story import Story

PEOPLE = customers(3, 152)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    return folder, make_corpus(folder, 120, 3)


def parsed(raw):
    return message_from_bytes(raw, policy=default)


def visible(mail) -> str:
    """Everything a person could read in a mail: bodies, sheets, PDFs, enclosed mails, winmail.dat."""
    return "\n".join([str(mail["Subject"]), *(part_text(part) for part in mail.walk() if not part.is_multipart())])


def part_text(part) -> str:
    name, data = part.get_filename() or "", part.get_payload(decode=True) or b""
    if name.endswith(".pdf"):
        return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))
    if name.endswith(".xlsx"):
        return cells(data)
    if name == "winmail.dat":
        inside = bytes(TNEF(data).attachments[0].data)
        return cells(inside) if inside.startswith(b"PK") else decoded(inside)
    if part.get_content_type() == "text/html":
        return unescape(re.sub(r"<[^>]+>", " ", part.get_content()))
    return part.get_content() if part.get_content_maintype() == "text" and not name else decoded(data)


def cells(data: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return " ".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    )


def decoded(data: bytes) -> str:
    charsets = (
        ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "gb18030", "windows-1252", "latin-1")
    )
    for charset in charsets:
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return ""


def squeezed(text: str) -> str:
    """Without blanks, marks of quoting and of soft breaks, and with digits in one width."""
    return re.sub(r"[\s>·]+", "", unicodedata.normalize("NFKC", text)).casefold()


@pytest.mark.parametrize(
    "layout",
    [one for one in LAYOUTS if one.family != repeats.FAMILY and one.name != "pdf scan"],
    ids=lambda one: one.name,
)
def test_what_is_wanted_stands_in_the_mail(layout):
    story = Story(7, PEOPLE)
    for language in layout.languages:
        rng = story.stream(layout.name, language)
        draft = story.draft(rng, story.buyer(rng, language, layout), layout)
        if layout.family == "several orders":
            draft.more = [story.another(rng, draft, layout)]
        content = layout.write(draft, rng)
        seen = squeezed(visible(parsed(as_mail(draft, content, rng, "t"))))
        for order in content.orders or [draft]:
            missing = [
                w for w in order.wishes if squeezed(w.ref or w.description) not in seen and layout.family != HELD_OUT
            ]
            assert not missing, f"{language}: {missing[0].ref or missing[0].description} is nowhere in the mail"
            assert not order.order_ref or squeezed(order.order_ref) in seen
            assert not order.requested_text or squeezed(order.requested_text) in seen or order.requested in seen


def test_every_mail_parses_without_a_defect(written):
    folder, truth = written
    for true in truth:
        mail = parsed((folder / "mails" / true["file"]).read_bytes())
        assert not [defect for part in mail.walk() for defect in part.defects], true["file"]
        assert mail["From"].addresses
        assert mail["Date"].datetime.tzinfo
        assert mail["Authentication-Results"]


def test_the_same_seed_gives_the_same_bytes(written, tmp_path):
    folder, truth = written
    again = make_corpus(tmp_path, 120, 3)
    assert again == truth
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        assert (tmp_path / path.relative_to(folder)).read_bytes() == path.read_bytes(), path.name


def test_a_mail_does_not_depend_on_how_many_follow():
    few = {name: raw for name, raw, _ in make_mails(Story(4, PEOPLE), 10, (), LANGUAGES)}
    many = {name: raw for name, raw, _ in make_mails(Story(4, PEOPLE), 20, (), LANGUAGES)}
    assert few == {name: many[name] for name in few}


def test_proportions_are_those_of_a_real_mailbox():
    truth = [true for _, _, true in make_mails(Story(6, PEOPLE), 500, (), LANGUAGES)]
    expect = Counter(true["expect"] for true in truth)
    assert 0.1 < expect["file"] / 500 < 0.2
    assert 0.05 < expect["hold"] / 500 < 0.12
    assert len({true["layout"] for true in truth if true["orders"]}) >= 20
    assert {true["language"] for true in truth} == set(LANGUAGES)
    assert HELD_OUT not in {true["family"] for true in truth}


def test_the_catalogue_can_be_told_apart():
    items = catalogue()
    assert len(items) >= 300
    assert all(ean.is_valid(item.barcode) for item in items)
    for key in (
        lambda i: i.item_no,
        lambda i: i.barcode,
        *(lambda i, n=n: i.names[n] for n in LANGUAGES),
        *(lambda i, n=n: i.said[n] for n in LANGUAGES),
    ):
        assert len({key(item) for item in items}) == len(items)


def test_earlier_orders_are_of_items_that_are_sold(written):
    folder, _ = written
    sold = {item.item_no for item in catalogue() if item.is_active}
    past = [json.loads(line) for line in (folder / "history.jsonl").read_text(encoding="utf-8").splitlines()]
    assert past
    assert all(line["item_no"] in sold for one in past for line in one["lines"])
