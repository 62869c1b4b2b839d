"""What an answer of the other side, or its absence, means: one of the errors of `connectors.errors`."""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import requests

from connectors.errors import AccessError, ConnectorError, ContractError, RejectedError, TransientError
from connectors.http_json import BrokenJson

_ACCESS = {
    401: "check the user, key or token",
    402: "the account is frozen for unpaid bills",
    403: "check what the key may read, its scopes",
    407: "the proxy wants credentials",
    423: "the account is locked",
}
_WAIT = frozenset({408, 425, 429})


class BusyError(TransientError):
    """They are too busy, or failed; `retry_after_s` is how long they ask to wait, None if they do not say."""

    retry_after_s: float | None = None


def no_answer(system: str, where: str, told: str, error: Exception) -> ConnectorError:
    """What it means that nothing, or only a part, came back; `told` is the redacted text of `error`."""
    reason = " ".join(told.split())[:300]
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        hint = "renew the certificate, or name its authority's file as ca_file; it is never ignored"
        return AccessError(system, f"{where}: the server's certificate is not trusted: {reason}", hint)
    if "TLS CA certificate bundle" in reason:
        return AccessError(system, f"{where}: {reason}", "correct ca_file")
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return ContractError(system, f"{where}: cannot be sent: {reason}")
    kind = "no answer in time" if isinstance(error, requests.Timeout) else "no connection, or it broke"
    return TransientError(system, f"{where}: {kind}: {_cause(reason)}", "check the address and the network if it stays")


def _cause(reason: str) -> str:
    """The innermost words of what requests and urllib3 wrap in each other's names."""
    inner = re.search(r"\(Caused by \w+\(([\"']?)(.*)\1\)\)$", reason)
    return re.sub(r"^<?[\w.]*HTTPS?Connection(?:Pool)?\([^)]*\)[^:]*: ", "", inner[2] if inner else reason)


def refusal(
    system: str, where: str, status: int, said: str, headers: Mapping[str, str], hints: Mapping[int, str]
) -> ConnectorError:
    """What a status outside 2xx means; `said` is the redacted text of the answer, `hints` the vendor's remedies."""
    message = f"{where}: status {status}" + (f": {said}" if said else "")
    hint = hints.get(
        status, _ACCESS.get(status, "it is on their side, the next run tries again" if status >= 500 else "")
    )
    if status in _WAIT or status >= 500:
        busy = BusyError(system, message, hint)
        busy.retry_after_s = retry_after_s(headers)
        return busy
    if status in _ACCESS:
        return AccessError(system, message, hint)
    if 300 <= status < 400:
        target = headers.get("Location", "").partition("?")[0] or "elsewhere"
        return AccessError(system, f"{where}: redirected to {target}", "set the final address in orderclerk.toml")
    return RejectedError(system, message, hint)


def no_json(system: str, where: str, body: bytes, said: str, error: BrokenJson) -> ConnectorError:
    """Cut off or not JSON at all (a maintenance page): ask again. Malformed within: their fault, or our reading's."""
    if error.is_cut:
        return TransientError(system, f"{where}: the answer is cut off: {error}")
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        hint = "a maintenance, login or error page answers; if it stays, check the address in orderclerk.toml"
        return TransientError(system, f"{where}: not JSON but: {said or 'nothing'}", hint)
    return ContractError(system, f"{where}: the answer is not JSON: {error}")


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that `Retry-After` asks to wait (RFC 9110, 10.2.3), or None without a readable one.

    A date is taken relative to the answer's own `Date`: our clock and theirs may differ.
    """
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value):  # Shopify sends "2.0"
        return float(value)
    try:
        until = parsedate_to_datetime(value)
        return max(0.0, (until - parsedate_to_datetime(headers.get("Date", ""))).total_seconds())
    except (TypeError, ValueError):
        return None
