"""A rule tried on what came: which orders it would have held and spared, and nothing is changed."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import InternalError

from orderclerk.database.trial import reading_only
from orderclerk.domain.policy import Policy
from orderclerk.domain.rulebook import RuleBook, RuleChange
from tasks.rule_trial import TrialError, change_of, summary, try_rule
from tests.deskwork import NOON, bring, check, furnish, order, rows

LATER = NOON + timedelta(days=30)


@pytest.fixture
def house(engine: Engine) -> Engine:
    furnish(engine)
    bring(
        engine, order("1", ("IT-1", "1", "2.50")), order("2", ("IT-1", "1", "2.52")), order("3", ("IT-1", "1", "2.60"))
    )
    bring(engine, order("4", ("IT-1", "1", "2.52"), who="C2"))
    check(engine)
    return engine


def test_it_shows_what_would_be_spared_by_customer_and_channel(house: Engine) -> None:
    before = rows(house, "SELECT * FROM events ORDER BY id"), rows(house, "SELECT * FROM holds ORDER BY id")
    trial = try_rule(house, Policy(), "PRC-001", change_of("PRC-001", ["tolerance_percent=2"]), LATER, 90)
    assert (trial.orders, trial.before, trial.after) == (4, 3, 1)
    assert trial.spared == {("C1", "files"): 1, ("C2", "files"): 1}
    assert [(row["order_ref"], row["customer_no"]) for row in trial.spared_examples] == [("2", "C1"), ("4", "C2")]
    assert "2.52" in trial.spared_examples[0]["reason"]
    assert "0 more would have been held, 2 spared" in summary(trial, 90)
    assert before == (rows(house, "SELECT * FROM events ORDER BY id"), rows(house, "SELECT * FROM holds ORDER BY id"))


def test_a_rule_that_is_off_is_tried_switched_on(house: Engine) -> None:
    off = Policy(rules=RuleBook({"PRC-001": RuleChange(enabled=False)}))
    trial = try_rule(house, off, "PRC-001", change_of("PRC-001", ["enabled=true"]), LATER, 90)
    assert (trial.before, trial.after, sum(trial.held.values())) == (0, 3, 3)


def test_it_is_tried_for_one_customer_and_for_some_days(house: Engine) -> None:
    change = change_of("PRC-001", ["tolerance_percent = 2"])
    assert try_rule(house, Policy(), "PRC-001", change, LATER, 90, "C2").spared == {("C2", "files"): 1}
    assert try_rule(house, Policy(), "PRC-001", change, LATER, 29).orders == 0


def test_prices_are_those_of_the_day(house: Engine) -> None:
    with house.begin() as conn:
        from sqlalchemy import text as sql

        conn.execute(sql("UPDATE prices SET valid_to = '2026-12-01'"))
        conn.execute(sql("INSERT INTO prices (price_list, currency, item_id, unit_price, valid_from) SELECT 'std', 'GBP', id, 9, '2026-12-01' FROM items"))  # fmt: skip
    assert try_rule(house, Policy(), "PRC-001", RuleChange(), LATER, 90).before == 3


@pytest.mark.parametrize("rule", ["DUP-001", "CRD-001", "DAT-001", "QTY-001"])
def test_every_rule_of_the_desks_own_can_be_tried(house: Engine, rule: str) -> None:
    bring(house, order("77", ("IT-1", "1", "2.50"), source="shop"), channel="shop")
    trial = try_rule(house, Policy(), rule, RuleChange(), LATER, 90)
    assert (trial.orders, trial.after) == (5, 1 if rule == "DUP-001" else 0)


@pytest.mark.parametrize(
    ("rule", "change", "said"),
    [("XX-1", [], "is no rule"), ("STK-001", [], "cannot be checked"), ("PRC-001", ["tolerance=2"], "did you mean tolerance_percent"),
     ("ITM-001", ["enabled=false"], "cannot be switched off")],
)  # fmt: skip
def test_what_cannot_be_tried_is_said(house: Engine, rule: str, change: list[str], said: str) -> None:
    with pytest.raises(TrialError, match=said):
        try_rule(
            house,
            Policy(),
            rule,
            change_of(rule, change) if rule in ("PRC-001", "ITM-001") else RuleChange(),
            LATER,
            90,
        )


def test_a_trial_cannot_write(house: Engine) -> None:
    from sqlalchemy import text as sql

    with reading_only(house) as conn, pytest.raises(InternalError, match="read-only"):
        conn.execute(sql("DELETE FROM holds"))
