"""What an operator of a real installation would have written by hand: orderclerk.toml and secrets.env."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.mailbox import Account
from sandbox.world.letters import DESK_DOMAIN
from sandbox.world.senders import SENDERS

DESK = Account(f"orders@{DESK_DOMAIN}", "sandbox-mail-password")
SETTLE_S = 0.2


@dataclass(frozen=True)
class Shop:
    """One shop as the desk must know it; `secrets` by their part of the variable's name (TOKEN; KEY, SECRET)."""

    name: str
    kind: str
    url: str
    currency: str
    secrets: Mapping[str, str]


def write_configuration(home: Path, imap_port: int, smtp_port: int, shops: list[Shop]) -> None:
    """Write orderclerk.toml and secrets.env (mode 0600) into `home`."""
    sections = {
        "desk": {
            "name": "Harbour Trading", "address": DESK.address, "team": f"team@{DESK_DOMAIN}",
            "timezone": "Europe/London", "language": "en", "postal_address": "1 Quay Street, London EC1A 1BB",
        },
        "mail": {
            "host": "localhost", "port": imap_port, "security": "tls", "user": DESK.address, "auth": "password",
            "folder": "INBOX", "taken_folder": "Orderclerk/Taken", "sent_folder": "Sent", "ca_file": "sandbox-ca.pem",
            "smtp_host": "localhost", "smtp_port": smtp_port, "smtp_security": "starttls",
            "authserv_id": f"mx.{DESK_DOMAIN}",
        },
        **{
            f"shops.{shop.name}": {
                "kind": shop.kind, "url": shop.url, "ca_file": "sandbox-ca.pem", "currency": shop.currency,
            } for shop in shops
        },
        "purchasing": {"receipts": ["warehouse"], "approve_above": {"GBP": 2000}},
        "files": {"folder": "var/drop", "settle_seconds": SETTLE_S},
        **{f"files.senders.{sender.name}": sender.settings for sender in SENDERS},
    }  # fmt: skip
    text = "\n".join(_section(name, content) for name, content in sections.items())
    (home / "orderclerk.toml").write_text(
        "# Written by the sandbox: its world as settings.\n\n" + text, encoding="utf-8"
    )
    _write_secrets(home / "secrets.env", shops)


def _section(name: str, content: Mapping[str, Any]) -> str:
    plain = [f"{key} = {_value(value)}" for key, value in content.items() if not isinstance(value, Mapping)]
    tables = [_section(f"{name}.{key}", value) for key, value in content.items() if isinstance(value, Mapping)]
    return "\n".join([f"[{name}]", *plain, *tables, ""])


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)  # strings, numbers and lists of them are the same in TOML


def _write_secrets(path: Path, shops: list[Shop]) -> None:
    lines = [f"ORDERCLERK_MAIL_PASSWORD={DESK.password}"]
    for shop in shops:
        variable = shop.name.upper().replace("-", "_")
        lines += [f"ORDERCLERK_SHOP_{variable}_{part}={value}" for part, value in shop.secrets.items()]
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
