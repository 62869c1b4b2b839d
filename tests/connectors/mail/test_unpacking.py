"""Mails taken apart: what lies in what, what it is called, and what is refused."""

import io
import zipfile
from email.message import EmailMessage

import pytest
from document_world import ROWS, html_table, locked, pdf_table, saved, tnef, workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_world import letter, read

from connectors.mail.limits import Limits
from connectors.mail.mime import parse_mail
from connectors.mail.unpacking import Unpacked, unpack_mail
from orderclerk.domain.reading import EnvelopeKind


def unpacked(message: EmailMessage | bytes, limits: Limits = Limits()) -> Unpacked:  # noqa: B008
    return unpack_mail(parse_mail(message if isinstance(message, bytes) else message.as_bytes()), limits)


def parts(found: Unpacked) -> list[str]:
    return [source.part for source in found.sources]


def with_file(name: str, content: bytes, words: str = "See attached") -> EmailMessage:
    message = letter(words)
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_dot_", "."), content)
    return packed.getvalue()


def test_words_and_html_are_sources_of_their_own():
    message = letter("10 x AB-1")
    message.add_alternative(html_table(ROWS), subtype="html")
    found = unpacked(message)
    assert [(source.part, source.medium) for source in found.sources] == [("body", "text"), ("html", "html")]
    assert found.sources[0].lines[0].place == "line 1"


def test_a_mail_in_a_mail_says_whose_words_these_are():
    outer = letter("fwd", "Fwd: order")
    outer.add_attachment(with_file("order.pdf", pdf_table(ROWS)))
    found = unpacked(outer)
    assert parts(found) == ["body", "mail.eml/headers", "mail.eml/body", "mail.eml/order.pdf"]
    assert [source.is_forwarded for source in found.sources] == [False, True, True, True]
    assert "Subject: Purchase order PO-4711" in [line.text for line in found.sources[1].lines]


def test_a_mail_attached_as_a_file_is_opened_too():
    found = unpacked(with_file("fwd.eml", letter("10 x AB-1").as_bytes()))
    assert parts(found) == ["body", "fwd.eml/headers", "fwd.eml/body"]


def test_what_a_file_is_decides_its_content():
    found = unpacked(with_file("picture.jpg", pdf_table(ROWS)))
    assert found.sources[1].medium == "pdf"
    assert found.sources[1].grids[0].rows == ROWS


def test_files_of_one_name_keep_apart():
    message = with_file("o.csv", b"item;qty\nAB-1;5\n")
    message.add_attachment(b"item;qty\nAB-2;5\n", maintype="text", subtype="csv", filename="o.csv")
    assert parts(unpacked(message)) == ["body", "o.csv", "o.csv (2)"]


def test_files_in_an_archive_are_the_senders_own():
    found = unpacked(with_file("orders.zip", zipped(a_dot_csv=b"item;qty\nAB-1;5\n", b_dot_pdf=pdf_table(ROWS))))
    assert parts(found) == ["body", "orders.zip/a.csv", "orders.zip/b.pdf"]
    assert not any(source.is_forwarded for source in found.sources)
    assert [file.filename for file in found.files] == ["orders.zip/a.csv"]


def test_chinese_names_in_an_archive():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x" * 4 + ".csv", b"item;qty\nAB-1;5\n")
    raw = packed.getvalue().replace(b"xxxx", "订单".encode("gb18030"))
    assert parts(unpacked(with_file("a.zip", raw)))[1] == "a.zip/订单.csv"


