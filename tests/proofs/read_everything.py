"""Every mail and file of ../shared/data through the desk's readers, as they are and broken: `python -m
tests.proofs.read_everything [--broken 2000] [--seed 1]`. No crash; no order out of what is none.

PDFs and documents made here go in by mail, whole and broken. What may be an order is known from where a file lies: UBL orders and cancellations, X12 850s, EDIFACT ORDERS, UCI days.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from connectors.files.reading import read_file
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.lineframe import COLUMNS, HEADER_TEXT, LINE_TEXT, line_frame
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import EnvelopeKind, Reading
from tests.connectors.mail import document_world
from tests.proofs import hostile

DATA = Path(__file__).parents[2].parent / "shared" / "data"
SECRET = b"a secret that signed none of these mails"
UCI = SenderMapping(
    "uci-online-retail",
    columns={
        "order_ref": "InvoiceNo", "item_ref": "StockCode", "description": "Description", "quantity": "Quantity",
        "order_date": "InvoiceDate", "unit_price": "UnitPrice", "customer_number": "CustomerID", "country": "Country",
    },
    currency="GBP",
    cancel_prefix="C",
)  # fmt: skip
ORDERS = (
    "uci-online-retail/by-day/*.csv",
    "ubl-phax/order/*.xml",
    "ubl-phax/ordercancellation/*.xml",
    "edi-pydifact/data/order*.edi",
    "edi-pydifact/data/wikipedia_de.edi",
    "edi-edinet-samples/x12.850*.edi",
)
MADE = "made documents"  # not of DATA: written here, and broken as the others are
ORDERING = "Dear all,\nplease find our document attached.\n"
MISPLACED = ("SOURCE.txt", "LICENSE", "MIT-LICENSE", "LICENSE.txt", "README.md")
CRASH = "report this"  # how read_file says that it caught what it should not have met


@dataclass
class Tally:
    """What became of the files of one folder."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def corpus() -> list[Path]:
    """Every file that somebody might drop or mail."""
    return sorted(path for path in DATA.rglob("*") if path.is_file() and path.name not in MISPLACED)


def is_order(path: Path) -> bool:
    """Whether an order may come out of the file."""
    return path.relative_to(DATA).parts[0] == MADE or any(path.relative_to(DATA).match(pattern) for pattern in ORDERS)


def is_mail(path: Path) -> bool:
    """Whether the file is a mail, well-formed or not."""
    return path.relative_to(DATA).parts[0].startswith("mail-") and "attachments" not in path.parts


def reader() -> Callable[[Path, bytes], Reading]:
    """Read a path's content as the desk would; mails as mails where the mail reader is there."""
    senders = {UCI.sender: UCI}

    def file(envelope: Envelope) -> Reading:
        return read_file(envelope, senders)

    mail = None
    if find_spec("connectors.mail") and find_spec("connectors.mail.reading"):
        from connectors.mail.reading import read_mail

        def mail(envelope: Envelope) -> Reading:
            return read_mail(envelope, SECRET, frozenset({"desk@desk.example"}), file)

    def read(path: Path, content: bytes) -> Reading:
        sender = path.relative_to(DATA).parts[0]
        if mail and (path.suffix == ".pdf" or sender == MADE):
            content = hostile.mail((path.name, content), body=ORDERING, subject="Our document")
            return mail(Envelope("mail", path.name, content, "message/rfc822", "buyer@customer.example"))
        if mail and is_mail(path):
            return mail(Envelope("mail", path.name, content, "message/rfc822", "someone@elsewhere.example"))
        return file(Envelope("files", f"{sender}/{path.name}@1", content, "", sender, path.name))

    return read


def judge(tally: Tally, name: str, read: Callable[[], Reading], may_be_order: bool) -> None:
    """Count one reading; what must not be is a fault."""
    tally.counts["files"] += 1
    try:
        reading = read()
        frame = line_frame(reading.orders) if reading.frame is None else reading.frame
        dirty = [column for column in (*HEADER_TEXT, *LINE_TEXT) if any(map(_is_unclean, frame[column].unique()))]
    except Exception as error:
        tally.counts["crashes"] += 1
        tally.faults.append(f"{name}: {type(error).__name__}: {error}")
        return
    orders = frame[["source", "order_ref", "kind"]].drop_duplicates()
    tally.counts.update(
        orders=len(orders), lines=int((frame["line_ref"] != "").sum()), unreadable=len(reading.unreadable)
    )
    tally.counts["other"] += reading.kind is EnvelopeKind.OTHER
    tally.counts["crashes"] += CRASH in reading.reason
    tally.faults += [f"{name}: {reading.reason}"] if CRASH in reading.reason else []
    tally.faults += [f"{name}: {', '.join(dirty)} cannot be stored"] if dirty else []
    if list(frame.columns) != list(COLUMNS):
        tally.faults.append(f"{name}: the frame has other columns")
    if len(orders) and not may_be_order:
        tally.counts["invented"] += len(orders)
        tally.faults.append(f"{name}: orders {', '.join(orders['order_ref'].head())} out of what is none")
    if (reading.kind is EnvelopeKind.ORDERS) != bool(len(frame)) or (not len(frame) and not _says_why(reading)):
        tally.faults.append(f"{name}: {reading.kind} with {len(frame)} lines and the reason {reading.reason!r}")


def _is_unclean(text: str) -> bool:
    """PostgreSQL keeps no NUL, UTF-8 no lone surrogate."""
    return "\x00" in text or text.encode("utf-8", "ignore").decode() != text


def _says_why(reading: Reading) -> bool:
    return bool(reading.reason or reading.unreadable or reading.reply or reading.purchase)


