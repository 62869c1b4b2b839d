"""`make prove-uci`: the 95 real days of a wholesaler through the drop folder, in order, then again in reverse.

Shows that the second pass changes nothing and that every line of every file is in the book once, accepted, held with a
rule, or quarantined with a rule, and that quantities and values equal the files' exactly.
"""

import csv
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.table import Table

from connectors.files.folder import DropFolder
from connectors.files.reading import read_file
from orderclerk.database.audit import audit_book
from orderclerk.database.engine import Engine, make_engine
from orderclerk.database.masterdata import load_master_data
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.policy import Policy
from tasks.intake import read_chunk
from tasks.pulling import pull
from tasks.verification import check_chunk
from tests.proofs import book_view
from tests.proofs.server import proof_server
from tests.proofs.wholesale import fresh_book, shared_data

FREIGHT = ("POST", "DOT", "C2")
SENDER = SenderMapping(
    sender="uci",
    columns={"order_ref": "InvoiceNo", "item_ref": "StockCode", "description": "Description", "quantity": "Quantity",
             "order_date": "InvoiceDate", "unit_price": "UnitPrice", "customer_number": "CustomerID", "country": "Country"},
    date_formats=("%Y-%m-%d %H:%M:%S",),
    currency="GBP",
    cancel_prefix="C",
    charge_items=FREIGHT,
)  # fmt: skip
NOW = datetime(2011, 4, 1, 8, tzinfo=UTC)


def write_master_data(rows: Iterable[dict[str, str]], folder: Path) -> None:
    """Master data as the wholesaler would have had it: its customers, its goods, and each item's usual price."""
    rows = list(rows)
    prices: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        prices[row["StockCode"]][row["UnitPrice"]] += 1
    customers = sorted({row["CustomerID"].removesuffix(".0") for row in rows} - {""})
    goods = sorted({code.upper() for code in prices if code[:1].isdigit() or code.startswith(("DCGS", "gift"))})
    usual = {code: prices[code].most_common(1)[0][0] for code in prices}
    _write(folder, "customers", ["customer_no", "name", "language", "currency", "payment_terms_days", "credit_limit",
           "payment_methods", "price_list"], ([c, f"Customer {c}", "en", "GBP", "30", "", "invoice", "trade"] for c in customers))  # fmt: skip
    _write(
        folder,
        "contacts",
        ["customer_no", "name", "email", "phone"],
        ([c, "Buyer", f"buyer@c{c}.example", ""] for c in customers),
    )
    _write(folder, "addresses", ["customer_no", "kind", "recipient", "street", "city", "region", "postal_code", "country"],
           ([c, "delivery", "", "1 High Street", "Leeds", "", "LS1 1AA", "GB"] for c in customers))  # fmt: skip
    _write(folder, "items", ["item_no", "name", "name_zh", "unit", "pack_size", "weight_g", "is_goods", "is_active", "barcode"],
           ([code, code, "", "EA", "1", "", "1", "1", ""] for code in goods))  # fmt: skip
    _write(folder, "prices", ["price_list", "currency", "item_no", "min_quantity", "unit_price", "valid_from", "valid_to"],
           (["trade", "GBP", code, "1", usual.get(code) or usual[code.lower()], "2010-01-01", ""] for code in goods))  # fmt: skip
    _write(folder, "stock", ["warehouse", "item_no", "on_hand"], (["MAIN", code, "1000000"] for code in goods))


