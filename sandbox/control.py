"""How a driver moves the world: plain HTTP and JSON on localhost, as docs/contracts.md says."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.faults import Faults
from sandbox.httpd import Request, Response, json_response
from sandbox.running import World
from sandbox.world.suppliers import needs
from sandbox.world.truth import truth_of


class Control:
    """The routes. A wrong request gets 400 and a sentence, an unknown one 404."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world, self._faults = world, faults
        self._routes: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("POST", "/advance"): self._advance,
            ("GET", "/calls"): self._calls,
            ("POST", "/faults"): self._set_faults,
            ("POST", "/systems"): self._systems,
            ("GET", "/mails"): lambda request: world.customers.listing(int(request.param("since", "0"))),
            ("GET", "/truth"): lambda request: truth_of(world.day),
            ("GET", "/needs"): lambda request: needs(world.day.data, world.day.date),
            ("GET", "/purchases"): lambda request: world.suppliers.truth(),
        }

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        route = self._routes.get((request.method, request.path))
        if route is None:
            known = ", ".join(f"{method} {path}" for method, path in self._routes)
            return json_response({"error": f"no such route; there are {known}"}, 404)
        try:
            return json_response(route(request))
        except (ValueError, KeyError, TypeError) as error:
            return json_response({"error": f"{type(error).__name__}: {error}"}, 400)

    def _advance(self, request: Request) -> Any:
        return self._world.advance(_moment(json.loads(request.body or b"{}")["until"]))

    def _calls(self, request: Request) -> Any:
        until = request.param("until")
        return self._world.calls(_moment(until) if until else self._world.now)

    def _set_faults(self, request: Request) -> Any:
        self._faults.set(json.loads(request.body or b"{}"))
        return {"counts": dict(self._faults.counts)}

    def _systems(self, request: Request) -> Any:
        """`{"woo": "503" | "refused" | "up"}`: take a whole system away, or bring it back."""
        for system, how in json.loads(request.body or b"{}").items():
            if how == "up":
                self._faults.up(system)
            else:
                self._faults.down(system, how)
        return {}


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(str(text).replace(" ", "+"))  # an unescaped + of a query string arrives as a blank
    if found.tzinfo is None:
        raise ValueError(f"{text} names no timezone; write for example 2026-11-23T12:00:00+00:00")
    return found
