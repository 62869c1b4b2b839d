"""Purchase orders from need to receipt: bought once, approved where they must be, and always equal to what is expected."""

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from orderclerk.database.purchasing import PurchaseError
from tasks.chasing import chase_suppliers
from tasks.purchasing import draft_orders
from tests.database.buying import (
    BUYING,
    NOON,
    POLICY,
    answer,
    arrive,
    buy,
    coming,
    decide,
    furnish,
    held,
    need,
    send,
    state,
    stock,
)
from tests.deskwork import rows, value


@pytest.fixture(autouse=True)
def house(engine):
    furnish(engine)


def ordered(engine, *lines) -> str:
    """One order of S1 for W1 that has been sent."""
    (po,) = buy(engine, *(lines or [(1, "W1", 1, "100", "1.25")]))
    send(engine)
    return po


def test_needs_are_grouped_by_supplier_and_warehouse(engine):
    made = buy(engine, (1, "W1", 1, "10", "1"), (2, "W1", 1, "5", "2"), (1, "W2", 1, "3", "1"), (1, "W1", 2, "8", "9"))
    assert len(made) == 3
    assert [(r[0], int(r[1])) for r in rows(engine, "SELECT warehouse, total FROM purchase_orders ORDER BY id")] == [
        ("W1", 20),
        ("W2", 3),
        ("W1", 72),
    ]
    assert value(engine, "SELECT count(*) FROM outbox WHERE kind = 'purchase'") == 3


def test_the_same_decision_twice_buys_once(engine):
    first = buy(engine, (1, "W1", 1, "10", "1"), key="night of 2 March")
    again = buy(engine, (1, "W1", 1, "99", "1"), key="night of 2 March")
    assert (len(first), again) == (1, [])
    assert coming(engine) == [(1, "W1", 10, 0, "2026-03-20", "open")]
    assert len(buy(engine, (1, "W1", 1, "10", "1"), key="night of 3 March")) == 1


def test_above_the_limit_a_person_approves_and_nothing_is_expected_before(engine):
    (po,) = buy(engine, (1, "W1", 1, "801", "1.25"))
    assert (state(engine, po), coming(engine)) == ("waiting", [])
    assert value(engine, "SELECT count(*) FROM outbox") == 0
    with pytest.raises(PurchaseError, match="give your name"):
        decide(engine, po, "approve", person=" ")
    decide(engine, po, "approve")
    assert state(engine, po) == "approved"
    assert rows(engine, "SELECT approved_by, needs_person FROM purchase_orders") == [("Li", True)]
    assert stock(engine)[1, "W1"] == (0, 801)
    with pytest.raises(PurchaseError, match="is approved"):
        decide(engine, po, "approve")


def test_a_currency_without_a_limit_always_waits(engine):
    frame = need((1, "W1", 1, "1", "0.01")).assign(currency="USD")
    with engine.begin() as conn:
        draft_orders(conn, frame, "k", NOON, BUYING)
    assert rows(engine, "SELECT currency, state FROM purchase_orders") == [("USD", "waiting")]


@pytest.mark.parametrize(
    ("change", "words"),
    [({"supplier_id": 9}, "no supplier 9"), ({"item_id": 9}, "no item 9"), ({"warehouse": "X"}, "no warehouse X"),
     ({"quantity": Decimal(0)}, "quantity above zero"), ({"unit_price": Decimal("1.23456")}, "four decimals")],
)  # fmt: skip
def test_what_cannot_be_bought_is_one_sentence_and_buys_nothing(engine, change, words):
    frame = pd.concat([need((1, "W1", 1, "1", "1")), need((2, "W1", 1, "1", "1")).assign(**change)])
    with pytest.raises(PurchaseError, match=words), engine.begin() as conn:
        draft_orders(conn, frame, "k", NOON, BUYING)
    assert value(engine, "SELECT count(*) FROM purchase_orders") == 0


