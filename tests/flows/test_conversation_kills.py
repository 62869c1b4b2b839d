"""The proof of the conversation in short: one order, its first hours, some cuts, and it goes on as without kills."""

from pathlib import Path

import pytest
from rich.console import Console

from orderclerk.local.postgres import SharedServer
from tests.proofs import conversation
from tests.proofs.conversation_script import MOMENTS, PARTS


@pytest.mark.slow
def test_a_short_conversation_survives_its_kills(
    postgres: SharedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "MOMENTS", MOMENTS[:4])
    parts = tuple(part for part in PARTS if part.ref == "called-off")
    assert conversation.prove(postgres.url("postgres"), tmp_path, parts, 20, Console(quiet=True)) == []
