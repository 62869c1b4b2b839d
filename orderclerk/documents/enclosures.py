"""Pictures inside a mail and files attached to it: multipart/mixed around alternative around related."""

from base64 import encodebytes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from hashlib import sha256
from typing import Any


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG that the HTML shows as `cid:<cid>`."""

    cid: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of `media_type` under `filename`."""

    filename: str
    media_type: str
    content: bytes


def enclose(message: EmailMessage, pictures: Sequence[Picture], files: Sequence[Attachment]) -> EmailMessage:
    """`message`, of a plain and an HTML half, with pictures in the HTML and files at its end; the message itself."""
    plain, html = message.iter_parts()
    if pictures:
        html = _multipart("related", [html, *map(_picture, pictures)], type="text/html")
    halves = _multipart("alternative", [plain, html])
    whole = _multipart("mixed", [halves, *map(_file, files)]) if files else halves
    del message["Content-Type"]
    message["Content-Type"] = whole["Content-Type"]
    message.set_payload(whole.get_payload())
    return message


def _multipart(subtype: str, parts: Sequence[Any], **parameters: str) -> MIMEPart:
    boundary = sha256(b"\0".join((subtype.encode(), *(part.as_bytes() for part in parts)))).hexdigest()[:32]
    whole = MIMEPart(policy=SMTP)
    extra = "".join(f'; {name}="{value}"' for name, value in parameters.items())
    whole["Content-Type"] = f'multipart/{subtype}; boundary="={boundary}="{extra}'
    whole.set_payload(list(parts))
    return whole


def _picture(picture: Picture) -> MIMEPart:
    filename = f'inline; filename="{picture.cid.partition("@")[0]}.png"'
    headers = {"Content-Type": "image/png", "Content-ID": f"<{picture.cid}>", "Content-Disposition": filename}
    return _part(headers, picture.content)


def _file(file: Attachment) -> MIMEPart:
    disposition = f'attachment; filename="{file.filename}"'
    return _part({"Content-Type": file.media_type, "Content-Disposition": disposition}, file.content)


def _part(headers: Mapping[str, str], content: bytes) -> MIMEPart:
    part = MIMEPart(policy=SMTP)
    for name, value in headers.items():
        part[name] = value
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(encodebytes(content).decode("ascii"))
    return part
