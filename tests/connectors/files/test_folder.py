"""The drop folder: what is finished comes, once, in order; nothing is overwritten; failures are sentences."""

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.channels import Channel
from connectors.errors import AccessError, TransientError
from connectors.files import sniffing
from connectors.files.folder import TAKEN, DropFolder
from connectors.files.reading import read_file

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CSV = b"order ref,item,qty\nA1,X,1\n"


def put(root: Path, sender: str, name: str, content: bytes = CSV, age_s: float = 60) -> Path:
    path = root / sender / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    stamp = NOW.timestamp() - age_s
    os.utime(path, (stamp, stamp))
    return path


def folder(root: Path, **settings) -> DropFolder:
    return DropFolder("files", root, lambda: NOW, **({"wait": lambda _: None} | settings))


def names(drop: DropFolder) -> list[str]:
    return [envelope.filename for envelope, _ in drop.arrivals({})]


def test_is_a_channel(tmp_path):
    channel: Channel = folder(tmp_path)
    assert channel.name == "files"


def test_oldest_first_then_by_name(tmp_path):
    put(tmp_path, "acme", "b.csv", age_s=100)
    put(tmp_path, "acme", "a.csv", age_s=100)
    put(tmp_path, "acme", "z.csv", age_s=500)
    assert names(folder(tmp_path)) == ["z.csv", "a.csv", "b.csv"]


def test_envelope_says_sender_version_and_what_the_content_is(tmp_path):
    path = put(tmp_path, "acme", "order.xml")
    ((envelope, cursor),) = folder(tmp_path).arrivals({})
    assert envelope.delivery_ref == f"acme/order.xml@{path.stat().st_mtime_ns}"
    assert (envelope.sender_ref, envelope.filename, envelope.content) == ("acme", "order.xml", CSV)
    assert envelope.media_type == sniffing.CSV
    assert envelope.sent_at == NOW - timedelta(seconds=60)
    assert cursor == {}


@pytest.mark.parametrize("name", ["a.csv.part", "a.TMP", "a.crdownload", "a.csv~", ".a.csv", "a.filepart"])
def test_leaves_temporary_names_alone(tmp_path, name):
    put(tmp_path, "acme", name)
    assert names(folder(tmp_path)) == []


def test_leaves_a_file_alone_that_changed_a_moment_ago(tmp_path):
    put(tmp_path, "acme", "new.csv", age_s=3)
    assert names(folder(tmp_path, settle_seconds=10)) == []


def test_takes_a_file_whose_clock_runs_far_ahead(tmp_path):
    put(tmp_path, "acme", "tomorrow.csv", age_s=-86_400)
    assert names(folder(tmp_path)) == ["tomorrow.csv"]


def test_leaves_a_file_alone_that_grows_between_two_looks(tmp_path):
    path = put(tmp_path, "acme", "growing.csv")

    def write_on(_: float) -> None:
        stamp = path.stat().st_mtime
        path.write_bytes(CSV * 2)
        os.utime(path, (stamp, stamp))

    assert names(folder(tmp_path, wait=write_on)) == []


def test_an_empty_file_is_delivered_and_quarantined(tmp_path):
    put(tmp_path, "acme", "empty.csv", b"")
    ((envelope, _),) = folder(tmp_path).arrivals({})
    assert read_file(envelope, {}).unreadable[0].rule == "ENV-001"


def test_settle_moves_and_may_be_repeated(tmp_path):
    put(tmp_path, "acme", "order.csv")
    drop = folder(tmp_path)
    refs = [envelope.delivery_ref for envelope, _ in drop.arrivals({})]
    drop.settle(refs)
    drop.settle(refs)
    assert names(drop) == []
    assert (tmp_path / "acme" / TAKEN / "order.csv").read_bytes() == CSV


def test_settle_never_overwrites(tmp_path):
    drop = folder(tmp_path)
    for content in (b"first", b"second", b"third"):
        put(tmp_path, "acme", "order.csv", content)
        drop.settle([envelope.delivery_ref for envelope, _ in drop.arrivals({})])
    taken = sorted((tmp_path / "acme" / TAKEN).iterdir())
    assert [path.read_bytes() for path in taken] == [b"first", b"second", b"third"]


