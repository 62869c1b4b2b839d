"""The house's other rules: small files, and rule ids that exist and are documented."""

import re
from pathlib import Path

import pytest

from orderclerk.documents.rules_page import rules_page
from orderclerk.domain.rules import RULES

REPO = Path(__file__).parents[2]
LONGEST, LONGEST_TEST = 300, 400
ROOMS = ("flows", "tasks", "connectors", "expectations", "orderclerk", "sandbox", "tests")
FILES = [path for room in ROOMS for path in sorted((REPO / room).rglob("*.py")) if "migrations" not in path.parts]
OURS = [path for path in FILES if not path.is_relative_to(REPO / "tests")]
RULE_ID = re.compile(rf"""["'`\s(]((?:{"|".join(sorted({rule.split("-")[0] for rule in RULES}))})-\d{{3}})\b""")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(REPO)))
def test_no_file_is_two_things(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= (LONGEST if path in OURS else LONGEST_TEST), f"{lines} lines: split it"


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(REPO)))
def test_every_rule_id_in_the_code_exists(path):
    unknown = set(RULE_ID.findall(path.read_text(encoding="utf-8"))) - set(RULES)
    assert not unknown, f"{unknown} is not in orderclerk/domain/rules.py"


def test_every_rule_is_used_somewhere():
    rules_file = REPO / "orderclerk" / "domain" / "rules.py"
    used = {rule for path in OURS if path != rules_file for rule in RULE_ID.findall(path.read_text(encoding="utf-8"))}
    assert not set(RULES) - used, "a rule that nothing ever raises"


def test_the_page_of_rules_says_what_the_code_says():
    written = (REPO / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == rules_page(), "run: python -m orderclerk.documents.rules_page > docs/rules.md"


def test_every_module_says_what_it_is_for():
    silent = [path for path in OURS if not path.read_text(encoding="utf-8").lstrip().startswith(('"""', "'''"))]
    assert not [path for path in silent if path.name != "__init__.py" and path.stat().st_size]


def test_no_two_test_modules_have_one_name():
    """pytest imports modules of folders without `__init__.py` by their bare name, and refuses the second."""
    bare = [path.name for path in (REPO / "tests").rglob("*.py") if not (path.parent / "__init__.py").exists()]
    assert not {name for name in bare if bare.count(name) > 1 and name != "conftest.py"}
