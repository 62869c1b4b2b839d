"""Where a server's socket lies: in its data folder, or, where that is too deep, in a private one with a short name."""

import os
import stat
import tempfile
from hashlib import sha256
from pathlib import Path

from orderclerk.local.postgres_faults import PostgresError, explained
from orderclerk.local.system_user import SystemUser, hand_over

LONGEST_PATH = 100  # bytes; Linux takes 107, macOS 103
_FILE_NAME = ".s.PGSQL.5432"


def socket_folder(data_folder: Path, user: SystemUser | None) -> Path:
    """The folder for the socket of the server of `data_folder`; made if it has to be another one."""
    if len(os.fsencode(data_folder / _FILE_NAME)) <= LONGEST_PATH:
        return data_folder
    base = os.environ.get("XDG_RUNTIME_DIR", "") if user is None else ""
    name = f"orderclerk-{sha256(os.fsencode(data_folder)).hexdigest()[:12]}"
    folder = Path(base if base and os.access(base, os.W_OK) else tempfile.gettempdir()) / name
    with explained(f"{folder} cannot be made"):
        if not os.path.lexists(folder):
            folder.mkdir(mode=0o700)
            hand_over(folder, user)
    _check_private(folder, user)
    return folder


def _check_private(folder: Path, user: SystemUser | None) -> None:
    """Others may write into the folder above: what is there under our name must be ours."""
    found = folder.lstat()
    owner = user.uid if user else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise PostgresError(f"{folder} is not ours alone; remove it, or choose a home with a shorter path")
