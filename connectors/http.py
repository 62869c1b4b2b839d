"""The one session for all HTTP of the house: timeouts, TLS, retries, limits, and errors grouped by the remedy.

Nothing vendor-specific belongs here. Redirects are not followed: a moved API address is a setting to correct, and
requests would carry vendor tokens in headers to wherever the redirect leads.
"""

import logging
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter
from requests.auth import AuthBase, HTTPBasicAuth

from connectors.errors import AccessError, ContractError, TransientError
from connectors.http_answers import BusyError, no_answer, no_json, refusal
from connectors.http_json import BrokenJson, load_json
from connectors.http_redaction import Redactor, quote_answer, secrets_of

log = logging.getLogger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BACKOFF_S, MAX_BACKOFF_S = 1.0, 60.0
MAX_RETRY_AFTER_S = 300.0  # asked to wait longer, the run ends and the next one comes by its schedule
MAX_BYTES = 64 * 1024 * 1024
MAX_SECONDS_PER_TIMEOUT = 10  # an answer that drips for ten times the timeout is cut off


@dataclass(frozen=True)
class Reply:
    """An answer of status 2xx: `data` is its decoded JSON, `body` its bytes, `headers` know no case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    data: Any = None


class Http:
    """A session with one system; `base_url` must be https unless it is this machine. See `request`.

    `auth` is (user, password) or a requests AuthBase; values of `headers` and of `auth` are kept out of every message,
    and so are `secrets`. `hints` gives the vendor's own remedy for a status. `clean` may take off the answer what does
    not belong to it. `sleep`, `jitter` and `adapter` are for tests.
    """

    def __init__(
        self,
        system: str,
        base_url: str,
        *,
        auth: tuple[str, str] | AuthBase | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 30,
        ca_file: str | None = None,
        max_attempts: int = 5,
        max_bytes: int = MAX_BYTES,
        secrets: tuple[str, ...] = (),
        hints: Mapping[int, str] | None = None,
        clean: Callable[[bytes], bytes] = bytes,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        adapter: BaseAdapter | None = None,
    ) -> None:
        self.system, self.base_url = system, base_url.rstrip("/")
        self.host = _checked_host(system, self.base_url)
        self._timeout_s, self._ca_file = timeout_s, ca_file
        self._max_attempts, self._max_bytes = max_attempts, max_bytes
        self._hints, self._clean, self.sleep, self._jitter = hints or {}, clean, sleep, jitter
        self.redact = Redactor((*secrets, *secrets_of(auth if isinstance(auth, tuple) else None, headers or {})))
        self._session = _session(auth, headers or {}, adapter, is_local=_is_loopback(self.host))

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Reply:
        """GET `path` below the base address, JSON expected."""
        return self.request("GET", path, params=params)

    def post(self, path: str, json: Any, *, reads: bool = False, headers: Mapping[str, str] | None = None) -> Reply:
        """POST `json`; `reads` says that it only reads, or carries an idempotency key, and may so be repeated."""
        return self.request("POST", path, json=json, reads=reads, headers=headers)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        data: bytes | Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        reads: bool = False,
        wants_json: bool = True,
    ) -> Reply:
        """The answer, decoded; safe verbs and what `reads` are repeated while the error is transient.

        Raises TransientError, AccessError, RejectedError or ContractError, their messages without secrets.
        """
        attempts = self._max_attempts if reads or method.upper() in SAFE_METHODS else 1
        send = requests.Request(method.upper(), self._url(path), params=params, json=json, data=data, headers=headers)
        for attempt in range(1, attempts + 1):
            try:
                return self._once(send, wants_json)
            except TransientError as error:
                wait_s = self._wait_s(error, attempt)
                if attempt == attempts or wait_s is None:
                    raise
                log.info("%s; attempt %d of %d, waiting %.1f s", error, attempt, attempts, wait_s)
                self.sleep(wait_s)
        raise AssertionError("unreachable: every attempt returns or raises")

    def _url(self, path: str) -> str:
        if not path.startswith(("http://", "https://")):
            return f"{self.base_url}/{path.lstrip('/')}" if path else self.base_url
        if urlsplit(path)[:2] != urlsplit(self.base_url)[:2]:
            raise ContractError(self.system, self.redact(f"a link leads to another server: {path}"))
        return path

    def _once(self, send: requests.Request, wants_json: bool) -> Reply:
        where = self.redact(f"{send.method} {send.url}")
        try:
            prepared = self._session.prepare_request(send)
            settings = self._session.merge_environment_settings(prepared.url, {}, True, self._ca_file, None)
            with self._session.send(prepared, timeout=self._timeout_s, allow_redirects=False, **settings) as response:
                body = self._read(response, where)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise no_answer(self.system, where, self.redact(str(error)), error) from None
        if not 200 <= response.status_code < 300:
            said = self.redact(quote_answer(body))
            raise refusal(self.system, where, response.status_code, said, response.headers, self._hints)
        return self._reply(where, response, body, wants_json)

    def _read(self, response: requests.Response, where: str) -> bytes:
        parts, size, started = [], 0, time.monotonic()
        while chunk := response.raw.read1(65536, decode_content=True):
            parts.append(chunk)
            size += len(chunk)
            if size > self._max_bytes:
                raise ContractError(self.system, f"{where}: the answer is larger than {self._max_bytes} bytes")
            if time.monotonic() - started > self._timeout_s * MAX_SECONDS_PER_TIMEOUT:
                raise TransientError(self.system, f"{where}: the answer did not end in time")
        return b"".join(parts)

    def _reply(self, where: str, response: requests.Response, body: bytes, wants_json: bool) -> Reply:
        if not wants_json or response.status_code == 204:
            return Reply(response.status_code, body, response.headers)
        cleaned = self._clean(body)
        try:
            return Reply(response.status_code, body, response.headers, load_json(cleaned))
        except BrokenJson as error:
            raise no_json(self.system, where, cleaned, self.redact(quote_answer(cleaned)), error) from None

    def _wait_s(self, error: TransientError, attempt: int) -> float | None:
        """Seconds until the next attempt: what the server asked for, else 1, 2, 4 ... with jitter. None: too long."""
        asked = error.retry_after_s if isinstance(error, BusyError) else None
        if asked is not None:
            return asked if asked <= MAX_RETRY_AFTER_S else None
        return float(min(BACKOFF_S * 2 ** (attempt - 1), MAX_BACKOFF_S) * (0.5 + self._jitter() / 2))


class _NoAuth(AuthBase):
    """Keeps requests from adding a password of ~/.netrc by itself."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _session(
    auth: tuple[str, str] | AuthBase | None, headers: Mapping[str, str], adapter: BaseAdapter | None, is_local: bool
) -> requests.Session:
    session = requests.Session()
    session.trust_env = not is_local  # this machine is not behind the proxy
    user_and_password = HTTPBasicAuth(*(part.encode() for part in auth)) if isinstance(auth, tuple) else auth
    session.auth = user_and_password or _NoAuth()
    session.headers.update({"Accept": "application/json", "User-Agent": "orderclerk/0.1", **headers})
    if adapter is not None:
        session.mount("https://", adapter)
        session.mount("http://", adapter)
    return session


def _checked_host(system: str, base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host:
        raise AccessError(system, "its address is no http address", 'for example "https://shop.example.com"')
    if parts.scheme == "http" and not _is_loopback(host):
        hint = "write https:// in orderclerk.toml"
        raise AccessError(system, f"http://{host} would send the credentials readable to everyone", hint)
    return host


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.endswith(".localhost") or bool(re.fullmatch(r"127(\.\d{1,3}){3}", host))
