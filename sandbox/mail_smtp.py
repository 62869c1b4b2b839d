"""The submission server: STARTTLS and AUTH required, then everything is accepted. Source: RFC 5321, 6409."""

import asyncio
import logging
import ssl
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

UNDELIVERABLE = "nowhere.example"  # RCPT TO this domain is refused: the test of what cannot be delivered


class _Submission:
    """The handler of one server: refuses, fails as ordered, or accepts and keeps."""

    def __init__(self, office: Any) -> None:
        self.office = office

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if address.rpartition("@")[2].lower() == UNDELIVERABLE:
            return f"550 5.1.2 <{address}>: domain not found"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = bytes(envelope.original_content or b"")
        if self.office.faults.happens("smtp_451", _name(raw)):
            return "451 4.3.0 Temporary failure, try again later"
        await self.office.submit(list(envelope.rcpt_tos), raw)
        if self.office.faults.happens("smtp_drop_after_data", _name(raw)) and server.transport is not None:
            server.transport.abort()
        return "250 2.0.0 OK: accepted"


def _name(raw: bytes) -> str:
    return str(BytesHeaderParser().parsebytes(raw)["Message-ID"] or "")


async def start_smtp(office: Any, cert: tuple[Path, Path], port: int = 0) -> asyncio.Server:
    """Serve submissions of `office.account` on localhost."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # it warns of its own deprecations on every login
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*cert)

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and (
            data.login.decode("utf-8", "replace"), data.password.decode("utf-8", "replace")
        ) == (office.account.address, office.account.password)  # fmt: skip
        return AuthResult(success=known, handled=False)

    def session() -> SMTP:
        return SMTP(
            _Submission(office), hostname="mail.sandbox", tls_context=context, require_starttls=True,
            auth_required=True, authenticator=authenticate, enable_SMTPUTF8=True, loop=asyncio.get_running_loop(),
        )  # fmt: skip

    return await asyncio.get_running_loop().create_server(session, host="127.0.0.1", port=port)
