"""Fits the tables of confidence: counts, drawn a little towards what was believed before."""

import csv
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import isotonic_regression

from connectors.mail.lines import confidence as reader_table
from connectors.mail.lines.confidence import MOST
from orderclerk.domain import match_confidence
from tests.proofs.calibration_model import FormRow, StepRow
from tests.proofs.calibration_samples import Sample

STRENGTH = 20  # what was believed before counts like so many lines
ROUNDS = 20
LEAST_STEP = 25  # lines in a step of a class
FORMS = Path(reader_table.__file__).with_name("confidence.csv")
CLASSES = Path(match_confidence.__file__)


def fitted_forms(samples: Sequence[Sample]) -> list[FormRow]:
    """The reader's table from lines that were read: forms by themselves, doubts as factors, in turn until they stand."""
    before = _read_forms()
    value = dict(before)
    read = [one for one in samples if one.item and ("form", one.form) in value]  # without an item it is held anyway
    for _ in range(ROUNDS):
        for key in value:
            some = [one for one in read if key in _keys(one)]
            value[key] = _factor(key, some, value, before)
    return [
        (*key, round(number, 4), *_counts(one for one in read if key in _keys(one))) for key, number in value.items()
    ]


def _factor(
    key: tuple[str, str], some: list[Sample], value: dict[tuple[str, str], float], before: dict[tuple[str, str], float]
) -> float:
    """What the rest of each line's reading leaves to explain."""
    rest = [float(np.prod([value.get(other, 1.0) for other in _keys(one) if other != key])) for one in some]
    right = sum(one.is_read_right for one in some)
    believed = min(before[key], 1.0)
    most = MOST if key[0] == "form" else max(1.0, min(before[key], 1.01))
    return min((right + STRENGTH * believed) / (sum(rest) + STRENGTH), most)


def _keys(one: Sample) -> set[tuple[str, str]]:
    return {("form", one.form), *(("doubt", doubt) for doubt in one.doubts)}


def fitted_classes(samples: Sequence[Sample]) -> list[StepRow]:
    """The matching's table: for each class its steps of score, never falling as the score rises."""
    rows: list[StepRow] = []
    for how, steps in match_confidence.STEPS.items():
        some = sorted((one for one in samples if one.how == how), key=lambda one: one.score)
        rows += _steps(how, some) if len(some) >= LEAST_STEP else _kept(how, steps, some)
    return rows


def _kept(how: str, steps: Sequence[tuple[float, float, int, int]], some: list[Sample]) -> list[StepRow]:
    """Too few lines to say: as believed, with the counts."""
    right, counted = _item_counts(some)
    return [(how, least, probability, right, counted) for least, probability, _, _ in steps]


def _steps(how: str, some: list[Sample]) -> list[StepRow]:
    """The blocks of an isotonic regression over the scores, those of too few lines joined with the next lower."""
    groups = [list(group) for _, group in groupby(some, key=lambda one: round(one.score, 3))]
    shares = [sum(one.is_item_right for one in group) / len(group) for group in groups]
    blocks = isotonic_regression(shares, weights=[len(group) for group in groups]).blocks
    steps: list[list[Sample]] = []
    for begin, end in pairwise(blocks):
        block = [one for group in groups[begin:end] for one in group]
        if steps and (len(block) < LEAST_STEP or len(steps[-1]) < LEAST_STEP):
            steps[-1] += block
        else:
            steps.append(block)
    return [_step(how, step, is_lowest=step is steps[0]) for step in reversed(steps)]


def _step(how: str, step: list[Sample], *, is_lowest: bool) -> StepRow:
    right, counted = _item_counts(step)
    least = 0.0 if is_lowest else round(step[0].score, 3)
    believed = match_confidence.match_probability(how, step[0].score)
    return how, least, round((right + STRENGTH * believed) / (counted + STRENGTH), 4), right, counted


def _counts(some: Iterable[Sample]) -> tuple[int, int]:
    listed = list(some)
    return sum(one.is_read_right for one in listed), len(listed)


def _item_counts(some: Sequence[Sample]) -> tuple[int, int]:
    return sum(one.is_item_right for one in some), len(some)


def _read_forms() -> dict[tuple[str, str], float]:
    with FORMS.open(encoding="utf-8", newline="") as file:
        return {(row["kind"], row["name"]): float(row["value"]) for row in csv.DictReader(file)}


def write_forms(rows: Sequence[FormRow]) -> None:
    """Replace the reader's table."""
    with FORMS.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("kind", "name", "value", "right", "counted"), *rows])


def write_classes(rows: Sequence[StepRow]) -> None:
    """Replace the table in the matching's module, and nothing else of it."""
    text = CLASSES.read_text(encoding="utf-8")
    begin, end = text.index("STEPS:"), text.index("\n}\n") + 3
    steps: dict[str, list[str]] = {}
    for how, least, probability, right, counted in rows:
        steps.setdefault(how, []).append(f"({least}, {probability}, {right}, {counted})")
    body = "".join(f'    "{how}": ({", ".join(listed)},),\n' for how, listed in steps.items())
    table = f"STEPS: dict[str, tuple[tuple[float, float, int, int], ...]] = {{\n{body}}}\n"
    CLASSES.write_text(text[:begin] + table + text[end:], encoding="utf-8")
