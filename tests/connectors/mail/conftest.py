"""Fixtures of the mail tests: certificates once, a server a test (it starts in under a second)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mail_world import ImapServer, Wire

from sandbox.tls import make_ca_and_cert


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    return make_ca_and_cert(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server(certificates: tuple[Path, Path, Path]) -> Iterator[ImapServer]:
    server = ImapServer(*certificates)
    yield server
    server.stop()


@pytest.fixture
def wire(server: ImapServer) -> Iterator[Wire]:
    wire = Wire(server.port)
    yield wire
    wire.close()
