"""`make prove-reads`: mixed mails read by two processes on a real book, and each hostile mail by itself.

Mails: a corpus of `sandbox.corpus` (PDFs, spreadsheets, HTML, prose, what is no order) and the mails and PDFs of
../shared/data where they are. Exit code 1 below LEAST reads a minute, or where a hostile mail takes more than MOST_S
seconds or MOST_MB megabytes, or ends in no finding.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from connectors.mail import reading as mail_reading
from connectors.mail.confined import stop_child
from orderclerk.database import inbox
from orderclerk.database.engine import make_engine
from orderclerk.database.masterdata import load_master_data
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import Reading
from sandbox.corpus.making import make_corpus
from tasks.intake import read_chunk
from tests.proofs import accuracy_desk, hostile, wholesale
from tests.proofs.read_everything import DATA, is_mail
from tests.proofs.server import proof_server

LEAST, MOST_S, MOST_MB, SLOWEST = 1_000, 10.0, 500.0, 10
_STAGES = ("parse_mail", "unpack_mail")


def mixed(folder: Path) -> Iterator[Envelope]:
    """The corpus's mails, then those of ../shared/data and its PDFs as attachments."""
    yield from accuracy_desk._envelopes(folder / "mails")
    for path in sorted(DATA.rglob("*")) if DATA.is_dir() else []:
        if path.is_file() and path.suffix == ".pdf":
            content = hostile.mail((path.name, path.read_bytes()), body="Please find our invoice attached.\n")
        elif path.is_file() and is_mail(path):
            content = path.read_bytes()
        else:
            continue
        yield Envelope("mail", f"shared:{path.relative_to(DATA)}", content, "message/rfc822", "x@shared.example")


def work(url: str, home: Path) -> None:
    """One of the two processes: reads until nothing is left, then prints what each mail took."""
    desk, engine = accuracy_desk.desk_at(home), make_engine(url)
    took: list[dict[str, Any]] = []
    stages: dict[str, float] = {}
    for name in _STAGES:
        setattr(mail_reading, name, _timed(name, getattr(mail_reading, name), stages))

    def read(envelope: Envelope, *how: bool) -> Reading:
        stages.clear()
        started = time.perf_counter()
        reading = desk.read(envelope, *how)
        seconds = time.perf_counter() - started
        took.append({"name": envelope.filename or envelope.delivery_ref, "seconds": seconds, **stages})
        return reading

    print("ready", flush=True)
    sys.stdin.readline()
    while read_chunk(engine, read, desk.policy.binding, accuracy_desk.EVENING):
        pass
    ended = time.time()
    stop_child()
    print(json.dumps({"took": took, "ended": ended, "mb": _peak_mb(), "child_mb": _peak_mb(resource.RUSAGE_CHILDREN)}))


def _timed(name: str, function: Any, stages: dict[str, float]) -> Any:
    def timed(*args: Any, **options: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*args, **options)
        finally:
            stages[name] = stages.get(name, 0.0) + time.perf_counter() - started

    return timed


def _peak_mb(who: int = resource.RUSAGE_SELF) -> float:
    return resource.getrusage(who).ru_maxrss / 1_024


def measure(server: str, count: int, seed: int, folder: Path) -> tuple[float, list[dict[str, Any]], int]:
    """Reads a minute, what each process did, and the number of mails."""
    make_corpus(folder, count, seed, (), ())
    url = wholesale.fresh_book(server, "reads")
    engine = make_engine(url)
    load_master_data(engine, folder / "masterdata")
    with engine.begin() as conn:
        inbox.keep_once(conn, list(mixed(folder)), accuracy_desk.EVENING)
    engine.dispose()
    command = [sys.executable, "-m", "tests.proofs.reads", "--work", url, "--home", str(folder / "home")]
    workers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for worker in workers:
        assert worker.stdout.readline().strip() == "ready"
    started = time.time()
    results = [json.loads(output) for output in _finish(workers)]
    mails = sum(len(result["took"]) for result in results)
    return 60 * mails / (max(result["ended"] for result in results) - started), results, mails


