"""Access tokens for mailboxes that take no passwords: Gmail and Microsoft 365, for IMAP and SMTP alike.

Sources: RFC 6749 section 6 (refresh); developers.google.com/gmail/imap/xoauth2-protocol (SASL XOAUTH2);
learn.microsoft.com, "Authenticate an IMAP, POP or SMTP connection using OAuth".
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from connectors.errors import AccessError, ConnectorError, ContractError, TransientError

EARLY_S = 120.0  # a token is renewed this long before it expires
_LOCAL = ("127.0.0.1", "localhost", "::1")
_REMEDY = "sign the mailbox in again and store the new refresh token; see docs on OAuth2"


@dataclass(frozen=True)
class OAuthConfig:
    """Where tokens come from.

    Gmail: token_url https://oauth2.googleapis.com/token. Microsoft 365: https://login.microsoftonline.com/TENANT/
    oauth2/v2.0/token with scope "offline_access https://outlook.office.com/IMAP.AccessAsUser.All
    https://outlook.office.com/SMTP.Send".
    """

    token_url: str
    client_id: str
    refresh_token: str = field(repr=False)
    client_secret: str = field(default="", repr=False)
    scope: str = ""


def xoauth2_string(user: str, token: str) -> str:
    """The SASL XOAUTH2 initial response, before base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


class TokenSource:
    """One mailbox's access token, kept in memory until shortly before it expires. Safe between threads."""

    def __init__(
        self, config: OAuthConfig, system: str, timeout_s: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._config, self._system, self._timeout_s, self._clock = config, system, timeout_s, clock
        self._refresh_token = config.refresh_token
        self._token, self._until = "", 0.0
        self._lock = threading.Lock()

    def token(self) -> str:
        """A token good for at least EARLY_S. Raises TransientError, AccessError, ContractError."""
        with self._lock:
            return self._token if self._token and self._clock() < self._until else self._fetch()

    def renew(self) -> str:
        """A new token, whatever is cached: for when the server refused the cached one."""
        with self._lock:
            return self._fetch()

    def _fetch(self) -> str:
        asked_at = self._clock()
        answer = self._answer(self._post())
        token, lifetime_s = answer.get("access_token"), _seconds(answer.get("expires_in"))
        if not isinstance(token, str) or not token:
            raise ContractError(self._system, "the token endpoint's answer holds no access_token")
        rotated = answer.get("refresh_token")  # Microsoft gives a new one each time; the old one stays good for weeks
        self._refresh_token = rotated if isinstance(rotated, str) and rotated else self._refresh_token
        self._token, self._until = token, asked_at + lifetime_s - EARLY_S
        return token

    def _post(self) -> requests.Response:
        _refuse_plain(self._system, self._config.token_url)
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self._refresh_token,
            "client_id": self._config.client_id,
            "client_secret": self._config.client_secret,
            "scope": self._config.scope,
        }
        filled = {name: value for name, value in form.items() if value}
        try:
            return requests.post(self._config.token_url, data=filled, timeout=self._timeout_s, allow_redirects=False)
        except requests.exceptions.SSLError:
            raise AccessError(
                self._system, "the token endpoint's certificate is not trusted", "check token_url"
            ) from None
        except requests.RequestException as error:  # its text may hold the request: only its kind is told
            kind = type(error).__name__
            raise TransientError(
                self._system, f"no answer from the token endpoint ({kind})", "check token_url"
            ) from None

    def _answer(self, response: requests.Response) -> dict[str, Any]:
        try:
            answer = response.json()
        except ValueError:
            answer = None
        said = answer if isinstance(answer, dict) else {}
        if response.status_code == 200 and said:
            return said
        raise self._refusal(response.status_code, str(said.get("error", "")), str(said.get("error_description", "")))

    def _refusal(self, status: int, error: str, description: str) -> ConnectorError:
        words = ": ".join(part for part in (error, " ".join(description.split())[:200]) if part) or "no reason given"
        if status in (408, 429) or status >= 500:
            return TransientError(self._system, f"the token endpoint answers {status} ({words})")
        if status in (400, 401, 403):
            return AccessError(self._system, f"the mailbox's sign-in is no longer valid ({words})", _REMEDY)
        return ContractError(self._system, f"the token endpoint answers {status} ({words})", "check token_url")


def _seconds(value: object) -> float:
    """`expires_in`, which some send as text; a token of unknown life is used once."""
    try:
        return float(str(value))
    except ValueError:
        return 0.0


def _refuse_plain(system: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise AccessError(system, "token_url would send the secret unencrypted", "use its https address")
