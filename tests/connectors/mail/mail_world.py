"""What the mail tests run against: a real IMAP server as a program, and a wire that can be cut."""

import imaplib
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from connectors.mail.account import MailboxConfig

USER, PASSWORD, TOKEN = "desk@orderclerk.example", "secret-1", "token-1"
MESSAGE_ID = "<4711@customer.example>"


class ImapServer:
    """The server program, and the hands to put mails in and look what is there."""

    def __init__(self, ca: Path, cert: Path, key: Path, without: tuple[str, ...] = ()) -> None:
        self.ca = ca
        program = Path(__file__).with_name("imap_server.py")
        command = [sys.executable, str(program), str(cert), str(key), USER, PASSWORD, TOKEN, *without]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def config(self, **changes: object) -> MailboxConfig:
        settings = {
            "name": "mail", "host": "127.0.0.1", "port": self.port, "user": USER, "password": PASSWORD,
            "ca_file": str(self.ca), "timeout_s": 10.0,
        }  # fmt: skip
        return MailboxConfig(**(settings | changes))

    def client(self) -> imaplib.IMAP4_SSL:
        client = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=ssl.create_default_context(cafile=self.ca))
        client.login(USER, PASSWORD)
        return client

    def deliver(self, *mails: bytes, folder: str = "INBOX") -> None:
        with self.client() as client:
            for mail in mails:
                assert client.append(folder, None, None, mail)[0] == "OK"

    def command(self, *words: str) -> None:
        with self.client() as client:
            assert client._simple_command(*words)[0] == "OK"

    def subjects(self, folder: str) -> list[str]:
        with self.client() as client:
            if client.select(folder, readonly=True)[0] != "OK":
                return []
            items = client.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
            return [item[1].decode().partition(":")[2].strip() for item in items if isinstance(item, tuple)]

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        with self.client() as client:
            client.select(folder, readonly=True)
            return [item for item in client.fetch("1:*", "(FLAGS)")[1] if item]


@dataclass
class Wire:
    """A TCP relay to `port` that can be cut, at once or after so many bytes from the server."""

    port: int
    cut_after: int | None = None
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.own_port = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break every connection."""
        for pair in self._pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def close(self) -> None:
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near = self._listener.accept()[0]
                far = socket.create_connection(("127.0.0.1", self.port))
                self.connections += 1
                self._pairs.append((near, far))
                threading.Thread(target=self._relay, args=(near, far, False), daemon=True).start()
                threading.Thread(target=self._relay, args=(far, near, True), daemon=True).start()

    def _relay(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                if is_answer and self.cut_after is not None:
                    self.cut_after -= len(data)
                    if self.cut_after < 0:
                        self.cut_after = None
                        self.cut()
                        return
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def mail(subject: str, body: str = "Hello\n", sender: str = "Buyer <Buyer@Customer.example>", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, USER, subject
    message["Date"] = headers.pop("Date", "Mon, 23 Nov 2026 10:00:00 +0100")
    message["Message-ID"] = headers.pop("Message_ID", MESSAGE_ID)
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()
