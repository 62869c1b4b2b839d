"""Secrets: from the environment, and from `secrets.env` in the home, which only its owner may read."""

import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from orderclerk.settings_checks import SettingsError

FILE_NAME = "secrets.env"
PREFIX = "ORDERCLERK_"


def read_secrets(home: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """All ORDERCLERK_ variables: `home`/secrets.env where it exists, the environment above it. Raises SettingsError."""
    path = home / FILE_NAME
    kept = _read(path) if path.is_file() else {}
    return kept | {name: value for name, value in environment.items() if name.startswith(PREFIX)}


def shop_variable(shop: str, part: str) -> str:
    """The variable of a shop's secret: `north-eu`, `token` -> ORDERCLERK_SHOP_NORTH_EU_TOKEN."""
    return f"{PREFIX}SHOP_{re.sub('[^A-Z0-9]', '_', shop.upper())}_{part.upper()}"


def signing_secret(home: Path, given: str) -> bytes:
    """The key that signs references: `given`, else a random one made once and kept in `home`/var/secret (mode 0600)."""
    if given:
        return given.encode()
    path = home / "var" / "secret"
    try:
        if not path.exists():
            _make_secret(path)
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be kept: {error.strerror}; make the folder writable or set ORDERCLERK_SECRET"
        ) from error


def _read(path: Path) -> dict[str, str]:
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"{path} holds secrets and others may read it; run: chmod 600 {path}")
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    found = {}
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.removeprefix("export ").partition("=")
        if not equals or not name.strip().startswith(PREFIX):
            raise SettingsError(f"{path} line {number} is not of the form {PREFIX}NAME=value")
        found[name.strip()] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _make_secret(path: Path) -> None:
    """Write it aside and link it: of several processes at once exactly one wins, and nobody reads half a secret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"secret.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