def _finish(workers: list[Any]) -> Iterator[str]:
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        yield worker.communicate()[0]


def show_reads(console: Console, rate: float, results: list[dict[str, Any]], mails: int) -> None:
    """The rate, the memory and the slowest mails by stage."""
    for number, result in enumerate(results, start=1):
        console.print(
            f"process {number}: {len(result['took'])} mails, peak {result['mb']:.0f} MB, its child {result['child_mb']:.0f} MB"
        )
    every = sorted((one for result in results for one in result["took"]), key=lambda one: -one["seconds"])
    table = Table(title=f"{mails} mails, {rate:,.0f} reads a minute; the slowest")
    for name in ("mail", "ms", "parsing", "documents", "understanding"):
        table.add_column(name, justify="left" if name == "mail" else "right")
    for one in every[:SLOWEST]:
        table.add_row(one["name"], *(f"{1_000 * value:.0f}" for value in _stages(one)))
    total = [sum(column) for column in zip(*map(_stages, every), strict=True)]
    table.add_row("all, on average", *(f"{1_000 * value / max(mails, 1):.1f}" for value in total))
    console.print(table)


def _stages(one: dict[str, Any]) -> tuple[float, float, float, float]:
    parsing, documents = one.get("parse_mail", 0.0), one.get("unpack_mail", 0.0)
    return one["seconds"], parsing, documents, one["seconds"] - parsing - documents


def hostile_results() -> Iterator[dict[str, Any]]:
    """Each hostile mail in full size, read by a process of its own."""
    with tempfile.TemporaryDirectory(prefix="orderclerk-hostile-") as folder:
        for name in hostile.INPUTS:
            command = [sys.executable, "-m", "tests.proofs.hostile", name, f"{folder}/input"]
            subprocess.run([*command, "write"], check=True)
            done = subprocess.run(command, capture_output=True, text=True, timeout=180)
            failed = {"seconds": 999, "mb": 9_999, "child_mb": 0, "mail_mb": 0, "kind": "CRASH"}
            result = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else failed
            yield {"name": name, "finding": done.stderr[-300:], **result}


def main() -> int:
    """Measure, show; 1 if a limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.reads", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", choices=("reads", "hostile"))
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(given.work, given.home)
        return 0
    console = Console() if sys.stdout.isatty() else Console(width=170)
    missed: list[str] = []
    if given.only != "hostile":
        with proof_server() as server, tempfile.TemporaryDirectory(prefix="orderclerk-reads-") as folder:
            rate, results, mails = measure(server, given.count, given.seed, Path(folder))
        show_reads(console, rate, results, mails)
        missed += [f"{rate:,.0f} reads a minute, fewer than {LEAST:,}"] if rate < LEAST else []
    if given.only != "reads":
        missed += show_hostile(console)
    load = os.getloadavg()[0]
    console.print("\n".join(missed) or "Every limit is kept.", f"(load of the machine: {load:.1f})", markup=False)
    return bool(missed)


def show_hostile(console: Console) -> list[str]:
    """A row for each hostile mail; what missed a limit."""
    table = Table(title="hostile mails, each alone")
    for name in ("mail", "MB", "seconds", "peak MB", "child MB", "finding"):
        table.add_column(name, justify="left" if name in ("mail", "finding") else "right")
    missed = []
    for one in hostile_results():
        table.add_row(one["name"], f"{one['mail_mb']:.1f}", f"{one['seconds']:.1f}", f"{one['mb']:.0f}", f"{one['child_mb']:.0f}", one["finding"][:100])  # fmt: skip
        if one["seconds"] > MOST_S or max(one["mb"], one["child_mb"]) > MOST_MB:
            missed.append(f"{one['name']}: {one['seconds']:.1f} s, {one['mb']:.0f} and {one['child_mb']:.0f} MB")
        if one["kind"] in ("orders", "CRASH") or "report this" in one["finding"]:
            missed.append(f"{one['name']}: {one['kind']}: {one['finding']}")
    console.print(table)
    return missed


if __name__ == "__main__":
    sys.exit(main())
