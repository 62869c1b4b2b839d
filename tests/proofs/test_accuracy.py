"""A small corpus through the desk: the judge sees what is right, what is held and what is invented."""

from dataclasses import replace

import pytest

from orderclerk.database.engine import make_engine
from sandbox.corpus.making import make_corpus
from tests.proofs.accuracy_desk import desk_at, work_through
from tests.proofs.accuracy_judge import judge
from tests.proofs.accuracy_tables import Figures, by_group, calibration, figures


@pytest.fixture
def worked(book_url, tmp_path):
    truth = make_corpus(tmp_path, 60, 9)
    engine = make_engine(book_url)
    counts = work_through(engine, desk_at(tmp_path / "home"), tmp_path)
    yield engine, tmp_path, truth, counts
    engine.dispose()


def test_a_small_corpus_is_worked_through_and_judged(worked):
    engine, folder, truth, counts = worked
    verdicts = judge(engine, folder, truth)
    found = figures(verdicts, counts["crashes"])
    assert found.crashes == 0
    assert counts["envelopes"] == len(verdicts) == 60
    assert all(v.state in ("read", "filed", "quarantined") for v in verdicts)
    assert not [line for v in verdicts if v.true["expect"] == "file" for line in v.wrong], (
        "an order out of what is none"
    )
    assert sum(v.right for v in verdicts) > 0
    assert len(by_group(verdicts, "language").rows) > 2
    assert calibration(verdicts).rows
    false = [
        {
            **true,
            "orders": [
                {**order, "lines": [{**line, "quantity": 7777777} for line in order["lines"]]}
                for order in true["orders"]
            ],
        }
        for true in truth
    ]
    against = judge(engine, folder, false)
    assert sum(v.right for v in against) == 0, "a judge that cannot say no"
    assert sum(len(v.wrong) for v in against) >= sum(v.accepted_lines for v in against if v.true["expect"] == "accept")


def test_a_missed_limit_is_said():
    good = Figures(wrong=0.05, untouched=90.0, miscalibrated=1.0, crashes=0)
    assert good.missed() == []
    for change in ({"wrong": 0.11}, {"untouched": 84.9}, {"miscalibrated": 2.1}, {"crashes": 1}):
        assert len(replace(good, **change).missed()) == 1
