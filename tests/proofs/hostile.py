"""Mails made to hurt who opens them, each as large as asked: `python -m tests.proofs.hostile NAME` reads one of them.

Prints as JSON the seconds, the peak memory of the reading process and of its confined child, and the finding.
"""

import io
import json
import resource
import struct
import sys
import time
import zipfile
import zlib
from base64 import encodebytes
from collections.abc import Callable
from pathlib import Path

_XLSX_PARTS = {
    "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    b'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    b'<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}  # fmt: skip
_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("k"))
)


def mail(
    *files: tuple[str, bytes], body: str = "Please find our order attached.\n", subject: str = "Order 4711"
) -> bytes:
    """A mail with these files, put together by hand: quickly, whatever their size."""
    head = (
        b"From: Buyer <buyer@customer.example>\r\nTo: orders@harbour.example\r\nSubject: " + subject.encode() + b"\r\n"
        b"Message-ID: <hostile@customer.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=zz\r\n\r\n"
        b"--zz\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body.encode()
    )
    parts = (
        b"\r\n--zz\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="' + name.encode() + b'"\r\n\r\n' + encodebytes(content)
        for name, content in files
    )
    return head + b"".join(parts) + b"\r\n--zz--\r\n"


def zipped(**parts: bytes) -> bytes:
    """A zip archive; `__` in a name stands for a slash."""
    return archive({name.replace("__", "/"): content for name, content in parts.items()})


def archive(parts: dict[str, bytes]) -> bytes:
    """A zip archive of these parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return packed.getvalue()


def workbook(sheet: bytes) -> bytes:
    """An XLSX with this XML as its sheet."""
    return archive({**_XLSX_PARTS, "xl/worksheets/sheet1.xml": sheet})


def pdf(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, the first its catalog, with a right table of contents."""
    out, places = [b"%PDF-1.7\n"], []
    length = len(out[0])
    for number, content in enumerate(objects, start=1):
        places.append(length)
        out.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        length += len(out[-1])
    out.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out += [b"%010d 00000 n \n" % place for place in places]
    out.append(b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, length))
    return b"".join(out)


def one_page(stream: bytes, resources: bytes = b"", *more: bytes) -> bytes:
    """A PDF of one page that draws `stream`, packed; `more` are objects from number 6 on."""
    packed = zlib.compress(stream, 1)
    return pdf([
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> %s >> >>" % resources,
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *more,
    ])  # fmt: skip


def _many_pages(size: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, size + 3))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] >>"
    pages = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, size)
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", pages, *[page] * size])


def _looping_pages(size: int) -> bytes:
    pages = b"<< /Type /Pages /Kids [2 0 R 2 0 R 2 0 R] /Count %d >>" % size
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", pages], b"/Prev 9")


def _looping_forms(size: int) -> bytes:
    draw = b" /A Do" * size
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A 6 0 R >> >> /Length %d >>\nstream\n%s\nendstream"
    return one_page(b"/A Do", b"/XObject << /A 6 0 R >>", form % (len(draw), draw))


def _doubling_forms(size: int) -> bytes:
    """Form n draws form n+1 twenty times: a stream of 20 to the power of `size` words."""
    draw = b" /A Do" * 20
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 999 999] /Resources << /XObject << /A %d 0 R >> /Font << /F 5 0 R >> >> /Length %d >>\nstream\n%s\nendstream"
    last = b"BT /F 9 Tf 1 1 Td (word) Tj ET"
    forms = [form % (number + 1, len(draw), draw) for number in range(6, 6 + size)]
    return one_page(b"/A Do", b"/XObject << /A 6 0 R >>", *forms, form % (5, len(last), last))


