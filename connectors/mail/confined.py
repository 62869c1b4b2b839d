"""Documents are opened by a child process with little memory and little time: what hangs or bursts there hurts nobody.

One child a process, kept for the next document (its start costs a third of a second, a document a millisecond more
than its reading). It has no secrets in its environment and answers in JSON. Time is counted as computing time, so that
a busy machine changes no result; the wall clock only ends what waits for ever.
"""

import atexit
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from functools import cache
from pathlib import Path

from connectors.mail.limits import Limits
from connectors.mail.opened import Opened, RefusedError, from_json

_ROOT = Path(__file__).parents[2]
_WALL = 6  # times the computing time: then a child that waits, and does not compute, is given up
_SAY_TIMEOUT = (
    "It took more than {seconds} seconds of computing to read, and was given up; retry_quarantine tries again"
)


def open_confined(how: str, content: bytes, limits: Limits, **options: int) -> Opened:
    """`content` as the reader `how` of `confined_child` opens it. Raises RefusedError (ENV-001 to ENV-003)."""
    return _child(os.getpid()).ask(how, content, limits, options)


def seconds_spent() -> float:
    """Computing time of all documents this process had opened: what a mail took is the difference."""
    return _child(os.getpid()).seconds


def stop_child() -> None:
    """End this process's child, if it has one; the next document starts another."""
    _child(os.getpid()).stop()


class _Child:
    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self.seconds = 0.0
        atexit.register(self.stop)

    def ask(self, how: str, content: bytes, limits: Limits, options: dict[str, int]) -> Opened:
        with self._lock:
            process = self._running(limits)
            request = {"how": how, "size": len(content), "seconds": limits.document_seconds, "options": options}
            try:
                answer = self._answer(process, json.dumps(request).encode() + b"\n", content, limits)
            except BaseException:
                self.seconds += limits.document_seconds
                self.stop()
                raise
        return from_json(answer)

    def _running(self, limits: Limits) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-m", "connectors.mail.confined_child", str(limits.document_mb)]
            environment = {"PYTHONPATH": str(_ROOT), "PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "0"}
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
            )
        return self._process

    def _answer(self, process: "subprocess.Popen[bytes]", request: bytes, content: bytes, limits: Limits) -> bytes:
        deadline = time.monotonic() + _WALL * limits.document_seconds
        assert process.stdin is not None  # noqa: S101  both are pipes
        assert process.stdout is not None  # noqa: S101
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(request + content)
            process.stdin.flush()
        received, size, is_last = b"", -1, 0
        while size < 0 or len(received) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
                raise RefusedError("ENV-003", _SAY_TIMEOUT.format(seconds=limits.document_seconds))
            piece = os.read(process.stdout.fileno(), 1_048_576)
            if not piece:
                raise _death(process, limits)
            received += piece
            if size < 0 and b"\n" in received:
                head, _, received = received.partition(b"\n")
                size, milliseconds, is_last = map(int, head.split())
                self.seconds += milliseconds / 1_000
        if is_last:
            self.stop()
        return received

    def stop(self) -> None:
        """End the child; the next document starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()


def _death(process: "subprocess.Popen[bytes]", limits: Limits) -> RefusedError:
    """Why the child ended without an answer."""
    code = process.wait()
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return RefusedError("ENV-003", _SAY_TIMEOUT.format(seconds=limits.document_seconds))
    how = signal.strsignal(-code) if code < 0 else f"exit {code}"
    reason = f"Reading it takes more than {limits.document_mb} MB of memory, or breaks its reader ({how})"
    return RefusedError("ENV-003", reason)


@cache
def _child(pid: int) -> _Child:
    """The child of this process: one that was inherited by a fork belongs to the parent."""
    return _Child()
