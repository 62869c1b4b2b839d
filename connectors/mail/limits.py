"""How much of a mail the desk opens. What exceeds a limit is a finding (ENV-003), never a worker that hangs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The first four are the operator's (`[policy]`); the others no honest mail comes near."""

    mail_bytes: int = 25_000_000
    pdf_pages: int = 200
    document_seconds: int = 5  # of computing, for one document
    document_mb: int = 400  # of memory, while one document is read
    mail_seconds: int = 8  # of computing, for all documents of one mail
    files: int = 50
    depth: int = 8  # mails in mails, files in archives
    unpacked_bytes: int = 60_000_000  # of everything within archives and enclosed mails
    grid_rows: int = 20_000
    characters: int = 2_000_000  # of one document
    line: int = 50_000  # characters


DEFAULT = Limits()
