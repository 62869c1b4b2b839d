"""What is agreed with a customer, checked on whole orders in the book: held, spared, warned of, for one customer otherwise."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database.audit import audit_book
from orderclerk.database.status import order_status
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import Address, CustomerRef, OrderRead
from orderclerk.domain.rulebook import RuleBook, RuleChange
from orderclerk.domain.terms import ExportRules
from tests.database.test_answers import hear, say
from tests.deskwork import NOON, bring, check, furnish, held, order, rows, states

ONE = ("IT-1", "10", "2.50")
TERMS = (
    "UPDATE customers SET credit_limit = 60, payment_methods = '{invoice}', country = 'GB' WHERE customer_no = 'C1'",
    "UPDATE items SET min_order_quantity = 10, order_multiple = 5, lead_time_days = 5, export_class = 'dual' WHERE item_no = 'IT-1'",
)
HOUSE = Policy(exports=ExportRules(frozenset({"KP"}), {"dual": frozenset({"IR"})}))


@pytest.fixture
def house(engine: Engine) -> Engine:
    furnish(engine)
    with engine.begin() as conn:
        for statement in TERMS:
            conn.execute(sql(statement))
    return engine


GOOD = Address("Acme", "1 High Street", "Leeds", "", "LS1 4AP", "GB")
SOUND = order(
    "x", ONE, delivery=GOOD, payment_method="invoice", requested_date=date(2026, 12, 15), total=Decimal("25.00")
)


def made(**changes: object) -> OrderRead:
    return replace(SOUND, **changes)  # type: ignore[arg-type]


def lines(*given: tuple[str, str, str]) -> tuple[object, ...]:
    return order("x", *given).lines


CASES: list[tuple[str, dict[str, object]]] = [
    ("QTY-001", {"lines": lines(("IT-1", "5", "2.50")), "total": None}),
    ("QTY-002", {"lines": lines(("IT-1", "12", "2.50")), "total": None}),
    ("DAT-001", {"requested_date": date(2026, 11, 22)}),
    ("DAT-002", {"requested_date": date(2026, 11, 24)}),
    ("PAY-001", {"payment_method": "cash on delivery"}),
    ("CRD-001", {"lines": lines(("IT-1", "30", "2.50")), "total": None}),
    ("EXP-001", {"delivery": replace(GOOD, country="KP", postal_code="")}),
    ("EXP-002", {"delivery": replace(GOOD, country="IR", postal_code="11369-14578")}),
    ("ADR-002", {"delivery": replace(GOOD, city="")}),
    ("ADR-003", {"delivery": replace(GOOD, postal_code="LS1")}),
    ("ADR-006", {"delivery": replace(GOOD, recipient="-")}),
    ("ADR-007", {"customer": CustomerRef("C1", phone="+44 12")}),
    ("TAX-001", {"customer": CustomerRef("C1", vat_number="GB980780685")}),
    ("TAX-002", {"customer": CustomerRef("C1", vat_number="DE136695976")}),
    ("ORD-003", {"total": Decimal("26.00")}),
    ("ORD-010", {"tax": Decimal("6.00")}),
    ("ORD-011", {"discount": Decimal("2.00")}),
    ("ORD-012", {"freight": Decimal("2.00")}),
    ("ORD-009", {"lines": (replace(SOUND.lines[0], line_total=Decimal("24.00")),), "total": None}),
]


def test_an_order_that_fits_what_is_agreed_passes(house: Engine) -> None:
    bring(house, SOUND)
    check(house, policy=HOUSE)
    assert (states(house), held(house)) == ({"x": "offered"}, {})


@pytest.mark.parametrize(("rule", "changes"), CASES)
def test_what_is_not_agreed_is_held_with_its_rule(house: Engine, rule: str, changes: dict[str, object]) -> None:
    bring(house, made(**changes))
    check(house, policy=HOUSE)
    assert held(house) == {"x": {rule}}
    assert rows(house, "SELECT evidence FROM holds")[0][0]
    assert audit_book(house) == []


def test_an_address_taken_from_the_file_is_not_judged_as_if_the_customer_had_stated_it(house: Engine) -> None:
    with house.begin() as conn:
        conn.execute(sql("UPDATE addresses SET city = ''"))
    bring(house, order("x", ONE, payment_method="invoice", requested_date=date(2026, 12, 15)))
    check(house, policy=HOUSE)
    say(house, "only 10 of IT-1", ref="x")
    hear(house, HOUSE)
    assert rows(house, "SELECT street, is_home_address, revision FROM orders") == [("1 High Street", True, 2)]
    assert held(house) == {}
    bring(house, made(delivery=replace(GOOD, city="")), at=NOON + timedelta(hours=1))
    check(house, policy=HOUSE)
    assert held(house) == {"x": {"ADR-002"}}


@pytest.mark.parametrize("kind", ["off", "warning", "off for C1"])
def test_a_rule_that_is_off_or_a_warning_holds_nothing(house: Engine, kind: str) -> None:
    change = {"DAT-001": RuleChange(severity="warning") if kind == "warning" else RuleChange(enabled=False)}
    book = RuleBook(customers={"C1": change}) if kind == "off for C1" else RuleBook(change)
    bring(
        house,
        made(requested_date=date(2026, 11, 22)),
        made(order_ref="y", customer=CustomerRef("C2"), requested_date=date(2026, 11, 22)),
    )
    check(house, policy=replace(HOUSE, rules=book))
    assert states(house)["x"] == "offered"
    assert states(house)["y"] == ("received" if kind == "off for C1" else "offered")
    status = order_status(house, "x")
    assert status is not None
    noted = [event["cause"]["rule"] for event in status["history"] if event["kind"] == "warning"]
    assert noted == (["DAT-001"] if kind == "warning" else [])


def test_owner_and_due_time_are_the_rules_in_force(house: Engine) -> None:
    bring(house, made(total=Decimal("26.00")))
    check(house, policy=replace(HOUSE, rules=RuleBook({"ORD-003": RuleChange(owner="boss", due_hours=2)})))
    assert rows(house, "SELECT owner, extract(hour FROM due_at - opened_at)::int FROM holds") == [("boss", 2)]


def test_credit_is_used_up_in_sequence_and_by_what_was_accepted_before(house: Engine) -> None:
    bring(house, SOUND)
    check(house, policy=HOUSE)
    bring(house, made(order_ref="y"), made(order_ref="z"), made(order_ref="paid", payment_method="prepaid"))
    check(house, policy=HOUSE)
    assert held(house) == {"z": {"CRD-001"}}


def test_a_near_duplicate_through_another_channel_says_what_differs(house: Engine) -> None:
    basket = [("IT-2", "4", "2.50"), ("IT-3", "6", "2.50"), ("IT-4", "5", "2.50")]
    bring(house, order("1", *basket, who="C2"))
    bring(house, order("77", *basket[:2], ("IT-4", "7", "2.50"), who="C2", source="shop"), channel="shop")
    bring(house, order("78", ("IT-5", "1", "2.50"), ("IT-2", "40", "2.50"), who="C2", source="shop"), channel="shop")
    check(house, policy=HOUSE)
    assert held(house) == {"77": {"DUP-002"}}
    (evidence,) = rows(house, "SELECT evidence FROM holds")[0]
    assert evidence["goods that differ"] == "IT-4: 7, there 5"
    assert "items" in evidence["agrees"]


def test_the_same_basket_for_another_branch_is_another_order(house: Engine) -> None:
    basket = [("IT-2", "4", "2.50"), ("IT-3", "6", "2.50")]
    bring(house, order("1", *basket, who="C2", delivery=GOOD))
    there = Address("Acme", "4 Canal Wharf", "Bristol", "", "BS1 4DJ", "GB")
    bring(house, order("77", *basket, who="C2", source="shop", delivery=there), channel="shop")
    check(house, policy=HOUSE)
    assert held(house) == {}
