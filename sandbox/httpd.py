"""The HTTP server under every web system of the sandbox: threaded, HTTP/1.1 with keep-alive, over TLS or not.

A system is a function `Request -> Response`; how badly the wire may treat the response is in `Response.wire`.
"""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

IDLE_TIMEOUT_S = 60
MAX_BODY_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came; `query` keeps repeated parameters, the last counts in `param`."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Message
    body: bytes
    is_secure: bool = False

    def param(self, name: str, default: str = "") -> str:
        """The query parameter `name`, the last one if it was given twice, or `default`."""
        return self.query.get(name, [default])[-1]


@dataclass(slots=True)
class Response:
    """What is sent back. `wire`: `ok`, `half` (body breaks off), `drop` (no answer), `hang` (silence, then none)."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    wire: str = "ok"
    hang_s: float = 0.0


Handler = Callable[[Request], Response]


def json_response(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`data` as JSON in UTF-8."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, body, {"Content-Type": "application/json; charset=UTF-8", **(headers or {})})


def html_response(title: str, status: int = 200) -> Response:
    """A page for people, where a program expected data."""
    body = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Response(status, body.encode(), {"Content-Type": "text/html; charset=utf-8"})


class Server:
    """A handler on a port of this machine, in threads of this process. Use as a context manager, or start and stop.

    `tls` is (certificate file, key file). Port 0 picks a free one, which then stays this server's for good: `pause`
    refuses connections without giving it up, `resume` takes them again.
    """

    def __init__(
        self, handler: Handler, tls: tuple[Path, Path] | None = None, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self._handler, self._host, self._tls = handler, host, _context(tls)
        self._listener: _Listener | None = None
        self._placeholder: socket.socket | None = None
        self.port = port

    @property
    def url(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"{'https' if self._tls else 'http'}://{self._host}:{self.port}"

    def start(self) -> Self:
        """Listen; returns at once."""
        self._listener = _Listener((self._host, self.port), self._handler, self._tls)
        self.port = self._listener.server_address[1]
        threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening and cut every open connection. Safe to repeat."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.shutdown()
            listener.server_close()
            listener.cut_connections()
        self._release_port()

    def pause(self) -> None:
        """Refuse connections, as a machine that is up but whose server is not."""
        if self._placeholder is None:
            self.stop()
            self._placeholder = socket.socket()
            self._placeholder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._placeholder.bind((self._host, self.port))  # bound, not listening: refused, and nobody else's

    def resume(self) -> None:
        """Take connections again after `pause`."""
        if self._placeholder is not None:
            self.start()
            self._release_port()

    def _release_port(self) -> None:
        placeholder, self._placeholder = self._placeholder, None
        if placeholder is not None:
            placeholder.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _context(tls: tuple[Path, Path] | None) -> ssl.SSLContext | None:
    if tls is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls)
    return context


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: Handler, context: ssl.SSLContext | None) -> None:
        self.answer, self._context = handler, context
        self._open: set[socket.socket] = set()
        self.stopping = threading.Event()
        super().__init__(address, _Connection)

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)  # not HTTPServer's: it asks DNS for this machine's name
        self.server_address = self.socket.getsockname()

    def finish_request(self, request: socket.socket, client_address: Any) -> None:
        """Run one connection in its own thread; the TLS handshake too, so that a slow client stops nobody."""
        request.settimeout(IDLE_TIMEOUT_S)
        self._open.add(request)
        secured = request
        try:
            if self._context is not None:
                secured = self._context.wrap_socket(request, server_side=True)
                self._open.add(secured)
            _Connection(secured, client_address, self)
        finally:
            self._open -= {request, secured}
            secured.close()

    def cut_connections(self) -> None:
        """Close what is still open, in the middle of a request or between two."""
        self.stopping.set()
        for connection in list(self._open):
            try:
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
            except OSError:
                continue  # closed by its own thread meanwhile

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that breaks off, or does not trust the certificate, is no news."""


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "sandbox", ""
    disable_nagle_algorithm = True
    server: _Listener

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY_BYTES:
            self.close_connection = True
            return
        split = urlsplit(self.path)
        request = Request(
            self.command,
            split.path,
            parse_qs(split.query, keep_blank_values=True),
            self.headers,
            self.rfile.read(length),
            isinstance(self.connection, ssl.SSLSocket),
        )
        self._send(self.server.answer(request))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve

    def _send(self, response: Response) -> None:
        if response.wire in ("drop", "hang"):
            self.server.stopping.wait(response.hang_s)
            self.close_connection = True
            return
        self.send_response(response.status)
        for name, value in {**response.headers, "Content-Length": str(len(response.body))}.items():
            self.send_header(name, value)
        if response.wire == "half":
            self.close_connection = True
        body = response.body[: len(response.body) // 2] if response.wire == "half" else response.body
        self._headers_buffer.append(b"\r\n")
        self.wfile.write(b"".join(self._headers_buffer) + (b"" if self.command == "HEAD" else body))  # one packet
        self._headers_buffer.clear()

    def version_string(self) -> str:
        return "sandbox"

    def log_message(self, format: str, *args: Any) -> None:
        """The sandbox prints nothing of its own accord."""
