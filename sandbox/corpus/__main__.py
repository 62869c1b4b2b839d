"""`python -m sandbox.corpus OUT --count 2000 --seed 1`: write a labelled corpus."""

import argparse
from collections import Counter
from pathlib import Path

from sandbox.corpus.entities import LANGUAGES
from sandbox.corpus.making import make_corpus


def main() -> None:
    """Parse the command line, write the corpus, say what is in it."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.corpus", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--family", action="append", default=[])
    parser.add_argument("--language", action="append", default=[], choices=LANGUAGES)
    given = parser.parse_args()
    truth = make_corpus(given.out, given.count, given.seed, given.family, given.language)
    for key in ("language", "family", "kind", "expect"):
        counts = Counter(str(true[key]) for true in truth)
        print(f"{key}: " + ", ".join(f"{name} {count}" for name, count in counts.most_common()))  # noqa: T201
    print(f"{len(truth)} mails in {given.out}")  # noqa: T201


if __name__ == "__main__":
    main()
