"""The process that opens documents: reads requests, answers in JSON, dies of its limits. See `confined`.

An answer is a line (its size, the milliseconds of computing, whether the process ends now) and that many bytes.
"""

import contextlib
import json
import math
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from connectors.mail.opened import Opened, RefusedError, to_json

_READERS = {
    "pdf": ("connectors.mail.pdf", "open_pdf"),
    "xlsx": ("connectors.mail.workbooks", "open_workbook"),
    "docx": ("connectors.mail.docx", "open_docx"),
    "rtf": ("connectors.mail.winmail", "open_rtf"),
    "tnef": ("connectors.mail.winmail", "open_tnef"),
}
RETIRE_MB = 250  # a child that has grown to this ends after its answer, and gives its memory back


def main() -> None:
    """Answer until the desk closes the pipe."""
    limit_mb = int(sys.argv[1])
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would load it for nothing
    _limit(resource.RLIMIT_AS, limit_mb * 1_048_576)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    sys.setrecursionlimit(600)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while line := requests.readline():
        request = json.loads(line)
        content = requests.read(request["size"])
        _allow(request["seconds"])
        began = time.process_time()
        answer = _answered(request, content, limit_mb)
        is_last = _peak_mb() > RETIRE_MB
        answers.write(b"%d %d %d\n" % (len(answer), (time.process_time() - began) * 1_000, is_last) + answer)
        answers.flush()
        if is_last:
            return


def _peak_mb() -> float:
    """The most memory this process has held. Not ru_maxrss alone: that begins with what the parent had at the fork."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) / 1_024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    with contextlib.suppress(ValueError, OSError):  # macOS keeps no limit of address space; the others hold
        resource.setrlimit(what, (most, hard) if hard == resource.RLIM_INFINITY else (min(most, hard), hard))


def _allow(seconds: int) -> None:
    """Let this process compute for `seconds` more; the kernel ends it then (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + seconds))


def _answered(request: dict[str, Any], content: bytes, limit_mb: int) -> bytes:
    try:
        return to_json(_reader(request["how"])(content, **request["options"]))
    except RefusedError as error:
        return _refusal(error.rule, str(error))
    except MemoryError:
        return _refusal("ENV-003", f"It takes more than {limit_mb} MB of memory to read")
    except RecursionError:
        return _refusal("ENV-003", "It is nested too deeply")
    except Exception as error:  # the libraries raise whatever they meet
        return _refusal("ENV-001", f"It is damaged ({type(error).__name__}: {str(error)[:200]})")


def _refusal(rule: str, reason: str) -> bytes:
    return json.dumps({"rule": rule, "reason": reason}).encode()


def _reader(how: str) -> Callable[..., Opened]:
    """The reader by name; its libraries are loaded when they are first wanted."""
    module, name = _READERS[how]
    reader: Callable[..., Opened] = getattr(import_module(module), name)
    return reader


if __name__ == "__main__":
    main()
