"""One small world a module, started for real, and what a desk would do to it by hand."""

import imaplib
import json
import smtplib
import ssl
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from sandbox.__main__ import Sandbox, start_sandbox
from sandbox.configuration import DESK
from sandbox.world.day import make_day

DAY = date(2026, 11, 23)


class Driver:
    """Talks to a started sandbox the way a desk and its driver do: over sockets only."""

    def __init__(self, home: Path, sandbox: Sandbox) -> None:
        self.home, self.sandbox = home, sandbox
        self.facts = json.loads((home / "sandbox.json").read_text(encoding="utf-8"))
        self.truth = json.loads((home / "truth.json").read_text(encoding="utf-8"))
        self.tls = ssl.create_default_context(cafile=str(home / "sandbox-ca.pem"))

    def get(self, path: str) -> object:
        with urlopen(self.facts["control"] + path, timeout=60) as answer:
            return json.load(answer)

    def post(self, path: str, body: object) -> object:
        request = Request(self.facts["control"] + path, json.dumps(body).encode(), method="POST")
        try:
            with urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except HTTPError as error:
            return {"status": error.code, **json.load(error)}

    def shop(self, name: str, path: str, headers: dict[str, str], body: bytes | None = None) -> object:
        request = Request(self.facts["shops"][name]["url"] + path, body, headers)
        with urlopen(request, timeout=60, context=self.tls) as answer:
            return json.load(answer)

    def advance(self, until: str) -> dict:
        return self.post("/advance", {"until": until})

    def imap(self, password: str = DESK.password) -> imaplib.IMAP4_SSL:
        connection = imaplib.IMAP4_SSL("localhost", self.facts["imap"]["port"], ssl_context=self.tls, timeout=30)
        connection.login(DESK.address, password)
        return connection

    def smtp(self, password: str = DESK.password) -> smtplib.SMTP:
        connection = smtplib.SMTP("localhost", self.facts["smtp"]["port"], timeout=30)
        connection.starttls(context=self.tls)
        connection.login(DESK.address, password)
        return connection

    def inbox(self) -> list[bytes]:
        with self.imap() as connection:
            connection.select("INBOX")
            found = connection.uid("FETCH", "1:*", "(BODY.PEEK[])")[1]
            return [part[1] for part in found if isinstance(part, tuple)]

    def offer(self, order: dict, reference: str, *, kind: str = "offer", extra: str = "") -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = DESK.address, self.address(order)
        mail["Subject"] = f"Your order [{reference}]"
        mail["Message-ID"] = f"<{reference}@desk.example>"
        mail["X-Orderclerk-Kind"], mail["X-Orderclerk-Their-Ref"] = kind, order["order_ref"]
        lines = "\n".join(f"{line['quantity']} x {line['item_no']}" for line in order["lines"])
        mail.set_content(f"Your order {order['order_ref']}:\n{lines}\n{extra}Please confirm.\n")
        return mail

    def send(self, mail: EmailMessage) -> None:
        with self.smtp() as connection:
            connection.send_message(mail)

    def address(self, order: dict) -> str:
        if order["source"].startswith("mail:"):
            return order["source"].removeprefix("mail:")
        return next(c.email for c in self.sandbox.world.day.data.customers if c.number == order["customer_no"])

    def order(self, **wanted: object) -> dict:
        return next(o for o in self.truth["orders"] if all(o[name] == value for name, value in wanted.items()))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Driver]:
    sandbox = start_sandbox(tmp_path, make_day(7, DAY, 200, DESK.address))
    yield Driver(tmp_path, sandbox)
    sandbox.stop()
