"""Sending against aiosmtpd with STARTTLS on a real socket."""

import socket
import ssl
from base64 import b64decode
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from mail_world import PASSWORD, TOKEN, USER
from test_oauth import TokenEndpoint, endpoint, good  # noqa: F401 - the fixture

from connectors.errors import AccessError, ContractError, RejectedError, TransientError
from connectors.mail.account import SenderConfig
from connectors.mail.sending import MailSender, UncertainError


class Office:
    """Accepts mails, and fails as told by the recipient's name or by `drop`."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.recipients: list[list[str]] = []
        self.drop = ""
        self.sessions: set[int] = set()

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        self.sessions.add(id(session))
        if self.drop == "mail":
            server.transport.abort()
        if self.drop == "421":
            return "421 4.3.2 Closing for maintenance"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        name = address.partition("@")[0]
        if name in ("nobody", "full"):
            return {"nobody": "550 5.1.1 No such user here", "full": "452 4.2.2 Mailbox full"}[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.drop == "before":
            server.transport.abort()
            return "250 OK"
        if self.drop == "spam":
            return "554 5.7.1 Looks like spam"
        if self.drop == "451":
            return "451 4.3.0 Try later"
        self.mails.append(envelope.original_content)
        self.recipients.append(list(envelope.rcpt_tos))
        if self.drop == "after":
            server.transport.abort()
        return "250 OK"


class Submission(Controller):
    def __init__(self, office: Office, cert: Path, key: Path, **more: Any) -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(cert, key)
        self.smtp_settings = {"require_starttls": True, "tls_context": context, "auth_required": True} | more
        super().__init__(office, hostname="127.0.0.1", port=_free_port())

    def factory(self) -> SMTP:
        class Server(SMTP):
            async def auth_XOAUTH2(self, _: Any, args: list[str]) -> AuthResult:
                if f"auth=Bearer {TOKEN}\x01" in b64decode(args[1]).decode():
                    return AuthResult(success=True, auth_data=USER)
                assert await self.challenge_auth(b'{"status":"400"}') == b""
                return AuthResult(success=False, handled=False)

        return Server(self.handler, authenticator=_authenticate, enable_SMTPUTF8=False, **self.smtp_settings)


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def submission(office: Office, certificates: tuple[Path, Path, Path]) -> Iterator[Submission]:
    controller = Submission(office, *certificates[1:])
    controller.start()
    yield controller
    controller.stop()


def config(submission: Submission, certificates: tuple[Path, Path, Path], **changes: Any) -> SenderConfig:
    settings: dict[str, Any] = {
        "name": "smtp", "host": "127.0.0.1", "port": submission.port, "user": USER, "password": PASSWORD,
        "ca_file": str(certificates[0]), "timeout_s": 5.0,
    }  # fmt: skip
    return SenderConfig(**(settings | changes))


@pytest.fixture
def sender(submission: Submission, certificates: tuple[Path, Path, Path]) -> Iterator[MailSender]:
    with MailSender(config(submission, certificates)) as sender:
        yield sender


def letter(to: str = "buyer@customer.example", subject: str = "Offer", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Desk <{USER}>", to, subject
    message["Message-ID"] = "<so100042-1@orderclerk.example>"
    for name, value in headers.items():
        message[name] = value
    message.set_content("Grüße\n. a line that begins with a dot\n确认\n")
    return message


def test_many_mails_go_over_one_connection(sender: MailSender, office: Office) -> None:
    for n in range(5):
        sender.send(letter(subject=f"Offer {n}"))
    assert len(office.mails) == 5
    assert len(office.sessions) == 1
    assert b"Subject: Offer 4\r\n" in office.mails[4]
    assert b"Message-ID: <so100042-1@orderclerk.example>" in office.mails[0]


def test_a_connection_is_renewed_after_so_many_mails(submission: Submission, certificates, office: Office) -> None:
    with MailSender(config(submission, certificates, mails_per_connection=2)) as sender:
        for _ in range(5):
            sender.send(letter())
    assert len(office.sessions) == 3


def test_copies_go_out_and_blind_ones_stay_blind(sender: MailSender, office: Office) -> None:
    message = letter("Li <li@customer.example>, wu@customer.example", Cc="c@customer.example", Bcc="b@archive.example")
    sender.send(message)
    assert office.recipients == [
        ["li@customer.example", "wu@customer.example", "c@customer.example", "b@archive.example"]
    ]
    assert b"archive" not in office.mails[0]
    assert message["Bcc"] == "b@archive.example"


def test_a_refused_recipient_is_told_in_the_servers_words(sender: MailSender, office: Office) -> None:
    with pytest.raises(RejectedError, match=r"nobody@customer.example was refused: 550 5.1.1 No such user here"):
        sender.send(letter("ok@customer.example, nobody@customer.example"))
    assert office.mails == []
    sender.send(letter())
    assert len(office.mails) == 1


def test_a_full_mailbox_is_worth_waiting_for(sender: MailSender) -> None:
    with pytest.raises(TransientError, match="452"):
        sender.send(letter("full@customer.example"))


@pytest.mark.parametrize(
    ("drop", "error"),
    [("spam", RejectedError), ("451", TransientError), ("421", TransientError), ("mail", TransientError)],
)
def test_a_failure_that_is_certain_says_so_and_the_next_mail_goes(sender: MailSender, office: Office, drop, error):
    office.drop = drop
    with pytest.raises(error) as caught:
        sender.send(letter())
    assert not isinstance(caught.value, UncertainError)
    office.drop = ""
    sender.send(letter())
    assert len(office.mails) == 1


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_drop_in_or_after_data_is_a_doubt(sender: MailSender, office: Office, drop: str) -> None:
    office.drop = drop
    with pytest.raises(UncertainError):
        sender.send(letter())
    assert len(office.mails) == (1 if drop == "after" else 0)
    office.drop = ""
    sender.send(letter())


def test_a_connection_that_died_while_idle_is_replaced(sender: MailSender, submission: Submission, office: Office):
    sender.send(letter())
    sender._smtp.sock.shutdown(socket.SHUT_RDWR)  # what an idle timeout of the server amounts to
    sender.send(letter())
    assert len(office.mails) == 2


def test_a_wrong_password_is_one_sentence_with_the_remedy(submission: Submission, certificates) -> None:
    with (
        MailSender(config(submission, certificates, password="wrong-9")) as sender,
        pytest.raises(AccessError) as caught,
    ):
        sender.send(letter())
    assert "refused the login of desk@orderclerk.example: 535" in str(caught.value)
    assert "wrong-9" not in str(caught.value)


def test_a_foreign_certificate_is_refused(submission: Submission, certificates) -> None:
    with (
        MailSender(config(submission, certificates, ca_file="")) as sender,
        pytest.raises(AccessError, match="certificate"),
    ):
        sender.send(letter())


def test_a_server_without_starttls_gets_no_password(office: Office, certificates) -> None:
    controller = Controller(office, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        with MailSender(config(controller, certificates)) as sender, pytest.raises(AccessError, match="STARTTLS"):
            sender.send(letter())
    finally:
        controller.stop()


def test_nobody_listening_is_worth_waiting_for(submission: Submission, certificates) -> None:
    with (
        MailSender(config(submission, certificates, port=_free_port())) as sender,
        pytest.raises(TransientError, match="cannot be reached"),
    ):
        sender.send(letter())


def test_tls_from_the_first_byte(office: Office, certificates) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificates[1:])
    controller = Controller(
        office, hostname="127.0.0.1", port=_free_port(), ssl_context=context, authenticator=_authenticate,
        auth_require_tls=False, auth_required=True,
    )  # fmt: skip
    controller.start()
    try:
        with MailSender(config(controller, certificates, security="tls")) as sender:
            sender.send(letter())
        plain = MailSender(config(controller, certificates, security="starttls", timeout_s=1.0))
        with pytest.raises((AccessError, TransientError)):
            plain.send(letter())
    finally:
        controller.stop()
    assert len(office.mails) == 1


def test_a_mail_is_sent_with_a_token(submission: Submission, certificates, office: Office, endpoint: TokenEndpoint):  # noqa: F811
    endpoint.answers = [good("withdrawn"), good()]
    settings = config(submission, certificates, auth="oauth2", password="", oauth=endpoint.config())
    with MailSender(settings) as sender:
        sender.send(letter())
    assert len(office.mails) == 1
    assert len(endpoint.asked) == 2


def test_an_address_that_the_server_cannot_take_is_rejected(sender: MailSender) -> None:
    with pytest.raises(RejectedError, match="ASCII"):
        sender.send(letter("käufer@customer.example"))


@pytest.mark.parametrize("missing", ["Message-ID", "To", "From"])
def test_a_mail_that_lacks_what_delivery_needs_is_our_mistake(sender: MailSender, missing: str) -> None:
    message = letter()
    del message[missing]
    with pytest.raises(ContractError):
        sender.send(message)
