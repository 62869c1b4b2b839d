"""The fit of the tables of confidence, on counts that are known."""

import pytest

from orderclerk.domain.match_confidence import STEPS, match_probability
from tests.proofs.calibration_fit import fitted_classes, fitted_forms
from tests.proofs.calibration_model import class_probability, form_confidence
from tests.proofs.calibration_samples import Sample

FORM, DOUBT = "counted item", "two counts"


def sample(right: bool, *doubts: str, how: str = "", score: float = 1.0) -> Sample:
    return Sample(FORM, frozenset(doubts), how, score, "X", 0.9, right, right, right)


def test_a_form_is_as_sure_as_it_was_right_and_a_doubt_takes_off_what_it_costs() -> None:
    plain = [sample(nth % 50 != 0) for nth in range(1000)]  # 98 % right
    doubted = [sample(nth % 2 != 0, DOUBT) for nth in range(400)]  # half of them right
    rows = fitted_forms([*plain, *doubted])
    assert form_confidence(rows, FORM, ()) == pytest.approx(0.98, abs=0.008)
    assert form_confidence(rows, FORM, [DOUBT]) == pytest.approx(0.5, abs=0.03)
    assert next(row[3:] for row in rows if row[1] == DOUBT) == (200, 400)


def test_a_few_lines_do_not_change_what_was_believed_by_much() -> None:
    believed = form_confidence(fitted_forms([]), FORM, ())
    assert form_confidence(fitted_forms([sample(False)]), FORM, ()) > believed - 0.06
    assert form_confidence(fitted_forms([sample(False)] * 200), FORM, ()) < 0.15


def test_steps_of_a_class_never_fall_as_the_score_rises() -> None:
    low = [sample(nth % 4 != 0, how="words", score=0.3) for nth in range(200)]
    high = [sample(True, how="words", score=0.9) for _ in range(200)]
    rows = fitted_classes([*high, *low])
    assert class_probability(rows, "words", 0.3) == pytest.approx(0.75, abs=0.03)
    assert class_probability(rows, "words", 0.95) > 0.99


def test_every_class_that_takes_an_item_has_a_probability_that_rises_with_its_score() -> None:
    for how, steps in STEPS.items():
        values = [match_probability(how, score) for score in (0.0, 0.25, 0.5, 0.75, 1.0)]
        assert values == sorted(values), how
        assert steps[-1][0] == 0.0, how
    assert match_probability("several", 1.0) == 0.0
