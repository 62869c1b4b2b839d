"""The figures of the accuracy proof: shares by group, calibration, and the tables that show them."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tests.proofs.accuracy_judge import FIELDS, Verdict

MOST_WRONG, LEAST_UNTOUCHED, MOST_MISCALIBRATED = 0.1, 85.0, 2.0  # percent, percent, points
EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0)
GROUPS: dict[str, Callable[[Verdict], str]] = {
    "kind": lambda v: v.true["kind"],
    "language": lambda v: v.true["language"],
    "family": lambda v: v.true["family"],
    "layout": lambda v: v.true["layout"],
}


@dataclass(frozen=True)
class Grid:
    """A table: title, header, rows of texts."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]

    def show(self, console: Console) -> None:
        """Print it."""
        table = Table(title=self.title, title_justify="left")
        for nth, name in enumerate(self.head):
            table.add_column(name, justify="left" if nth == 0 else "right")
        for row in self.rows:
            table.add_row(*row)
        console.print(table)

    def markdown(self) -> str:
        """The same as Markdown."""
        bar = "|---|" + "---:|" * (len(self.head) - 1)
        lines = ["| " + " | ".join(self.head) + " |", bar, *("| " + " | ".join(row) + " |" for row in self.rows)]
        return f"**{self.title}**\n\n" + "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Figures:
    """What the issue asks for, in percent and points."""

    wrong: float
    untouched: float
    miscalibrated: float
    crashes: int

    def missed(self) -> list[str]:
        """The limits that are not kept, in words."""
        found = [
            (self.wrong > MOST_WRONG, f"wrongly accepted lines {self.wrong:.2f} %, limit {MOST_WRONG} %"),
            (self.untouched < LEAST_UNTOUCHED, f"handled untouched {self.untouched:.1f} %, at least {LEAST_UNTOUCHED} %"),
            (self.miscalibrated > MOST_MISCALIBRATED, f"calibration off by {self.miscalibrated:.2f} points, at most {MOST_MISCALIBRATED}"),
            (self.crashes > 0, f"{self.crashes} crashes"),
        ]  # fmt: skip
        return [words for is_missed, words in found if is_missed]


def figures(verdicts: Sequence[Verdict], crashes: int) -> Figures:
    """The four figures with a limit."""
    sent = [v for v in verdicts if v.true["orders"] and v.true["expect"] == "accept"]
    return Figures(
        wrong=_share(sum(len(v.wrong) for v in verdicts), sum(v.accepted_lines for v in verdicts)),
        untouched=_share(sum(v.untouched for v in sent), len(sent)),
        miscalibrated=_calibration_error(verdicts),
        crashes=crashes,
    )


def by_group(verdicts: Sequence[Verdict], group: str) -> Grid:
    """Lines, orders and disposal for each value of `group`."""
    rows = [_row(name, some) for name, some in sorted(_grouped(verdicts, GROUPS[group]).items())]
    if len(rows) > 1:
        rows.append(_row("all", verdicts))
    head = (
        group,
        "mails",
        "lines",
        "found %",
        "right %",
        "orders right %",
        "untouched %",
        "wrongly accepted",
        "rightly disposed %",
        "kind right %",
    )
    return Grid(f"By {group}", head, rows)


def _row(name: str, some: Sequence[Verdict]) -> tuple[str, ...]:
    wanted = sum(v.lines for v in some)
    orders = sum(len(v.true["orders"]) for v in some)
    clear = [v for v in some if v.true["orders"] and v.true["expect"] == "accept"]
    return (
        name, str(len(some)), str(wanted), _text(sum(v.found for v in some), wanted),
        _text(sum(v.right for v in some), wanted), _text(sum(v.orders_right for v in some), orders),
        _text(sum(v.untouched for v in clear), len(clear)), str(sum(len(v.wrong) for v in some)),
        _text(sum(v.disposed for v in some), len(some)), _text(sum(v.kind_right for v in some), len(some)),
    )  # fmt: skip


