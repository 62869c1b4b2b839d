"""The pages for people name what there is, all of it, and nothing else."""

import importlib
import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest
import typer
import yaml

from orderclerk import settings_sections
from orderclerk.cli import app

REPO = Path(__file__).parents[2]
PAGES = [*sorted(REPO.glob("*.md")), *sorted((REPO / "docs").rglob("*.md"))]
READMES = [REPO / "README.md", REPO / "README.zh-CN.md"]
COMMANDS = sorted(typer.main.get_command(app).commands)
MAKEFILE = (REPO / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"(?m)^(?!setup|lint|lock|clean)([a-z][a-z-]*):(?!=)", MAKEFILE)
FLOWS = sorted(path.stem for path in (REPO / "flows").glob("[a-z]*.py"))
DEPLOYMENTS = yaml.safe_load((REPO / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
PLAIN = {"string", "integer", "number", "boolean"}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def page(name: str) -> str:
    return text_of(REPO / "docs" / name)


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_both_first_pages_name_every_command_and_every_proof(path):
    text = text_of(path)
    assert not [name for name in COMMANDS if f"`orderclerk {name}" not in text]
    assert not [name for name in TARGETS if f"make {name}" not in text]


@pytest.mark.parametrize("path", [*PAGES, REPO / "prefect.yaml"], ids=lambda path: str(path.relative_to(REPO)))
def test_a_command_that_a_page_names_exists(path):
    named = set(re.findall(r"`(?:\.venv/bin/)?orderclerk ([a-z][a-z-]+)\b", text_of(path)))
    assert named <= set(COMMANDS)
    assert set(re.findall(r"`make ([a-z][a-z-]+)\b", text_of(path))) <= {*TARGETS, "setup", "lint", "lock", "clean"}


def test_every_proof_says_what_it_measured():
    proofs = page("proofs.md")
    assert not [name for name in TARGETS if name.startswith("prove-") and f"`make {name}" not in proofs]


def test_every_flow_is_deployed_and_on_the_map():
    deployed = {one["entrypoint"].removeprefix("flows/").partition(".py:")[0] for one in DEPLOYMENTS}
    assert deployed == set(FLOWS)
    architecture = page("architecture.md")
    assert not [flow for flow in FLOWS if f"`{flow}`" not in architecture]


def test_every_job_that_a_person_starts_is_in_the_operators_page():
    operations = " ".join(page("operations.md").split())
    by_hand = [one["name"] for one in DEPLOYMENTS if "by-hand" in one["tags"]]
    assert not [name for name in by_hand if f"Deployments → {name}" not in operations]
    named = set(re.findall(r"Deployments → ([a-z-]+)", operations))
    assert named <= {one["name"] for one in DEPLOYMENTS}


@pytest.mark.parametrize(
    "deployment", [one for one in DEPLOYMENTS if "by-hand" in one["tags"]], ids=lambda deployment: deployment["name"]
)
def test_a_form_has_labels_help_and_plain_fields_in_their_order(deployment):
    module, _, name = deployment["entrypoint"].removesuffix(".py").partition(".py:")
    flow = getattr(importlib.import_module(module.replace("/", ".")), name)
    form = flow.parameters.properties
    assert sorted(one["position"] for one in form.values()) == list(range(len(form)))
    for label, one in form.items():
        assert all((one["title"], one["description"])), label
        kinds = {one.get("type"), *(choice.get("type") for choice in one.get("anyOf", ()))} - {None, "null"}
        assert kinds <= PLAIN or one.get("items", {}).get("type") in PLAIN, f"{label}: {kinds}"


def test_every_entry_point_on_the_map_exists():
    for room, listed in re.findall(r"(?m)^\| `([a-z/]+)/` \|.*\| (.*) \|$", page("architecture.md")):
        code = "\n".join(text_of(path) for path in sorted((REPO / room).rglob("*.py")))
        for name in re.findall(r"`([A-Za-z_]+)(?:_\*)?`", listed):
            assert re.search(rf"\b(?:def|class) {name}", code), f"{room} has no {name}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(REPO)))
def test_every_link_leads_somewhere(path):
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", text_of(path)):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(REPO)))
def test_every_file_that_a_page_names_exists(path):
    rooms = "flows|tasks|connectors|expectations|orderclerk|sandbox|tests|docs"
    for target in re.findall(rf"`((?:{rooms})/[A-Za-z0-9_/.-]+)`", text_of(path)):
        assert (REPO / target).exists(), target


def test_every_setting_is_shown_in_the_file_that_init_writes():
    shown = text_of(REPO / "orderclerk" / "default.toml")
    for name, section in inspect.getmembers(settings_sections, inspect.isclass):
        if issubclass(section, settings_sections.Section):
            settings = {one.name for one in fields(section)} - {"name", "senders"}
            secret = {one for one in settings if re.search(r"password|secret|token$|^key$", one)}
            for setting in settings - secret:
                assert re.search(rf"(?m)^(# )?\[?[a-z_.]*\b{setting}\b", shown), f"{name}.{setting}"


def test_nothing_is_left_to_do_and_nothing_names_the_machine_it_was_made_on():
    suspicious = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b|(?<![\w.*/~])/(?:work|home|root|Users)/\w")
    rooms = ("flows", "tasks", "connectors", "expectations", "orderclerk", "sandbox", "tests", "docs")
    files = [
        path for room in rooms for path in (REPO / room).rglob("*") if path.suffix in {".py", ".md", ".toml", ".csv"}
    ]
    found = [
        path for path in (*files, *PAGES, REPO / "Makefile", REPO / "prefect.yaml") if suspicious.search(text_of(path))
    ]
    assert not found
