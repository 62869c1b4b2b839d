"""Starts the outside world: `python -m sandbox HOME --orders 200 --seed 1 --date 2026-11-23`. Ends on SIGTERM."""

import argparse
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sandbox.configuration import DESK, Shop, write_configuration
from sandbox.control import Control
from sandbox.faults import Faults
from sandbox.httpd import Server
from sandbox.mailbox import PostOffice
from sandbox.running import World
from sandbox.shops.store import Store
from sandbox.storefronts import open_shops
from sandbox.tls import make_ca_and_cert
from sandbox.world.customers import Customers
from sandbox.world.day import Day, make_day
from sandbox.world.masterdata_csv import write_master_data
from sandbox.world.shopping import FIRST_ID
from sandbox.world.suppliers import Suppliers
from sandbox.world.truth import truth_text

SYSTEMS = ("control", "imap", "smtp", "shopify", "woo")
OWN = ("mail", "customers", "suppliers", "masterdata", "var/drop")  # folders of an earlier world in the same home


@dataclass
class Sandbox:
    """A started world and everything it listens with."""

    world: World
    office: PostOffice
    servers: list[Server]
    facts: dict[str, Any]

    def stop(self) -> None:
        """Stop listening everywhere."""
        for server in self.servers:
            server.stop()
        self.office.stop()


def start_sandbox(
    home: Path, day: Day, faults: Mapping[str, float] | None = None, ports: Mapping[str, int] | None = None
) -> Sandbox:
    """Start every system, then write what the desk needs into `home`, sandbox.json last."""
    ports = dict.fromkeys(SYSTEMS, 0) | dict(ports or {})
    _make_room(home)
    ca, cert, key = make_ca_and_cert(home / "tls")
    shutil.copy(ca, home / "sandbox-ca.pem")
    chances = Faults(day.seed)
    chances.set(faults or {})
    customers = Customers(day.maker, day.orders, home / "customers")
    world: World
    office = PostOffice(
        home / "mail", DESK, (cert, key), chances, lambda to, raw: world.mail_arrives(to, raw),
        (ports["imap"], ports["smtp"]),
    )  # fmt: skip
    stores = {shop: Store(first_id=first) for shop, first in FIRST_ID.items()}
    world = World(day, office, stores, home / "var" / "drop", customers, Suppliers(home / "suppliers"))
    office.start()
    shops, servers = open_shops(stores, chances, (cert, key), ports)
    control = Server(Control(world, chances), port=ports["control"]).start()
    write_master_data(day.data, home / "masterdata", day.date, len(day.orders))
    write_configuration(home, office.imap_port, office.smtp_port, shops)
    facts = _facts(control, office, shops)
    (home / "truth.json").write_text(truth_text(day), encoding="utf-8")
    _write_last(home / "sandbox.json", facts)
    return Sandbox(world, office, [control, *servers], facts)


def _make_room(home: Path) -> None:
    (home / "sandbox.json").unlink(missing_ok=True)
    for folder in OWN:
        shutil.rmtree(home / folder, ignore_errors=True)
    (home / "var" / "drop").mkdir(parents=True)


def _facts(control: Server, office: PostOffice, shops: list[Shop]) -> dict[str, Any]:
    account = {"host": "localhost", "user": DESK.address, "password": DESK.password}
    return {
        "pid": os.getpid(), "control": control.url, "imap": {**account, "port": office.imap_port},
        "smtp": {**account, "port": office.smtp_port},
        "shops": {shop.name: {"kind": shop.kind, "url": shop.url, **shop.secrets} for shop in shops},
    }  # fmt: skip


def _write_last(path: Path, facts: dict[str, Any]) -> None:
    draft = path.with_name(path.name + ".part")
    draft.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    draft.replace(path)  # whoever waits for it never reads half of it


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("home", type=Path, help="the desk's home: its configuration and drop folder are made here")
    parser.add_argument("--orders", type=int, default=200, help="orders of the day (default 200)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same day")
    parser.add_argument("--date", type=date.fromisoformat, default=date(2026, 11, 23), help="the business day")
    parser.add_argument("--faults", type=json.loads, default={}, help='rates as JSON: {"status_500": 0.05}')
    parser.add_argument("--ports", type=json.loads, default={}, help='fixed ports as JSON: {"imap": 9993}')
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    """Run until SIGTERM or Ctrl-C."""
    asked = _arguments(sys.argv[1:] if given is None else given)
    day = make_day(asked.seed, asked.date, asked.orders, DESK.address)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        sandbox = start_sandbox(asked.home.resolve(), day, asked.faults, asked.ports)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"the sandbox cannot start: {error}\n")
        return 1
    sys.stdout.write(f"sandbox: {len(day.orders)} orders on {day.date}, control at {sandbox.facts['control']}\n")
    sys.stdout.flush()
    ended.wait()
    sandbox.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
