"""A desk that serves keeps its worker alive."""

import subprocess
import sys
from pathlib import Path

from orderclerk.local.prefect_environment import end_process
from orderclerk.local.prefect_server import ServerHandle
from orderclerk.local.serving import Service

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def started() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(SLEEP)


def test_a_worker_that_ended_is_started_again_and_one_that_lives_is_left_alone() -> None:
    first = started()
    service = Service(ServerHandle(Path(), "", first), [], started)
    worker = service.worker
    service.keep(again_after_s=0)
    assert service.worker is worker
    end_process(worker)
    service.keep(again_after_s=60)
    assert service.worker is worker, "not again and again in no time"
    service.keep(again_after_s=0)
    assert service.worker.poll() is None
    end_process(service.worker)
    end_process(first)
