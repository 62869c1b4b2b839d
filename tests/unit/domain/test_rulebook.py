"""Rules in force: as written, as the house decided, as a customer agreed."""

import pandas as pd
import pytest

from orderclerk.domain.policy import Policy
from orderclerk.domain.rulebook import RuleBook, RuleChange
from orderclerk.domain.rules import NOT_WAIVABLE

HOUSE = {"PRC-001": RuleChange(severity="warning", owner="boss", parameters={"tolerance_percent": 1})}
OWN = {
    "C1": {
        "PRC-001": RuleChange(due_hours=2, parameters={"tolerance_percent": 5}),
        "DAT-001": RuleChange(enabled=False),
    }
}
BOOK = RuleBook(HOUSE, OWN)


def test_a_customers_word_goes_before_the_houses_and_that_before_the_rules() -> None:
    assert BOOK.ruling("PRC-001", "C1").due_hours == 2
    assert BOOK.ruling("PRC-001", "C1").owner == BOOK.ruling("PRC-001", "C2").owner == "boss"
    assert BOOK.ruling("PRC-004").owner == "sales"
    assert list(BOOK.parameter("PRC-001", "tolerance_percent", pd.Series(["C1", "C2", ""]))) == [5, 1, 1]
    assert BOOK.widest("PRC-001", "tolerance_percent") == 5


def test_objections_are_dropped_or_marked() -> None:
    given = pd.DataFrame(
        {"rule": ["PRC-001", "DAT-001", "DAT-001"], "customer_no": ["C2", "C1", "C2"], "order_id": [1, 2, 3]}
    )
    found = BOOK.ruled(given)
    assert list(zip(found["order_id"], found["severity"], strict=True)) == [(1, "warning"), (3, "critical")]


@pytest.mark.parametrize("rule", sorted(NOT_WAIVABLE))
def test_what_cannot_be_waived_cannot_be_switched_off(rule: str) -> None:
    change = RuleChange(enabled=False, severity="warning")
    ruling = RuleBook({rule: change}, {"C1": {rule: change}}).ruling(rule, "C1")
    assert ruling.enabled
    assert ruling.severity == "critical"


def test_the_policys_figures_stand_below_the_rules_own() -> None:
    assert Policy(price_tolerance_percent=3).book.figure("PRC-001", "tolerance_percent") == 3
    assert Policy(price_tolerance_percent=3, rules=BOOK).book.figure("PRC-001", "tolerance_percent") == 1
    assert Policy(duplicate_window_days=2).book.widest("DUP-002", "window_days") == 2


def test_a_trial_changes_the_house_or_one_customer() -> None:
    tried = BOOK.changed("PRC-001", RuleChange(parameters={"tolerance_percent": 9}))
    assert list(tried.parameter("PRC-001", "tolerance_percent", pd.Series(["C1", "C2"]))) == [5, 9]
    own = BOOK.changed("PRC-001", RuleChange(parameters={"tolerance_percent": 9}), "C2")
    assert list(own.parameter("PRC-001", "tolerance_percent", pd.Series(["C1", "C2", "C3"]))) == [5, 9, 1]
