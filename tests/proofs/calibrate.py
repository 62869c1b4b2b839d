"""`python -m tests.proofs.calibrate`: how often each form of reading and each class of match is right, and the tables
that say so.

Measured on the development corpus (seeds 1 to 8; never 2026, never the held-out family), tested on a seed that the tables
have not seen. With `--write` the tables are replaced: connectors/mail/lines/confidence.csv and
orderclerk/domain/match_confidence.py.
"""

import argparse
import itertools
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console

from orderclerk.database.engine import make_engine
from sandbox.corpus.making import make_corpus
from tests.proofs.accuracy_desk import desk_at, work_through
from tests.proofs.calibration_fit import fitted_classes, fitted_forms, write_classes, write_forms
from tests.proofs.calibration_samples import Sample, samples_of
from tests.proofs.server import proof_server
from tests.proofs.wholesale import fresh_book

SEEDS, UNSEEN = (1, 2, 3, 5, 6, 7), 8
FORBIDDEN = 2026
BINS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 1.01)


def measure(server_url: str, seed: int, count: int) -> list[Sample]:
    """Every line that the desk reads in `count` mails of a seed, beside the truth."""
    with tempfile.TemporaryDirectory(prefix="orderclerk-calibrate-") as folder:
        home = Path(folder)
        truth = make_corpus(home, count, seed, (), ())
        engine = make_engine(fresh_book(server_url, f"calibrate_{seed}"))
        try:
            work_through(engine, desk_at(home / "home"), home)
            return samples_of(engine, truth)
        finally:
            engine.dispose()


def reliability(samples: Iterable[Sample]) -> list[tuple[str, int, float, float]]:
    """By band of confidence: how many lines, their mean confidence, and how many of them are right."""
    listed = [(one.confidence, one.is_right) for one in samples if one.item]
    bands = []
    for low, high in itertools.pairwise(BINS):
        some = [(sure, right) for sure, right in listed if low <= sure < high]
        if some:
            count = len(some)
            bands.append(
                (f"{low} to {min(high, 1.0)}", count, sum(s for s, _ in some) / count, sum(r for _, r in some) / count)
            )
    return bands


def calibration_error(samples: Sequence[Sample]) -> float:
    """Mean distance between confidence and truth over the bands, weighted by their lines, in points."""
    bands = reliability(samples)
    total = sum(count for _, count, _, _ in bands)
    return 100 * sum(count * abs(sure - right) for _, count, sure, right in bands) / max(total, 1)


def _show(console: Console, title: str, samples: Sequence[Sample]) -> None:
    console.print(f"\n{title}: {len(samples)} lines, off by {calibration_error(samples):.2f} points")
    for band, count, sure, right in reliability(samples):
        console.print(
            f"  {band:>14} {count:>6} lines, said {100 * sure:6.2f} %, right {100 * right:6.2f} %", highlight=False
        )


def main() -> None:
    """Measure, show, and write where asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.calibrate", description=__doc__)
    parser.add_argument("--seed", type=int, action="append", default=[])
    parser.add_argument("--unseen", type=int, default=UNSEEN)
    parser.add_argument("--count", type=int, default=400, help="mails a seed")
    parser.add_argument("--write", action="store_true", help="replace the tables that the code uses")
    given = parser.parse_args()
    seeds = given.seed or list(SEEDS)
    if FORBIDDEN in (*seeds, given.unseen) or given.unseen in seeds:
        parser.error("the proof's own seed is not for calibration, and the unseen seed must be unseen")
    console = Console(width=160)
    with proof_server() as server:
        seen = [sample for seed in seeds for sample in measure(server, seed, given.count)]
        unseen = measure(server, given.unseen, given.count)
    _show(console, "As the tables are now, unseen seed", unseen)
    forms, classes = fitted_forms(seen), fitted_classes(seen)
    for row in (*forms, *classes):
        console.print("  " + "  ".join(str(value) for value in row), highlight=False)
    _show(console, "As the new tables would say, seeds seen", [one.said_by(forms, classes) for one in seen])
    _show(console, "As the new tables would say, unseen seed", [one.said_by(forms, classes) for one in unseen])
    if given.write:
        write_forms(forms)
        write_classes(classes)


if __name__ == "__main__":
    main()
