"""A small web server on a real socket, and the faults every shop has now and then."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HALF, DROP, HTML = "half", "drop", "html"


class FakeWeb:
    """Answers by `reply(method, path, headers, body) -> (status, headers, payload)`; `faults` go first, once each.

    A fault is HALF (the answer stops in the middle), DROP (no answer), HTML, or a whole (status, headers, payload).
    """

    def __init__(self):
        self.faults, self.requests, self.lock = [], [], threading.Lock()

    def reply(self, method, path, headers, body):
        raise NotImplementedError

    @contextmanager
    def running(self):
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with web.lock:
                    web.requests.append((self.command, self.path, body))
                    fault = web.faults.pop(0) if web.faults else None
                    answer = (
                        fault if isinstance(fault, tuple) else web.reply(self.command, self.path, self.headers, body)
                    )
                status, headers, payload = answer
                content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
                if fault == HTML:
                    content, headers = (
                        b"<html><title>We will be back soon</title></html>",
                        {"Content-Type": "text/html"},
                    )
                self.close_connection = fault in (HALF, DROP)
                if fault == DROP:
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, str(value))
                sent = content[: len(content) // 2] if fault == HALF else content
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            do_GET = do_POST = _answer

            def log_message(self, *args):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
