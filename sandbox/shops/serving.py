"""Faults around a shop's handler, the same for every vendor; how a spoiled answer looks is the vendor's."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sandbox.faults import Faults, chance
from sandbox.httpd import Handler, Request, Response, Server, html_response


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A vendor's own way to say no. Each gets the request's name, for choices that must be repeatable."""

    too_many: Callable[[str], Response]  # 429
    broken: Callable[[str], Response]  # 5xx
    not_json: Callable[[str, Response], Response]  # made of the right answer


def request_name(request: Request) -> str:
    """What makes two requests the same request: method, path, query and body."""
    query = "&".join(f"{key}={value}" for key, values in sorted(request.query.items()) for value in values)
    return f"{request.method} {request.path}?{query} {sha256(request.body).hexdigest()[:16]}"


def with_faults(system: str, handler: Handler, spoiled: Spoiled, faults: Faults) -> Handler:
    """`handler`, failing as `faults` says."""

    def answer(request: Request) -> Response:
        if faults.is_down(system):
            return html_response("503 Service Unavailable", 503)
        name = f"{system} {request_name(request)}"
        return _spoil(faults.failure(name), name, request, handler, spoiled, faults)

    return answer


def _spoil(
    fault: str | None, name: str, request: Request, handler: Handler, spoiled: Spoiled, faults: Faults
) -> Response:
    match fault:
        case "timeouts":
            return Response(wire="hang", hang_s=faults.hang_s)
        case "dropped":
            return Response(wire="drop")
        case "status_429":
            return spoiled.too_many(name)
        case "status_500":
            return spoiled.broken(name)
        case "not_json":
            return spoiled.not_json(name, handler(request))
        case "half_pages":
            return _halved(name, handler(request))
        case _:
            return handler(request)


def _halved(name: str, response: Response) -> Response:
    """Half the body: either the connection breaks, or a proxy says that half was all."""
    if chance(f"half {name}") < 0.5:
        response.wire = "half"
    else:
        response.body = response.body[: len(response.body) // 2]
    return response


def start_shop(system: str, handler: Handler, faults: Faults, tls: tuple[Path, Path] | None, port: int = 0) -> Server:
    """A running server for a shop, known to `faults` under its name."""
    gc.set_threshold(100_000, 20, 100)  # a page is thousands of small dicts: a third of its time went into collecting
    server = Server(handler, tls=tls, port=port).start()
    faults.register(system, server)
    return server
