"""No file, whole or broken, crashes a reader or becomes an order that it is not. The full proof is a command."""

import pytest

from tests.proofs import read_everything as proof

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not proof.DATA.is_dir(), reason="../shared/data is not here"),
]


def test_nothing_crashes_and_nothing_is_invented():
    days = sorted(proof.DATA.glob("uci-online-retail/by-day/*.csv"))[3:]  # three stand for ninety-five
    files = [path for path in proof.corpus() if path not in days]
    whole, damaged = proof.run(60, seed=20261123, files=files)
    assert proof.faults(whole, damaged) == []
    assert sum(tally.counts["crashes"] for tally in (*whole.values(), *damaged.values())) == 0
    assert whole["ubl-phax"].counts["orders"] == 6
    assert whole["edi-edinet-samples"].counts["orders"] == 4
    assert whole["edi-pydifact"].counts["orders"] == 3
    assert whole["uci-online-retail"].counts["unreadable"] == 0


def test_the_same_seed_breaks_the_same_files():
    files = proof.corpus()[:40]
    assert list(proof.broken(files, 20, 5)) == list(proof.broken(files, 20, 5))
