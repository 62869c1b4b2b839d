"""What is wrong with a configuration, in words that say where to write what."""

import difflib
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

MAIL_SECRETS = ("password", "client_secret", "refresh_token")
SHOP_SECRETS = ("token", "key", "secret")
MODEL_SECRETS = ("key",)


class SettingsError(Exception):
    """The configuration cannot be used; the message names every missing or wrong setting and its remedy."""


def complaints(error: ValidationError, kind: type) -> list[str]:
    """Every complaint of pydantic about the settings class `kind` as one line that says what to write."""
    return [_complaint(detail, kind) for detail in error.errors()]


def misplaced_secrets(written: dict[str, Any]) -> list[str]:
    """One line for every secret that stands in orderclerk.toml."""
    shops = written.get("shops")
    tables = {"mail": (written.get("mail"), MAIL_SECRETS), "model": (written.get("model"), MODEL_SECRETS)}
    for name, shop in (shops if isinstance(shops, dict) else {}).items():
        tables[f"shops.{name}"] = (shop, SHOP_SECRETS)
    return [
        f"[{section}] {name} does not belong here: secrets come from the environment or secrets.env"
        for section, (table, names) in tables.items()
        for name in names
        if isinstance(table, dict) and name in table
    ]


def _complaint(detail: ErrorDetails, kind: type) -> str:
    section, name = _place(detail["loc"])
    example = _example(kind, detail["loc"])
    if detail["type"] == "missing" and not section:
        return f"the section [{name}] is missing; `orderclerk init` writes a commented example"
    if detail["type"] == "missing":
        return f"[{section}] lacks {name}; write for example: {example}"
    if detail["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"[{section or name}] {_stranger(kind, detail['loc'], name)}"
    hint = f"; write for example: {example}" if example else ""
    return f"[{section}] {name} = {detail['input']!r}: {detail['msg']}{hint}"


def _stranger(kind: type, loc: tuple[int | str, ...], name: str) -> str:
    owner = _owner(kind, loc)
    near = difflib.get_close_matches(name, [f.name for f in fields(owner)] if owner else [], 1)
    return f"{name} is no setting" + (f"; did you mean {near[0]}?" if near else "")


def _place(loc: tuple[int | str, ...]) -> tuple[str, str]:
    names = [str(part) for part in loc if isinstance(part, str)]
    return ".".join(names[:-1]), names[-1]


def _owner(kind: type, loc: tuple[int | str, ...]) -> Any:
    """The settings class that the last name of `loc` belongs to, or None inside free tables."""
    owner: Any = kind
    for part in loc[:-1]:
        found = {f.name: f.metadata.get("holds", f.type) for f in fields(owner)}
        inner = found.get(str(part))
        owner = inner if is_dataclass(inner) else owner if part not in found else None
        if owner is None:
            return None
    return owner


def _example(kind: type, loc: tuple[int | str, ...]) -> str:
    owner = _owner(kind, loc)
    known = {f.name: f.metadata.get("example", "") for f in fields(owner)} if owner else {}
    example = known.get(str(loc[-1]), "")
    return f"{loc[-1]} = {example}" if example else ""