def test_frames_in_thousandths_buy_the_same(engine):
    frame = (
        need((1, "W1", 1, "2.5", "0.1234"))
        .drop(columns=["quantity", "unit_price"])
        .assign(quantity_e3=2500, unit_price_e4=1234)
    )
    with engine.begin() as conn:
        draft_orders(conn, frame, "k", NOON, BUYING)
    assert rows(engine, "SELECT quantity, unit_price FROM purchase_lines") == [(Decimal("2.500"), Decimal("0.1234"))]


def test_a_plain_yes_confirms_the_order(engine):
    po = ordered(engine)
    assert answer(engine, po, "Confirmed, thank you.") == {"applied": 1}
    assert (state(engine, po), held(engine, po)) == ("confirmed", set())
    assert rows(engine, "SELECT confirmed_quantity::int, confirmed_price FROM purchase_lines") == [
        (100, Decimal("1.2500"))
    ]


def test_what_is_expected_follows_the_confirmed_day(engine):
    po = ordered(engine)
    answer(engine, po, "We confirm, ship date 12 March.")
    assert coming(engine)[0][4] == "2026-03-14"  # two days on the road
    answer(engine, po, "Sorry, delivery will be on 30 March", at=NOON + timedelta(days=1))
    assert coming(engine)[0][4] == "2026-03-30"
    assert value(engine, "SELECT first_expected_date::text FROM supplies") == "2026-03-20"
    assert held(engine, po) == {"PUR-010"}
    assert state(engine, po) == "confirmed"


def test_a_shortfall_waits_for_a_person_and_then_less_is_expected(engine):
    po = ordered(engine)
    assert answer(engine, po, "Only 80 available, delivery 15 March") == {"held": 1}
    assert (state(engine, po), held(engine, po)) == ("sent", {"PUR-002"})
    assert coming(engine) == [(1, "W1", 100, 0, "2026-03-15", "open")]
    decide(engine, po, "accept what the supplier says")
    assert (state(engine, po), held(engine, po)) == ("confirmed", set())
    assert coming(engine) == [(1, "W1", 80, 0, "2026-03-15", "open")]
    assert stock(engine)[1, "W1"] == (0, 80)


def test_a_dearer_price_is_held_and_a_later_answer_settles_it(engine):
    po = ordered(engine)
    answer(engine, po, "Unit price 1.35")
    assert held(engine, po) == {"PUR-001"}
    answer(engine, po, "OK, confirmed at 1.25 EUR.", at=NOON + timedelta(hours=1))
    assert (state(engine, po), held(engine, po)) == ("confirmed", set())


def test_what_is_not_understood_or_not_from_the_supplier_changes_nothing(engine):
    po = ordered(engine)
    before = coming(engine)
    answer(engine, po, "Could you take 80 instead?")
    answer(engine, po, "Confirmed, delivery 30 March", sender="someone@else.example", at=NOON + timedelta(hours=1))
    assert held(engine, po) == {"PUR-003", "PUR-008"}
    assert (state(engine, po), coming(engine)) == ("sent", before)
    with pytest.raises(PurchaseError, match="Say in the note"):
        decide(engine, po, "accept what the supplier says", note="")


def test_a_structured_answer_counts_like_words(engine):
    po = ordered(engine, (1, "W1", 1, "100", "1.25"), (2, "W1", 1, "5", "2"))
    stated = {"code": "CA", "currency": "EUR", "day": "2026-03-18", "lines": [
        {"line": "1", "code": "3", "quantity": "80"}, {"line": "2", "code": "5"}]}  # fmt: skip
    assert answer(engine, po, "", stated=stated) == {"held": 1}
    assert held(engine, po) == {"PUR-002"}
    assert [row[4] for row in coming(engine)] == ["2026-03-18"] * 2


def test_goods_arrive_in_part_and_then_in_full(engine):
    po = ordered(engine)
    answer(engine, po, "Confirmed.")
    assert arrive(engine, (po, "IT-1", "30"), delivery="D1") == {"posted": 1}
    assert (state(engine, po), stock(engine)[1, "W1"]) == ("confirmed", (30, 70))
    arrive(engine, (po, "B1", "70"), delivery="D2")  # by the supplier's number
    assert (state(engine, po), stock(engine)[1, "W1"]) == ("received", (100, 0))