def header_fields(verdicts: Sequence[Verdict]) -> Grid:
    """Header fields right, by language."""
    rows = []
    for name, some in [*sorted(_grouped(verdicts, GROUPS["language"]).items()), ("all", list(verdicts))]:
        orders = sum(len(v.true["orders"]) for v in some)
        rows.append((name, str(orders), *(_text(sum(v.fields[field] for v in some), orders) for field in FIELDS)))
    return Grid("Header fields right, % of orders", ("language", "orders", *FIELDS), rows)


def calibration(verdicts: Sequence[Verdict]) -> Grid:
    """Said and measured probability that a line is right."""
    rows = []
    for (low, high), pairs in sorted(_buckets(verdicts).items()):
        said = sum(sure for sure, _ in pairs) / len(pairs)
        true = sum(right for _, right in pairs) / len(pairs)
        rows.append(
            (
                f"{low:g} to {high:g}",
                str(len(pairs)),
                f"{100 * said:.2f}",
                f"{100 * true:.2f}",
                f"{100 * (said - true):+.2f}",
            )
        )
    rows.append(("expected calibration error", "", "", "", f"{_calibration_error(verdicts):.2f}"))
    return Grid(
        "Calibration of order_lines.confidence", ("confidence", "lines", "said %", "right %", "points off"), rows
    )


def traps(verdicts: Sequence[Verdict]) -> Grid:
    """What became of the mails in which a clerk must ask or refuse, or reads over a slip."""
    found: dict[str, list[Verdict]] = defaultdict(list)
    for v in verdicts:
        for name in v.true["traps"]:
            found[name].append(v)
    rows = [
        (
            name,
            some[0].true["expect"] + (" (may hold)" if some[0].true["may_hold"] else ""),
            str(len(some)),
            _text(sum(v.disposed for v in some), len(some)),
        )
        for name, some in sorted(found.items())
    ]
    return Grid("Catches and slips", ("what", "expected", "mails", "rightly disposed %"), rows)


def summary(figures_: Figures, verdicts: Sequence[Verdict]) -> Grid:
    """The figures that have limits, and the two that sum up."""
    held = [v for v in verdicts if v.true["expect"] == "hold"]
    sent = [v for v in verdicts if v.true["orders"]]
    lost = [v for v in sent if not v.booked_orders and v.state == "filed"]
    rows = [
        ("accepted lines that are untrue, %", f"{figures_.wrong:.2f}", f"<= {MOST_WRONG}"),
        ("order mails handled untouched, %", f"{figures_.untouched:.1f}", f">= {LEAST_UNTOUCHED}"),
        ("calibration error, points", f"{figures_.miscalibrated:.2f}", f"<= {MOST_MISCALIBRATED}"),
        ("crashes", str(figures_.crashes), "0"),
        ("mails rightly disposed, %", _text(sum(v.disposed for v in verdicts), len(verdicts)), ""),
        ("order mails filed as something else, %", _text(len(lost), len(sent)), ""),
        ("held where a clerk must ask, %", _text(sum(v.disposed for v in held), len(held)), ""),
    ]
    return Grid(f"{len(verdicts)} mails", ("figure", "measured", "limit"), rows)


def _grouped(verdicts: Sequence[Verdict], key: Callable[[Verdict], str]) -> dict[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        found[key(verdict)].append(verdict)
    return found


def _buckets(verdicts: Sequence[Verdict]) -> dict[tuple[float, float], list[tuple[float, bool]]]:
    found: dict[tuple[float, float], list[tuple[float, bool]]] = defaultdict(list)
    for sure, right in (pair for v in verdicts for pair in v.sure):
        low = max(edge for edge in EDGES[:-1] if edge <= sure)
        found[low, EDGES[EDGES.index(low) + 1]].append((sure, right))
    return found


def _calibration_error(verdicts: Sequence[Verdict]) -> float:
    """The mean distance of said and measured, weighted by how many lines a bucket has; in points."""
    buckets = _buckets(verdicts).values()
    count = sum(map(len, buckets))
    return 100 * sum(abs(sum(sure - right for sure, right in pairs)) for pairs in buckets) / count if count else 0.0


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _text(part: int, whole: int) -> str:
    return f"{_share(part, whole):.1f}" if whole else "-"
