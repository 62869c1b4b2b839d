"""What is configured about a mailbox and about sending, and what both kinds of connection share."""

import ssl
from dataclasses import dataclass, field
from typing import Literal

from connectors.errors import AccessError, ConnectorError, TransientError
from connectors.mail.oauth import OAuthConfig

Security = Literal["tls", "starttls"]
Auth = Literal["password", "oauth2"]
MAX_MAIL_BYTES = 25_000_000

PASSWORD_REMEDY = (  # for the operator
    "correct user and password; Gmail wants an app password or auth = 'oauth2', "  # noqa: S105
    "Microsoft 365 wants auth = 'oauth2'"
)
TOKEN_REMEDY = "check that user is the mailbox that was signed in, and that IMAP and SMTP are allowed for it"  # noqa: S105
_CERTIFICATE_REMEDY = "correct host, or name the file of the server's certificate authority as ca_file"
_PORT_REMEDY = "check port and security: 993 (IMAP) and 465 (SMTP) want 'tls', 143 and 587 want 'starttls'"


@dataclass(frozen=True)
class MailboxConfig:
    """One mailbox to read.

    Mails are moved from `folder` to `taken_folder` once they are safe; taken_folder "" leaves them where they are and
    goes by the cursor alone. `sent_folder` "" is the one the server marks as \\Sent. `ca_file` "" trusts the system's
    authorities.
    """

    name: str
    host: str
    user: str
    port: int = 993
    security: Security = "tls"
    auth: Auth = "password"
    password: str = field(default="", repr=False)
    oauth: OAuthConfig | None = field(default=None, repr=False)
    folder: str = "INBOX"
    taken_folder: str = "Taken"
    sent_folder: str = ""
    ca_file: str = ""
    timeout_s: float = 30.0
    max_mail_bytes: int = MAX_MAIL_BYTES


@dataclass(frozen=True)
class SenderConfig:
    """One submission server. auth "none" is for a relay in one's own network."""

    name: str
    host: str
    user: str = ""
    port: int = 587
    security: Security = "starttls"
    auth: Auth | Literal["none"] = "password"
    password: str = field(default="", repr=False)
    oauth: OAuthConfig | None = field(default=None, repr=False)
    ca_file: str = ""
    timeout_s: float = 30.0
    mails_per_connection: int = 100


def tls_context(system: str, ca_file: str) -> ssl.SSLContext:
    """Verifying certificate and host name. Raises AccessError if `ca_file` cannot be read."""
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:  # includes ssl.SSLError
        raise AccessError(system, f"ca_file {ca_file!r} cannot be read: {error}", "name a PEM file") from None


def connect_error(system: str, place: str, error: Exception) -> ConnectorError:
    """Why no connection to `place` (host:port) came about, by its remedy."""
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = error.verify_message
        return AccessError(system, f"the certificate of {place} is not trusted: {reason}", _CERTIFICATE_REMEDY)
    if isinstance(error, ssl.SSLError) and "EOF" not in str(error):
        return AccessError(system, f"{place} does not speak TLS as configured: {error.reason or error}", _PORT_REMEDY)
    reason = "no answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
    return TransientError(
        system, f"{place} cannot be reached: {reason}", "check host, port and the network if it stays"
    )


def words_of(said: object) -> str:
    """What a server said, on one line and short enough for a message."""
    if isinstance(said, list | tuple):
        return words_of(b" ".join(part for part in said if isinstance(part, bytes)))
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())[:300]
