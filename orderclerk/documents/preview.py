"""`python -m orderclerk.documents.preview FOLDER`: every mail in every language, to be looked at."""

import sys
from email.message import EmailMessage
from pathlib import Path

from orderclerk.documents.mails import MailKind, render_mail, render_team_mail
from orderclerk.documents.samples import DESK, SENT_AT, sample_of

LANGUAGES = ("en", "zh_CN")
_TEAM = (
    "2 of 214 orders could not be answered.",
    "SO100051: the price differs from the price list (PRC-001)\nSO100058: no delivery address (ADR-001)",
)


def write_previews(folder: Path) -> list[Path]:
    """Write each mail as .eml, .html and .txt into `folder`; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    mails = {
        f"mail-{kind}-{language}": render_mail(kind, DESK, sample_of(kind, language), "anna@harbour.example", SENT_AT)
        for kind in MailKind
        for language in LANGUAGES
    }
    team = render_team_mail(DESK, "2 orders are held", _TEAM, "team@northgate.example", "held-2026-11-23", SENT_AT)
    return [path for name, mail in {**mails, "mail-team": team}.items() for path in _write(folder / name, mail)]


def _write(stem: Path, mail: EmailMessage) -> list[Path]:
    paths = []
    for suffix, content in {"eml": mail.as_bytes(), "txt": _body(mail, 0), "html": _body(mail, 1)}.items():
        path = stem.with_name(f"{stem.name}.{suffix}")
        path.write_bytes(content)
        paths.append(path)
    return paths


def _body(mail: EmailMessage, part: int) -> bytes:
    content = list(mail.iter_parts())[part].get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m orderclerk.documents.preview FOLDER")
    sys.stdout.write(f"{len(write_previews(Path(sys.argv[1])))} files in {sys.argv[1]}\n")
