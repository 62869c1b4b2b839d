"""`make prove-accuracy`: a labelled corpus through the desk, and the book compared with the truth.

The corpus is made by `sandbox.corpus`, which shares no code with the readers. Developers look at the failures of seeds 1
to 9 (`--failures 40`); the proof's own seed is 2026, and the held-out family is nobody's to look at.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from orderclerk.database.engine import make_engine
from sandbox.corpus.entities import LANGUAGES
from sandbox.corpus.making import HELD_OUT, make_corpus
from tests.proofs import accuracy_tables as tables
from tests.proofs.accuracy_desk import desk_at, work_through
from tests.proofs.accuracy_judge import Verdict, judge
from tests.proofs.server import proof_server
from tests.proofs.wholesale import fresh_book

SEED, COUNT, HELD_OUT_SHARE = 2026, 2000, 10  # one held-out mail for ten others


def run(
    server_url: str, folder: Path, count: int, seed: int, families: Sequence[str] = (), languages: Sequence[str] = ()
) -> tuple[list[Verdict], int]:
    """Make a corpus in `folder`, let a desk work through it on a book of its own; verdicts and crashes."""
    truth = make_corpus(folder, count, seed, families, languages)
    engine = make_engine(fresh_book(server_url, f"accuracy_{seed}_{len(families)}"))
    try:
        counts = work_through(engine, desk_at(folder / "home"), folder)
        return judge(engine, folder, truth), counts["crashes"]
    finally:
        engine.dispose()


def report(verdicts: Sequence[Verdict], crashes: int) -> list[tables.Grid]:
    """Every table of one run."""
    shown = [tables.summary(tables.figures(verdicts, crashes), verdicts)]
    shown += [tables.by_group(verdicts, group) for group in tables.GROUPS]
    return [*shown, tables.header_fields(verdicts), tables.calibration(verdicts), tables.traps(verdicts)]


def show_failures(console: Console, verdicts: Sequence[Verdict], most: int) -> None:
    """The mails that went wrong, each with what differs and what held it."""
    failed = [v for v in verdicts if not v.disposed or v.wrong or not v.kind_right]
    for v in failed[:most]:
        true = v.true
        console.print(
            f"\n{true['file']} {true['language']} {true['layout']} expect {true['expect']} {true['traps']}",
            style="bold",
            markup=False,
        )
        for line in [*v.wrong, *v.differences, *v.holds]:
            console.print("   " + line, markup=False, highlight=False)
    console.print(f"\n{len(failed)} of {len(verdicts)} mails went wrong")


def wrongly_accepted(verdicts: Sequence[Verdict]) -> list[str]:
    """Every accepted line that is untrue."""
    return [
        f"{v.true['file']} ({v.true['language']}, {v.true['layout']}): {line}" for v in verdicts for line in v.wrong
    ]


def page(grids: Sequence[tables.Grid], wrong: Sequence[str], held_out: Sequence[tables.Grid], command: str) -> str:
    """docs/accuracy.md."""
    parts = [
        "# How well orders are read\n",
        f"Measured by `{command}`: mails and documents made by `sandbox/corpus`, a writer that shares no code and no word list with the",
        "readers, on a real PostgreSQL through the steps the flows call, with default policy and ample stock. The truth of each mail is known;",
        'quantities and prices are compared in the item\'s own unit. "Untouched" counts order mails that need nobody: accepted without a hold',
        "and right in every line. An order accepted though a clerk must ask counts with all its lines as wrongly accepted.\n",
        *(grid.markdown() for grid in grids),
        "**Wrongly accepted lines, every one**\n",
        *([f"* {line}" for line in wrong] or ["None."]),
        "\n## The family left out of development\n",
        "Layouts that nobody who works on the readers has seen; the same figures.\n",
        *(grid.markdown() for grid in held_out),
    ]
    return "\n".join(parts) + "\n"


def main() -> int:
    """Run, print, write; 1 if a limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.accuracy", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--family", action="append", default=[])
    parser.add_argument("--language", action="append", default=[], choices=LANGUAGES)
    parser.add_argument("--failures", type=int, default=0, help="show this many mails that went wrong")
    parser.add_argument("--keep", type=Path, help="leave the corpus in this folder")
    parser.add_argument("--write", type=Path, help="write the figures as Markdown")
    given = parser.parse_args()
    console = Console() if sys.stdout.isatty() else Console(width=180)
    with proof_server() as server, tempfile.TemporaryDirectory(prefix="orderclerk-accuracy-") as temporary:
        home = given.keep or Path(temporary)
        verdicts, crashes = run(server, home, given.count, given.seed, given.family, given.language)
        held_out: list[tables.Grid] = []
        if not given.family:
            unseen, more = run(
                server, Path(temporary) / HELD_OUT, max(given.count // HELD_OUT_SHARE, 20), given.seed, [HELD_OUT]
            )
            held_out = [tables.summary(tables.figures(unseen, more), unseen), tables.by_group(unseen, "language")]
    grids = report(verdicts, crashes)
    for grid in grids:
        grid.show(console)
    for grid in held_out:
        console.print(f"family {HELD_OUT}", style="bold")
        grid.show(console)
    wrong = wrongly_accepted(verdicts)
    if given.failures:
        show_failures(console, verdicts, given.failures)
    elif wrong:
        console.print("\n".join(["Accepted, and untrue:", *wrong]), markup=False, highlight=False)
    if given.write:
        command = f"python -m tests.proofs.accuracy --count {given.count} --seed {given.seed}"
        given.write.write_text(page(grids, wrong, held_out, command), encoding="utf-8")
    missed = tables.figures(verdicts, crashes).missed()
    console.print("\n".join(missed) or "Every limit is kept.", style="red" if missed else "green")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