def _write(folder: Path, name: str, header: list[str], rows: Iterable[list[str]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def one_pass(engine: Engine, files: list[Path], drop: Path, prefix: str) -> None:
    """Drop the files one after the other; after each the desk pulls, reads and checks."""
    sender = drop / "uci"
    sender.mkdir(parents=True, exist_ok=True)
    folder = DropFolder("files", drop, lambda: NOW + timedelta(days=1), settle_seconds=0, look_gap_s=0)
    for number, file in enumerate(files):
        target = sender / f"{prefix}-{file.name}"
        target.write_bytes(file.read_bytes())
        stamp = (NOW + timedelta(minutes=number)).timestamp()
        os.utime(target, (stamp, stamp))
        pull(engine, folder, NOW)
        work(engine)


def work(engine: Engine) -> None:
    """Read and check until nothing is left."""
    while read_chunk(engine, lambda e, *_: read_file(e, {"uci": SENDER}), frozenset(), NOW):
        pass
    while check_chunk(engine, Policy(), NOW):
        pass


def account(engine: Engine, rows: list[dict[str, str]]) -> tuple[Table, list[str]]:
    """A table of what became of every line, and what does not add up."""
    table = Table(title="What became of every line")
    for head in ("outcome", "lines", "quantity", "value GBP"):
        table.add_column(head, justify="right")
    booked = book_view.line_outcomes(engine)
    for outcome, lines, quantity, value in booked:
        table.add_row(outcome, f"{lines:,}", f"{quantity:,.0f}", f"{value:,.2f}")
    lost = book_view.quarantined_rows(engine)
    for rule, count in sorted(lost.items()):
        table.add_row(f"quarantined {rule}", f"{count:,}", "", "")
    in_files = (
        len(rows),
        sum(Decimal(r["Quantity"]) for r in rows),
        sum(Decimal(r["Quantity"]) * Decimal(r["UnitPrice"]) for r in rows),
    )
    in_book = (sum(b[1] for b in booked) + sum(lost.values()), sum(b[2] for b in booked), sum(b[3] for b in booked))
    table.add_section()
    table.add_row("in the book", f"{in_book[0]:,}", f"{in_book[1]:,.0f}", f"{in_book[2]:,.4f}")
    table.add_row("in the files", f"{in_files[0]:,}", f"{in_files[1]:,.0f}", f"{in_files[2]:,.4f}")
    per_order = book_view.differing_orders(engine, _by_order(rows))
    return table, [f"order {ref}: {why}" for ref, why in per_order] + ([] if in_files == in_book else ["totals differ"])


def _by_order(rows: list[dict[str, str]]) -> dict[str, tuple[int, Decimal, Decimal]]:
    totals: dict[str, tuple[int, Decimal, Decimal]] = defaultdict(lambda: (0, Decimal(0), Decimal(0)))
    for row in rows:
        lines, quantity, value = totals[row["InvoiceNo"]]
        amount = Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
        totals[row["InvoiceNo"]] = (lines + 1, quantity + Decimal(row["Quantity"]), value + amount)
    return totals


def prove(server_url: str, files: list[Path], console: Console) -> list[str]:
    """Run both passes on a fresh book; what is wrong afterwards."""
    engine = make_engine(fresh_book(server_url, "uci"))
    rows = [row for file in files for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_master_data(rows, folder)
        load_master_data(engine, folder)
        one_pass(engine, files, folder / "drop", "first")
        before = book_view.digest(engine)
        table, wrong = account(engine, rows)
        console.print(table)
        one_pass(engine, files[::-1], folder / "drop", "again")
    changed = [name for name, value in book_view.digest(engine).items() if value != before[name]]
    console.print(f"second pass, in reverse: {'changed ' + ', '.join(changed) if changed else 'changed nothing'}")
    findings = audit_book(engine)
    console.print(f"audit: {len(findings)} findings")
    return wrong + [f"changed: {name}" for name in changed] + [f"{f.rule} {f.subject}: {f.message}" for f in findings]


def main() -> int:
    """The proof as a command; 1 if something does not add up, 0 also where the material is absent."""
    console, folder = Console(), shared_data("uci-online-retail/by-day")
    if folder is None:
        console.print("the UCI files are not beside this project: nothing proved")
        return 0
    with proof_server() as url:
        wrong = prove(url, sorted(folder.glob("*.csv")), console)
    for line in wrong[:20]:
        console.print(f"[red]{line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