def test_the_same_delivery_note_again_is_the_same_goods(engine):
    po = ordered(engine)
    arrive(engine, (po, "IT-1", "30"))
    assert arrive(engine, (po, "IT-1", "30"), at=NOON + timedelta(hours=1)) == {}
    assert stock(engine)[1, "W1"] == (30, 70)


def test_more_than_was_ordered_waits_until_a_person_takes_it_or_sends_it_back(engine):
    po = ordered(engine)
    assert arrive(engine, (po, "IT-1", "110")) == {"held": 1}
    assert (stock(engine)[1, "W1"], held(engine, po)) == ((100, 0), {"PUR-006"})
    decide(engine, po, "accept what the supplier says")
    assert (stock(engine)[1, "W1"], held(engine, po)) == ((110, 0), set())
    assert coming(engine)[0][2:4] == (110, 110)
    arrive(engine, (po, "IT-1", "5"), delivery="D9")
    decide(engine, po, "send back what was not ordered")
    assert (stock(engine)[1, "W1"], held(engine, po)) == ((110, 0), set())


def test_what_is_on_no_order_waits_and_nothing_goes_into_stock(engine):
    po = ordered(engine)
    assert arrive(engine, ("PO999999", "IT-1", "5"), (po, "NONE", "5"), ("", "IT-1", "1")) == {"held": 3}
    assert {row[0] for row in rows(engine, "SELECT rule FROM goods_receipts")} == {"PUR-007"}
    assert stock(engine)[1, "W1"] == (0, 100)


def test_an_order_with_the_same_item_on_two_lines_fills_one_after_the_other(engine):
    po = ordered(engine, (1, "W1", 1, "10", "1"), (1, "W1", 1, "20", "1"))
    arrive(engine, (po, "IT-1", "15"))
    assert [row[3] for row in coming(engine)] == [10, 5]


def test_a_cancelled_order_brings_nothing_more_and_its_supplier_is_told(engine):
    po = ordered(engine)
    arrive(engine, (po, "IT-1", "30"))
    decide(engine, po, "cancel the order", note="the project is over")
    assert (state(engine, po), stock(engine)[1, "W1"]) == ("cancelled", (30, 0))
    assert value(engine, "SELECT count(*) FROM outbox WHERE kind = 'purchase-cancel'") == 1


def test_an_order_cancelled_before_it_was_sent_never_goes_out(engine):
    (po,) = buy(engine, (1, "W1", 1, "10", "1"))
    decide(engine, po, "cancel the order")
    assert rows(engine, "SELECT kind, state FROM outbox") == [("purchase", "superseded")]


def test_a_silent_supplier_is_asked_twice_and_then_a_person_is(engine):
    po = ordered(engine)
    counts = [chase_suppliers(engine, NOON + timedelta(hours=25 * n), POLICY, BUYING) for n in range(5)]
    assert [one["chased"] for one in counts] == [0, 1, 1, 0, 0]
    assert held(engine, po) == {"PUR-004"}
    assert value(engine, "SELECT count(*) FROM outbox WHERE kind = 'purchase-chase'") == 2
    assert chase_suppliers(engine, NOON + timedelta(hours=100), POLICY, BUYING)["given up"] == 0


def test_late_goods_are_asked_after_once_a_day_that_passed_and_then_held(engine):
    po = ordered(engine)
    answer(engine, po, "Confirmed, delivery 10 March")
    late = NOON.replace(day=11)
    assert [chase_suppliers(engine, late + timedelta(hours=n), POLICY, BUYING)["late"] for n in range(3)] == [1, 0, 0]
    assert held(engine, po) == set()
    chase_suppliers(engine, NOON.replace(day=13), POLICY, BUYING)
    assert held(engine, po) == {"PUR-005"}
    decide(engine, po, "accept what the supplier says", arrives=date(2026, 3, 25))
    assert (coming(engine)[0][4], held(engine, po)) == ("2026-03-25", set())
