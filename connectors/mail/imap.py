"""One IMAP connection that logs in, keeps the right folder selected, and is replaced once when it breaks.

Sources: RFC 3501 (IMAP4rev1), RFC 5530 (response codes of a NO).
"""

import imaplib
import re
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from imap_tools import BaseMailBox, MailBox, MailboxFolderSelectError, MailBoxStartTls
from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError

from connectors.errors import AccessError, ConnectorError, ContractError, RejectedError, TransientError
from connectors.mail.account import (
    PASSWORD_REMEDY,
    TOKEN_REMEDY,
    MailboxConfig,
    connect_error,
    tls_context,
    words_of,
)
from connectors.mail.oauth import TokenSource, xoauth2_string

T = TypeVar("T")
_BROKEN = (imaplib.IMAP4.abort, OSError, EOFError)
_LATER = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|THROTTLED)\]|too many (?:simultaneous|connections)", re.I)
_FULL = re.compile(r"\[OVERQUOTA\]|quota", re.I)
_FORBIDDEN = re.compile(r"\[(?:NOPERM|AUTHORIZATIONFAILED|EXPIRED|PRIVACYREQUIRED|CONTACTADMIN)\]", re.I)


class ImapSession:
    """Runs work on a selected folder. Not for several threads at once."""

    def __init__(self, config: MailboxConfig) -> None:
        self.config = config
        self.uidvalidity = 0  # of the folder selected last
        self._tokens = TokenSource(config.oauth, config.name, config.timeout_s) if config.oauth else None
        self._box: BaseMailBox | None = None
        self._selected = ("", False)

    def run(self, folder: str, work: Callable[[BaseMailBox], T], read_only: bool = False) -> T:
        """`work` on `folder`; done again from its start, once, on a new connection if this one breaks.

        So `work` must be safe to repeat. Raises TransientError, AccessError, RejectedError or ContractError.
        """
        try:
            return self._attempt(folder, work, read_only)
        except _BROKEN:
            self.close()
        try:
            return self._attempt(folder, work, read_only)
        except _BROKEN as error:
            self.close()
            raise TransientError(self.config.name, f"the connection broke twice: {words_of(error)}") from None

    def close(self) -> None:
        """End the connection; the next work opens a new one."""
        box, self._box, self._selected = self._box, None, ("", False)
        if box is not None:
            with suppress(imaplib.IMAP4.error, ImapToolsError, *_BROKEN):
                box.logout()
            with suppress(*_BROKEN):
                box.client.shutdown()

    def _attempt(self, folder: str, work: Callable[[BaseMailBox], T], read_only: bool) -> T:
        box = self._box = self._box or self._open()
        try:
            self._select(box, folder, read_only)
            return work(box)
        except UnexpectedCommandStatusError as error:
            raise refusal(self.config.name, words_of(error.command_result[1])) from None
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise ContractError(self.config.name, f"the server did not understand: {words_of(error)}") from None

    def _select(self, box: BaseMailBox, folder: str, read_only: bool) -> None:
        if self._selected == (folder, read_only):
            return
        self._selected = ("", False)
        try:
            box.folder.set(folder, read_only)
        except MailboxFolderSelectError as error:
            words = words_of(error.command_result[1])
            if _LATER.search(words):
                raise
            hint = "correct the folder's name in the settings, or create the folder"
            raise AccessError(self.config.name, f"the folder {folder!r} cannot be opened: {words}", hint) from None
        said = box.client.response("UIDVALIDITY")[1]
        if not said or not isinstance(said[-1], bytes) or not said[-1].isdigit():
            raise ContractError(self.config.name, f"no UIDVALIDITY for the folder {folder!r}")
        self.uidvalidity, self._selected = int(said[-1]), (folder, read_only)

    def _open(self) -> BaseMailBox:
        if self.config.auth == "password":
            return self._login(self._connect(), lambda box: self._with_password(box))
        if self._tokens is None:
            raise AccessError(self.config.name, "auth is oauth2 and no OAuth settings are given", "add token_url ...")
        try:
            return self._login(self._connect(), self._with_token(self._tokens.token()))
        except AccessError:  # the token may have been withdrawn before its time
            return self._login(self._connect(), self._with_token(self._tokens.renew()))

    def _connect(self) -> BaseMailBox:
        config, place = self.config, f"{self.config.host}:{self.config.port}"
        context = tls_context(config.name, config.ca_file)
        try:
            if config.security == "tls":
                return MailBox(config.host, config.port, config.timeout_s, ssl_context=context)
            return MailBoxStartTls(config.host, config.port, config.timeout_s, ssl_context=context)
        except imaplib.IMAP4.abort as error:
            raise _greeting_error(config.name, place, words_of(error)) from None
        except (OSError, EOFError) as error:
            raise connect_error(config.name, place, error) from None
        except (imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
            hint = "check port and security"
            raise AccessError(
                config.name, f"{place} is no IMAP server as configured: {words_of(error)}", hint
            ) from None

    def _login(self, box: BaseMailBox, log_in: Callable[[BaseMailBox], None]) -> BaseMailBox:
        hint = PASSWORD_REMEDY if self.config.auth == "password" else TOKEN_REMEDY
        try:
            log_in(box)
            box.client.capabilities = _capabilities(box)
            return box
        except imaplib.IMAP4.abort as error:
            raise TransientError(self.config.name, f"the connection broke at login: {words_of(error)}") from None
        except (imaplib.IMAP4.error, UnexpectedCommandStatusError) as error:
            said = error.command_result[1] if isinstance(error, UnexpectedCommandStatusError) else error
            raise login_refusal(self.config.name, self.config.user, words_of(said), hint) from None
        except (OSError, EOFError) as error:
            raise TransientError(self.config.name, f"the connection broke at login: {words_of(error)}") from None

    def _with_password(self, box: BaseMailBox) -> None:
        user, password = self.config.user, self.config.password
        if not (user + password).isprintable():
            raise AccessError(self.config.name, "user or password holds a line break", PASSWORD_REMEDY)
        log_in = box.login if (user + password).isascii() else box.login_utf8
        log_in(user, password, initial_folder=None)

    def _with_token(self, token: str) -> Callable[[BaseMailBox], None]:
        def log_in(box: BaseMailBox) -> None:
            replies = iter([xoauth2_string(self.config.user, token).encode()])
            box.client.authenticate(
                "XOAUTH2", lambda challenge: next(replies, b"")
            )  # b"" takes the reason of a refusal

        return log_in


def refusal(system: str, words: str) -> ConnectorError:
    """What the NO of a command means."""
    if _FULL.search(words):
        return RejectedError(system, f"the server says: {words}", "make room in the mailbox")
    if _FORBIDDEN.search(words):
        return AccessError(system, f"the server says: {words}", "give the user the right, or sign in again")
    return TransientError(system, f"the server says: {words}")


def login_refusal(system: str, user: str, words: str, hint: str) -> ConnectorError:
    """What a refused login means: the credentials, unless the server says it is only busy."""
    if _LATER.search(words):
        return TransientError(system, f"no login just now: {words}")
    return AccessError(system, f"the server refused the login of {user}: {words}", hint)


def _greeting_error(system: str, place: str, words: str) -> ConnectorError:
    if "TLS not supported" in words:
        return AccessError(system, f"{place} offers no STARTTLS", "set security = 'tls' and its port, usually 993")
    return TransientError(system, f"{place} ended the connection: {words}")


def _capabilities(box: BaseMailBox) -> tuple[str, ...]:
    """What the server can do, asked again: many tell all of it only after the login."""
    said = box.client.capability()[1]
    return tuple(b" ".join(part for part in said if isinstance(part, bytes)).decode("ascii", "replace").upper().split())
