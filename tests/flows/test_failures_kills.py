"""The kill proof in short: a few kills during a small day, and everything is as if nobody had been killed."""

import argparse
from pathlib import Path

import pytest
from rich.console import Console

from orderclerk.local.postgres import SharedServer
from tests.proofs import kills


@pytest.mark.slow
def test_a_small_day_survives_its_kills(
    postgres: SharedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kills, "FAULTS", {"dropped": 0.03, "duplicates": 0.1, "smtp_drop_after_data": 0.1})
    asked = argparse.Namespace(kills=5, orders=40, seed=3, every=300, show=5)
    assert kills.prove(postgres.url("postgres"), tmp_path, asked, Console(quiet=True)) == []
