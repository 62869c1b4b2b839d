"""How often each class of match is right, as measured: python -m tests.proofs.calibrate writes the table below."""

from orderclerk.domain.item_search import How

# class: steps of (score at least, probability, right, counted), highest score first
STEPS: dict[str, tuple[tuple[float, float, int, int], ...]] = {
    "number": ((0.0, 1.0, 0, 0),),
    "number rewritten": ((0.0, 0.999, 23, 23),),
    "number slip": (
        (0.9, 0.995, 0, 0),
        (0.0, 0.97, 0, 0),
    ),
    "beside a number": (
        (0.9, 0.97, 8, 8),
        (0.0, 0.8, 8, 8),
    ),
    "alias": ((0.0, 0.999, 0, 0),),
    "history": (
        (0.9, 0.997, 0, 0),
        (0.0, 0.97, 0, 0),
    ),
    "name": ((0.0, 0.9976, 413, 414),),
    "short name": ((0.0, 0.97, 0, 0),),
    "words": (
        (0.7, 0.995, 6, 7),
        (0.4, 0.98, 6, 7),
        (0.0, 0.9, 6, 7),
    ),
    "more words": (
        (0.6, 0.98, 9, 9),
        (0.0, 0.8, 9, 9),
    ),
    "other words": (
        (0.6, 0.9, 0, 0),
        (0.0, 0.5, 0, 0),
    ),
    "bought": (
        (0.9, 0.95, 0, 0),
        (0.0, 0.9, 0, 0),
    ),
    "person": ((0.0, 1.0, 0, 0),),
    "repeat": ((0.0, 0.995, 19, 19),),
}


def match_probability(how: How | str, score: float) -> float:
    """The probability that a match of this class and score is what was meant; 0 for a class that matches nothing."""
    return next((probability for least, probability, _, _ in STEPS.get(str(how), ()) if score >= least), 0.0)
