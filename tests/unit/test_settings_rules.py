"""Rules in orderclerk.toml: typed, checked at start, and refused with a suggestion."""

from pathlib import Path

import pytest

from orderclerk.settings import load_settings
from orderclerk.settings_checks import SettingsError

DESK = '[desk]\nname = "Harbour"\naddress = "o@example.com"\nteam = "t@example.com"\n'


def load(folder: Path, text: str):
    (folder / "orderclerk.toml").write_text(DESK + text, encoding="utf-8")
    return load_settings(folder, {})


def test_rules_stand_for_the_house_and_for_a_customer(tmp_path):
    text = """[rules.PRC-001]
tolerance_percent = 1.5
severity = "warning"
[customers.C1001.rules.PRC-001]
tolerance_percent = 4
[exports]
countries = ["KP"]
[exports.classes]
dual-use = ["IR", "KP"]
"""
    policy = load(tmp_path, text).house_policy()
    assert policy.book.figure("PRC-001", "tolerance_percent") == 1.5
    assert policy.book.ruling("PRC-001", "C1001").severity == "warning"
    assert policy.book.widest("PRC-001", "tolerance_percent") == 4
    assert policy.exports.countries == {"KP"}
    assert policy.exports.classes["dual-use"] == {"IR", "KP"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[rules.PRC-01]\nenabled = true\n", "PRC-01 is no rule; did you mean PRC-001?"),
        ("[rules.PRC-001]\ntolerance_percentage = 2\n", "did you mean tolerance_percent?"),
        ("[rules.PRC-001]\ntolerance_percent = -2\n", "from 0 to 100"),
        ('[rules.PRC-001]\ntolerance_percent = "2"\n', "write a number"),
        ('[rules.PRC-001]\nseverity = "mild"\n', "critical, warning"),
        ("[rules.PRC-001]\ndue_hours = 0\n", "whole hours"),
        ("[rules.ITM-001]\nenabled = false\n", "ITM-001 cannot be switched off: Find the item"),
        ('[rules.STK-001]\nseverity = "warning"\n', "STK-001 cannot be a warning"),
        ("[customers.C1.rules.CRD-01]\nenabled = false\n", "[customers.C1.rules] CRD-01 is no rule"),
        ("[rules.ENV-001]\nowner = 'it'\n", "not found by checking an order"),
        ("[customers.C1]\nrule = 1\n", "did you mean rules?"),
        ('[exports]\ncountries = ["Korea"]\n', "no ISO code of a country"),
    ],
)
def test_what_is_no_rule_or_setting_is_named(tmp_path, text, said):
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    assert said in str(caught.value)
