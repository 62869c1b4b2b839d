"""`orderclerk run`: any flow with its parameters from the command line, on whatever Prefect server this home has."""

import asyncio
import inspect
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, util
from pkgutil import iter_modules
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from orderclerk.settings import Settings, load_settings


class FlowError(Exception):
    """The flow cannot be run as asked; the message says what there is to choose from."""


def run_flow(name: str, given: list[str]) -> str:
    """Run the flow `name` with `name=value` texts; its result as JSON. Raises FlowError before anything is started."""
    settings = load_settings()
    module = _module_name(name)
    with prefect_api(settings):
        flow = getattr(import_module(module), module.rpartition(".")[2])
        result = flow(**parameters(flow.fn, given))
        if inspect.isawaitable(result):
            result = asyncio.run(_awaited(result))
    return json.dumps(result, default=str, ensure_ascii=False)


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


@contextmanager
def prefect_api(settings: Settings) -> Iterator[str]:
    """The Prefect server of this process: what PREFECT_API_URL names, else the home's, else one made for it."""
    from orderclerk.local.prefect_server import prefect_environment, running_server, start_server

    if given := os.environ.get("PREFECT_API_URL"):
        yield given
    elif running := running_server(settings.home):
        os.environ.update(prefect_environment(settings.home, running))
        yield running
    else:
        from orderclerk.local.postgres import prefect_url

        with start_server(settings.home, prefect_url(settings), settings.server.port, settings.server.host) as server:
            os.environ.update(prefect_environment(settings.home, server.api_url))
            yield server.api_url


def _module_name(name: str) -> str:
    spec = util.find_spec("flows")
    found = sorted(module.name for module in iter_modules(spec.submodule_search_locations if spec else None))
    wanted = name.replace("-", "_")
    if wanted not in found:
        raise FlowError(f"There is no flow {name}; there are {', '.join(found)}")
    return f"flows.{wanted}"


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
