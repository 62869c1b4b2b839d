import json
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.errors import AccessError, TransientError
from connectors.http import Http


@contextmanager
def raw_server(*answers):
    """A server that answers each connection with the prepared raw bytes, then closes it."""
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listener, list(answers)), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def _serve(listener, answers):
    for answer in answers:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, suppress(OSError):  # the client may have gone
            connection.recv(65536)
            for part in answer if isinstance(answer, list) else [answer]:
                if isinstance(part, float):
                    threading.Event().wait(part)
                else:
                    connection.sendall(part)


def ok(body: bytes, length: int | None = None) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (length or len(body), body)


def test_a_dropped_connection_is_tried_again():
    with raw_server(b"", ok(b'{"a": 1}')) as address:
        assert Http("s", address, sleep=lambda _: None).get("/").data == {"a": 1}


def test_a_body_shorter_than_its_length_is_tried_again():
    with raw_server(ok(b'{"a": 1}', length=500), ok(b'{"a": 2}')) as address:
        assert Http("s", address, sleep=lambda _: None).get("/").data == {"a": 2}


def test_a_chunked_body_that_stops_early_is_tried_again():
    half = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"a": 1}\r\n'
    with raw_server(half, ok(b'{"a": 2}')) as address:
        assert Http("s", address, sleep=lambda _: None).get("/").data == {"a": 2}


def test_a_silent_server_times_out():
    with (
        raw_server([0.6]) as address,
        pytest.raises(TransientError, match="no answer in time"),
    ):
        Http("s", address, timeout_s=0.1, max_attempts=1).get("/")


def test_a_dripping_server_is_cut_off():
    drip = [b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", *[part for _ in range(100) for part in (b" ", 0.02)]]
    with raw_server(drip) as address, pytest.raises(TransientError, match="in time"):
        Http("s", address, timeout_s=0.05, max_attempts=1).get("/")


def test_nobody_listening_is_transient_with_a_hint():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(TransientError, match="check the address"):
        Http("s", f"http://127.0.0.1:{port}", max_attempts=1).get("/")


def test_basic_credentials_travel_and_netrc_is_ignored(tmp_path, monkeypatch):
    class Echo(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps(self.headers.get("Authorization")).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    assert Http("s", address).get("/").data is None
    assert Http("s", address, auth=("käufer", "pässword")).get("/").data.startswith("Basic ")
    server.shutdown()
    server.server_close()


@pytest.fixture
def certificate(tmp_path):
    """A certificate for localhost that nobody trusts, with its key in the same file."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, datetime(2020, 1, 1), datetime(2060, 1, 1))  # noqa: DTZ001
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    kept = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = tmp_path / "server.pem"
    path.write_bytes(pem + key.private_bytes(serialization.Encoding.PEM, *kept))
    return path


class Hello(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "8")
        self.end_headers()
        self.wfile.write(b'{"a": 1}')

    def log_message(self, *args):
        pass


def test_a_certificate_nobody_vouches_for_is_refused_unless_named(certificate, tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hello)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    address = f"https://localhost:{server.server_port}"
    try:
        with pytest.raises(AccessError, match="certificate is not trusted"):
            Http("s", address, sleep=lambda _: None).get("/")
        assert Http("s", address, ca_file=str(certificate)).get("/").data == {"a": 1}
        with pytest.raises(AccessError, match="ca_file"):
            Http("s", address, ca_file=str(tmp_path / "absent.pem")).get("/")
    finally:
        server.shutdown()
        server.server_close()
