"""Sending over a submission server: many mails on one connection, and never a doubt that is not told.

Sources: RFC 5321 (SMTP; section 6.1 on the doubt after DATA), RFC 6409 (submission), RFC 6531 (SMTPUTF8).
"""

import io
import smtplib
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import SMTP

from connectors.errors import AccessError, ConnectorError, ContractError, RejectedError, TransientError
from connectors.mail.account import (
    PASSWORD_REMEDY,
    TOKEN_REMEDY,
    SenderConfig,
    connect_error,
    tls_context,
    words_of,
)
from connectors.mail.headers import addresses_in
from connectors.mail.oauth import TokenSource, xoauth2_string

__all__ = ["MailSender", "SenderConfig", "UncertainError"]

_BROKEN = (smtplib.SMTPServerDisconnected, OSError, EOFError)


class UncertainError(TransientError):
    """The connection broke in or after DATA: the mail may or may not have gone out. Ask `Mailbox.was_sent` first."""


class PostponedError(TransientError):
    """The server would not have this one mail now (4yz); others may go, and this one later."""


class MailSender:
    """Opens its connection when first used and keeps it for many mails. Not for several threads at once."""

    def __init__(self, config: SenderConfig) -> None:
        self.name = config.name
        self._config = config
        self._tokens = TokenSource(config.oauth, config.name, config.timeout_s) if config.oauth else None
        self._smtp: smtplib.SMTP | None = None
        self._sent = 0

    def __enter__(self) -> "MailSender":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; the next mail opens a new one."""
        smtp, self._smtp, self._sent = self._smtp, None, 0
        if smtp is not None:
            with suppress(smtplib.SMTPException, *_BROKEN):
                smtp.quit()
            smtp.close()

    def send(self, message: EmailMessage) -> None:
        """Hand `message` to the server for all its recipients, or for none.

        Raises RejectedError (the server's words), AccessError, TransientError (nothing went out), its subclasses
        PostponedError (this mail alone was refused for now) and UncertainError (it may have gone out), or
        ContractError (the message lacks From, a recipient or Message-ID).
        """
        sender, recipients = _addresses(self.name, message)
        smtp = self._ready()
        try:
            content, options = self._wire(smtp, message, sender, recipients)
            self._envelope(smtp, sender, recipients, options)
        except _BROKEN as error:  # nothing was handed over: DATA had not begun
            self.close()
            raise TransientError(self.name, f"the connection broke before the mail: {words_of(error)}") from None
        self._data(smtp, content)
        self._sent += 1

    def _ready(self) -> smtplib.SMTP:
        """A connection that answers; servers drop idle ones without a word."""
        if self._smtp is not None and self._sent < self._config.mails_per_connection:
            with suppress(smtplib.SMTPException, *_BROKEN):
                if self._smtp.rset()[0] == 250:
                    return self._smtp
        self.close()
        self._smtp = self._open()
        return self._smtp

    def _wire(
        self, smtp: smtplib.SMTP, message: EmailMessage, sender: str, recipients: list[str]
    ) -> tuple[bytes, list[str]]:
        """The bytes to send, and the options of MAIL."""
        smtp.ehlo_or_helo_if_needed()
        is_international = not all(address.isascii() for address in (sender, *recipients))
        if is_international and not smtp.has_extn("smtputf8"):
            hint = "use an address of ASCII letters"
            raise RejectedError(self.name, "the server takes no addresses with letters outside ASCII", hint)
        content = _flattened(message, is_international)
        options = [f"size={len(content)}"] if smtp.has_extn("size") else []
        return content, options + (["SMTPUTF8", "BODY=8BITMIME"] if is_international else [])

    def _envelope(self, smtp: smtplib.SMTP, sender: str, recipients: list[str], options: list[str]) -> None:
        self._check(smtp.mail(sender, options), f"the sender {sender}")
        for recipient in recipients:
            self._check(smtp.rcpt(recipient), f"the recipient {recipient}")

    def _data(self, smtp: smtplib.SMTP, content: bytes) -> None:
        try:
            answer = smtp.data(content)
        except smtplib.SMTPDataError as error:  # the server did not want to begin
            answer = (error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b"")
        except _BROKEN as error:
            answer = (0, words_of(error).encode())
        if answer[0] < 200:  # no answer, or none that means anything
            self.close()
            reason = f"the connection broke while the mail was handed over: {words_of(answer[1])}"
            raise UncertainError(self.name, reason, "look for its Message-ID in the sent folder")
        self._check(answer, "the mail")

    def _check(self, answer: tuple[int, bytes], what: str) -> None:
        """Raise what a refusal means; the transaction is over then."""
        code, said = answer
        if code in (250, 251, 252):
            return
        if code == 421 or code < 400:
            self.close()
        error = refusal(self.name, code, said, what)
        is_its_own = code != 421 and code >= 400 and type(error) is TransientError
        raise PostponedError(error.system, error.message, error.hint) if is_its_own else error

    def _open(self) -> smtplib.SMTP:
        smtp = self._connect()
        try:
            self._log_in(smtp)
            return smtp
        except ConnectorError:
            smtp.close()
            raise
        except (smtplib.SMTPResponseException, *_BROKEN) as error:
            smtp.close()
            raise TransientError(self.name, f"the connection broke at login: {words_of(error)}") from None
        except smtplib.SMTPException as error:  # no AUTH at all, or no mechanism that we know
            smtp.close()
            hint = "check port and security, or set auth = 'none' for a relay that wants no login"
            raise AccessError(self.name, f"the server offers no login as configured: {words_of(error)}", hint) from None

    def _connect(self) -> smtplib.SMTP:
        config, place = self._config, f"{self._config.host}:{self._config.port}"
        context = tls_context(config.name, config.ca_file)
        try:
            if config.security == "tls":
                return smtplib.SMTP_SSL(config.host, config.port, timeout=config.timeout_s, context=context)
            smtp = smtplib.SMTP(config.host, config.port, timeout=config.timeout_s)
            code, said = smtp.starttls(context=context)
            if code == 220:
                return smtp
            raise TransientError(config.name, f"{place} refuses STARTTLS: {words_of(said)}")
        except smtplib.SMTPNotSupportedError:
            hint = "set security = 'tls' and its port, usually 465"
            raise AccessError(config.name, f"{place} offers no STARTTLS", hint) from None
        except smtplib.SMTPConnectError as error:
            raise refusal(config.name, error.smtp_code, words_of(error.smtp_error).encode(), "the connection") from None
        except smtplib.SMTPException as error:
            raise TransientError(config.name, f"{place} ended the connection: {words_of(error)}") from None
        except (OSError, EOFError) as error:
            raise connect_error(config.name, place, error) from None

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        config = self._config
        if config.auth == "none":
            return
        if config.auth == "password":
            self._authenticated(lambda: smtp.login(config.user, config.password), PASSWORD_REMEDY)
            return
        if self._tokens is None:
            raise AccessError(config.name, "auth is oauth2 and no OAuth settings are given", "add token_url ...")
        tokens = self._tokens
        try:
            self._authenticated(lambda: _offer_token(smtp, config.user, tokens.token()), TOKEN_REMEDY)
        except AccessError:  # the token may have been withdrawn before its time
            self._authenticated(lambda: _offer_token(smtp, config.user, tokens.renew()), TOKEN_REMEDY)

    def _authenticated(self, log_in: Callable[[], object], hint: str) -> None:
        try:
            log_in()
        except smtplib.SMTPAuthenticationError as error:
            words = f"{error.smtp_code} {words_of(error.smtp_error)}"
            if error.smtp_code < 500:
                raise TransientError(self.name, f"no login just now: {words}") from None
            raise AccessError(
                self.name, f"the server refused the login of {self._config.user}: {words}", hint
            ) from None


def refusal(system: str, code: int, said: bytes, what: str) -> ConnectorError:
    """What a reply outside 2xx means, by RFC 5321 section 4.2.1: 4yz passes, 5yz stays."""
    words = f"{what} was refused: {code} {words_of(said)}"
    if code in (530, 535, 538):
        return AccessError(system, words, PASSWORD_REMEDY)
    if 500 <= code < 600:
        return RejectedError(system, words)
    return TransientError(system, words)


def _offer_token(smtp: smtplib.SMTP, user: str, token: str) -> None:
    replies = iter([xoauth2_string(user, token)])
    smtp.ehlo_or_helo_if_needed()
    smtp.auth("XOAUTH2", lambda challenge=None: next(replies, ""))  # "" takes the reason of a refusal


def _addresses(system: str, message: EmailMessage) -> tuple[str, list[str]]:
    """The envelope's sender and recipients, each once. Raises ContractError."""
    if not message["Message-ID"]:
        raise ContractError(system, "a mail without Message-ID cannot be found again in the sent folder")
    sender = _in_headers(message, ("Sender",)) or _in_headers(message, ("From",))
    recipients = _in_headers(message, ("To", "Cc", "Bcc"))
    if not sender or not recipients:
        raise ContractError(system, f"the mail {message['Message-ID']} has no {'recipient' if sender else 'From'}")
    return sender[0], recipients


def _in_headers(message: EmailMessage, names: tuple[str, ...]) -> list[str]:
    headers = [header for name in names for header in message.get_all(name, [])]
    found = [address.addr_spec for header in headers for address in getattr(header, "addresses", ())]
    plain = [address for header in headers if not hasattr(header, "addresses") for address in addresses_in(str(header))]
    return list(dict.fromkeys(address for address in found + plain if "@" in address))


def _flattened(message: EmailMessage, is_international: bool) -> bytes:
    """As on the wire: CRLF, without Bcc, 7-bit unless the transfer is international."""
    policy = SMTP.clone(utf8=is_international, cte_type="8bit" if is_international else "7bit")
    buffer = io.BytesIO()
    public = copy(message)
    del public["Bcc"]
    BytesGenerator(buffer, policy=policy).flatten(public, linesep="\r\n")
    return buffer.getvalue()