def test_winmail_words_are_the_mails_own_only_where_it_has_none():
    content = tnef("10 x AB-1", {})
    assert parts(unpacked(with_file("winmail.dat", content))) == ["body"]
    bare = with_file("winmail.dat", content, words="")
    (source,) = unpacked(bare).sources
    assert [line.text for line in source.lines] == ["10 x AB-1"]


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("order.pdf", b"MZ\x90\x00\x03" + bytes(60), "SND-009"),
        ("order.pdf.js", b"alert(1)", "SND-009"),
        ("order\u202efdp.exe", b"x", "SND-009"),
        ("orders.zip", zipped(inner_dot_zip=zipped(a=b"x")), "SND-009"),
        ("orders.zip", zipped(inner_dot_pdf=zipped(a=b"x")), "SND-009"),
        ("orders.zip", zipped(run_dot_exe=b"MZ\x00\x00"), "SND-009"),
        ("order.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ENV-002"),
        ("order.rar", b"Rar!\x1a\x07\x00" + bytes(60), "ENV-002"),
        ("order.pdf", locked(), "ENV-002"),
        ("order.pdf", b"%PDF-1.7\nnothing", "ENV-001"),
        ("order.xlsx", saved(workbook(ROWS))[:-40], "ENV-001"),
        ("empty.zip", zipped(), "ENV-001"),
    ],
)
def test_what_is_refused_says_why(name, content, rule):
    (refused,) = unpacked(with_file(name, content)).refused
    assert refused.rule == rule
    assert refused.reason


def test_a_dangerous_file_holds_the_whole_mail():
    reading = read(with_file("order.exe", b"MZ\x00\x00", words="We order:\n10 x AB-1234\n"))
    assert reading.kind is EnvelopeKind.UNREADABLE
    assert [item.rule for item in reading.unreadable] == ["SND-009"]


def test_an_order_of_which_a_part_was_not_read_is_held():
    message = letter("")
    message.set_content("<p>We order:<br>10 x AB-1234<br><s>5 x CD-9876</s></p>", subtype="html")
    (order,) = read(message).orders
    assert [line.item_ref for line in order.lines] == ["AB-1234"]
    assert [(problem.rule, problem.value) for problem in order.problems] == [("LIN-009", "html")]


def test_a_picture_within_the_words_is_nothing_and_an_attached_one_is_noted():
    png = b"\x89PNG\r\n\x1a\n" + bytes(40)
    message = letter("10 x AB-1")
    message.add_attachment(png, maintype="image", subtype="png", filename="logo.png", cid="<logo>")
    message.add_attachment(png, maintype="image", subtype="png", filename="order.png")
    found = unpacked(message)
    assert parts(found) == ["body", "order.png"]
    assert "a person" in found.sources[1].note


def test_too_many_files_are_refused_by_one_sentence():
    message = letter("x")
    for nth in range(8):
        message.add_attachment(b"a", maintype="application", subtype="octet-stream", filename=f"{nth}.txt")
    found = unpacked(message, Limits(files=5))
    assert [(item.ref, item.rule) for item in found.refused] == [("5.txt", "ENV-003")]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 14), st.booleans())
def test_mails_in_mails_give_the_innermost_words_or_a_finding(depth, as_files):
    message = letter("innermost words")
    for _ in range(depth):
        inner, message = message, letter("fwd")
        if as_files:
            message.add_attachment(inner.as_bytes(), maintype="application", subtype="octet-stream", filename="m.eml")
        else:
            message.add_attachment(inner)
    found = unpacked(message)
    seen = any(line.text == "innermost words" for source in found.sources for line in source.lines)
    assert seen == (depth <= Limits().depth)
    assert seen or [item.rule for item in found.refused] == ["ENV-003"]
    assert found == unpacked(message)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([pdf_table(ROWS), tnef("10 x AB-1", {"a.csv": b"a;b\n1;2\n"}), zipped(a_dot_txt=b"hello")]),
    st.data(),
)
def test_a_broken_file_is_a_source_or_refused(content, data):
    place = data.draw(st.integers(0, len(content) - 1))
    broken = content[:place] + data.draw(st.binary(max_size=6)) + content[place + data.draw(st.integers(0, 60)) :]
    found = unpacked(with_file("file.bin", broken))
    assert len(found.sources) + len(found.refused) + len(found.files) >= 1
    assert all(item.reason and item.rule in ("ENV-001", "ENV-002", "ENV-003", "SND-009") for item in found.refused)
