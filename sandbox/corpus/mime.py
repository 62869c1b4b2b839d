"""From words to bytes: MIME structure, character sets, transfer encodings and headers as mail programs make them."""

import re
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from random import Random

from sandbox.corpus.entities import AUTHSERV, DESK, DESK_NAME, Contact, Content, Draft

CHARSETS = {
    "en": (("utf-8", "quoted-printable"), ("utf-8", "7bit"), ("windows-1252", "quoted-printable"), ("iso-8859-1", "8bit"),
           ("utf-8", "base64")),
    "zh_CN": (("utf-8", "base64"), ("gb18030", "base64"), ("gbk", "base64"), ("gb2312", "base64"), ("utf-8", "8bit"),
              ("utf-8", "quoted-printable")),
}  # fmt: skip
WESTERN = (("utf-8", "quoted-printable"), ("utf-8", "base64"), ("iso-8859-1", "quoted-printable"), ("utf-8", "8bit"),
           ("windows-1252", "quoted-printable"), ("iso-8859-15", "quoted-printable"), ("windows-1252", "8bit"))  # fmt: skip
MAILERS = ("Microsoft Outlook 16.0", "Apple Mail (2.3774.600.62)", "Mozilla Thunderbird", "Foxmail 7.2.25.213[cn]", "")
LOGO = "logo001@corpus"
PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")


def as_mail(draft: Draft, content: Content, rng: Random, name: str) -> bytes:
    """The bytes of a mail as our provider stored it: its verdict on the sender is on top."""
    mail = body_of(content, draft.language, rng, name)
    person = draft.sender or draft.contact
    add_headers(mail, person, content.subject, draft, rng, name)
    for key, value in content.headers:
        mail[key] = value
    if content.report:
        del mail["Return-Path"]
        mail["Return-Path"] = "<>"
    mail.set_boundary(f"=_{name}_{rng.randrange(10**9):09d}") if mail.is_multipart() else None
    for nth, part in enumerate(mail.walk()):
        if nth and part.get_content_maintype() == "multipart":
            part.set_boundary(f"=_{name}_{nth}_{rng.randrange(10**9):09d}")
    return mail.as_bytes(policy=SMTP.clone(max_line_length=998 if rng.random() < 0.1 else 78))


def body_of(content: Content, language: str, rng: Random, name: str) -> EmailMessage:
    """Text, HTML or both, and what is attached."""
    mail = EmailMessage(policy=SMTP)
    if content.text:
        _set_text(mail, content.text, language, rng)
        if content.html:
            _add_html(mail, content.html, language, rng, name)
    elif content.html:
        charset, encoding = charset_for(content.html, language, rng)
        mail.set_content(content.html, subtype="html", charset=charset, cte=encoding)
    for file_name, media_type, data in content.attachments:
        main, _, sub = media_type.partition("/")
        if main == "message":
            mail.add_attachment(message_from_bytes(data, policy=SMTP), filename=file_name)
            continue
        mail.add_attachment(data, maintype=main, subtype=sub, filename=file_name)
    if content.report:
        raw = "Content-Type: message/delivery-status\n\n" + content.report
        status = message_from_bytes(raw.encode(), policy=SMTP)
        mail.make_mixed()
        mail.attach(status)
        mail.replace_header("Content-Type", 'multipart/report; report-type="delivery-status"')
    return mail


def charset_for(text: str, language: str, rng: Random) -> tuple[str, str]:
    """A character set that holds the text and the transfer encoding beside it."""
    ways = [
        (charset, encoding) for charset, encoding in CHARSETS.get(language, WESTERN) if _holds(charset, encoding, text)
    ]
    return rng.choice(ways) if ways else ("utf-8", "base64")


def _holds(charset: str, encoding: str, text: str) -> bool:
    try:
        raw = text.encode(charset)
    except UnicodeEncodeError:
        return False
    if encoding in ("7bit", "8bit") and max(map(len, raw.splitlines() or [b""])) > 900:
        return False
    return encoding != "7bit" or raw.isascii()


def _set_text(mail: EmailMessage, text: str, language: str, rng: Random) -> None:
    charset, encoding = charset_for(text, language, rng)
    flowed = language != "zh_CN" and encoding != "base64" and rng.random() < 0.15
    mail.set_content(flow(text) if flowed else text, charset=charset, cte=encoding)
    if flowed:
        mail.set_param("format", "flowed")


