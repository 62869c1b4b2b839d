"""`orderclerk run`: any flow with its parameters from the command line, on whatever Prefect server this home has."""

import asyncio
import inspect
import json
import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module, util
from pkgutil import iter_modules
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from orderclerk.settings import Settings, load_settings

LAST_WORDS_TIMEOUT_S = 20


class FlowError(Exception):
    """The flow cannot be run as asked; the message says what there is to choose from."""


def run_flow(name: str, given: list[str]) -> str:
    """Run the flow `name` with `name=value` texts; its result as JSON. Raises FlowError before anything is started."""
    module = module_name(name)
    settings = load_settings()
    serving = prefect_api(settings)  # Prefect reads its environment when it is imported
    flow = load_flow(module)
    values = parameters(flow.fn, given)
    with serving():
        try:
            result = flow(**values)
            if inspect.isawaitable(result):
                result = asyncio.run(_awaited(result))
        finally:
            let_prefect_finish()
    return json.dumps(result, default=str, ensure_ascii=False)


def load_flow(module: str) -> Any:
    """The flow of the module `flows.verb_noun`: it has the module's name."""
    return getattr(import_module(module), module.rpartition(".")[2])


def module_name(name: str) -> str:
    """The module of the flow `name` (pull_orders or pull-orders). Raises FlowError naming all there are."""
    spec = util.find_spec("flows")
    found = sorted(module.name for module in iter_modules(spec.submodule_search_locations if spec else None))
    wanted = name.replace("-", "_")
    if wanted not in found:
        raise FlowError(f"There is no flow {name}; there are {', '.join(found)}")
    return f"flows.{wanted}"


def parameters(function: Any, given: list[str]) -> dict[str, Any]:
    """`given` texts as the values `function` takes. Raises FlowError naming what is unknown, missing or wrong."""
    known = inspect.signature(function).parameters
    texts = dict(_split(text) for text in given)
    if strange := [name for name in texts if name not in known]:
        raise FlowError(f"{function.__name__} has no parameter {', '.join(strange)}; {_usage(function)}")
    missing = [name for name, one in known.items() if one.default is one.empty and name not in texts]
    if missing:
        raise FlowError(f"{function.__name__} needs {', '.join(missing)}; {_usage(function)}")
    hints = get_type_hints(function, include_extras=True)
    return {name: _value(name, text, hints[name]) for name, text in texts.items()}


def prefect_api(settings: Settings) -> Callable[[], AbstractContextManager[Any]]:
    """Point this process at a Prefect server; entering what is returned makes sure that it runs.

    It is the one PREFECT_API_URL names, else the home's own running one, else one that lives as long as the context.
    """
    from orderclerk.local.prefect_environment import prefect_environment
    from orderclerk.local.prefect_server import running_server, start_server

    os.environ["ORDERCLERK_HOME"] = str(settings.home)
    if os.environ.get("PREFECT_API_URL"):
        return nullcontext
    if running := running_server(settings.home):
        os.environ.update(prefect_environment(settings.home, running))
        return nullcontext
    host, port = settings.server.host, settings.server.port or free_port(settings.server.host)
    os.environ.update(prefect_environment(settings.home, f"http://{host}:{port}/api"))

    def start() -> AbstractContextManager[Any]:
        from orderclerk.local.postgres import prefect_url

        return start_server(settings.home, prefect_url(settings), port, host)

    return start


def let_prefect_finish() -> None:
    """Wait until Prefect's threads have sent their logs and events: without a server they would try for minutes."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for service in (APILogWorker, EventsWorker):
        service.drain_all(timeout=LAST_WORDS_TIMEOUT_S)


def reachable_api(settings: Settings) -> str:
    """The API address of the Prefect server there is. Raises FlowError if there is none."""
    from orderclerk.local.prefect_server import running_server

    api_url = os.environ.get("PREFECT_API_URL") or running_server(settings.home)
    if not api_url:
        raise FlowError(f"No Prefect server runs for {settings.home}; start one with: orderclerk serve")
    return api_url


def free_port(host: str) -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _split(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise FlowError(f"{text!r} is not of the form name=value")
    return name.strip().replace("-", "_"), value


def _value(name: str, text: str, kind: Any) -> Any:
    """`text` as `kind`: as it stands, else read as JSON (lists, numbers in optional fields)."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    try:
        return adapter.validate_python(text)
    except ValidationError as error:
        try:
            return adapter.validate_json(text)
        except ValidationError:
            raise FlowError(f"{name}={text}: {error.errors()[0]['msg']}") from None


def _usage(function: Any) -> str:
    shown = [
        name if one.default is one.empty else f"[{name}={one.default if one.default is not None else '...'}]"
        for name, one in inspect.signature(function).parameters.items()
    ]
    return f"its parameters: {' '.join(shown)}"


async def _awaited(result: Any) -> Any:
    return await result
