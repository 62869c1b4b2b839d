"""How the embedded PostgreSQL is tuned: durable, and fast enough for a desk on a small machine."""

import shutil
from pathlib import Path

_TUNED = {
    "listen_addresses": "''",  # the socket alone: nothing to reach from outside, no port to collide
    "max_connections": "200",
    "shared_buffers": "'256MB'",
    "work_mem": "'32MB'",
    "maintenance_work_mem": "'128MB'",
    "effective_cache_size": "'1GB'",
    "random_page_cost": "1.1",
    "max_wal_size": "'2GB'",
    "checkpoint_timeout": "'15min'",
    "jit": "off",
    "log_checkpoints": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
}
_FOR_TESTS = {"fsync": "off", "full_page_writes": "off", "wal_level": "minimal",
              "max_wal_senders": "0"}  # fmt: skip
_ENOUGH_SHARED_MEMORY = 512 * 2**20


def configuration(sockets: Path, durable: bool) -> str:
    """The text of orderclerk.conf."""
    values = _TUNED | {"unix_socket_directories": _quoted(str(sockets)), "unix_socket_permissions": "0700"}
    if not durable:
        values |= _FOR_TESTS
    if not _has_shared_memory():  # a container's 64 MB: parallel hash joins would die of it
        values |= {"max_parallel_workers_per_gather": "0", "max_parallel_maintenance_workers": "0"}
    lines = [f"{name} = {value}" for name, value in values.items()]
    return "\n".join(["# written at every start; your own settings go into postgresql.conf", *lines, ""])


def _has_shared_memory() -> bool:
    shared = Path("/dev/shm")  # noqa: S108 (its size is all we ask)
    return not shared.exists() or shutil.disk_usage(shared).total >= _ENOUGH_SHARED_MEMORY


def _quoted(text: str) -> str:
    return "'\"" + text.replace("'", "''").replace('"', '""') + "\"'"
