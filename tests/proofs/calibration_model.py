"""The two tables of confidence as rows, and what they say of a line; the same arithmetic as the code that uses them."""

from collections.abc import Iterable, Sequence

from connectors.mail.lines.confidence import MOST

FormRow = tuple[str, str, float, int, int]  # "form" or "doubt", its name, its value, right, counted
StepRow = tuple[str, float, float, int, int]  # class, score at least, probability, right, counted


def form_confidence(rows: Sequence[FormRow], form: str, doubts: Iterable[str]) -> float:
    """As `connectors.mail.lines.confidence.confidence_of`, by these rows."""
    table = {(kind, name): value for kind, name, value, _, _ in rows}
    value = table.get(("form", form), 0.9)
    for doubt in doubts:
        value *= table.get(("doubt", doubt), 0.9)
    return min(value, MOST)


def class_probability(rows: Sequence[StepRow], how: str, score: float) -> float:
    """As `orderclerk.domain.match_confidence.match_probability`, by these rows."""
    return next((value for name, least, value, _, _ in rows if name == how and score >= least), 0.0)
