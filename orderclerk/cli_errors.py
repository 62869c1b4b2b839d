"""Errors as people read them: one sentence with the remedy where it is one we know."""

import errno
import sys

_OURS = ("orderclerk.", "connectors.", "tasks.", "expectations.")
_DATABASE_GONE = (
    "The order book does not answer ({words}); see that PostgreSQL runs and ORDERCLERK_DATABASE_URL is right, "
    "then run again: nothing is lost"
)
_DISK_FULL = "The disk is full; make room and run again: nothing is lost"


def is_expected(error: BaseException) -> bool:
    """Whether the message of `error` is written for people."""
    return type(error).__module__.startswith(_OURS) or _is_full(error) or _is_database(error) or _is_newer(error)


def sentence(error: BaseException) -> str:
    """What to print: for an unexpected error also how to see more."""
    if _is_full(error):
        return _DISK_FULL
    if _is_database(error):
        return _DATABASE_GONE.format(words=_words(error))
    if _is_newer(error):
        return f"The order book was made by a newer orderclerk ({_words(error)}); install that version"
    if is_expected(error):
        return str(error)
    return f"{type(error).__name__}: {_words(error)}\nThis is a fault of the program; add --debug to see where."


def exit_code(error: BaseException) -> int:
    """2 for what the operator can mend, 3 for a fault of ours."""
    return 2 if is_expected(error) else 3


def _words(error: BaseException) -> str:
    text = str(getattr(error, "orig", None) or error).strip()
    return text.splitlines()[0] if text else type(error).__name__


def _is_full(error: BaseException) -> bool:
    code = getattr(getattr(error, "orig", None), "sqlstate", None)
    said = _is_database(error) and "No space left on device" in str(error)
    return said or code == "53100" or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT))


def _is_database(error: BaseException) -> bool:
    return _is_a(error, "sqlalchemy.exc", "OperationalError") or _is_a(error, "psycopg", "OperationalError")


def _is_newer(error: BaseException) -> bool:
    return _is_a(error, "alembic.util", "CommandError")


def _is_a(error: BaseException, module: str, name: str) -> bool:
    """isinstance without importing what nobody has imported yet."""
    kind = getattr(sys.modules.get(module), name, None)
    return isinstance(kind, type) and isinstance(error, kind)