@cache
def made_documents() -> dict[Path, bytes]:
    """An order as PDF (ruled, and in columns), workbook, DOCX, RTF, winmail.dat and archive."""
    rows = document_world.ROWS
    table = "".join(f"<w:tr>{''.join(map(document_world.docx_cell, row))}</w:tr>" for row in rows)
    listed = b"order number;item no;quantity\n4711;AB-1234;10\n"
    made = {
        "ruled.pdf": document_world.pdf_table(rows, document_world.RULED),
        "columns.pdf": document_world.pdf_table(rows, document_world.TO_THE_RIGHT),
        "order.xlsx": document_world.saved(document_world.workbook(rows)),
        "order.docx": document_world.docx(f"<w:tbl>{table}</w:tbl>"),
        "order.rtf": rb"{\rtf1\ansi We order \par \trowd\cellx9\cellx19 Item\cell Qty\cell\row AB-1\cell 10\cell\row}",
        "winmail.dat": document_world.tnef("We order\r\n10 x AB-1234", {"order.csv": listed}),
        "order.zip": hostile.archive({"order.csv": listed}),
    }
    return {DATA / MADE / name: content for name, content in made.items()}


def broken(files: Sequence[Path], count: int, seed: int) -> Iterator[tuple[Path, bytes]]:
    """`count` files, each damaged in one to four ways, drawn by folder, mails and order files five times as often."""
    made = made_documents()
    random_ = random.Random(seed)
    folders: dict[str, list[Path]] = {}
    for path in [*files, *made]:
        folders.setdefault(path.relative_to(DATA).parts[0], []).append(path)
    names = [
        name for name in sorted(folders) for _ in range(5 if name.startswith(("ma", "edi", "ubl", "uci", "pdf")) else 1)
    ]
    for _ in range(count):
        path = random_.choice(folders[random_.choice(names)])
        content = made[path] if path in made else path.read_bytes()
        for _ in range(random_.randint(1, 4)):
            content = random_.choice(DAMAGES)(content, random_)
        yield path, content


def _cut(content: bytes, random_: random.Random) -> bytes:
    return content[: random_.randrange(len(content) + 1)]


def _lose(content: bytes, random_: random.Random) -> bytes:
    start = random_.randrange(len(content) + 1)
    return content[:start] + content[start + random_.choice((1, 7, 300)) :]


def _flip(content: bytes, random_: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(random_.choice((1, 5, 50)) if damaged else 0):
        damaged[random_.randrange(len(damaged))] = random_.randrange(256)
    return bytes(damaged)


def _insert(content: bytes, random_: random.Random) -> bytes:
    place = random_.randrange(len(content) + 1)
    noise = random_.choice(
        (b'"', b"\x00", b"\r", b"\n\n", b"'", b"~", b";", b"\xff\xfe", b"<!--", "ü茶".encode(), b"9" * 400)
    )
    return content[:place] + noise + content[place:]


def _repeat(content: bytes, random_: random.Random) -> bytes:
    start = random_.randrange(len(content) + 1)
    piece = content[start : start + random_.choice((10, 200, 5_000))]
    return content[:start] + piece * random_.choice((2, 3)) + content[start:]


def _recode(content: bytes, random_: random.Random) -> bytes:
    text = content.decode(random_.choice(("latin-1", "utf-8")), "replace")
    return text.encode(random_.choice(("utf-8-sig", "utf-16", "utf-16-be", "gb18030", "cp1252", "ascii")), "replace")


DAMAGES = (_cut, _lose, _flip, _insert, _repeat, _recode)


def run(count: int, seed: int, files: Sequence[Path] | None = None) -> tuple[dict[str, Tally], dict[str, Tally]]:
    """The tallies by folder, of the files as they are and of `count` broken ones."""
    paths = corpus() if files is None else files
    read = reader()
    whole: dict[str, Tally] = {}
    for path in paths:
        folder = str(path.relative_to(DATA).parts[0])
        content = path.read_bytes()
        judge(
            whole.setdefault(folder, Tally()),
            str(path.relative_to(DATA)),
            lambda p=path, c=content: read(p, c),
            is_order(path),
        )
    damaged: dict[str, Tally] = {}
    for number, (path, content) in enumerate(broken(paths, count, seed)):
        folder = str(path.relative_to(DATA).parts[0])
        name = f"{path.relative_to(DATA)} (broken, number {number} of seed {seed})"
        judge(damaged.setdefault(folder, Tally()), name, lambda p=path, c=content: read(p, c), is_order(path))
    return whole, damaged


def faults(*tallies: dict[str, Tally]) -> list[str]:
    """Everything that must not be."""
    return [fault for by_folder in tallies for tally in by_folder.values() for fault in tally.faults]


COLUMN_NAMES = ("files", "orders", "lines", "other", "unreadable", "crashes", "invented")


def table(title: str, tallies: dict[str, Tally]) -> str:
    """The counts by folder, with their sums."""
    sums = sum((tally.counts for tally in tallies.values()), Counter[str]())
    rows = [*sorted((folder, tally.counts) for folder, tally in tallies.items()), ("all", sums)]
    head = f"{title:34}" + "".join(f"{name:>11}" for name in COLUMN_NAMES)
    return "\n".join(
        [head, *(f"{name:34}" + "".join(f"{counts[n]:>11,}" for n in COLUMN_NAMES) for name, counts in rows)]
    )


def main() -> int:
    """Print both tables and every fault; 1 if there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broken", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if not DATA.is_dir():
        print(f"{DATA} is not there: nothing to read")
        return 1
    whole, damaged = run(given.broken, given.seed)
    print(table("as they are", whole), table(f"{given.broken} broken", damaged), sep="\n\n")
    wrong = faults(whole, damaged)
    print("", *(wrong or ["No crash, and no order out of what is none."]), sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