def test_settle_leaves_a_newer_file_of_the_same_name(tmp_path):
    put(tmp_path, "acme", "order.csv", b"old", age_s=100)
    drop = folder(tmp_path)
    refs = [envelope.delivery_ref for envelope, _ in drop.arrivals({})]
    put(tmp_path, "acme", "order.csv", b"new", age_s=50)
    drop.settle(refs)
    assert (tmp_path / "acme" / "order.csv").read_bytes() == b"new"


@pytest.mark.parametrize("ref", ["", "@", "a/b@x", "../etc/passwd@1", "acme/../../x@1", "nobody/none.csv@5", "acme/@1"])
def test_settle_ignores_what_it_did_not_deliver(tmp_path, ref):
    put(tmp_path, "acme", "order.csv")
    folder(tmp_path).settle([ref])
    assert names(folder(tmp_path)) == ["order.csv"]


def test_links_out_of_the_root_are_not_followed(tmp_path):
    secret = put(tmp_path, "outside", "secret.csv")
    root = tmp_path / "drop"
    put(root, "acme", "order.csv")
    (root / "acme" / "link.csv").symlink_to(secret)
    (root / "evil").symlink_to(secret.parent)
    (root / "acme" / "loop.csv").symlink_to(root / "acme" / "loop.csv")
    assert names(folder(root)) == ["order.csv"]


def test_pipes_and_folders_are_no_files(tmp_path):
    put(tmp_path, "acme", "order.csv")
    os.mkfifo(tmp_path / "acme" / "pipe.csv")
    (tmp_path / "acme" / "folder.csv").mkdir()
    assert names(folder(tmp_path)) == ["order.csv"]


def test_a_file_outside_every_senders_folder_is_not_read_but_said(tmp_path, caplog):
    put(tmp_path, ".", "lost.csv")
    assert names(folder(tmp_path)) == []
    assert "lost.csv" in caplog.text


def test_a_file_over_the_limit_comes_as_a_marked_head(tmp_path):
    put(tmp_path, "acme", "huge.csv", CSV * 10_000)
    ((envelope, _),) = folder(tmp_path, max_bytes=1_000).arrivals({})
    assert envelope.media_type == f"text/csv; oversize={len(CSV) * 10_000}"
    assert len(envelope.content) == 65_536
    reading = read_file(envelope, {})
    assert (reading.unreadable[0].rule, reading.orders, reading.frame) == ("ENV-003", (), None)


def test_a_name_that_is_no_utf8_arrives_and_settles(tmp_path):
    (tmp_path / "acme").mkdir()
    path = os.fsencode(tmp_path / "acme") + b"/bestell\xfcng.csv"
    with open(path, "wb") as file:
        file.write(CSV)
    os.utime(path, (NOW.timestamp() - 60,) * 2)
    drop = folder(tmp_path)
    ((envelope, _),) = drop.arrivals({})
    assert envelope.filename == "bestell\\xfcng.csv"
    drop.settle([envelope.delivery_ref])
    assert names(drop) == []


def test_a_missing_folder_is_an_access_error(tmp_path):
    with pytest.raises(AccessError, match="does not exist"):
        names(folder(tmp_path / "nowhere"))


def test_a_denied_file_does_not_stop_the_others(tmp_path, monkeypatch):
    put(tmp_path, "acme", "denied.csv", age_s=200)
    put(tmp_path, "acme", "good.csv", age_s=100)
    really_open = os.open

    def guarded(path, *rest, **more):
        if str(path).endswith("denied.csv"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return really_open(path, *rest, **more)

    monkeypatch.setattr(os, "open", guarded)
    arriving = folder(tmp_path).arrivals({})
    assert next(arriving)[0].filename == "good.csv"
    with pytest.raises(AccessError, match=r"permission denied at .*denied\.csv"):
        next(arriving)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_denied_folder_is_an_access_error(tmp_path):
    put(tmp_path, "acme", "a.csv")
    (tmp_path / "acme").chmod(0)
    try:
        with pytest.raises(AccessError, match="permission denied"):
            names(folder(tmp_path))
    finally:
        (tmp_path / "acme").chmod(0o700)


def test_a_full_disk_is_transient_and_leaves_the_file(tmp_path, monkeypatch):
    path = put(tmp_path, "acme", "order.csv")
    drop = folder(tmp_path)
    refs = [envelope.delivery_ref for envelope, _ in drop.arrivals({})]

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(TransientError, match="disk is full"):
            drop.settle(refs)
    assert path.exists()
    drop.settle(refs)
    assert (tmp_path / "acme" / TAKEN / "order.csv").read_bytes() == CSV
