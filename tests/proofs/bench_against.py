"""`make bench-against COMMIT=0171c9f`: the benchmark of this tree and of an earlier commit, in turn on one server.

Each commit runs its own `tests.proofs.bench` in a worktree of its own, so that both are measured by what they are. The
least of several runs counts: what else the machine does only ever makes a run slower.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.proofs.server import proof_server

HERE = Path(__file__).parents[2]
SHOWN = ("read_s", "check_s", "total_s", "copy_s")


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """A worktree of `commit`, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="orderclerk-bench-") as folder:
        tree = Path(folder) / "tree"
        subprocess.run(["git", "-C", HERE, "worktree", "add", "--quiet", "--detach", tree, commit], check=True)
        try:
            yield tree
        finally:
            subprocess.run(["git", "-C", HERE, "worktree", "remove", "--force", tree], check=True)


def run(tree: Path, url: str, orders: int, lines: int) -> dict[str, float]:
    """The figures of one run of the benchmark of `tree`."""
    done = subprocess.run([sys.executable, "-m", "tests.proofs.bench", url, str(orders), str(lines)],
                          cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, stdout=subprocess.PIPE, check=True)  # fmt: skip
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main() -> int:
    """Print the table; 1 if a size takes more than `--limit` times as long as at the commit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit")
    parser.add_argument("--sizes", nargs="+", default=["10000x21", "10000x3"], help="orders x lines each")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=1.5)
    args = parser.parse_args()
    table = Table("orders x lines", "tree", *(name.replace("_s", " s") for name in SHOWN), "times as long")
    is_slow = False
    with checked_out(args.commit) as before, proof_server() as url:
        for size in args.sizes:
            orders, lines = map(int, size.split("x"))
            runs: dict[str, list[dict[str, float]]] = {args.commit: [], "this tree": []}
            for _ in range(args.runs):
                for name, tree in ((args.commit, before), ("this tree", HERE)):
                    runs[name].append(run(tree, url, orders, lines))
            least = {name: {what: min(one[what] for one in of) for what in SHOWN} for name, of in runs.items()}
            ratio = least["this tree"]["total_s"] / least[args.commit]["total_s"]
            is_slow |= ratio > args.limit
            for name, figures in least.items():
                shown = f"{ratio:.2f}" if name == "this tree" else ""
                table.add_row(size, name, *(f"{figures[what]:.2f}" for what in SHOWN), shown)
    Console(width=120).print(table)
    return int(is_slow)


if __name__ == "__main__":
    sys.exit(main())
