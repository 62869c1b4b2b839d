"""Mails that nobody here wrote, filed by kind: `python -m tests.proofs.kinds [--page docs/kinds.md]`.

Our kind against what a person says (kinds_labels.csv: the labels are ours, the mails stay in ../shared/data), the share
that is right, and every difference. Ends with 1 if one of them becomes an order.
"""

import argparse
import csv
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from connectors.files.reading import read_file
from connectors.mail.reading import read_mail
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, LetterKind

DATA = Path(__file__).parents[2].parent / "shared" / "data"
LABELS = Path(__file__).with_name("kinds_labels.csv")
OWN = frozenset({"desk@desk.example"})
START, END = "<!-- measured -->", "<!-- /measured -->"


@dataclass(frozen=True)
class Filed:
    """One mail: what a person says it is, what the desk files it as, and whether it made an order of it."""

    mail: str
    person: str
    desk: str
    confidence: float
    is_order: bool


def file_all(data: Path = DATA) -> list[Filed]:
    """Every labelled mail, filed."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return [_filed(data, row["mail"], row["a person says"]) for row in csv.DictReader(file)]


def _filed(data: Path, mail: str, person: str) -> Filed:
    envelope = Envelope("mail", mail, (data / mail).read_bytes(), "message/rfc822", "someone@elsewhere.example")
    reading = read_mail(envelope, b"a secret that signed none of these", OWN, lambda inner: read_file(inner, {}))
    assert reading.letter is not None, f"{mail} is no letter"
    is_order = bool(reading.orders) or reading.frame is not None or reading.kind is EnvelopeKind.ORDERS
    return Filed(mail, person, str(reading.letter.kind), reading.letter.confidence, is_order)


def report(filed: list[Filed]) -> str:
    """The table of kinds, the share that is right, and the differences."""
    counts = Counter((one.person, one.desk) for one in filed)
    persons = [kind for kind in map(str, LetterKind) if any(one.person == kind for one in filed)]
    desks = [kind for kind in map(str, LetterKind) if any(one.desk == kind for one in filed)]
    rows = [f"| {person} | {' | '.join(str(counts[person, desk] or '') for desk in desks)} |" for person in persons]
    right = sum(one.person == one.desk for one in filed)
    wrong = [
        f"| {one.mail} | {one.person} | {one.desk} | {one.confidence:.2f} |" for one in filed if one.person != one.desk
    ]
    return "\n".join(
        [
            f"{len(filed)} mails, {right} filed as a person would: {right / len(filed):.1%}. "
            f"Orders made of them: {sum(one.is_order for one in filed)}.",
            "",
            f"| a person says \\ the desk says | {' | '.join(desks)} |",
            f"|---|{'---:|' * len(desks)}",
            *rows,
            "",
            "| mail filed otherwise | a person | the desk | its confidence |",
            "|---|---|---|---:|",
            *wrong,
        ]
    )


def main() -> int:
    """Print the report, and write it between the marks of a page if one is named; 1 if a mail became an order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", type=Path)
    given = parser.parse_args()
    if not DATA.is_dir():
        print(f"{DATA} is not there: nothing to file")
        return 1
    filed = file_all()
    said = report(filed)
    print(said)
    if given.page:
        text = given.page.read_text(encoding="utf-8")
        head, tail = text.partition(START)[0], text.partition(END)[2]
        given.page.write_text(f"{head}{START}\n{said}\n{END}{tail}", encoding="utf-8")
    for one in filed:
        if one.is_order:
            print(f"\n{one.mail} became an order")
    return any(one.is_order for one in filed)


if __name__ == "__main__":
    sys.exit(main())
