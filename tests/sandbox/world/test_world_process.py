import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]


def _start(home: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sandbox", str(home), "--orders", "20", *options]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _wait_for(path: Path, process: subprocess.Popen[str]) -> dict:
    for _ in range(300):
        if path.exists():
            return json.loads(path.read_text(encoding="utf-8"))
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.1)
    raise AssertionError(f"{path} never came")


def test_starts_says_where_it_listens_and_ends_on_sigterm(tmp_path):
    process = _start(tmp_path, "--faults", '{"dropped": 0.5}')
    facts = _wait_for(tmp_path / "sandbox.json", process)
    assert facts["pid"] == process.pid
    assert {"control", "imap", "smtp", "shops"} <= set(facts)
    with socket.create_connection(("127.0.0.1", facts["imap"]["port"]), timeout=10):
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "control at" in out
    assert err == ""


def test_secrets_are_readable_by_their_owner_only(tmp_path):
    process = _start(tmp_path)
    _wait_for(tmp_path / "sandbox.json", process)
    process.terminate()
    process.communicate(timeout=15)
    assert (tmp_path / "secrets.env").stat().st_mode & 0o077 == 0


def test_a_taken_port_is_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = _start(tmp_path, "--ports", json.dumps({"imap": taken.getsockname()[1]}))
        err = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert err.startswith("the sandbox cannot start: ")
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "sandbox.json").exists()
