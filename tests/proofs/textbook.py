"""`make prove-textbook`: the textbook instances that stockpyl collected, solved by the functions that plan purchases.

Each instance of ../shared/data/inventory-stockpyl is either solved and compared with its published optimum, or listed
with the reason why it is not. Ends with status 1 where a published optimum is not met.
"""

import argparse
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.proofs import textbook_cases
from tests.proofs.pages import write_section
from tests.proofs.textbook_published import NOT_COVERED, PUBLISHED
from tests.proofs.wholesale import shared_data


class Compared(NamedTuple):
    instance: str
    what: str
    published: float
    ours: float
    tolerance: float

    @property
    def difference(self) -> float:
        return self.ours - self.published

    @property
    def is_met(self) -> bool:
        return math.isclose(self.ours, self.published, rel_tol=self.tolerance, abs_tol=self.tolerance)


def instances() -> dict[str, dict[str, Any]]:
    """The instances by name; none where the material is not beside this project."""
    folder = shared_data("inventory-stockpyl")
    if folder is None:
        return {}
    text = (folder / "stockpyl_instances.json").read_text(encoding="utf-8")
    return {one["name"]: one for one in json.loads(text)["instances"]}


def compared(cases: dict[str, dict[str, Any]]) -> Iterator[Compared]:
    for name, published in PUBLISHED.items():
        found = textbook_cases.solve(name, cases[name]["data"])
        tolerance = published.get("tolerance", 1e-6)
        for what, value in published["answers"].items():
            yield Compared(name, what, value, found[what], tolerance)


def table(rows: list[Compared], cases: dict[str, dict[str, Any]]) -> list[str]:
    lines = ["| instance | what | published | ours | difference |", "|---|---|---:|---:|---:|"]
    for row in rows:
        title = cases[row.instance]["description"]
        lines.append(
            f"| {title} | {row.what} | {row.published:.10g} | {row.ours:.10g} | {row.difference:+.1e}"
            f"{'' if row.is_met else ' **not met**'} |"
        )
    return lines


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/replenishment.md")
    chosen = parser.parse_args(arguments)
    cases = instances()
    if not cases:
        print("the textbook instances are not beside this project: nothing proved")
        return 0
    rows = list(compared(cases))
    left = {name: reason for name, reason in NOT_COVERED.items() if name in cases}
    lines = table(rows, cases)
    missed = [row for row in rows if not row.is_met]
    unknown = set(cases) - set(PUBLISHED) - set(left)
    lines += [
        "",
        f"{len(PUBLISHED)} of {len(cases)} instances solved, {len(rows)} figures compared, {len(missed)} not met.",
    ]
    lines += ["", "Not solved:", "", "| instance | why |", "|---|---|"]
    lines += [f"| {cases[name]['description']} (`{name}`) | {reason} |" for name, reason in left.items()]
    print("\n".join(lines))
    if unknown:
        print(f"nobody said what becomes of {', '.join(sorted(unknown))}")
    if chosen.write:
        write_section(Path(__file__).parents[2] / "docs" / "replenishment.md", "Textbook instances", lines)
    return 1 if missed or unknown else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
