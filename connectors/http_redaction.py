"""What never reaches a message, a log or an artifact: secrets, and the mail addresses of customers."""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus

from connectors.http_json import BrokenJson, load_json

SECRET_NAMES = (
    "access_token", "api_key", "apikey", "auth", "authorization", "client_secret", "code", "consumer_key",
    "consumer_secret", "cookie", "hmac", "key", "oauth_signature", "password", "passwd", "pwd", "refresh_token",
    "secret", "session", "sig", "signature", "token", "x-shopify-access-token",
)  # fmt: skip
_NAMES = "|".join(sorted(map(re.escape, SECRET_NAMES), key=len, reverse=True))
_HEADERS = "(?:proxy-)?authorization|cookie|set-cookie|x-shopify-access-token"
_PATTERNS = (
    (re.compile(rf"(?i)([?&;](?:{_NAMES})=)[^&#\s\"'<>]*"), r"\1***"),
    (re.compile(rf"(?i)(\"(?:{_NAMES})\"\s*:\s*\")[^\"]*"), r"\1***"),
    (re.compile(rf"(?i)\b({_HEADERS})(\s*[:=]\s*)[^\r\n]*"), r"\1\2***"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 ***"),
    (re.compile(r"://[^/@\s]*@"), "://***@"),
    (re.compile(r"\b(?:shp(?:at|ca|pa|ss)_\w{8,}|c[ks]_[0-9a-fA-F]{16,})"), "***"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<mail>"),
)
_HARMLESS = frozenset({"accept", "content-type", "user-agent"})
MAX_QUOTE = 300


class Redactor:
    """Blanks the secrets it was told of, in every form they travel in, and whatever looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= 4 for form in _forms(secret)}
        self._forms = sorted(forms, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, "***")
        for pattern, blank in _PATTERNS:
            text = pattern.sub(blank, text)
        return text


def secrets_of(basic: tuple[str, str] | None, headers: Mapping[str, str]) -> tuple[str, ...]:
    """What these credentials put on the wire, as secrets for a Redactor; a user name alone is none."""
    values = [value for name, value in headers.items() if name.lower() not in _HARMLESS]
    words = [value.split()[-1] for value in values if value.split()]
    pair = [basic[1], b64encode(":".join(basic).encode()).decode()] if basic else []
    return (*values, *words, *pair)


def quote_answer(content: bytes) -> str:
    """What an error answer says, in at most MAX_QUOTE characters: its documented message, title or first words."""
    try:
        said = _documented(load_json(content))
    except BrokenJson:
        said = _plain(content.decode("utf-8", "replace"))
    return said[:MAX_QUOTE]


def _forms(secret: str) -> set[str]:
    return {secret, quote(secret, safe=""), quote_plus(secret), b64encode(secret.encode()).decode()}


def _documented(answer: object) -> str:
    """Shopify `errors`, WooCommerce `code` and `message`, OAuth `error_description`, Amazon `errors[].message`."""
    if isinstance(answer, list):
        return "; ".join(filter(None, map(_documented, answer[:5])))
    if not isinstance(answer, dict):
        return " ".join(str(answer).split()) if answer is not None else ""
    named = [
        answer.get(name) for name in ("code", "error", "message", "error_description", "errors", "detail", "title")
    ]
    told = [_documented(value) for value in named if value]
    return ": ".join(filter(None, told)) or ", ".join(f"{key}: {_documented(value)}" for key, value in answer.items())


def _plain(text: str) -> str:
    title = re.search(r"(?is)<title[^>]*>(.*?)</title>", text)
    return " ".join(re.sub(r"(?s)<[^>]*>", " ", title.group(1) if title else text).split())