def flow(text: str) -> str:
    """Long lines broken softly, with a blank before the break (RFC 3676)."""
    lines = []
    for line in text.split("\n"):
        line = " " + line if line.startswith((" ", ">", "From ")) else line
        line = line if line == "-- " else line.rstrip(" ")
        while len(line) > 76 and " " in line[:74].strip():
            cut = line.rindex(" ", 0, 74) + 1
            lines.append(line[:cut])
            line = line[cut:]
        lines.append(line)
    return "\n".join(lines)


def _add_html(mail: EmailMessage, html: str, language: str, rng: Random, name: str) -> None:
    charset, encoding = charset_for(html, language, rng)
    mail.add_alternative(html, subtype="html", charset=charset, cte=encoding)
    if LOGO in html:
        mail.get_payload()[1].add_related(PIXEL, "image", "gif", cid=f"<{LOGO}>")  # type: ignore[index]


def add_headers(mail: EmailMessage, person: Contact, subject: str, draft: Draft, rng: Random, name: str) -> None:
    """What the provider, the way and the sender's program put on top."""
    domain = person.email.rpartition("@")[2]
    verdict = "fail" if "authentication failed" in draft.traps else "pass"
    dkim = f"dkim={verdict} header.d={domain}" if verdict == "pass" else "dkim=none"
    headers = [
        ("Return-Path", f"<{person.email}>"),
        ("Authentication-Results", f"{AUTHSERV}; spf={verdict} smtp.mailfrom={domain}; {dkim}; dmarc={verdict} header.from={domain}"),
        ("Received", f"from mail.{domain} by {AUTHSERV} with ESMTPS id {rng.randrange(16**10):010x}; {format_datetime(draft.sent_at)}"),
        ("Date", format_datetime(draft.sent_at)),
        ("From", Address(person.name, addr_spec=person.email)),
        ("To", Address(DESK_NAME if rng.random() < 0.5 else "", addr_spec=DESK)),
        ("Subject", subject),
        ("Message-ID", f"<{name}.{rng.randrange(10**9):09d}@{domain}>"),
    ]  # fmt: skip
    if "reply-to elsewhere" in draft.traps:
        headers.append(
            ("Reply-To", Address("", addr_spec=f"{person.email.partition('@')[0]}.orders@mail-desk24.example"))
        )
    if mailer := rng.choice(MAILERS):
        headers.append(("X-Mailer", mailer))
    for key, value in headers:
        mail[key] = value


def html_of(text: str, rng: Random) -> str:
    """Typed text as a mail program's HTML: divs, paragraphs or breaks, with its usual ballast."""
    style = rng.randrange(4)
    lines = [_line_html(line) for line in text.split("\n")]
    if style == 0:
        body = "".join(f"<div>{line or '<br>'}</div>" for line in lines)
    elif style == 1:
        body = "".join(f'<p class="MsoNormal"><span style="font-size:11.0pt;font-family:Calibri,sans-serif">{line or "<o:p>&nbsp;</o:p>"}</span></p>\r\n' for line in lines)  # fmt: skip
    elif style == 2:
        body = "<br>\n".join(lines)
    else:
        paragraphs = "\n".join(lines).split("\n\n")
        body = "".join("<p>" + paragraph.replace("\n", "<br/>") + "</p>" for paragraph in paragraphs)
    return page(body, rng, outlook=style == 1)


def _line_html(line: str) -> str:
    """Runs of blanks stay as wide as they were."""
    return re.sub(r" {2,}", lambda run: "&nbsp;" * (len(run[0]) - 1) + " ", escape(line, quote=False))


def page(body: str, rng: Random, *, outlook: bool = False) -> str:
    """A whole HTML document, now and then with a tracker, an image or a style sheet full of numbers."""
    head = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">' if rng.random() < 0.3 else ""
    if outlook:
        head += "<style><!-- @font-face {font-family:Calibri; panose-1:2 15 5 2 2 2 4 3 2 4;} p.MsoNormal {margin:0cm; font-size:11.0pt;} --></style>"
    tail = ""
    if rng.random() < 0.15:
        tail += f'<img src="https://t.example/o/{rng.randrange(10**8)}.gif" width="1" height="1" alt="">'
    if rng.random() < 0.12:
        tail += f'<img src="cid:{LOGO}" alt="Logo" width="120" height="40">'
    return f"<html><head>{head}</head><body>{body}{tail}</body></html>"
