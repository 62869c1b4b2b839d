"""JSON as the wire sends it and as we keep it: exact numbers, canonical bytes, no surprises from hostile input.

Here belongs what every HTTP connector and mapper needs to read and write JSON; what the fields mean belongs to mappers.
"""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

MAX_NUMBER_LENGTH = 60  # a longer number is no quantity and no price; it is kept as text, and its reader says so
MAX_DEPTH = 100


class BrokenJson(ValueError):
    """The text is no JSON; `is_cut` says whether it merely ends too early, so that asking again may help."""

    def __init__(self, reason: str, is_cut: bool = False) -> None:
        super().__init__(reason, is_cut)
        self.reason, self.is_cut = reason, is_cut

    def __str__(self) -> str:
        return self.reason


def load_json(content: bytes | str) -> Any:
    """The value in `content`: fractions as Decimal, NaN and monstrous numbers as their text. Raises BrokenJson."""
    text = content if isinstance(content, str) else _decoded(content)
    try:
        return json.loads(text, parse_float=_fraction, parse_int=_integer, parse_constant=str)
    except json.JSONDecodeError as error:
        raise BrokenJson(f"{error.msg} at character {error.pos} of {len(text)}", _is_cut(text, error)) from None
    except RecursionError:
        raise BrokenJson("nested too deeply") from None


def dump_json(value: Any) -> bytes:
    """`value` as canonical UTF-8 JSON: keys sorted, no spaces, Decimals digit by digit as they were read.

    Raises BrokenJson for what is nested deeper than MAX_DEPTH or has no place in JSON.
    """
    return _dumped(value, 0).encode("utf-8", "backslashreplace")  # a lone surrogate becomes its \\ud800 escape


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenJson(f"not UTF-8 at byte {error.start}", error.end >= len(content)) from None


def _is_cut(text: str, error: json.JSONDecodeError) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    return error.msg.startswith("Unterminated string") or len(text.rstrip()) - error.pos <= len('"\\ud83d\\u')


def _fraction(text: str) -> Decimal | str:
    try:
        return Decimal(text) if len(text) <= MAX_NUMBER_LENGTH else text
    except InvalidOperation:  # an exponent beyond what decimal can hold
        return text


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= MAX_NUMBER_LENGTH else text


def _dumped(value: Any, depth: int) -> str:
    if depth > MAX_DEPTH:
        raise BrokenJson("nested too deeply")
    if isinstance(value, dict):
        pairs = sorted((str(key), item) for key, item in value.items())
        return "{" + ",".join(f"{_text(key)}:{_dumped(item, depth + 1)}" for key, item in pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_dumped(item, depth + 1) for item in value) + "]"
    if isinstance(value, Decimal) and value.is_finite():
        return str(value)
    if value is None or isinstance(value, bool | int | str):
        return _text(value)
    raise BrokenJson(f"{type(value).__name__} has no place in JSON")


def _text(value: bool | int | str | None) -> str:
    return json.dumps(value, ensure_ascii=False)