def locked_pdf(_: int = 1) -> bytes:
    """A PDF that asks for a password."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    written = io.BytesIO()
    canvas = Canvas(written, encrypt=StandardEncryption("secret", "owner"))
    canvas.drawString(72, 700, "10 x AB-1234")
    canvas.save()
    return written.getvalue()


def tnef(size: int) -> bytes:
    """A winmail.dat of objects that state more than they hold."""
    return struct.pack("<IH", 0x223E9F78, 1) + struct.pack("<BHHI", 1, 0x9003, 6, 0x7FFFFFFF) + b"\xff" * size


def many_tnef(size: int) -> bytes:
    """A winmail.dat of many empty objects: each costs a copy of the rest."""
    return struct.pack("<IH", 0x223E9F78, 1) + (struct.pack("<BHHI", 1, 0x8008, 6, 1) + b"x\x00\x00") * size


def enclosed(size: int) -> bytes:
    """Mails within mails, `size` deep."""
    inner = b"From: a@b.example\r\nSubject: innermost\r\n\r\n10 x AB-1234\r\n"
    for _ in range(size):
        inner = (
            b"From: a@b.example\r\nSubject: fwd\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n" + inner
        )
    return inner


def packed_mails(size: int) -> bytes:
    """Mails as base64 files within mails, `size` deep: no parser sees them all at once."""
    inner = mail()
    for nth in range(size):
        inner = mail((f"{nth}.eml", inner), body="fwd\n")
    return inner


def attachments(size: int) -> bytes:
    """A mail with `size` files."""
    return mail(*((f"{nth}.txt", b"x") for nth in range(size)))


def html_mail(html: bytes) -> bytes:
    """A mail of HTML alone."""
    head = b"From: buyer@customer.example\r\nSubject: Order 4711\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    return head + html


def _rows(size: int) -> bytes:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    rows = b"".join(b'<row r="%d" spans="1:9" s="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(1, size))
    return head + rows + b'<row r="%d"><c r="A%d"><v>1</v></c></row></sheetData></worksheet>' % (size, size)


def _docx(document: bytes) -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": document})


_DEEP = b"<< /Type /Catalog /Pages 2 0 R /Deep %s%s >>"
INPUTS: dict[str, tuple[int, int, Callable[[int], bytes]]] = {
    # name: full size, size in the tests, maker
    "a 50 MB mail": (37_000_000, 37_000_000, lambda n: mail(("a.bin", b"\x01\x02\x03" * (n // 3)))),
    "a long header": (3_000_000, 600_000, lambda n: b"Subject: " + b"x" * n + b"\r\n\r\nhi"),
    "many files": (10_000, 400, attachments),
    "mails 100 deep": (100, 100, enclosed),
    "mails as files 30 deep": (30, 12, packed_mails),
    "a zip bomb": (900_000_000, 90_000_000, lambda n: mail(("a.zip", zipped(a=bytes(n))))),
    "a zip of zips": (20, 2, lambda n: mail(("a.zip", archive({f"{i}.zip": zipped(a=b"x") for i in range(n)})))),
    "a zip of many files": (60_000, 100, lambda n: mail(("a.zip", archive({f"{i}.txt": b"x" for i in range(n)})))),
    "a bomb as XLSX": (900_000_000, 90_000_000, lambda n: mail(("a.xlsx", workbook(bytes(n))))),
    "a bomb as DOCX": (900_000_000, 90_000_000, lambda n: mail(("a.docx", _docx(bytes(n))))),
    "a bomb as ODS": (900_000_000, 90_000_000, lambda n: mail(("a.ods", archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": bytes(n)})))),
    "an XLSX of empty rows": (1_000_000, 8_000, lambda n: mail(("a.xlsx", workbook(_rows(n))))),
    "an XLSX with entities": (1, 1, lambda _: mail(("a.xlsx", workbook(_LAUGHS + b"]><x>&j;</x>")))),
    "a DOCX with entities": (1, 1, lambda _: mail(("a.docx", _docx(_LAUGHS + b"]><x>&j;</x>")))),
    "a DOCX of nested tables": (100_000, 3_000, lambda n: mail(("a.docx", _docx(b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">' + b"<w:p>" * n + b"</w:p>" * n + b"</w:document>")))),
    "a PDF of many pages": (10_000, 300, lambda n: mail(("a.pdf", _many_pages(n)))),
    "a PDF of looping pages": (150, 150, lambda n: mail(("a.pdf", _looping_pages(n)))),
    "a PDF of looping forms": (1_000, 10, lambda n: mail(("a.pdf", _looping_forms(n)))),
    "a PDF of doubling forms": (6, 5, lambda n: mail(("a.pdf", _doubling_forms(n)))),
    "a PDF with a huge stream": (800_000_000, 120_000_000, lambda n: mail(("a.pdf", one_page(b"0 0 m " * (n // 6))))),
    "a PDF with a million letters": (4_000_000, 2_500_000, lambda n: mail(("a.pdf", one_page(b"BT /F 1 Tf 10 10 Td " + b"(abcdefghij) Tj " * (n // 10) + b"ET")))),
    "a PDF of a million rules": (1_000_000, 50_000, lambda n: mail(("a.pdf", one_page(b"BT /F 9 Tf 9 9 Td (hi) Tj ET " + b"".join(b"%d 0 m %d 800 l S 0 %d m 600 %d l S " % (i % 600, i % 600, i % 800, i % 800) for i in range(n // 2)))))),
    "a PDF nested deeply": (3_000_000, 100_000, lambda n: mail(("a.pdf", pdf([_DEEP % (b"[" * n, b"]" * n), b"<< /Type /Pages /Kids [] /Count 0 >>"])))),
    "a locked PDF": (1, 1, lambda n: mail(("a.pdf", locked_pdf(n)))),
    "nested tables": (1_000_000, 100_000, lambda n: html_mail(b"<table><tr><td>" * n)),
    "nested tables under a million letters": (60_000, 20_000, lambda n: html_mail(b"<table><tr><td>" * n)),
    "an HTML table of wide spans": (20_000, 20_000, lambda n: html_mail(b"<table><tr>" + b"<td colspan=1000 rowspan=1000>x" * n)),
    "many open angles": (900_000, 300_000, lambda n: html_mail(b"<a " * (n // 3))),
    "a winmail.dat that lies": (5_000_000, 100_000, lambda n: mail(("winmail.dat", tnef(n)))),
    "a winmail.dat of crumbs": (500_000, 5_000, lambda n: mail(("winmail.dat", many_tnef(n)))),
    "an RTF of braces": (3_000_000, 300_000, lambda n: mail(("a.rtf", b"{\\rtf1 " + b"{" * n))),
    "a CSV of a million rows": (1_000_000, 30_000, lambda n: mail(("a.csv", b"item;quantity\n" + b"AB-1;1\n" * n))),
    "a CSV of one cell": (15_000_000, 3_000_000, lambda n: mail(("a.csv", b'item;quantity\n"' + b"x;" * (n // 2)))),
    "deep XML": (2_000_000, 100_000, lambda n: mail(("a.xml", b"<?xml version='1.0'?><Order>" + b"<a>" * n))),
}  # fmt: skip


def read(content: bytes) -> tuple[str, str]:
    """What the desk makes of a mail: its kind and its findings."""
    from connectors.files.reading import read_file
    from connectors.mail.reading import read_mail
    from orderclerk.domain.envelopes import Envelope

    envelope = Envelope("mail", "1:1", content, "message/rfc822", "buyer@customer.example")
    reading = read_mail(envelope, b"secret", frozenset(), lambda inner: read_file(inner, {}))
    findings = [f"{item.rule} {item.reason}" for item in reading.unreadable] or [reading.reason]
    return str(reading.kind), "; ".join(findings)[:300]


def main() -> None:
    """`NAME FILE write`: make an input; `NAME FILE`: read it, and print what that cost this process alone."""
    name, path = sys.argv[1], Path(sys.argv[2])
    if sys.argv[3:] == ["write"]:
        size, _, make = INPUTS[name]
        path.write_bytes(make(size))
        return
    read(mail(("o.csv", b"item;quantity\nAB-1;1\n")))  # what a worker has loaded anyway
    content = path.read_bytes()
    started = time.perf_counter()
    kind, finding = read(content)
    seconds = time.perf_counter() - started
    from connectors.mail.confined import stop_child

    stop_child()
    peak = [resource.getrusage(who).ru_maxrss / 1_024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(
        json.dumps(
            {
                "seconds": seconds,
                "mb": peak[0],
                "child_mb": peak[1],
                "mail_mb": len(content) / 1e6,
                "kind": kind,
                "finding": finding,
            }
        )
    )


if __name__ == "__main__":
    main()
